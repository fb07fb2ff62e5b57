"""When each message of a written contact is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from interactions.interaction import Channel
from interactions.sound import Party
from samples.contacts import Contact
from samples.script import Line, Pause

# Seconds from one message to the next, by who writes: (least, most) before typing.
_BEFORE_S = {Party.SYSTEM: (0, 2), Party.AGENT: (6, 32), Party.CUSTOMER: (5, 45)}
_SECONDS_A_CHARACTER = 0.35
_SLOW_S = (240, 900)
_ANSWER_HOURS = (2, 30)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as sent."""

    line: Line
    sent_at: datetime


def timed(contact: Contact, rng: Random) -> tuple[Message, ...]:
    """Return the contact's messages; the first is sent when the contact begins."""
    written = []
    at = contact.started_at
    for place, line in enumerate(contact.lines):
        if place:
            at += timedelta(seconds=_wait_s(contact.channel, line, rng))
        written.append(Message(line, at))
    return tuple(written)


def _wait_s(channel: Channel, line: Line, rng: Random) -> int:
    if channel is not Channel.CHAT:
        return rng.randint(_ANSWER_HOURS[0] * 3600, _ANSWER_HOURS[1] * 3600)
    if line.pause is Pause.SLOW_REPLY:
        return rng.randint(*_SLOW_S)
    typing = 0 if line.party is Party.SYSTEM else round(len(line.text) * _SECONDS_A_CHARACTER)
    return rng.randint(*_BEFORE_S[line.party]) + typing
