"""Which alert is told where and when. Pure: what stands, what was sent, and the time go in.

A channel gets an alert when it is of its level, source and queue, nobody has acknowledged, snoozed
or resolved it, the hour is not quiet for it, and the channel is on duty
(``pipelines.alerts.duty``).
Alerts of one group go together in one message, and not sooner than the cool-down after the group's
last message there. A channel gets at most ``hourly_cap`` messages in any hour: the last of them
takes everything that would be over. So what waits is told later and together, never dropped.

The knobs are those of Alibaba's warning strategy (``interval_time``, ``max_number``, hits within a
range), and PagerDuty's grouping, acknowledgement and escalation. The defaults are ours, not
measured: half an hour of cool-down, twenty messages an hour, escalation after 15 and 60 minutes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.alert_settings import LEVELS, AlertSettings, ChannelSettings, Level
from pipelines.alerts.duty import is_quiet, on_duty
from warehouse.alerting import AlertMessage
from warehouse.read_alerts import StandingAlert
from warehouse.said import id_of

HOUR = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=30)
"""Before the second attempt; doubled for each further one up to ``LONGEST_WAIT``. Ours: a channel
that is down for an hour costs eight attempts, and gets its messages within an hour of its return.
"""
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A message to send now.

    Attributes:
        message_id: The same on every attempt.
        alert_ids: What it tells, the most urgent first.
        attempt: From 1.
        is_in_doubt: An earlier attempt was under way when its process ended: it may have arrived.
    """

    message_id: str
    channel: str
    alert_ids: tuple[str, ...]
    attempt: int = 1
    is_in_doubt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """What the warehouse knows: alerts that stand, and the last step of each message."""

    standing: Sequence[StandingAlert]
    messages: Sequence[AlertMessage]


def rank(level: str) -> int:
    """Return a level as a number: the higher, the more urgent."""
    return [*LEVELS].index(_level(level))


def _level(level: str) -> Level:
    return next(one for one in LEVELS if one == level)


def due(outbox: Outbox, alerts: AlertSettings, *, zone: ZoneInfo, now: datetime) -> list[Due]:
    """Return what to send now, in the order of the channels in the settings.

    Args:
        outbox: What stands and what was sent.
        alerts: The centre's settings.
        zone: The centre's time zone.
        now: UTC, timezone-aware.
    """
    by_id = {one.alert_id: one for one in outbox.standing}
    again = _again(outbox.messages, by_id, alerts, now)
    local = now.astimezone(zone)
    found: list[Due] = []
    for channel in alerts.channels:
        found += [one for one in again if one.channel == channel.name]
        log = [one for one in outbox.messages if one.channel == channel.name]
        found += _fresh(channel, _Log(log, by_id, now), alerts, local)
    return found


def _again(
    messages: Sequence[AlertMessage],
    by_id: Mapping[str, StandingAlert],
    alerts: AlertSettings,
    now: datetime,
) -> list[Due]:
    """Return messages that did not arrive and whose time has come, as they were begun."""
    channels = {one.name for one in alerts.channels}
    found = []
    for one in messages:
        if one.state == "delivered" or one.channel not in channels:
            continue
        is_in_doubt = one.state == "begun"
        waits = FIRST_WAIT * 2 ** min(one.attempt - 1, 10)
        is_time = is_in_doubt or now >= one.said_at + min(waits, LONGEST_WAIT)
        is_wanted = any(alert in by_id and _is_open(by_id[alert], now) for alert in one.alert_ids)
        if is_time and is_wanted:
            found.append(
                Due(
                    message_id=one.message_id,
                    channel=one.channel,
                    alert_ids=one.alert_ids,
                    attempt=one.attempt + 1,
                    is_in_doubt=is_in_doubt or one.error.startswith(IN_DOUBT),
                )
            )
    return found


IN_DOUBT = "in_doubt"
"""Begins the error of an attempt that got no answer, or that followed one: it may have arrived."""


