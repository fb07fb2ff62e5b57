"""``tingjian hotwords``: what rose, why we believe it, and what people did about it."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from console.session import FAILED, MS_PER_SECOND, Refusal, Session, session_of

if TYPE_CHECKING:
    from hotwords.spikes import Spike
    from pipelines.rising import Digest
    from pipelines.settings import Settings

CAUSES = ("people", "training", "process", "mechanism")


def show(
    context: typer.Context,
    *,
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD")] = "",
    days: Annotated[int, typer.Option("--days", min=1, metavar="N")] = 7,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE")] = None,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show what rose, with its reasons, the parts that carry it and what to hear."""
    from console.json_output import write
    from pipelines.rising import digest

    session = session_of(context)
    found = digest(session.settings(), session.day(day), days=days)
    if html is not None:
        from console.rises_html import page

        html.write_text(page(found, session.texts), encoding="utf-8")
    if json:
        write(found)
        return
    _tell(session, found)
    if html is not None:
        session.say("hotwords.written", file=str(html))


def _tell(session: Session, found: Digest) -> None:
    from console.rise_lines import bars, heading, lines
    from console.unlike_lines import sections

    if found.day is None:
        session.say("run.empty", style="yellow")
        return
    session.say("hotwords.title", day=str(found.day), style="bold")
    if not found.stories:
        session.say("run.no_spikes")
    for number, story in enumerate(found.stories, 1):
        session.out.print(Text(f"\n{number}. {heading(story, session.texts)}", style="bold"))
        if story.band is not None:
            session.out.print(Text(f"   {bars(story.band.contacts)}", style="cyan"), soft_wrap=True)
        for line in lines(story, session.texts):
            session.out.print(Text(f"   {line}"))
        ids = " ".join(story.rise.spike.examples)
        session.say("hotwords.hear_ids", ids=ids, style="dim")
    for title, told in sections(found.words, found.unlike, session.texts):
        session.out.print(Text(f"\n{title}", style="bold"), soft_wrap=True)
        for line in told:
            session.out.print(Text(f"   {line}"), soft_wrap=True)
    session.say("hotwords.note", style="dim")


def act(  # noqa: PLR0913 - one parameter for each option, as typer reads them
    context: typer.Context,
    term: Annotated[str, typer.Argument(metavar="TERM", show_default=False)],
    *,
    cause: Annotated[str, typer.Option("--cause", metavar="|".join(CAUSES), show_default=False)],
    owner: Annotated[str, typer.Option("--owner", metavar="NAME", show_default=False)],
    action: Annotated[str, typer.Option("--action", metavar="TEXT", show_default=False)],
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD")] = "",
    start: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT")] = "",
) -> None:
    """Name a spike's cause, its owner and what is done about it."""
    from console.pointing import myself
    from console.rise_lines import effect_line, place, subject
    from detectors.rules import Cause
    from pipelines.rising import effect_of, keep_action
    from warehouse.spike_actions import SpikeAction

    session = session_of(context)
    session.chosen("--cause", cause, CAUSES)
    settings = session.settings()
    spike = _meant(session, settings, term, session.day(day))
    one = SpikeAction(
        day=spike.day,
        kind=spike.kind,
        term=spike.term,
        slice=spike.slice,
        cause=Cause(cause),
        owner=owner,
        action=action,
        acts_from=session.day(start),
        decided_by=myself(session, by),
        decided_at=datetime.now(UTC),
        note=note,
    )
    keep_action(settings, one)
    where = place(spike.slice, session.texts)
    what = subject(spike, session.texts)
    session.say("hotwords.kept", what=what, where=where, day=str(spike.day))
    effect = effect_of(settings, spike, one)
    if effect is not None:
        session.out.print(Text(effect_line(effect, session.texts)))


def watch(
    context: typer.Context,
    *,
    every: Annotated[int, typer.Option("--every", min=1, metavar="SECONDS")] = 5,
    looks: Annotated[int, typer.Option("--looks", min=0, metavar="N")] = 0,
) -> None:
    """Read the chats that are written into the inbox, and tell what the hour makes sure."""
    from pipelines.live import Watcher

    session = session_of(context)
    watcher = Watcher(session.settings())
    session.say("hotwords.watching", every=every, style="dim")
    look = 0
    while not looks or look < looks:
        time.sleep(every)
        look += 1
        for one in watcher.look():
            rise = one.rise
            session.say(
                "hotwords.alarm",
                term=rise.term,
                contacts=rise.contacts,
                customers=rise.customers,
                exposure=rise.exposure,
                expected=f"{rise.expected:.1f}",
                seconds=f"{one.delay_ms / MS_PER_SECOND:.1f}",
                ids=" ".join(rise.examples),
            )


def _meant(session: Session, settings: Settings, term: str, day: date | None) -> Spike:
    """Return the surest spike of ``term``: of that day, or the latest."""
    from warehouse.read import compared_days, spikes
    from warehouse.store import open_warehouse

    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        compared = sorted({one for one, _ in compared_days(warehouse)}, reverse=True)
        for one in [day] if day else compared:
            for spike in spikes(warehouse, one):
                if spike.term == term:
                    return spike
    raise Refusal(session.texts("hotwords.no_such", term=term), code=FAILED)
