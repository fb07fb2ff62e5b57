"""What a speech recogniser is to the rest: tracks and speech regions in, utterances out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from asr.waveform import Waveform
from interactions.interaction import Language, Utterance
from interactions.sound import Span


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A recording whose words are wanted.

    Attributes:
        waveform: Its sound.
        regions: Where each track carries speech. Nothing outside is listened to.
        language: What is spoken; ``unknown`` lets the recogniser decide for the recording.
        prompt: Text that sets vocabulary and style for this recording, such as the terms of its
            queue; None leaves the recogniser's own.
    """

    waveform: Waveform
    regions: tuple[tuple[Span, ...], ...]
    language: Language
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Transcription:
    """What a recogniser heard.

    Attributes:
        tracks: Per track, its utterances in time order. Their party is ``unknown``: a recogniser
            hears tracks, not people. ``seq`` counts within the track.
        language: The language that was recognised or given.
    """

    tracks: tuple[tuple[Utterance, ...], ...]
    language: Language


Advance = Callable[[int], None]
"""Told, as the work goes on, how many more milliseconds of speech have been transcribed."""


class Transcriber(Protocol):
    """A speech recogniser."""

    @property
    def name(self) -> str:
        """What made the words, with its weights: ``whisper-<name>@<8 hex digits>``."""
        ...

    def transcribe(
        self,
        waveform: Waveform,
        regions: tuple[tuple[Span, ...], ...],
        *,
        language: Language,
        prompt: str | None = None,
    ) -> Transcription:
        """Return what is said in ``regions``, with word times in milliseconds.

        ``transcribe_many`` of one recording; see ``Job`` for the arguments.
        """
        ...

    def transcribe_many(
        self, jobs: Sequence[Job], *, advance: Advance | None = None
    ) -> tuple[Transcription, ...]:
        """Return what is said in several recordings, in their order.

        A recogniser may work on parts of several recordings at once, which is faster than one
        after the other; what it hears in one does not depend on the others.

        Args:
            jobs: The recordings.
            advance: Told how much of the speech is done.
        """
        ...
