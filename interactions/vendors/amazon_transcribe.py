"""Amazon Transcribe Call Analytics: the JSON of a post-call job.

Fields as in Amazon's developer guide, "Post-call analytics output": ``Transcript[]`` with
``ParticipantRole``, ``BeginOffsetMillis``, ``EndOffsetMillis``, ``Content`` and ``Items[]``, whose
marks of punctuation have no times.
"""

from __future__ import annotations

from collections.abc import Mapping

from interactions.cells import attribute_of, channel_of, language_named
from interactions.interaction import Channel, Word
from interactions.metadata import Metadata, attributes_of
from interactions.problems import Unreadable
from interactions.sound import Party
from interactions.speakers import party_named
from interactions.vendors.transcript import Entry, Said, Transcript, span_of, transcript, words_of

NAME = "amazon-transcribe"
_DONE = "COMPLETED"


def recognises(body: Mapping[str, object]) -> bool:
    """Say whether this JSON is a Call Analytics result."""
    if "Transcript" in body:
        return isinstance(body["Transcript"], list) and "LanguageCode" in body
    return "JobStatus" in body and "JobName" in body


def read(body: Mapping[str, object], *, item: str) -> Transcript:
    """Return the transcript.

    Raises:
        Unreadable: ``transcript_not_completed`` or ``broken_transcript``.
    """
    whole = Entry(body, "", item)
    check_completed(whole)
    job = attribute_of(body.get("JobName"))
    channel = channel_of(body.get("Channel"), column="Channel", item=item)
    metadata = Metadata(
        channel=channel or Channel.VOICE,
        language=language_named(body.get("LanguageCode")),
        attributes=attributes_of({} if job is None else {"transcription_job": job}),
    )
    return transcript(
        [_said(entry) for entry in whole.entries("Transcript")],
        transcriber=NAME,
        metadata=metadata,
        duration_ms=total_ms(whole),
    )


def check_completed(whole: Entry) -> None:
    """Refuse the result of a job that failed or still runs."""
    status = whole.text("JobStatus")
    if status and status != _DONE:
        raise Unreadable(whole.item, "transcript_not_completed", status=status)


def total_ms(whole: Entry) -> int:
    """Return ``ConversationCharacteristics.TotalConversationDurationMillis``; 0 without it."""
    name = "ConversationCharacteristics"
    inside = whole.body.get(name)
    if not isinstance(inside, dict) or inside.get("TotalConversationDurationMillis") is None:
        return 0
    return Entry(inside, name, whole.item).milliseconds("TotalConversationDurationMillis")


def _said(entry: Entry) -> Said:
    start_ms, end_ms = span_of(entry, "BeginOffsetMillis", "EndOffsetMillis")
    return Said(
        party=party_named(entry.text("ParticipantRole")) or Party.UNKNOWN,
        start_ms=start_ms,
        end_ms=end_ms,
        text=entry.text("Content"),
        words=[word for part in entry.entries("Items") for word in _words(part)],
    )


def _words(entry: Entry) -> list[Word]:
    if entry.body.get("BeginOffsetMillis") is None:
        return []  # punctuation
    span = span_of(entry, "BeginOffsetMillis", "EndOffsetMillis")
    return words_of(entry.text("Content"), span, entry.probability("Confidence"))
