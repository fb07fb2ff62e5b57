"""``tingjian intake``: what lies in the inbox, before anything is done with it."""

from __future__ import annotations

from typing import Annotated

import typer

from console.session import session_of


def intake(
    context: typer.Context, *, json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """Tell what is new, changed, unchanged and set aside; write nothing."""
    from console.inbox_page import looked_through, page, report_json
    from console.json_output import write

    session = session_of(context)
    settings = session.settings()
    report = looked_through(settings)
    if json:
        write(report_json(report, session.texts.language))
        return
    for block in page(report, session.texts, settings):
        session.out.print(block)
