"""``tingjian effort``: who had to come again, where it cost most, and what came next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from console.session import Session, plain, session_of

if TYPE_CHECKING:
    from detectors.reason.taxonomy import Taxonomy
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
    from pipelines.reasons import taxonomy_of
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
        _tell(session, found, taxonomy_of(settings), top)


def _tell(session: Session, found: Effort, taxonomy: Taxonomy, top: int) -> None:
    from console.summary_page import named_issue
    from console.tables import titled
    from detectors.effort.signs import MOST, WEIGHTS

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
        name = plain(named_issue(spot.issue, taxonomy, texts))
        table.add_row(name, str(spot.contacts), f"{spot.effort:.1f}")
    session.out.print(table)
    parts = (f"{weight:g} × {texts(f'effort.sign_{name}')}" for name, weight in WEIGHTS.items())
    session.say("effort.weights", parts=" + ".join(parts), most=MOST, style="dim")
    for next_one in found.following[:top]:
        session.say(
            "effort.also",
            first=named_issue(next_one.first, taxonomy, texts),
            then=named_issue(next_one.then, taxonomy, texts),
            support=next_one.support,
            lift=f"{next_one.lift:.1f}",
        )
