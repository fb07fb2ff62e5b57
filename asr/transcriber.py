"""What a speech recogniser is to the rest: tracks and speech regions in, utterances out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from asr.waveform import Waveform
from interactions.interaction import Language, Utterance
from interactions.sound import Span


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


class Transcriber(Protocol):
    """A speech recogniser."""

    @property
    def name(self) -> str:
        """What made the words, with its weights: ``whisper-<name>@<8 hex digits>``."""
        ...

    def transcribe(
        self, waveform: Waveform, regions: tuple[tuple[Span, ...], ...], *, language: Language
    ) -> Transcription:
        """Return what is said in ``regions``, with word times in milliseconds.

        Args:
            waveform: The recording.
            regions: Where each track carries speech. Nothing outside is listened to.
            language: What is spoken; ``unknown`` lets the recogniser decide for the recording.
        """
        ...
