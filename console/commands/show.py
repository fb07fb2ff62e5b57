"""``tingjian show``: one interaction, what was found in it and where, and how it scored."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from console.session import session_of


def show(
    context: typer.Context,
    interaction_id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show metadata, measures, findings with evidence, transcript, verdicts and score sheets."""
    from console.interaction_page import page
    from console.json_output import write
    from console.judged_page import blocks, judged, judged_json
    from console.pointing import interaction_meant
    from console.views import whole, whole_json
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        meant = interaction_meant(session, warehouse, interaction_id)
        shown = whole(warehouse, meant)
        said = judged(warehouse, settings, meant)
    if json:
        write(whole_json(shown, session.texts.language) | judged_json(said))
        return
    zone = ZoneInfo(settings.centre.timezone)
    for block in (*page(shown, session.texts, zone), *blocks(said, session.texts, zone)):
        session.out.print(block)
