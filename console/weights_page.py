"""Recognition weights on the terminal: which are here, what each costs, how to get others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from asr.costs import Cost, is_sound, known_cost, remember
from asr.weights import PUBLISHED, Weights, WeightsError, find, present, whisper_cache
from console.messages.texts import Texts
from console.session import Refusal, Session, plain
from console.tables import titled
from pipelines.settings import Settings, SettingsError
from pipelines.terms import where_weights_lie

ENGINE = "whisper"
MEGABYTE = 1_000_000
SECONDS_PER_MINUTE = 60
BYTES_PER_PARAMETER = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """An architecture that was measured without weights."""

    name: str
    cost: Cost


def weights_page(
    session: Session, settings: Settings | None, *, measure: str
) -> Iterator[RenderableType]:
    """Measure what is asked for and what the centre uses, and yield what is known of all.

    Args:
        session: Whose language, and where progress goes.
        settings: The centre's; None where there are none.
        measure: Names of weights or architectures, comma-separated.

    Raises:
        Refusal: A name that is neither.
    """
    here = _here(settings)
    asked = [name.strip() for name in measure.split(",") if name.strip()]
    extra = _measured(session, here, asked)
    used = None if settings is None else where_weights_lie(settings)
    for weights in here:
        path = weights.path
        if path == used and path is not None and known_cost(path, ENGINE) is None:
            _measure(session, weights)
    yield from _table(here, extra, session.texts)


def _here(settings: Settings | None) -> list[Weights]:
    """Return all weights that are on this machine, the centre's own among them."""
    found = list(present(None if settings is None else settings.weights_folder))
    used = None if settings is None else where_weights_lie(settings)
    if used is not None and used not in [one.path for one in found]:
        found.append(find(str(used)))
    return found


def _measured(session: Session, here: Sequence[Weights], asked: Iterable[str]) -> list[Measured]:
    extra = []
    by_name = {one.name: one for one in here}
    for name in asked:
        if name in by_name:
            _measure(session, by_name[name])
            continue
        from asr.measuring import ARCHITECTURES, measure_architecture

        if name not in ARCHITECTURES:
            raise Refusal(
                session.texts(
                    "weights.unknown",
                    name=name,
                    names=", ".join(by_name) or session.texts("doctor.says.nothing"),
                    architectures=", ".join(ARCHITECTURES),
                )
            )
        _say_measuring(session, name)
        extra.append(Measured(name, measure_architecture(name)))
    return extra


def _measure(session: Session, weights: Weights) -> None:
    """Measure weights and remember it; those that cannot be read are told in the table."""
    from asr.measuring import measure

    if weights.path is None or weights.path.is_dir():
        return
    _say_measuring(session, weights.name)
    try:
        remember(weights.path, ENGINE, measure(weights))
    except WeightsError as error:
        session.err.print(plain(error), soft_wrap=True)


def _say_measuring(session: Session, name: str) -> None:
    session.err.print(Text(session.texts("weights.measuring", name=name)))


def _table(
    here: Sequence[Weights], extra: Sequence[Measured], texts: Texts
) -> Iterator[RenderableType]:
    costs = [_cost(one) for one in here]
    if here or extra:
        heads = ("weights.name", "weights.place", "weights.size", "weights.cost", "weights.load")
        table = titled(texts("weights.title"), tuple(texts(head) for head in heads))
        for weights, cost in zip(here, costs, strict=True):
            table.add_row(*_row(weights, cost, texts))
        for one in extra:
            name = texts("weights.architecture", name=one.name)
            table.add_row(plain(name), "", "", *_figures(one.cost))
        yield table
    known = [cost for cost in (*costs, *(one.cost for one in extra)) if cost is not None]
    if known:
        said = texts("weights.measured", tokens=known[0].tokens, cores=known[0].cores)
        yield Text(said, style="dim")
    missing = [one.name for one, cost in zip(here, costs, strict=True) if cost is None]
    names = ",".join(missing) or "base"
    architectures = "tiny, base, small, medium, turbo, large-v3"
    yield Text(texts("weights.measure", names=names, architectures=architectures), style="dim")
    yield Text(texts("weights.more"), style="dim")


def _cost(weights: Weights) -> Cost | None:
    return None if weights.path is None else known_cost(weights.path, ENGINE)


def _row(weights: Weights, cost: Cost | None, texts: Texts) -> tuple[Text, ...]:
    path = weights.path or Path()
    if not _is_sound(path):
        figures = (Text(texts("weights.damaged"), style="bold red"), Text(""))
    elif cost is None:
        figures = (Text(texts("weights.unmeasured"), style="dim"), Text(""))
    else:
        figures = _figures(cost)
    return (
        plain(weights.name),
        plain(path.parent),
        Text(f"{_size(path) / MEGABYTE:,.0f}"),
        *figures,
    )


def _is_sound(path: Path) -> bool:
    try:
        return is_sound(path)
    except OSError:
        return False


def _size(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _figures(cost: Cost) -> tuple[Text, Text]:
    return Text(f"{cost.core_s * SECONDS_PER_MINUTE:.2f}"), Text(f"{cost.load_s:.1f}")


def others_page(texts: Texts) -> Iterator[RenderableType]:
    """Yield what OpenAI published, and how to bring it to a machine without network."""
    heads = ("weights.name", "weights.size", "weights.languages", "weights.file")
    table = titled(texts("weights.others_title"), tuple(texts(head) for head in heads))
    for one in PUBLISHED:
        languages = "weights.only_english" if one.only_english else "weights.all_languages"
        size = one.millions * BYTES_PER_PARAMETER
        table.add_row(", ".join(one.names), f"{size:,}", texts(languages), one.file)
    yield table
    for one in PUBLISHED:
        yield Text(f"{one.file}  {texts('weights.sha')} {one.sha256}")
        yield Text(f"    {texts('weights.source', url=one.url)}", style="dim")
    yield Text(texts("weights.carry", cache=str(whisper_cache())))


def settings_or_none(session: Session) -> Settings | None:
    """Return the centre's settings; None where there are none that can be used."""
    try:
        return session.settings()
    except SettingsError:
        return None
