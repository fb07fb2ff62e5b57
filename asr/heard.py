"""What a recording is while it is being heard: before its words, and with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asr.voices import Voices
from asr.waveform import Waveform
from interactions.interaction import Language, Utterance
from interactions.sound import Contour, Party, Recording, Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """What a recording holds before anyone looks for words.

    Attributes:
        item: What problems are reported under.
        recording: The recording, its tracks and what the checks found.
        waveform: Its sound; one track where the two were identical, or nearly so.
        regions: Where each track of ``waveform`` carries speech, with room around it: for the
            recogniser.
        spoken: The same with the edges where the sound has them: for everything that is measured.
        track_contours: Loudness and pitch of each track of ``waveform``.
        speech: ``spoken`` per party; two tracks of unknown parties are one there.
        contours: Likewise.
        voices: The two voices of a mono recording; None where there is too little speech, and
            for two tracks.
    """

    item: str
    recording: Recording
    waveform: Waveform
    regions: tuple[tuple[Span, ...], ...]
    spoken: tuple[tuple[Span, ...], ...]
    track_contours: tuple[Contour, ...]
    speech: Mapping[Party, tuple[Span, ...]]
    contours: Mapping[Party, Contour]
    voices: Voices | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transcribed:
    """A heard recording with its words.

    Attributes:
        utterances: Of all parties, by time, numbered from 0; dropped ones are among them.
        language: What is spoken.
        transcriber: What made the words; ``none`` where there are none.
        trust: 0 to 1; None where there are no words.
        role_confidence: 0 to 1; None where there are neither words nor known tracks.
        recording: As heard, with ``tracks`` as they turned out (they may be swapped).
        speech: Per party as it turned out.
        contours: Likewise.
    """

    utterances: tuple[Utterance, ...]
    language: Language
    transcriber: str
    trust: float | None
    role_confidence: float | None
    recording: Recording
    speech: Mapping[Party, tuple[Span, ...]]
    contours: Mapping[Party, Contour]

    @property
    def tracks(self) -> tuple[Party, ...]:
        """Who is on which track."""
        return self.recording.tracks


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A heard recording whose words are wanted.

    Attributes:
        heard: From ``listen``.
        language: What is spoken; ``unknown`` lets the recogniser decide.
        prompt: Text that sets vocabulary and style; None leaves the recogniser's own.
    """

    heard: Heard
    language: Language
    prompt: str | None = None
