"""Score sheets on the terminal: the machine's answers and people's, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from console.messages.texts import Texts
from console.session import plain
from console.tables import titled
from detectors.scorecard import Given, Item, Score, ScoreLine, Sheet
from detectors.sheet_words import explain_na
from warehouse.judged import SheetAnswer

STYLES = {Given.MET: "green", Given.PARTLY: "yellow", Given.FAILED: "red", Given.NA: "dim"}


@dataclass(frozen=True, slots=True)
class Filled:
    """One score sheet of an interaction.

    Attributes:
        sheet: None where the version it was filled with is no longer in use.
        machine: By machine.
        both: With people's answers in it; None where nobody answered.
        answers: The last answer on each line.
    """

    sheet: Sheet | None
    machine: Score
    both: Score | None
    answers: Mapping[str, SheetAnswer]


def points_text(score: float | None, texts: Texts) -> str:
    """Return a score of 100; what was not scored says so."""
    return texts("sheet.unscored") if score is None else f"{round(score, 1):g}"


def blocks(filled: Filled, texts: Texts) -> Iterator[RenderableType]:
    """Yield one sheet from top to bottom."""
    score = filled.machine
    items = {item.item_id: item for item in filled.sheet.items} if filled.sheet else {}
    if filled.sheet is None:
        yield Text(texts("sheet.other_version", version=score.sheet_version), style="yellow")
    table = _table(filled, texts)
    for line in score.lines:
        item = items.get(line.item_id)
        table.add_row(
            _name(line, item, texts),
            _machine(line, texts),
            _person(filled.answers.get(line.item_id), texts),
            Text(_points(line), style="" if line.earned is not None else "dim"),
            _source(line, texts),
        )
    yield table
    yield Text(_total("sheet.total", filled.sheet, score, texts), style="bold")
    if score.is_fatal:
        yield Text(texts("sheet.fatal_total"), style="bold red")
    if filled.both is not None:
        yield Text(_total("sheet.total_both", filled.sheet, filled.both, texts), style="bold")


def _table(filled: Filled, texts: Texts) -> Table:
    score = filled.machine
    title = filled.sheet.title[texts.language] if filled.sheet else score.sheet_id
    head = texts("sheet.title", title=title, sheet=score.sheet_id, version=score.sheet_version)
    names = ("item", "machine", "person", "points", "source")
    table = titled(head, (texts(f"sheet.{name}") for name in names))
    table.columns[3].justify = "right"
    return table


def _name(line: ScoreLine, item: Item | None, texts: Texts) -> Text:
    if item is None:
        return plain(line.item_id)
    name = plain(item.title[texts.language])
    marks = [m for m in ("critical", "fatal", "adds") if getattr(item, m)]
    for mark in marks:
        name.append(f"  {texts(f'sheet.{mark}')}", style="magenta")
    return name.append("\n").append_text(plain(line.item_id, style="dim"))


def _machine(line: ScoreLine, texts: Texts) -> Text:
    if line.answer is Given.NA:
        why = explain_na(line.because, texts.language)
        return Text(texts("sheet.because", reason=why), style="dim")
    return Text(texts(f"sheet.{line.answer.value}"), style=STYLES[line.answer])


def _person(answer: SheetAnswer | None, texts: Texts) -> Text:
    if answer is None:
        return Text("")
    said = Text(texts(f"sheet.{answer.answer.value}"), style=STYLES[answer.answer])
    if answer.earned is not None:
        said.append(f" {answer.earned:g}")
    said.append("\n").append_text(plain(answer.reviewer, style="dim"))
    return said.append("\n").append_text(plain(answer.note)) if answer.note else said


def _points(line: ScoreLine) -> str:
    return f"{'–' if line.earned is None else f'{line.earned:g}'} / {line.points:g}"


def _source(line: ScoreLine, texts: Texts) -> Text:
    if line.source.value == "person" and not line.source_id:
        return Text(texts("sheet.by_person"), style="dim")
    kind = "measure" if line.value is not None or line.source.value == "measure" else "rule"
    name = plain(texts(f"sheet.{kind}", name=line.source_id, version=line.source_version))
    if line.hits:
        name.append("\n").append(texts("sheet.hits", hits=line.hits), style="dim")
    if line.value is not None:
        unit = texts.known(f"unit.{line.unit}", otherwise=line.unit)
        name.append("\n").append(f"{line.value:g} {unit}", style="dim")
    return name


def _total(key: str, sheet: Sheet | None, score: Score, texts: Texts) -> str:
    band = sheet.band(score.score) if sheet else None
    return texts(
        key,
        score=points_text(score.score, texts),
        band=texts("sheet.band", band=band.title[texts.language]) if band else "",
        critical=points_text(score.critical_score, texts),
        answered=score.answered,
        items=len(score.lines),
    )
