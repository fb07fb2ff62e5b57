"""A back-test on the terminal, and for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from console.known_error_page import percent
from console.messages.texts import Texts
from console.session import clock, plain
from console.tables import titled
from detectors.because import explain, explain_not_measured
from pipelines.backtest import Backtest, Example

if TYPE_CHECKING:
    from detectors.rules import Rule
    from pipelines.known_error import Share

SHOWN = 6  # values of each dimension


def page(
    rule: Rule, result: Backtest, texts: Texts, *, took_ms: int, days: int | None
) -> Iterator[RenderableType]:
    """Yield a back-test from top to bottom."""
    title = texts(
        "backtest.title",
        title=rule.title[texts.language],
        rule=rule.rule_id,
        version=rule.rule_version,
    )
    yield Text(title, style="bold")
    yield Text(_against(result, texts), style="dim")
    if not result.interactions:
        last = "" if days is None else texts("backtest.last_days", days=days)
        yield Text(texts("backtest.nothing", days=last), style="yellow")
        return
    yield _figures(result, texts, took_ms)
    if result.slices:
        yield _slices(result, texts)
    yield from _examples(texts("backtest.gained_title"), result.gained_examples, texts)
    yield from _examples(texts("backtest.lost_title"), result.lost_examples, texts)


def _against(result: Backtest, texts: Texts) -> str:
    if result.live_version is None:
        return texts("backtest.new_rule")
    if result.live_version == result.rule_version:
        return texts("backtest.same")
    return texts("backtest.live", version=result.live_version)


def _figures(result: Backtest, texts: Texts, took_ms: int) -> Table:
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(result, texts, took_ms):
        table.add_row(texts(f"backtest.{name}"), plain(value))
    return table


def _rows(result: Backtest, texts: Texts, took_ms: int) -> Iterator[tuple[str, str]]:
    yield (
        "range",
        texts(
            "backtest.range_is",
            count=f"{result.interactions:,}",
            first=str(result.first_day),
            last=str(result.last_day),
            days=result.days,
        ),
    )
    share = exact(result.share, texts)
    yield "found", texts("backtest.found_is", share=share, findings=f"{result.findings:,}")
    if result.live_version is not None:
        yield "gained", f"{result.gained:,}"
        yield "lost", f"{result.lost:,}"
    if result.unseen:
        yield "unseen", f"{result.unseen:,}"
    if result.worst:
        day, most = result.worst
        mean = f"{result.alerts_a_day:.1f}"
        yield "alerts", texts("backtest.alerts_is", mean=mean, day=str(day), most=f"{most:,}")
    for because, count in result.silent.items():
        reason = explain_not_measured(because, texts.language)
        said = texts("backtest.not_measured_is", count=f"{count:,}", reason=reason)
        yield "not_measured", said
    yield (
        "cost",
        texts(
            "backtest.cost_is",
            seconds=f"{took_ms / 1000:.1f}",
            rebuilt=f"{result.rebuilt:,}",
            count=f"{result.interactions:,}",
        ),
    )


def exact(share: Share, texts: Texts) -> str:
    """Return a counted share with its interval, however small."""
    return texts(
        "judged.share",
        value=percent(share.value or 0.0),
        low=percent(share.low),
        high=percent(share.high),
        count=f"{share.count:,}",
        of=f"{share.of:,}",
    )


def _slices(result: Backtest, texts: Texts) -> Table:
    table = titled("", (texts(f"backtest.{name}") for name in ("where", "value", "share")))
    shown: dict[str, int] = {}
    for one in result.slices:
        shown[one.dimension] = shown.get(one.dimension, 0) + 1
        if shown[one.dimension] > SHOWN:
            continue
        named = one.dimension in ("channel", "party")
        value = texts(f"{one.dimension}.{one.value}") if named else one.value
        row = (texts(f"backtest.{one.dimension}"), plain(value), exact(one.found, texts))
        table.add_row(*row)
    return table


def _examples(title: str, examples: Sequence[Example], texts: Texts) -> Iterator[RenderableType]:
    if not examples:
        return
    yield Padding(Text(title, style="bold"), (1, 0, 0, 0))
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(style="bold", overflow="fold")
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for one in examples:
        first = one.finding.evidence[0]
        said = plain(explain(first, texts.language))
        table.add_row(plain(one.interaction_id), clock(first.start_ms), said)
    yield table


def as_json(result: Backtest, language: str) -> dict[str, Any]:
    """Return a back-test for a script."""
    return {
        "rule_id": result.rule_id,
        "rule_version": result.rule_version,
        "live_version": result.live_version,
        "first_day": result.first_day,
        "last_day": result.last_day,
        "interactions": result.interactions,
        "found": result.found,
        "findings": result.findings,
        "gained": result.gained,
        "lost": result.lost,
        "unseen": result.unseen,
        "alerts_a_day": round(result.alerts_a_day, 4),
        "by_day": result.by_day,
        "not_measured": {
            code: {"count": count, "in_words": explain_not_measured(code, language)}
            for code, count in result.silent.items()
        },
        "slices": result.slices,
        "gained_examples": [_example(one, language) for one in result.gained_examples],
        "lost_examples": [_example(one, language) for one in result.lost_examples],
    }


def _example(example: Example, language: str) -> dict[str, Any]:
    return {
        "interaction_id": example.interaction_id,
        "evidence": [
            {"start_ms": e.start_ms, "quote": e.quote, "in_words": explain(e, language)}
            for e in example.finding.evidence
        ],
    }
