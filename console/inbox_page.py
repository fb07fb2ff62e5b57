"""What lies in the inbox, counted, and as a page on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from console.messages.texts import Texts
from console.tables import aside_list, titled
from interactions.problems import Unreadable
from pipelines.discretion import without_identifiers
from pipelines.intake import Batch, distinct, scan, texts_of
from pipelines.keeping import known_to
from pipelines.known import Known, Register, file_of
from pipelines.reports import SetAsideItem
from pipelines.settings import Settings
from warehouse.store import open_warehouse


@dataclass(frozen=True, slots=True)
class Counted:
    """How many are new, how many have changed since an earlier night."""

    new: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxReport:
    """What a night would find in the inbox.

    Attributes:
        calls: Calls, by their files; ``texts`` files of chats, e-mails and tickets.
        records: The records in those files that are new or changed.
        unchanged: Calls and files that a night would skip.
        is_first: No night has been run yet.
    """

    calls: Counted
    texts: Counted
    records: Counted
    unchanged: int
    set_aside: tuple[SetAsideItem, ...]
    is_first: bool


def looked_through(settings: Settings) -> InboxReport:
    """Look through the inbox as a night would, but open no recording and write nothing."""
    is_first = not settings.warehouse.exists()
    known = Known()
    if not is_first:
        with open_warehouse(settings.warehouse, read_only=True) as warehouse:
            known = known_to(warehouse)
    batch = scan(settings, known, transcriber=settings.speech.weights)
    register = Register(known, batch.present)
    calls, twice = distinct(batch, register)
    aside = [*batch.set_aside, *twice]
    new = changed = 0
    for text in batch.texts:
        for record in texts_of(text, settings, register):
            if isinstance(record, Unreadable):
                aside.append(record)
            elif record.interaction_id in known.ids:
                changed += 1
            else:
                new += 1
    aside += _still_aside(known, batch, {problem.item for problem in aside})
    return InboxReport(
        calls=_counted([call.item for call in calls], known),
        texts=_counted([text.source.item for text in batch.texts], known),
        records=Counted(new, changed),
        unchanged=batch.unchanged,
        set_aside=tuple(SetAsideItem(p.item, p.code, p.values) for p in _by_item(aside)),
        is_first=is_first,
    )


def _counted(items: list[str], known: Known) -> Counted:
    changed = sum(item in known.sources for item in items)
    return Counted(len(items) - changed, changed)


def _still_aside(known: Known, batch: Batch, told: set[str]) -> Iterator[Unreadable]:
    """What an earlier night set aside and nobody has touched since: a night skips it in silence."""
    again = {call.item for call in batch.calls} | told
    for item, (code, values) in known.set_aside.items():
        if file_of(item) in batch.standing and item not in again:
            yield Unreadable(item, code, **values)


def _by_item(problems: list[Unreadable]) -> list[Unreadable]:
    return sorted(problems, key=lambda problem: (problem.item, problem.code))


def page(report: InboxReport, texts: Texts, settings: Settings) -> Iterator[RenderableType]:
    """Yield the report's blocks from top to bottom."""
    inbox = str(settings.inbox)
    columns = [texts(f"intake.{name}") for name in ("kind", "new", "changed")]
    table = titled(texts("intake.title", inbox=inbox), columns)
    for column in table.columns[1:]:
        column.justify = "right"
    for name in ("calls", "texts", "records"):
        counted: Counted = getattr(report, name)
        table.add_row(texts(f"intake.{name}"), f"{counted.new:,}", f"{counted.changed:,}")
    yield table
    if report.unchanged:
        yield Text(texts("intake.unchanged", count=report.unchanged))
    if report.set_aside:
        title = texts("intake.set_aside", count=len(report.set_aside))
        yield from aside_list(report.set_aside, texts, title=title)
    found = report.calls, report.texts
    if any(counted.new or counted.changed for counted in found):
        if report.is_first:
            yield Text(texts("intake.first_night"), style="dim")
        yield Text(texts("intake.next"), style="dim")
    else:
        yield Text(texts("intake.nothing", inbox=inbox), style="yellow")


def report_json(report: InboxReport, language: str) -> dict[str, Any]:
    """Return the report for a script."""
    return {
        "calls": report.calls,
        "texts": report.texts,
        "records": report.records,
        "unchanged": report.unchanged,
        "set_aside": aside_json(report.set_aside, language),
        "is_first": report.is_first,
    }


def aside_json(items: tuple[SetAsideItem, ...], language: str) -> list[dict[str, Any]]:
    """Return items that were set aside for a script, each with its reason in words."""
    return [
        {
            "item": without_identifiers(one.item),
            "code": one.code,
            "values": {
                name: without_identifiers(value) if isinstance(value, str) else value
                for name, value in one.values.items()
            },
            "in_words": without_identifiers(one.explain(language)),
        }
        for one in items
    ]
