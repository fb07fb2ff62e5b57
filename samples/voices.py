"""Speech from the espeak-ng library in its wheel, with the time of every word.

The library keeps state in function statics (its pitch flutter), is not thread-safe, and has no
way to be set back: the same text said twice in one process differs a little. What must be the same
every time is therefore spoken in a fresh process and in a fixed order (samples.centre).
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

from interactions.interaction import Language, Word
from samples.reading import Piece, Reading, reading

# Constants of espeak-ng's speak_lib.h.
_OUTPUT_SYNCHRONOUS = 2
_POSITION_IN_CHARACTERS = 1
_TEXT_IS_ASCII = 1
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_EVENT_END_OF_LIST, _EVENT_WORD = 0, 1

# Some variants overdrive the output at the default volume of 100; levels are set later anyway.
_QUIET_ENOUGH = 60
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


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """One utterance: float32 ``samples`` of shape ``(n,)`` and its words, both from 0 ms."""

    samples: NDArray[np.float32]
    sample_rate: int
    words: tuple[Word, ...]


class _Event(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class _Espeak:
    """The library, opened once in a process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.sample_rate = int(self._library.espeak_Initialize(_OUTPUT_SYNCHRONOUS, 0, data, 0))
        self._chunks: list[NDArray[np.int16]] = []
        self._words: list[tuple[int, int]] = []
        self._callback = _CALLBACK(self._take)  # kept, or it is collected while in use
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: ctypes._Pointer[ctypes.c_short], count: int, events: object) -> int:
        if count > 0:
            self._chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while (event := events[index]).kind != _EVENT_END_OF_LIST:  # type: ignore[index]
            if event.kind == _EVENT_WORD:
                self._words.append((event.text_position, event.audio_position))
            index += 1
        return 0

    def say(self, voice: Voice, text: str) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        """Return the sound and ``(text position, ms)`` of each word event."""
        self._chunks.clear()
        self._words.clear()
        name = f"{voice.base}+{voice.variant}" if voice.variant else voice.base
        if self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {name!r}")
        settings = (
            (_RATE, voice.speed),
            (_VOLUME, _QUIET_ENOUGH),
            (_PITCH, voice.pitch),
            (_RANGE, voice.pitch_range),
        )
        for parameter, value in settings:
            self._library.espeak_SetParameter(parameter, value, 0)
        data = text.encode("ascii")
        self._library.espeak_Synth(
            data, len(data) + 1, 0, _POSITION_IN_CHARACTERS, 0, _TEXT_IS_ASCII, None, None
        )
        self._library.espeak_Synchronize()
        sound = np.concatenate(self._chunks).astype(np.float32) / np.float32(32768)
        return sound, list(self._words)


@cache
def _espeak() -> _Espeak:
    return _Espeak()


def speak(voice: Voice, text: str) -> Speech:
    """Return ``text`` spoken by ``voice``, without silence before and behind.

    Raises:
        ValueError: The voice is not known, or the text holds what cannot be read aloud.
    """
    engine = _espeak()
    read = reading(text, voice.language)
    sound, events = engine.say(voice, read.text)
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
