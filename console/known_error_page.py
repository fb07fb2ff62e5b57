"""How right rules are, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich.text import Text

from console.messages.texts import Texts

if TYPE_CHECKING:
    from pipelines.known_error import KnownError, Share
    from pipelines.settings import Settings


def percent(value: float) -> str:
    """Return a share as per cent, without a sign."""
    return f"{round(value * 100, 1):g}"


def share_text(share: Share, texts: Texts) -> str:
    """Return a share with its interval; what is too small says so."""
    if share.is_small or share.value is None:
        return texts("judged.small", count=share.count, of=share.of)
    return texts(
        "judged.share",
        value=percent(share.value),
        low=percent(share.low),
        high=percent(share.high),
        count=share.count,
        of=share.of,
    )


def hint_titles(
    titles: Mapping[str, str], demoted: Mapping[str, KnownError], texts: Texts
) -> dict[str, str]:
    """Return rule titles, with those of demoted rules saying that they are hints."""
    return {
        rule: f"{title} {_mark(demoted[rule], texts)}" if rule in demoted else title
        for rule, title in titles.items()
    }


def _mark(error: KnownError, texts: Texts) -> str:
    return texts("judged.hint_mark", count=error.precision.count, of=error.precision.of)


def demoted_lines(
    demoted: Mapping[str, KnownError], titles: Mapping[str, str], texts: Texts
) -> Iterator[Text]:
    """Yield which rules are hints only, and why; nothing where there is none."""
    by_asked: dict[float, list[KnownError]] = {}
    for one in demoted.values():
        by_asked.setdefault(one.set_precision, []).append(one)
    for asked, errors in sorted(by_asked.items()):
        yield Text(texts("judged.demoted", asked=percent(asked)), style="yellow")
        for one in errors:
            yield Text(
                texts(
                    "judged.demoted_line",
                    title=titles.get(one.rule_id, one.rule_id),
                    rule=one.rule_id,
                    version=one.rule_version,
                    share=share_text(one.precision, texts),
                )
            )


def demoted_now(settings: Settings, texts: Texts) -> list[Text]:
    """Return which rules in force are hints only, and why."""
    from console.views import rule_titles
    from pipelines.known_error import hints
    from warehouse.store import open_warehouse

    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        titles = rule_titles(warehouse, texts.language)
        return list(demoted_lines(hints(warehouse, settings), titles, texts))