class _Log:
    """What one channel got, and what is under way to it."""

    def __init__(
        self, log: Sequence[AlertMessage], by_id: Mapping[str, StandingAlert], now: datetime
    ) -> None:
        self.by_id = by_id
        self.now = now
        self.under_way = {
            alert for one in log if one.state != "delivered" for alert in one.alert_ids
        }
        recent = [one for one in log if one.state != "delivered" or one.said_at > now - HOUR]
        self.in_hour = len(recent)
        self.last: dict[str, datetime] = {}
        for one in log:
            for alert in one.alert_ids:
                if alert in by_id:
                    group = by_id[alert].group_key
                    self.last[group] = max(self.last.get(group, one.said_at), one.said_at)


def _fresh(
    channel: ChannelSettings, log: _Log, alerts: AlertSettings, local: datetime
) -> list[Due]:
    """Return new messages for one channel."""
    hits = Counter(one.group_key for one in _recent(log, alerts))
    groups: dict[str, list[StandingAlert]] = defaultdict(list)
    for one in log.by_id.values():
        if one.alert_id not in log.under_way and _is_for(channel, one, alerts, local):
            groups[one.group_key].append(one)
    ready = [
        sorted(group, key=_urgency)
        for key, group in groups.items()
        if _is_ready(channel, group[0], hits[key], log, alerts)
    ]
    ready.sort(key=lambda group: _urgency(group[0]))
    left = alerts.hourly_cap - log.in_hour
    if left <= 0:
        return []
    if len(ready) > left:
        rest = [one for group in ready[left - 1 :] for one in group]
        ready = [*ready[: left - 1], rest]
    return [_message(channel.name, group) for group in ready]


def _recent(log: _Log, alerts: AlertSettings) -> list[StandingAlert]:
    """Return the alerts that count as hits of their group."""
    return [
        one
        for one in log.by_id.values()
        if one.rule_id not in alerts.rules
        or one.raised_at > log.now - timedelta(minutes=alerts.rules[one.rule_id].within_minutes)
    ]


def _is_ready(
    channel: ChannelSettings, one: StandingAlert, hits: int, log: _Log, alerts: AlertSettings
) -> bool:
    """Whether a group may be told: often enough, and not too soon after its last message."""
    own = alerts.rules.get(one.rule_id)
    last = log.last.get(one.group_key)
    if own is not None and hits < own.hits and last is None:
        return False
    minutes = alerts.cooldown_minutes
    if own is not None and own.cooldown_minutes >= 0:
        minutes = own.cooldown_minutes
    return last is None or channel.step > 0 or log.now >= last + timedelta(minutes=minutes)


def _is_for(
    channel: ChannelSettings, one: StandingAlert, alerts: AlertSettings, local: datetime
) -> bool:
    """Whether a channel has to be told of an alert now."""
    level = _level(one.level)
    return (
        rank(level) >= rank(channel.level)
        and (not channel.sources or one.source in channel.sources)
        and (not channel.queues or one.queue in channel.queues)
        and _is_open(one, local)
        and not _has(channel, one)
        and _is_its_turn(channel, one, alerts, local)
        and not is_quiet(alerts, level, local)
        and channel.name in on_duty(alerts, level, local)
    )


def _is_open(one: StandingAlert, now: datetime) -> bool:
    if one.state == "snoozed":
        return one.until is None or one.until <= now
    return one.state == "open"


def _has(channel: ChannelSettings, one: StandingAlert) -> bool:
    """Whether the channel has it; a snooze that ended, or reopening, tells it once more."""
    got = one.receipts.get(channel.name)
    since = one.until if one.state == "snoozed" else one.answered_at
    return got is not None and (since is None or got >= since)


def _is_its_turn(
    channel: ChannelSettings, one: StandingAlert, alerts: AlertSettings, now: datetime
) -> bool:
    if channel.step == 0:
        return True
    if channel.step > len(alerts.escalate_minutes) or rank(one.level) < rank(alerts.escalate_level):
        return False
    return now >= one.raised_at + timedelta(minutes=alerts.escalate_minutes[channel.step - 1])


def _urgency(one: StandingAlert) -> tuple[int, datetime, str]:
    return -rank(one.level), one.raised_at, one.alert_id


def _message(channel: str, group: Sequence[StandingAlert]) -> Due:
    ids = tuple(one.alert_id for one in group)
    answered = [one.answered_at.isoformat() for one in group if one.answered_at is not None]
    name = id_of("alert-message", channel, *sorted(ids), *sorted(answered))
    return Due(message_id=name, channel=channel, alert_ids=ids)
