"""Speech with exact times, from espeak-ng's library through ctypes.

Mandarin is spoken from numbered pinyin by the voice ``cmn-latn-pinyin``; English from its text.
espeak-ng's word events give the start of every syllable (Mandarin) or word (English), its phoneme
events the start of every phone.
"""

import ctypes
import functools
from dataclasses import dataclass

import espeakng_loader
import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin

SPEAK_RATE = 22050
"""Samples per second of espeak-ng's sound (``espeak_Initialize`` returns it)."""

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS of speak_lib.h: the sound goes to the callback
_PHONEME_EVENTS = 1
_WORD, _PHONEME = 1, 7  # espeak_EVENT_TYPE
_RATE, _PITCH, _RANGE = 1, 3, 4  # espeak_PARAMETER
_UTF8 = 1
# the letters of error codes, as Mandarin speakers name them
_LETTERS = {"A": "ei1", "B": "bi4", "C": "sei1", "D": "di4", "E": "yi4"}


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One way to speak: an espeak-ng voice, its variant, and the prosody parameters."""

    name: str
    rate: int
    """Words per minute, as espeak-ng counts them (80 to 450)."""
    pitch: int
    """0 to 99."""
    pitch_range: int
    """0 (monotone) to 99."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A syllable (Mandarin) or word (English) of the text, in seconds of the sound."""

    start: float
    end: float
    first: int
    """Index of its first character in the text."""
    last: int
    """Index after its last character."""
    sound: str
    """Numbered pinyin, or the word itself."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as espeak-ng names it, in seconds of the sound."""

    start: float
    end: float
    name: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sound at ``SPEAK_RATE`` with what was said when."""

    samples: NDArray[np.int16]
    units: tuple[Unit, ...]
    phones: tuple[Phone, ...]


class Speaker:
    """espeak-ng in this process; the library is global, so one at a time."""

    def __init__(self) -> None:
        self._sound: list[NDArray[np.int16]] = []
        self._events: list[tuple[int, float, int, int, str]] = []
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _PHONEME_EVENTS)
        if rate != SPEAK_RATE:
            raise RuntimeError(f"espeak-ng speaks at {rate} Hz instead of {SPEAK_RATE}")
        self._callback = _CALLBACK(self._hear)
        self._library.espeak_SetSynthCallback(self._callback)

    def say_mandarin(self, text: str, voice: Voice) -> Spoken | None:
        """Speaks Chinese characters and punctuation; None where the times do not fit the text."""
        syllables = [
            _LETTERS.get(piece, piece)
            for piece in lazy_pinyin(
                text,
                style=Style.TONE3,
                neutral_tone_with_five=True,
                errors=_one_by_one,  # type: ignore[arg-type] # its stub forgets the list
            )
        ]
        where = [i for i, character in enumerate(text) if is_spoken(character)]
        samples, events = self._speak(" ".join(syllables), voice)
        spoken = [event for event in events if event[0] == _WORD and event[4][:1].isalpha()]
        if len(spoken) != len(where) or not len(samples):
            return None
        starts = _ends(events, _WORD, len(samples) / SPEAK_RATE)
        units = tuple(
            Unit(event[1], starts[event[1]], i, i + 1, event[4])
            for event, i in zip(spoken, where, strict=True)
        )
        return Spoken(samples, units, ())

    def say_english(self, text: str, voice: Voice) -> Spoken | None:
        """Speaks English words without digits; None where nothing came out."""
        samples, events = self._speak(text, voice)
        if not len(samples):
            return None
        total = len(samples) / SPEAK_RATE
        ends = _ends(events, _WORD, total)
        spoken = [event for event in events if event[0] == _WORD and event[4][:1].isalpha()]
        units = tuple(
            Unit(event[1], ends[event[1]], event[2], event[2] + event[3], event[4])
            for event in spoken
        )
        phone_ends = _ends(events, _PHONEME, total)
        phones = tuple(
            Phone(event[1], phone_ends[event[1]], event[4])
            for event in events
            if event[0] == _PHONEME and event[4]
        )
        return Spoken(samples, units, phones)

    def _hear(self, sound: "ctypes._Pointer[ctypes.c_short]", count: int, events: object) -> int:
        if count > 0:
            self._sound.append(np.ctypeslib.as_array(sound, (count,)).copy())
        i = 0
        while events and events[i].type != 0:  # type: ignore[index]
            event = events[i]  # type: ignore[index]
            name = event.id.decode("utf-8", "replace") if event.type == _PHONEME else ""
            seconds = event.audio_position / 1000
            self._events.append((event.type, seconds, event.text_position - 1, event.length, name))
            i += 1
        return 0

    def _speak(
        self, text: str, voice: Voice
    ) -> tuple[NDArray[np.int16], list[tuple[int, float, int, int, str]]]:
        self._sound.clear()
        self._events.clear()
        self._library.espeak_SetVoiceByName(voice.name.encode())
        settings = ((_RATE, voice.rate), (_PITCH, voice.pitch), (_RANGE, voice.pitch_range))
        for parameter, value in settings:
            self._library.espeak_SetParameter(parameter, value, 0)
        raw = text.encode()
        self._library.espeak_Synth(raw, len(raw) + 1, 0, 0, 0, _UTF8, None, None)
        samples = np.concatenate(self._sound) if self._sound else np.zeros(0, np.int16)
        events = [
            (kind, at, position, length, name or text[position : position + length])
            if kind == _WORD
            else (kind, at, position, length, name)
            for kind, at, position, length, name in self._events
        ]
        return samples, events


def _ends(
    events: list[tuple[int, float, int, int, str]], kind: int, total: float
) -> dict[float, float]:
    """The end of what starts at a time: the next of its kind, a pause, or the clause's end."""
    stops = sorted({event[1] for event in events if event[0] in {kind, 2, 5} or event[4] == "_:"})
    stops.append(total)
    return {start: stops[i + 1] for i, start in enumerate(stops[:-1])}


def _one_by_one(other: str) -> list[str]:
    # so that what is no Chinese character comes back letter by letter
    return list(other)


@functools.cache
def is_spoken(character: str) -> bool:
    """Whether it is one of the unified ideographs (U+4E00 to U+9FFF), or a letter with a name."""
    return "\u4e00" <= character <= "\u9fff" or character in _LETTERS
