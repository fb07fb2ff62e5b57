"""``tingjian watch`` and ``tingjian live``: the inbox watched, and what every queue does now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from console.session import Session, lasting, session_of

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.watching.looks import Look

STALE_S = 15
"""From which age on the figures are said to be old: a watch writes them every five seconds."""


WHOLE = {
    "renamed": "watch.renamed",
    "marker": "watch.marker",
    "read": "watch.read",
    "settled": "watch.settled",
}


def watch(
    context: typer.Context,
    *,
    every: Annotated[int, typer.Option("--every", min=1, metavar="SECONDS")] = 1,
    looks: Annotated[int, typer.Option("--looks", min=0, metavar="N")] = 0,
) -> None:
    """Take in what lands in the inbox within seconds, and tell what cannot wait."""
    from console.commands.night import prefect_refusals, prepared
    from pipelines.watching.looks import telling

    session = session_of(context)
    prepared(session)
    settings = session.settings()
    import flows

    session.say("watch.watching", every=every, style="dim")
    with prefect_refusals(session), telling(lambda look: _tell(session, settings, look)):
        flows.watch(str(session.centre), every, looks)


def live(context: typer.Context, *, json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Tell what every queue is doing now."""
    from console.json_output import write
    from console.tables import titled
    from pipelines.watching.queues import read_now

    session = session_of(context)
    settings = session.settings()
    found = read_now(settings.folder)
    if json:
        write(None if found is None else {"as_of": found[0], "queues": found[1]})
        return
    if found is None:
        session.say("live.none", style="yellow")
        return
    at, queues = found
    age = max(0, round((datetime.now(UTC) - at).total_seconds()))
    shown = at.astimezone(ZoneInfo(settings.centre.timezone))
    session.say("live.as_of", at=f"{shown:%H:%M:%S}", age=age, style="dim")
    if age > STALE_S:
        session.say("live.stale", style="yellow")
    names = ("queue", "running", "waiting", "longest", "messages", "finished", "alerts")
    table = titled(session.texts("live.title"), (session.texts(f"live.{one}") for one in names))
    for one in queues:
        wait = one.longest_wait_ms
        table.add_row(
            one.queue or "—",
            str(one.running),
            str(one.waiting),
            "—" if wait is None else lasting(wait, session.texts),
            str(one.messages),
            str(one.finished),
            str(one.alerts),
        )
    session.out.print(table)


def _tell(session: Session, settings: Settings, look: Look) -> None:
    for file in look.landed:
        name = file.path.relative_to(settings.inbox).as_posix()
        session.say("watch.landed", file=name, why=session.texts(WHOLE[file.because]), style="dim")
    if look.kept:
        session.say("watch.kept", count=look.kept)
    for one in look.raised:
        delay = ""
        if one.landed_at is not None:
            seconds = (one.said_at - one.landed_at).total_seconds()
            delay = session.texts("watch.after", seconds=f"{max(0.0, seconds):.1f}")
        session.say(
            "watch.raised", rule=one.rule_id, about=one.about, queue=one.queue, delay=delay,
            style="bold red" if one.level == "critical" else "yellow",
        )  # fmt: skip
    for sent in look.sent:
        if sent.error:
            session.say(
                "alerts.failed", channel=sent.channel, error=sent.error, attempt=sent.attempt
            )
    if look.is_waiting:
        session.say("watch.waiting", style="yellow")
