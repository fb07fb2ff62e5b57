"""What every vendor's transcript comes to, and the checks that all of them go through."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interactions.interaction import Language, Utterance, Word
from interactions.metadata import Metadata
from interactions.problems import Unreadable
from interactions.sound import Party
from interactions.text import HAN, language_of, well_formed

_HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
_LONGEST_MS = 7 * 24 * 3_600_000  # a chat may stay open for days; no recording is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A transcript made elsewhere.

    Attributes:
        utterances: In time order.
        transcriber: What made it, by its vendor's name.
        duration_ms: Length of the interaction as the vendor gives it, or up to the last word.
        metadata: What it says about the interaction.
        content_hash: SHA-256 over what was said when by whom, whatever the file's layout.
    """

    utterances: tuple[Utterance, ...]
    language: Language
    transcriber: str
    duration_ms: int
    metadata: Metadata
    content_hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One JSON object of a transcript, with its place in it for reports."""

    body: Mapping[str, object]
    place: str
    item: str

    def wrong(self, reason: str) -> Unreadable:
        """Return the problem that this entry has."""
        return Unreadable(self.item, "broken_transcript", place=self.place, reason=reason)

    def text(self, name: str) -> str:
        """Return a text, empty where there is none."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise self.wrong(f"{name} is no text")
        return well_formed(value or "").strip()

    def milliseconds(self, name: str) -> int:
        """Return a time; it must be there, and from 0 to a week."""
        value = self.body.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= float(str(value)) <= _LONGEST_MS:
            raise self.wrong(f"{name} is {value!r}"[:80])
        return round(float(str(value)))

    def probability(self, name: str) -> float | None:
        """Return a confidence from 0 to 1, written as a number or as text; None without one."""
        try:
            value = float(str(self.body[name]))
        except (KeyError, ValueError):
            return None
        return value if math.isfinite(value) and 0 <= value <= 1 else None

    def entries(self, name: str) -> list[Entry]:
        """Return the objects of a list inside; none where there is no list."""
        value = self.body.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise self.wrong(f"{name} is no list of objects")
        prefix = f"{self.place}." if self.place else ""
        return [Entry(p, f"{prefix}{name}[{at}]", self.item) for at, p in enumerate(value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One utterance as a vendor has it, before it has its number."""

    party: Party
    start_ms: int
    end_ms: int
    text: str
    words: Sequence[Word] = field(default=())
    confidence: float | None = None


def span_of(entry: Entry, start: str, end: str) -> tuple[int, int]:
    """Return the entry's span; it must not end before it starts."""
    start_ms, end_ms = entry.milliseconds(start), entry.milliseconds(end)
    if end_ms < start_ms:
        raise entry.wrong(f"{end} {end_ms} < {start} {start_ms}")
    return start_ms, end_ms


def words_of(text: str, span: tuple[int, int], confidence: float | None) -> list[Word]:
    """Return a word; one of several Chinese characters as its characters, the time shared evenly.

    An ``Utterance`` holds Mandarin by character, so that a phrase is found at its own time.
    """
    start_ms, end_ms = span
    if not _HAN_WORD.fullmatch(text):
        return [Word(start_ms, end_ms, text, confidence)]
    step = (end_ms - start_ms) / len(text)
    edges = [start_ms + round(step * at) for at in range(len(text) + 1)]
    return [Word(edges[at], edges[at + 1], char, confidence) for at, char in enumerate(text)]


def transcript(
    said: Sequence[Said],
    *,
    transcriber: str,
    metadata: Metadata,
    duration_ms: int = 0,
) -> Transcript:
    """Put a vendor's utterances in order and number them; silent ones are left out."""
    in_order = sorted((s for s in said if s.text), key=lambda s: (s.start_ms, s.end_ms, s.party))
    utterances = tuple(_utterance(seq, spoken) for seq, spoken in enumerate(in_order))
    text = "\n".join(u.text for u in utterances)
    whole_ms = max([duration_ms, *(u.end_ms for u in utterances)])
    return Transcript(
        utterances=utterances,
        language=metadata.language or language_of(text),
        transcriber=transcriber,
        duration_ms=whole_ms,
        metadata=metadata,
        content_hash=_content_hash(utterances, whole_ms, metadata),
    )


def _utterance(seq: int, said: Said) -> Utterance:
    inside = (
        Word(
            min(max(word.start_ms, said.start_ms), said.end_ms),
            max(min(word.end_ms, said.end_ms), said.start_ms),
            word.text,
            word.confidence,
        )
        for word in said.words
        if word.text
    )
    words = tuple(sorted(inside, key=lambda word: (word.start_ms, word.end_ms)))
    sure = [word.confidence for word in words if word.confidence is not None]
    mean = round(sum(sure) / len(sure), 4) if sure else None
    confidence = mean if said.confidence is None else said.confidence
    return Utterance(seq, said.party, said.start_ms, said.end_ms, said.text, words, confidence)


def _content_hash(utterances: Sequence[Utterance], duration_ms: int, metadata: Metadata) -> str:
    body = [
        metadata.interaction_id or "",
        metadata.started_at.isoformat() if metadata.started_at else "",
        duration_ms,
        [
            [
                *(u.party.value, u.start_ms, u.end_ms, u.text),
                [[w.start_ms, w.end_ms, w.text, w.confidence] for w in u.words],
            ]
            for u in utterances
        ],
    ]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()
