"""``tingjian show``: one interaction, what was found in it and where."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from console.session import FAILED, Refusal, Session, session_of

MOST = 20  # ids named where a prefix fits several


def show(
    context: typer.Context,
    interaction_id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show an interaction's metadata, measures, findings with evidence, and transcript."""
    from console.interaction_page import page
    from console.json_output import write
    from console.views import whole, whole_json
    from warehouse.read import matching_ids
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        fitting = matching_ids(warehouse, interaction_id, limit=MOST + 1)
        shown = whole(warehouse, _only(session, interaction_id, fitting))
    if json:
        write(whole_json(shown, session.texts.language))
        return
    for block in page(shown, session.texts, ZoneInfo(settings.centre.timezone)):
        session.out.print(block)


def _only(session: Session, prefix: str, fitting: list[str]) -> str:
    """The id meant: the one written in full, or the only one that begins so."""
    if prefix in fitting:
        return prefix
    if not fitting:
        raise Refusal(session.texts("show.none", id=prefix), code=FAILED)
    if len(fitting) > 1:
        ids = ", ".join(fitting[:MOST]) + (" …" if len(fitting) > MOST else "")
        count = f"{MOST}+" if len(fitting) > MOST else str(len(fitting))
        raise Refusal(session.texts("show.several", count=count, id=prefix, ids=ids), code=FAILED)
    return fitting[0]
