"""The one value that every stage speaks of: an interaction between a customer and the centre.

Times are integer milliseconds from the interaction's start and half-open: ``[start_ms, end_ms)``.
A chat message is a point in time: its ``start_ms`` equals its ``end_ms``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from interactions.sound import Contour, Party, Recording, Span

AttributeValue = str | int | float | bool


class Channel(StrEnum):
    """How the customer reached the centre."""

    VOICE = "voice"
    CHAT = "chat"
    EMAIL = "email"
    TICKET = "ticket"


class Language(StrEnum):
    """The language spoken or written; ``mixed`` is Mandarin and English in one interaction."""

    ZH = "zh"
    EN = "en"
    MIXED = "mixed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Word:
    """A word (English) or character (Mandarin) with its place in time.

    Attributes:
        confidence: The recogniser's probability, 0 to 1; None where it gave none.
    """

    start_ms: int
    end_ms: int
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one party says or writes in one go.

    Attributes:
        seq: Position among the interaction's utterances, from 0.
        text: As written or recognised; ``interactions.text`` makes the normal form from it.
        words: Words in time order; empty for text channels and recognisers without word times.
        confidence: 0 to 1; None where the source gave none (written text).
        dropped_because: Why a trust gate took this utterance out of inspection (a code of
            ``asr.trust``); None for utterances in use. Dropped ones stay for the audit.
    """

    seq: int
    party: Party
    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    dropped_because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One call, chat, e-mail thread or ticket.

    Attributes:
        interaction_id: The source's own id where it gives one, else ``<channel>-<16 hex digits>``
            of the content hash. Unique in a warehouse.
        started_at: UTC, timezone-aware. Never guessed: an item without it is set aside.
        duration_ms: From start to end; for text channels up to the last message.
        agent: The agent's id as the centre knows it. ``team``, ``queue`` and ``product`` likewise.
        customer: Key that is the same for one customer on every channel.
        attributes: Everything else the centre knows (direction, order, region, satisfaction …).
        source: Where it was read: path relative to the intake folder, ``#record`` behind it for
            files that hold many.
        content_hash: SHA-256 (hexadecimal) of what was read: sound and transcript, or messages.
        speech: Where each party speaks, from the sound; empty without sound. The party ``unknown``
            holds a mono track's speech.
        contours: Loudness and pitch per party, keys as in ``speech``.
        transcriber: What made the words: ``whisper-<name>@<hash>``, a vendor's name, ``written``
            for text channels, or ``none`` where there are no words.
        trust: 0 to 1, how far the words can be believed; None where there are no words.
        role_confidence: 0 to 1, how sure it is who is agent and who is customer; None for no words
            and no tracks.
    """

    interaction_id: str
    channel: Channel
    started_at: datetime
    duration_ms: int
    source: str
    content_hash: str
    language: Language = Language.UNKNOWN
    agent: str | None = None
    team: str | None = None
    queue: str | None = None
    customer: str | None = None
    product: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=lambda: MappingProxyType({}))
    utterances: tuple[Utterance, ...] = ()
    recording: Recording | None = None
    speech: Mapping[Party, tuple[Span, ...]] = field(default_factory=lambda: MappingProxyType({}))
    contours: Mapping[Party, Contour] = field(default_factory=lambda: MappingProxyType({}))
    transcriber: str = "none"
    trust: float | None = None
    role_confidence: float | None = None

    def spoken(self) -> tuple[Utterance, ...]:
        """Return the utterances in use: all but those that a trust gate dropped."""
        return tuple(u for u in self.utterances if u.dropped_because is None)
