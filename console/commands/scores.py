"""``tingjian scores`` and ``tingjian sheets``: the day-after scorecard, and what it is made by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from console.messages.texts import Texts
from console.session import Session, plain, session_of

if TYPE_CHECKING:
    from detectors.sheet_reading import SheetBook
    from pipelines.settings import Settings
    from pipelines.standings import Standing

PER = ("agent", "team", "queue")


def scores(
    context: typer.Context,
    *,
    per: Annotated[str, typer.Option("--per", metavar="|".join(PER))] = "agent",
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD")] = "",
    days: Annotated[int, typer.Option("--days", min=1, metavar="N")] = 1,
    sheet: Annotated[str, typer.Option("--sheet", metavar="SHEET")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show the mean score of each agent, team or queue, with n and interval."""
    from console.json_output import write
    from pipelines.standings import standings
    from warehouse.read import latest_day
    from warehouse.store import open_warehouse

    session = session_of(context)
    session.chosen("--per", per, PER)
    last = session.day(day)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        last = last or latest_day(warehouse, timezone=settings.centre.timezone)
        found: list[Standing] = []
        if last is not None:
            span = (last - timedelta(days=days - 1), last)
            found = standings(warehouse, settings, per=per, days=span, sheet_id=sheet or None)
    if json:
        write(found)
        return
    if last is None or not found:
        within = "" if last is None else session.texts("scores.in_days", first=span[0], last=last)
        session.say("scores.none", days=within, style="yellow")
        return
    for table in _tables(found, per, span, session.texts):
        session.out.print(table)
    _tell_note(session)


def _tell_note(session: Session) -> None:
    from pipelines.standings import LEAST_SCORES

    session.say("scores.note", least=LEAST_SCORES, style="dim")


def _tables(
    found: Sequence[Standing], per: str, span: tuple[date, date], texts: Texts
) -> list[Table]:
    from console.tables import titled

    tables: dict[str, Table] = {}
    for one in found:
        if one.sheet_id not in tables:
            title = texts("scores.title", sheet=one.sheet_id, first=str(span[0]), last=str(span[1]))
            names = (per, "n", "mean", "interval", "low", "zero")
            tables[one.sheet_id] = titled(title, (texts(f"scores.{name}") for name in names))
        interval = texts("scores.small")
        if one.low is not None and one.high is not None:
            interval = texts("judged.range", low=f"{one.low:.1f}", high=f"{one.high:.1f}")
        tables[one.sheet_id].add_row(
            plain(one.name or texts("judged.nobody")),
            f"{one.n:,}",
            f"{one.mean:.1f}",
            interval,
            texts("scores.lowest", score=f"{one.lowest:g}", id=one.lowest_id),
            f"{one.zeros:,}",
        )
    return list(tables.values())


def check(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILES")] = None,
) -> None:
    """Read score sheets, tell every error, and list them."""
    from console.rulebook import loaded_with, named
    from detectors.sheet_reading import load_sheets
    from pipelines.scoring import sheet_files

    session = session_of(context)
    settings = None if files else session.settings()
    paths = named(session, files or ()) if settings is None else sheet_files(settings)
    book = loaded_with(session, paths, lambda: load_sheets(paths))
    if not book.sheets:
        folder = str(settings.sheet_folder) if settings else "sheets"
        session.say("sheet.no_sheets", folder=folder, style="yellow")
        return
    session.out.print(_sheet_table(book, session.texts))
    if settings is not None:
        _tell_unknown(session, settings, book)
    session.say("sheet.good", count=len(book), style="green")


def _sheet_table(book: SheetBook, texts: Texts) -> Table:
    from console.tables import titled

    names = (texts("sheet.name"), texts("sheet.items"), texts("sheet.file"))
    table = titled(texts("sheet.list_title"), names)
    for sheet in book.sheets:
        name = plain(sheet.title[texts.language])
        table.add_row(
            name.append("\n").append_text(plain(sheet.sheet_id, style="dim")),
            str(len(sheet.items)),
            plain(sheet.source).append("\n").append_text(plain(sheet.sheet_version, style="dim")),
        )
    return table


def _tell_unknown(session: Session, settings: Settings, book: SheetBook) -> None:
    """Say which rules a sheet asks that are not in use: their items are N/A, not passed."""
    from detectors.scorecard import rules_of
    from pipelines.inspection import plan_of

    used = {rule.rule_id for rule in plan_of(settings).rules}
    for sheet in book.sheets:
        missing = sorted(set(rules_of([sheet])) - used)
        if missing:
            line = session.texts(
                "sheet.unknown_rules", sheet=sheet.sheet_id, rules=", ".join(missing)
            )
            session.out.print(Text(line, style="yellow"), soft_wrap=True)
