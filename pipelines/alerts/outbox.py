"""The outbox: alerts go into the spool and the warehouse first, then out, each step written down.

Before a message leaves, that it is begun is on the disk; once a channel has it, so is that. Killed
in between, nobody can know whether it arrived: it is sent again under the same number and says so.
That is the most anyone can promise where the other side keeps no book; a webhook's receiver that
knows numbers again, and a reader, see one message. One process sends at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.alert_settings import ChannelSettings
from pipelines.alerts.alarms import failure
from pipelines.alerts.channels import Outcome, send
from pipelines.alerts.policy import IN_DOUBT, Due, Outbox, due
from pipelines.alerts.wording import Letter, written
from pipelines.keeping import key_of
from pipelines.settings import Settings
from warehouse.alerting import Alert, AlertMessage
from warehouse.problems import WarehouseBusy
from warehouse.read_alerts import StandingAlert, alert_messages, known_alerts, standing_alerts
from warehouse.rows import said_tables
from warehouse.spool import Spool
from warehouse.store import Warehouse, open_warehouse

KIND = "alerts"
FAILURES_TOLD = 5
"""Failed attempts of one message after which the other channels are told. Ours: with the waits of
``pipelines.alerts.policy`` about eight minutes."""
PATIENCE_S = 15.0
"""How long a command waits for whoever has the warehouse. Ours: a watch's commit takes one."""
LOOK_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One attempt that was made.

    Attributes:
        alerts: How many it tells.
        error: Empty: it arrived.
    """

    message_id: str
    channel: str
    alerts: int
    attempt: int
    error: str


def now_utc() -> datetime:
    """Return the time; what happens to an alert happens by the clock."""
    return datetime.now(UTC)


@contextmanager
def patiently(settings: Settings) -> Iterator[Warehouse]:
    """Open the warehouse; wait a while for whoever has it.

    Raises:
        WarehouseBusy: They still have it.
    """
    ends = time.monotonic() + PATIENCE_S
    while True:
        try:
            opened = open_warehouse(settings.warehouse)
            break
        except WarehouseBusy:
            if time.monotonic() > ends:
                raise
            time.sleep(LOOK_S)
    with opened:
        yield opened


def keep_alerts(
    settings: Settings, warehouse: Warehouse, alerts: Sequence[Alert]
) -> tuple[Alert, ...]:
    """Store alerts that were not raised before; return those.

    In the spool first: once this returns, they outlive whatever happens to the warehouse.
    """
    known = known_alerts(warehouse, [one.alert_id for one in alerts])
    fresh = {one.alert_id: one for one in reversed(alerts) if one.alert_id not in known}
    if not fresh:
        return ()
    raised = tuple(fresh[one] for one in sorted(fresh))
    spool = Spool(settings.spool)
    shard = spool.write(
        KIND, key_of("raised", *(one.alert_id for one in raised)), said_tables(raised)
    )
    warehouse.commit(shard)
    return raised


def keep_aside_of_warehouse(settings: Settings, alert: Alert) -> None:
    """Store an alert in the spool alone: for when the warehouse itself cannot be opened."""
    Spool(settings.spool).write(KIND, key_of("raised", alert.alert_id), said_tables([alert]))


def outbox_of(settings: Settings, warehouse: Warehouse, now: datetime) -> Outbox:
    """Return what stands and what was sent; what lies in the spool only is taken in first."""
    warehouse.commit_pending(Spool(settings.spool), kind=KIND)
    since = now - timedelta(days=settings.alerts.open_days)
    return Outbox(
        standing=standing_alerts(warehouse, since=since),
        messages=alert_messages(warehouse, since=since),
    )


def send_due(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = now_utc,
    environment: Mapping[str, str] = os.environ,
) -> list[Sent]:
    """Send every message whose time has come; return the attempts.

    Nothing where another process is sending: it sends these too.

    Raises:
        WarehouseBusy: Another process has the warehouse; nothing was sent.
    """
    if not settings.alerts.channels:
        return []
    with _alone(settings) as is_alone:
        if not is_alone:
            return []
        zone = ZoneInfo(settings.centre.timezone)
        with patiently(settings) as warehouse:
            outbox = outbox_of(settings, warehouse, clock())
            messages = due(outbox, settings.alerts, zone=zone, now=clock())
        if not messages:
            return []
        told = {one.alert_id: one for one in outbox.standing}
        sent = [_sent(settings, one, told, clock, environment) for one in messages]
        with patiently(settings) as warehouse:
            warehouse.commit_pending(Spool(settings.spool), kind=KIND)
            keep_alerts(settings, warehouse, _of_failures(settings, sent, clock()))
    return sent


def letter_of(settings: Settings, channel: ChannelSettings | None = None) -> Letter:
    """Return how messages are written for a channel, or for nobody in particular."""
    own = channel.language if channel is not None else ""
    return Letter(
        centre=settings.centre.name,
        language=own or settings.centre.language,
        zone=ZoneInfo(settings.centre.timezone),
        link=settings.alerts.link,
    )


def send_test(
    settings: Settings, channel: ChannelSettings, *, environment: Mapping[str, str] = os.environ
) -> Outcome:
    """Send a message that is about nothing to one channel; nothing is stored."""
    now = now_utc()
    alert = failure("test", channel.name, {}, settings.alerts, now=now)
    one = _as_standing(alert)
    message = written(key_of("test", now.isoformat())[:20], [one], letter_of(settings, channel))
    return send(
        channel, message, _payload(message.message_id, [one]), now=now, environment=environment
    )


def _sent(
    settings: Settings,
    one: Due,
    told: Mapping[str, StandingAlert],
    clock: Callable[[], datetime],
    environment: Mapping[str, str],
) -> Sent:
    """Write down that an attempt begins, make it, and write down what became of it."""
    channel = next(c for c in settings.alerts.channels if c.name == one.channel)
    alerts = [told[alert] for alert in one.alert_ids if alert in told]
    message = written(
        one.message_id, alerts, letter_of(settings, channel), is_in_doubt=one.is_in_doubt
    )
    payload = _payload(one.message_id, alerts, is_in_doubt=one.is_in_doubt)
    _note(settings, _step(one, "begun", "", clock()))
    outcome = send(channel, message, payload, now=clock(), environment=environment)
    error = outcome.error
    if error and one.is_in_doubt and not error.startswith(IN_DOUBT):
        error = f"{IN_DOUBT}: {error}"
    state = "delivered" if outcome.is_delivered else "failed"
    _note(settings, _step(one, state, error, clock()))
    return Sent(
        message_id=one.message_id,
        channel=one.channel,
        alerts=len(one.alert_ids),
        attempt=one.attempt,
        error=error,
    )


def _note(settings: Settings, step: AlertMessage) -> None:
    key = key_of("message", step.message_id, step.state, str(step.attempt), str(step.said_at))
    Spool(settings.spool).write(KIND, key, said_tables([step]))


def _step(one: Due, state: str, error: str, now: datetime) -> AlertMessage:
    return AlertMessage(
        message_id=one.message_id,
        channel=one.channel,
        alert_ids=one.alert_ids,
        state=state,
        attempt=one.attempt,
        error=error,
        said_by="system",
        said_at=now,
    )


def _of_failures(settings: Settings, sent: Sequence[Sent], now: datetime) -> list[Alert]:
    """Return alerts on the alerter: channels that have failed too often."""
    if settings.alerts.failures == "off":
        return []
    day = now.astimezone(ZoneInfo(settings.centre.timezone)).date()
    return [
        failure(
            "undelivered",
            f"{one.channel} {day}",
            {"channel": one.channel, "attempts": one.attempt, "error": one.error},
            settings.alerts,
            now=now,
        )
        for one in sent
        if one.error and one.attempt == FAILURES_TOLD
    ]


def _payload(
    message_id: str, alerts: Sequence[StandingAlert], *, is_in_doubt: bool = False
) -> dict[str, object]:
    told = [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(replace(one, receipts={})).items()
            if name not in {"receipts", "note", "answered_by", "answered_at", "until"}
        }
        for one in alerts
    ]
    return {"message_id": message_id, "may_be_repeated": is_in_doubt, "alerts": told}


def _as_standing(one: Alert) -> StandingAlert:
    return StandingAlert(
        **{
            name: getattr(one, name)
            for name in (
                "alert_id", "source", "level", "about", "rule_id", "queue", "group_key",
                "ended_at", "landed_at",
            )
        },
        details=json.loads(one.details),
        raised_at=one.said_at,
        told_at=None,
        state="open",
        until=None,
        note="",
        answered_by="",
        answered_at=None,
        receipts={},
    )  # fmt: skip


@contextmanager
def _alone(settings: Settings) -> Iterator[bool]:
    """Tell whether this process alone is sending; the lock ends with the process."""
    handle = os.open(settings.folder / "alerts.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)
