"""``tingjian alerts``: what alarmed, who was told, and what people say to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from console.session import FAILED, Refusal, Session, session_of

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from warehouse.read_alerts import Latency, StandingAlert

Ids = Annotated[list[str], typer.Argument(metavar="ALERTS", show_default=False)]
By = Annotated[str, typer.Option("--by", metavar="NAME")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT")]
SHOWN = 8  # characters of an id: what people type


def list_alerts(
    context: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all")] = False,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List the alerts that are open, the latest last, and how long alerts took."""
    from console.json_output import write
    from pipelines.alerts.answering import listed

    session = session_of(context)
    settings = session.settings()
    found, latencies = listed(settings, everything=everything)
    if json:
        write({"alerts": found, "latencies": latencies})
        return
    if not found:
        session.say("alerts.none")
    for one in found:
        _tell(session, settings, one)
    for latency in latencies:
        _tell_latency(session, latency)


def send(context: typer.Context) -> None:
    """Raise what the warehouse holds, and send what is due."""
    from pipelines.alerts.outbox import send_due
    from pipelines.alerts.raising import raise_kept

    session = session_of(context)
    settings = session.settings()
    raised = raise_kept(settings)
    sent = send_due(settings)
    arrived = [one for one in sent if not one.error]
    session.say("alerts.raised", count=len(raised))
    if not settings.alerts.channels:
        session.say("alerts.no_channels", style="yellow")
        return
    session.say("alerts.sent", count=len(arrived), alerts=sum(one.alerts for one in arrived))
    failed = [one for one in sent if one.error]
    for one in failed:
        session.say("alerts.failed", channel=one.channel, error=one.error, attempt=one.attempt)
    if failed:
        raise Refusal(session.texts("alerts.some_failed", count=len(failed)), code=FAILED)


def ack(context: typer.Context, ids: Ids, *, by: By = "", note: Note = "") -> None:
    """Say that somebody sees to it: nobody else is told."""
    _answer(session_of(context), ids, "acknowledged", (by, note))


def snooze(
    context: typer.Context,
    ids: Ids,
    *,
    minutes: Annotated[int, typer.Option("--minutes", min=1, metavar="N")] = 60,
    by: By = "",
    note: Note = "",
) -> None:
    """Be reminded later."""
    _answer(session_of(context), ids, "snoozed", (by, note), minutes=minutes)


def resolve(context: typer.Context, ids: Ids, *, by: By = "", note: Note = "") -> None:
    """Say that it is done with."""
    _answer(session_of(context), ids, "resolved", (by, note))


def reopen(context: typer.Context, ids: Ids, *, by: By = "", note: Note = "") -> None:
    """Take back what was said: it is told again."""
    _answer(session_of(context), ids, "reopened", (by, note))


def try_channels(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="CHANNEL", show_default=False)] = "",
) -> None:
    """Send a message that is about nothing, to one channel or to all; nothing is kept."""
    from pipelines.alerts.outbox import send_test

    session = session_of(context)
    settings = session.settings()
    names = [one.name for one in settings.alerts.channels]
    if not names:
        raise Refusal(session.texts("alerts.no_channels"))
    session.chosen("CHANNEL", name, names)
    failed = 0
    for channel in settings.alerts.channels:
        if name not in {"", channel.name}:
            continue
        error = send_test(settings, channel).error
        failed += bool(error)
        if error:
            session.say("alerts.test_failed", channel=channel.name, error=error, style="red")
        else:
            session.say("alerts.test_arrived", channel=channel.name, style="green")
    if failed:
        raise Refusal(session.texts("alerts.some_failed", count=failed), code=FAILED)


def _answer(
    session: Session, ids: list[str], act: str, said: tuple[str, str], *, minutes: int = 0
) -> None:
    from console.pointing import myself
    from pipelines.alerts.answering import answer
    from pipelines.alerts.outbox import now_utc
    from warehouse.alerting import AlertAnswer

    settings = session.settings()
    by, note = said
    who = myself(session, by)
    for one in [_meant(session, settings, beginning) for beginning in ids]:
        now = now_utc()
        until = now + timedelta(minutes=minutes) if minutes else None
        answer(
            settings,
            AlertAnswer(
                alert_id=one.alert_id, act=act, until=until, note=note, said_by=who, said_at=now
            ),
        )  # fmt: skip
        session.say("alerts.answered", id=one.alert_id[:SHOWN], act=session.texts(f"alerts.{act}"))


def _meant(session: Session, settings: Settings, beginning: str) -> StandingAlert:
    from pipelines.alerts.answering import meant

    found = meant(settings, beginning)
    if len(found) != 1:
        key = "alerts.several" if found else "alerts.no_such"
        raise Refusal(session.texts(key, id=beginning, count=len(found)), code=FAILED)
    return found[0]


def _tell(session: Session, settings: Settings, one: StandingAlert) -> None:
    from zoneinfo import ZoneInfo

    from console.tables import STYLES, severity_text
    from pipelines.alerts.wording import headline, reason

    texts, zone = session.texts, ZoneInfo(settings.centre.timezone)
    session.out.print(
        Text.assemble(
            (f"{one.alert_id[:SHOWN]}  ", "cyan"),
            (f"{one.raised_at.astimezone(zone):%m-%d %H:%M}  ", "dim"),
            severity_text(one.level, texts),
            ("  ", ""),
            (headline(one, texts.language), STYLES.get(one.level, "")),
        ),
        soft_wrap=True,
    )
    told = ", ".join(sorted(one.receipts)) or texts("alerts.nobody")
    where = "  ".join(part for part in (one.about, one.queue) if part)
    session.say(
        "alerts.line", where=where, state=texts(f"alerts.{one.state}"), told=told, style="dim"
    )
    why = reason(one, texts.language, zone)
    if why:
        session.out.print(Text(f"    {why}"), soft_wrap=True)


def _tell_latency(session: Session, one: Latency) -> None:
    texts = session.texts

    def shown(pair: tuple[float | None, float | None]) -> str:
        median, p95 = pair
        if median is None or p95 is None:
            return texts("alerts.unknown")
        return texts("alerts.seconds", median=f"{median:.1f}", p95=f"{p95:.1f}")

    session.say(
        "alerts.latency",
        source=texts(f"alerts.of_{one.source}"),
        count=one.alerts,
        ended=shown(one.end_to_raised),
        landed=shown(one.landed_to_raised),
        told=shown(one.raised_to_told),
        style="dim",
    )
