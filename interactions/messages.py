"""From a record's messages to an ``Interaction``: order, times, parties, and its hash.

Nothing is invented. A message without a time stands at the time of the one before it and is
counted in the attribute ``untimed_messages``; an export that runs backwards is put in order and
says so in ``reordered_messages``; a day that a person set for records without any is kept in
``assumed_date``. Whoever measures reply times looks at these first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from itertools import pairwise
from types import MappingProxyType

from interactions.interaction import AttributeValue, Channel, Interaction, Utterance
from interactions.metadata import Metadata
from interactions.problems import Unreadable
from interactions.sound import Party
from interactions.text import language_of, well_formed

_ENOUGH_TEXT = 20_000  # characters from which the language of a record shows


@dataclass(frozen=True, slots=True)
class Message:
    """What one party wrote in one go; ``sent_at`` in UTC, None where the export has no time."""

    party: Party
    text: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One chat, e-mail or ticket as the export has it.

    Attributes:
        item: Its name in reports, ``file#record``.
        about: What its columns say.
        messages: In the export's order.
        channel: Where ``about`` names none.
    """

    item: str
    about: Metadata
    messages: Sequence[Message]
    channel: Channel


def interaction_of(
    record: Record, *, zone: tzinfo, assumed_date: date | None = None
) -> Interaction:
    """Return the record as an interaction.

    Args:
        record: The record.
        zone: The zone of ``assumed_date``.
        assumed_date: The day of records that have no time at all, set by a person.

    Raises:
        Unreadable: ``no_messages``, ``no_time``.
    """
    written = [replace(m, text=_clean(m.text)) for m in record.messages]
    messages = [message for message in written if message.text]
    if not messages:
        raise Unreadable(record.item, "no_messages")
    notes: dict[str, AttributeValue] = {"messages_without_text": len(written) - len(messages)}
    timed, started_at = _timed(record, messages, zone, assumed_date, notes)
    utterances = tuple(
        Utterance(seq, message.party, at_ms, at_ms, message.text)
        for seq, (at_ms, message) in enumerate(timed)
    )
    about = record.about
    channel = about.channel or record.channel
    content_hash = _content_hash(about, started_at, utterances)
    known = sum(u.party is not Party.UNKNOWN for u in utterances)
    return Interaction(
        interaction_id=about.interaction_id or f"{channel}-{content_hash[:16]}",
        channel=channel,
        started_at=started_at,
        duration_ms=utterances[-1].end_ms,
        source=record.item,
        content_hash=content_hash,
        language=about.language or language_of(_beginning(utterances)),
        agent=about.agent,
        team=about.team,
        queue=about.queue,
        customer=about.customer,
        product=about.product,
        attributes=_with(about.attributes, notes),
        utterances=utterances,
        transcriber="written",
        trust=1.0,
        role_confidence=known / len(utterances),
    )


def _clean(text: str) -> str:
    return well_formed(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def _timed(
    record: Record,
    messages: list[Message],
    zone: tzinfo,
    assumed_date: date | None,
    notes: dict[str, AttributeValue],
) -> tuple[list[tuple[int, Message]], datetime]:
    """Return the messages in order with their time since the start, and the start."""
    first = next((m.sent_at for m in messages if m.sent_at is not None), None)
    started_at = record.about.started_at
    if started_at is None and first is None:
        if assumed_date is None:
            raise Unreadable(record.item, "no_time")
        started_at = datetime.combine(assumed_date, time(), zone).astimezone(UTC)
        notes["assumed_date"] = assumed_date.isoformat()
    notes["untimed_messages"] = sum(m.sent_at is None for m in messages)
    at = _carried(messages, first or started_at)
    pairs = list(zip(at, messages, strict=True))
    back = sum(later < earlier for earlier, later in pairwise(at))
    if back and not any(later > earlier for earlier, later in pairwise(at)):
        pairs.reverse()  # newest first: also turns round messages of the same second
    pairs.sort(key=lambda pair: pair[0])
    notes["reordered_messages"] = back
    start = min(pairs[0][0], started_at or pairs[0][0])
    return [(_ms(sent_at, start), message) for sent_at, message in pairs], start


def _carried(messages: Sequence[Message], first: datetime | None) -> list[datetime]:
    at: list[datetime] = []
    last = first
    for message in messages:
        last = message.sent_at or last
        if last is not None:
            at.append(last)
    return at


def _ms(moment: datetime, start: datetime) -> int:
    return round((moment - start).total_seconds() * 1000)


def _content_hash(about: Metadata, started_at: datetime, utterances: Sequence[Utterance]) -> str:
    """Hash what was said, when and by whom: the same chat in two exports is one.

    The id and the customer belong to it, else two customers' short chats would be one; what
    exports add or leave out (queues, satisfaction, layout of the file) does not.
    """
    body = [
        about.interaction_id or "",
        about.customer or "",
        started_at.isoformat(),
        [[u.party.value, u.start_ms, u.text] for u in utterances],
    ]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def _beginning(utterances: Sequence[Utterance]) -> str:
    texts: list[str] = []
    size = 0
    for utterance in utterances:
        texts.append(utterance.text)
        size += len(utterance.text)
        if size > _ENOUGH_TEXT:
            break
    return "\n".join(texts)[:_ENOUGH_TEXT]


def _with(
    attributes: Mapping[str, AttributeValue], notes: Mapping[str, AttributeValue]
) -> Mapping[str, AttributeValue]:
    """Add the notes that say something: a day, or a count above zero."""
    said = {name: note for name, note in notes.items() if note != 0}
    return MappingProxyType(dict(sorted({**attributes, **said}.items())))
