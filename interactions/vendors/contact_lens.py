"""Amazon Connect Contact Lens: the analysis JSON of a call or a chat.

Fields as in Amazon's administrator guide, "Example Contact Lens output files". A call's turns have
offsets in milliseconds and no words; a chat's have ``AbsoluteTime``, and events among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from interactions.cells import channel_of, id_of, language_named
from interactions.interaction import Channel
from interactions.metadata import Metadata
from interactions.moments import moment
from interactions.sound import Party
from interactions.speakers import party_named
from interactions.vendors.amazon_transcribe import check_completed, total_ms
from interactions.vendors.transcript import Entry, Said, Transcript, span_of, transcript

NAME = "contact-lens"


def recognises(body: Mapping[str, object]) -> bool:
    """Say whether this JSON is a Contact Lens analysis."""
    turns = body.get("Transcript")
    if not isinstance(turns, list):
        return False
    by_id = any(isinstance(turn, dict) and "ParticipantId" in turn for turn in turns[:20])
    return by_id or "CustomerMetadata" in body


def read(body: Mapping[str, object], *, item: str) -> Transcript:
    """Return the transcript; a chat's starts at its first message.

    Raises:
        Unreadable: ``transcript_not_completed`` or ``broken_transcript``.
    """
    whole = Entry(body, "", item)
    check_completed(whole)
    channel = channel_of(body.get("Channel"), column="Channel", item=item) or Channel.VOICE
    contact = body.get("CustomerMetadata")
    contact_id = contact.get("ContactId") if isinstance(contact, dict) else None
    parties = _parties(whole)
    turns = whole.entries("Transcript")
    started_at: datetime | None = None
    if channel is Channel.VOICE:
        said = [_spoken(turn, parties) for turn in turns]
    else:
        said, started_at = _written(turns, parties)
    metadata = Metadata(
        interaction_id=id_of(contact_id, item=item),
        started_at=started_at,
        channel=channel,
        language=language_named(body.get("LanguageCode")),
    )
    return transcript(
        said,
        transcriber=NAME if channel is Channel.VOICE else "written",
        metadata=metadata,
        duration_ms=total_ms(whole) if channel is Channel.VOICE else 0,
    )


def _parties(whole: Entry) -> dict[str, Party]:
    known: dict[str, Party] = {}
    for entry in whole.entries("Participants"):
        party = party_named(entry.text("ParticipantRole"))
        known[entry.text("ParticipantId")] = party or Party.UNKNOWN
    return known


def _party(turn: Entry, parties: Mapping[str, Party]) -> Party:
    name = turn.text("ParticipantId")
    return parties.get(name) or party_named(turn.text("ParticipantRole") or name) or Party.UNKNOWN


def _spoken(turn: Entry, parties: Mapping[str, Party]) -> Said:
    start_ms, end_ms = span_of(turn, "BeginOffsetMillis", "EndOffsetMillis")
    text = turn.text("Content")
    return Said(party=_party(turn, parties), start_ms=start_ms, end_ms=end_ms, text=text)


def _written(
    turns: list[Entry], parties: Mapping[str, Party]
) -> tuple[list[Said], datetime | None]:
    messages = [(_sent_at(turn), turn) for turn in turns if _is_message(turn)]
    started_at = min((sent_at for sent_at, _ in messages), default=None)
    said: list[Said] = []
    for sent_at, turn in messages:
        at_ms = round((sent_at - (started_at or sent_at)).total_seconds() * 1000)
        party, text = _party(turn, parties), turn.text("Content")
        said.append(Said(party=party, start_ms=at_ms, end_ms=at_ms, text=text))
    return said, started_at


def _is_message(turn: Entry) -> bool:
    """Say whether a person reads this: joining, leaving and cards are events."""
    kind = turn.text("Type") or "MESSAGE"
    return kind == "MESSAGE" and (turn.text("ContentType") or "text/plain").startswith("text/")


def _sent_at(turn: Entry) -> datetime:
    try:
        return moment(turn.text("AbsoluteTime"), zone=UTC)
    except ValueError as error:
        raise turn.wrong("AbsoluteTime") from error
