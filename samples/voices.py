"""Speech from the espeak-ng library in its wheel, with the time of every word.

The library has no way to be set back: the same text said twice in one process differs a little.
What must be the same every time is therefore spoken in a fresh process and in a fixed order
(samples.centre).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asr.checkpoints.training import espeak as library
from asr.checkpoints.training.espeak import WORD, espeak
from interactions.interaction import Language, Word
from samples.reading import Piece, Reading, reading

_FRAME_MS = 10
# A frame counts as sound while it is no further than this below the loudest frame.
_SOUND_RANGE_DB = 35.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's way to speak.

    Attributes:
        base: espeak-ng voice, ``cmn-latn-pinyin`` or an English one.
        variant: espeak-ng variant (timbre).
        speed: Words per minute as espeak-ng counts them (Mandarin: 230 is about 5 syllables/s).
        pitch: 0 to 99. ``pitch_range`` likewise.
    """

    base: str
    variant: str
    speed: int
    pitch: int
    pitch_range: int

    @property
    def language(self) -> Language:
        """What this voice can read."""
        return Language.ZH if self.base.startswith("cmn") else Language.EN

    @property
    def as_espeak(self) -> library.Voice:
        """The same for the library."""
        name = f"{self.base}+{self.variant}" if self.variant else self.base
        return library.Voice(
            name=name, rate=self.speed, pitch=self.pitch, pitch_range=self.pitch_range
        )


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """One utterance: float32 ``samples`` of shape ``(n,)`` and its words, both from 0 ms."""

    samples: NDArray[np.float32]
    sample_rate: int
    words: tuple[Word, ...]


def speak(voice: Voice, text: str) -> Speech:
    """Return ``text`` spoken by ``voice``, without silence before and behind.

    Raises:
        ValueError: The voice is not known, or the text holds what cannot be read aloud.
    """
    engine = espeak()
    read = reading(text, voice.language)
    raw, heard = engine.say(read.text, voice.as_espeak)
    sound = raw.astype(np.float32) / np.float32(32768)
    events = [(event.position + 1, event.at_ms) for event in heard if event.kind == WORD]
    loud = _loud_frames(sound, engine.sample_rate)
    frame = engine.sample_rate * _FRAME_MS // 1000
    first, last = int(loud[0]), int(loud[-1]) + 1
    words = _words(text, read, events, loud)
    offset = first * _FRAME_MS
    shifted = tuple(
        Word(max(w.start_ms - offset, 0), max(w.end_ms - offset, 1), w.text) for w in words
    )
    return Speech(sound[first * frame : last * frame], engine.sample_rate, shifted)


def _loud_frames(sound: NDArray[np.float32], sample_rate: int) -> NDArray[np.intp]:
    frame = sample_rate * _FRAME_MS // 1000
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
    power = np.mean(frames.astype(np.float64) ** 2, axis=1)
    return np.flatnonzero(power > power.max() * 10 ** (-_SOUND_RANGE_DB / 10))


def _words(
    text: str, read: Reading, events: list[tuple[int, int]], loud: NDArray[np.intp]
) -> list[Word]:
    # Numbers raise several events at one position: the first is where the piece starts.
    starts: dict[int, int] = {}
    for position, at_ms in events:
        starts.setdefault(position, at_ms)
    groups: list[list[Piece]] = []
    for piece in read.pieces:
        # Some pairs ("I am") are one word to espeak-ng and raise one event.
        if piece.position in starts or not groups:
            groups.append([piece])
        else:
            groups[-1].append(piece)
    begins = [starts.get(group[0].position, 0) for group in groups]
    ends = [*begins[1:], (int(loud[-1]) + 1) * _FRAME_MS]
    words = []
    for group, start_ms, next_ms in zip(groups, begins, ends, strict=True):
        heard = loud[(loud >= start_ms // _FRAME_MS) & (loud < -(-next_ms // _FRAME_MS))]
        end_ms = min((int(heard[-1]) + 1) * _FRAME_MS, next_ms) if len(heard) else next_ms
        words += _shared(text, group, start_ms, max(end_ms, start_ms + len(group)))
    return words


def _shared(text: str, pieces: list[Piece], start_ms: int, end_ms: int) -> list[Word]:
    """Divide a span among pieces by their letters."""
    letters = np.cumsum([0, *(piece.end - piece.start for piece in pieces)])
    edges = start_ms + (end_ms - start_ms) * letters // letters[-1]
    return [
        Word(int(edges[place]), int(edges[place + 1]), text[piece.start : piece.end])
        for place, piece in enumerate(pieces)
    ]
