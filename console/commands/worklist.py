"""``tingjian worklist``: what to hear first, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from console.session import Session, session_of

if TYPE_CHECKING:
    from warehouse.read import WorklistFilter

CHANNELS = ("voice", "chat", "email", "ticket")
SEVERITIES = ("minor", "major", "critical")


def worklist(  # noqa: PLR0913 - one parameter for each option
    context: typer.Context,
    *,
    first: Annotated[int, typer.Option("--first", "-n", min=1, metavar="N")] = 10,
    after: Annotated[int, typer.Option("--after", min=0, metavar="N")] = 0,
    rule: Annotated[str, typer.Option("--rule", metavar="RULE")] = "",
    severity: Annotated[str, typer.Option("--severity", metavar="|".join(SEVERITIES))] = "",
    queue: Annotated[str, typer.Option("--queue", metavar="QUEUE")] = "",
    team: Annotated[str, typer.Option("--team", metavar="TEAM")] = "",
    agent: Annotated[str, typer.Option("--agent", metavar="AGENT")] = "",
    channel: Annotated[str, typer.Option("--channel", metavar="|".join(CHANNELS))] = "",
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show the next lines of the worklist that fit the filters."""
    from detectors.evidence import Severity
    from interactions.interaction import Channel
    from warehouse.read import WorklistFilter

    session = session_of(context)
    session.chosen("--severity", severity, SEVERITIES)
    session.chosen("--channel", channel, CHANNELS)
    on = session.day(day)
    settings = session.settings()
    only = WorklistFilter(
        severity=Severity(severity) if severity else None,
        rule_id=rule or None,
        queue=queue or None,
        team=team or None,
        agent=agent or None,
        channel=Channel(channel) if channel else None,
        first_day=on,
        last_day=on,
        timezone=settings.centre.timezone,
    )
    _show(session, only, (first, after), in_json=json)


def _show(session: Session, only: WorklistFilter, page: tuple[int, int], *, in_json: bool) -> None:
    from console.json_output import write
    from console.known_error_page import demoted_lines, hint_titles
    from console.tables import worklist_table
    from console.views import rule_titles, worklist_json, worklist_lines
    from pipelines.known_error import hints
    from warehouse.read import WorklistFilter
    from warehouse.store import open_warehouse

    first, after = page
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        lines = worklist_lines(warehouse, only, limit=first, after=after)
        if in_json:
            write(worklist_json(lines, session.texts.language))
            return
        if not lines:
            anything = WorklistFilter(timezone=settings.centre.timezone)
            filled = worklist_lines(warehouse, anything, limit=1, after=0)
            session.say("worklist.none_such" if filled else "worklist.empty", style="yellow")
            return
        demoted = hints(warehouse, settings)
        titles = rule_titles(warehouse, session.texts.language)
    zone = ZoneInfo(settings.centre.timezone)
    shown = hint_titles(titles, demoted, session.texts)
    session.out.print(worklist_table(lines, shown, session.texts, zone))
    for one in demoted_lines(demoted, titles, session.texts):
        session.out.print(one, soft_wrap=True)
    told = "worklist.last" if len(lines) < first else "worklist.shown"
    session.say(told, shown=len(lines), after=lines[-1][0].position)
    session.say("worklist.show")
