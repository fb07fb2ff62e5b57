"""``tingjian effort``: who had to come again, where it cost most, and what came next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from console.session import Session, plain, session_of

if TYPE_CHECKING:
    from pipelines.effort import Effort


def effort(
    context: typer.Context,
    *,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N")] = 10,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show repeat contacts, first-contact resolution, effort and what follows what."""
    from console.json_output import write
    from pipelines.effort import effort_of
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        found = effort_of(warehouse)
    if json:
        write([] if found is None else [found])
    elif found is None:
        session.say("effort.none", style="yellow")
    else:
        _tell(session, found, top)


def _tell(session: Session, found: Effort, top: int) -> None:
    from console.tables import titled

    texts = session.texts
    session.say("effort.counts", customers=found.customers, contacts=found.contacts)
    names = (texts("effort.window"), texts("effort.over"), texts("effort.rate"))
    table = titled(texts("effort.resolved"), (*names, texts("effort.repeats")))
    for one in found.resolutions:
        rate = "–" if one.rate is None else f"{100 * one.rate:.1f} %"
        table.add_row(str(one.window), str(one.contacts), rate, str(one.repeats))
    session.out.print(table)
    names = (texts("effort.issue"), texts("effort.contacts"), texts("effort.mean"))
    table = titled(texts("effort.spots"), names)
    for spot in found.hot_spots[:top]:
        table.add_row(plain(spot.issue), str(spot.contacts), f"{spot.effort:.1f}")
    session.out.print(table)
    for next_one in found.following[:top]:
        session.say(
            "effort.also",
            first=next_one.first,
            then=next_one.then,
            support=next_one.support,
            lift=f"{next_one.lift:.1f}",
        )
