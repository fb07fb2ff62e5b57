"""``tingjian hotwords words`` and ``drift``: what is new, and what is unlike its past or peers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from console.session import Session, session_of

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.unlike import Unlike
    from warehouse.store import Warehouse


def words(
    context: typer.Context,
    *,
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD")] = "",
    days: Annotated[int, typer.Option("--days", min=1, metavar="N")] = 7,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List the words of the last days that nobody said in the 90 days before."""
    from console.json_output import write
    from console.unlike_lines import word_line
    from pipelines.unlike import unlisted
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        last = _last(warehouse, session.day(day))
        found = () if last is None else unlisted(warehouse, last, settings, days=days)
    if json:
        write(found)
        return
    if not found:
        session.say("unlike.no_words")
    for one in found:
        session.out.print(Text(word_line(one, session.texts)), soft_wrap=True)


def drift(
    context: typer.Context,
    *,
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Tell what drifts slowly, whose measures changed, and which interactions are unlike others."""
    from console.json_output import write
    from pipelines.unlike import unlike
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings: Settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        last = _last(warehouse, session.day(day))
        found = None if last is None else unlike(warehouse, last, settings)
    if json:
        write(found)
        return
    if found is None:
        session.say("run.empty", style="yellow")
        return
    _tell(session, found)


def _tell(session: Session, found: Unlike) -> None:
    """Print the sections; what was compared is said even where nothing drifts."""
    from console.unlike_lines import groups_heading, sections

    for heading, lines in sections((), found, session.texts):
        session.out.print(Text(f"\n{heading}", style="bold"))
        for line in lines:
            session.out.print(Text(f"   {line}"), soft_wrap=True)
    if not found.groups:
        session.out.print(Text(f"\n{groups_heading(found, session.texts)}"), soft_wrap=True)


def _last(warehouse: Warehouse, day: date | None) -> date | None:
    from warehouse.read import counted_range

    span = counted_range(warehouse)
    return day or (None if span is None else span[1])
