"""Our own plain transcript: the format to turn any other into (``docs/transcripts.md``)."""

from __future__ import annotations

from collections.abc import Mapping

from interactions.cells import language_named
from interactions.interaction import Word
from interactions.metadata import Metadata, merged, metadata_of
from interactions.sound import Party
from interactions.speakers import party_named
from interactions.vendors.transcript import Entry, Said, Transcript, span_of, transcript, words_of

NAME = "plain"
_UNNAMED = "elsewhere"


def recognises(body: Mapping[str, object]) -> bool:
    """Say whether this JSON is a plain transcript."""
    utterances = body.get("utterances")
    if not isinstance(utterances, list):
        return False
    return all(isinstance(u, dict) and "start_ms" in u for u in utterances[:1])


def read(body: Mapping[str, object], *, item: str) -> Transcript:
    """Return the transcript.

    Raises:
        Unreadable: ``broken_transcript``, or a value of its metadata cannot be read.
    """
    whole = Entry(body, "", item)
    inside = body.get("metadata", {})
    if not isinstance(inside, dict):
        raise whole.wrong("metadata is no object")
    said = [_said(entry) for entry in whole.entries("utterances")]
    language = Metadata(language=language_named(body.get("language")))
    has_length = body.get("duration_ms") is not None
    return transcript(
        said,
        transcriber=whole.text("transcriber") or _UNNAMED,
        metadata=merged(language, metadata_of(inside, item=item)),
        duration_ms=whole.milliseconds("duration_ms") if has_length else 0,
    )


def _said(entry: Entry) -> Said:
    start_ms, end_ms = span_of(entry, "start_ms", "end_ms")
    name = entry.text("party")
    party = party_named(name) if name else Party.UNKNOWN
    if party is None:
        raise entry.wrong(f"party is {name!r}")
    return Said(
        party=party,
        start_ms=start_ms,
        end_ms=end_ms,
        text=entry.text("text"),
        words=[word for part in entry.entries("words") for word in _words(part)],
        confidence=entry.probability("confidence"),
    )


def _words(entry: Entry) -> list[Word]:
    span = span_of(entry, "start_ms", "end_ms")
    return words_of(entry.text("text"), span, entry.probability("confidence"))
