"""Alerts as values: what alarmed, what was sent of it, and what people answered.

As everything in ``warehouse.said`` they are told once and never changed, and lie in the spool
before anything else happens with them: a warehouse that is made anew knows what was sent already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that people should know of now.

    Attributes:
        alert_id: Made from what it is about: told twice, it is the same alert and counts once.
        source: ``finding``, ``score``, ``spike``, ``anomaly``, ``missing`` or ``pipeline``.
        level: ``minor``, ``major`` or ``critical``, as a finding's severity.
        about: An interaction, a term, a run or a channel, as ``source`` has it.
        rule_id: The rule or sheet; for others a code of ``pipelines.alerts.wording``.
        queue: Routing queue; empty where it is not about one.
        group_key: Alerts with the same are told together and share a cool-down.
        details: JSON with the values that its text is made of; personal data masked.
        ended_at: When the contact ended; None where it is not about one.
        landed_at: When the last byte that decided lay in the inbox; None where nobody saw it land.
        said_at: When it was raised.
    """

    alert_id: str
    source: str
    level: str
    about: str
    rule_id: str
    queue: str
    group_key: str
    details: str
    ended_at: datetime | None
    landed_at: datetime | None
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMessage:
    """One step of one message to one channel.

    Attributes:
        message_id: In the message itself, the same on every attempt: by it a receiver knows a
            repetition.
        channel: Its name in the settings.
        alert_ids: What the message tells, fixed when it was begun.
        state: ``begun``, then ``delivered`` or ``failed``. One that is begun and nothing else was
            under way when the process was killed: nobody knows whether it arrived.
        attempt: From 1.
        error: Why it failed; no address and no secret in it.
    """

    message_id: str
    channel: str
    alert_ids: tuple[str, ...]
    state: str
    attempt: int
    error: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAnswer:
    """What a person says to an alert.

    Attributes:
        act: ``acknowledged``, ``snoozed``, ``resolved`` or ``reopened``.
        until: End of a snooze; None for the others.
    """

    alert_id: str
    act: str
    until: datetime | None
    note: str
    said_by: str
    said_at: datetime
