"""The espeak-ng library in its wheel, through ctypes: sound with the time of every word and phone.

The library keeps state in function statics (its pitch flutter), is not thread-safe, and has no way
to be set back: the same text said twice in one process differs a little.
"""

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Final

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

WORD: Final = 1
PHONE: Final = 7
"""Kinds of events that matter here (``espeak_EVENT_TYPE`` of speak_lib.h)."""

END_OF_SENTENCE: Final = 2
END_OF_CLAUSE: Final = 5

_END_OF_LIST = 0
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: the sound goes to the callback
_PHONEME_EVENTS = 1
_UTF8 = 1
_CHARACTERS = 1  # POS_CHARACTER
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4  # espeak_PARAMETER

# Some variants overdrive the output at the default volume of 100; levels are set later anyway.
_QUIET_ENOUGH = 60


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


@dataclass(frozen=True, slots=True)
class Event:
    """Something that begins in the sound.

    Attributes:
        kind: ``WORD``, ``PHONE``, ``END_OF_SENTENCE``, ``END_OF_CLAUSE`` or another of espeak-ng's.
        at_ms: When.
        position: First character in the text, from 0.
        length: Characters of a word.
        phone: A phone's name in espeak-ng's alphabet; empty for others.
    """

    kind: int
    at_ms: int
    position: int
    length: int
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One way to speak.

    Attributes:
        name: espeak-ng voice and, after a plus, its variant (timbre).
        rate: Words per minute as espeak-ng counts them, 80 to 450 (Mandarin: 230 is about 5
            syllables a second).
        pitch: 0 to 99. ``pitch_range`` likewise: 0 is monotone.
    """

    name: str
    rate: int
    pitch: int
    pitch_range: int


class Espeak:
    """The library, which is one for the whole process (``espeak``)."""

    def __init__(self) -> None:
        self._sound: list[NDArray[np.int16]] = []
        self._events: list[Event] = []
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.sample_rate = int(
            self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _PHONEME_EVENTS)
        )
        self._callback = _CALLBACK(self._take)  # kept, or it is collected while in use
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: Voice) -> tuple[NDArray[np.int16], list[Event]]:
        """Return the sound, shape ``(n,)`` at ``sample_rate``, and what begins when.

        Raises:
            ValueError: There is no such voice.
        """
        self._sound.clear()
        self._events.clear()
        if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice.name!r}")
        settings = (
            (_RATE, voice.rate),
            (_VOLUME, _QUIET_ENOUGH),
            (_PITCH, voice.pitch),
            (_RANGE, voice.pitch_range),
        )
        for parameter, value in settings:
            self._library.espeak_SetParameter(parameter, value, 0)
        raw = text.encode()
        self._library.espeak_Synth(raw, len(raw) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        sound = np.concatenate(self._sound) if self._sound else np.zeros(0, np.int16)
        return sound, list(self._events)

    def _take(self, sound: "ctypes._Pointer[ctypes.c_short]", count: int, events: object) -> int:
        if count > 0:
            self._sound.append(np.ctypeslib.as_array(sound, (count,)).copy())
        index = 0
        while events and (event := events[index]).kind != _END_OF_LIST:  # type: ignore[index]
            phone = event.id.decode("utf-8", "replace") if event.kind == PHONE else ""
            self._events.append(
                Event(
                    event.kind, event.audio_position, event.text_position - 1, event.length, phone
                )
            )
            index += 1
        return 0


@cache
def espeak() -> Espeak:
    """The library, opened once in a process."""
    return Espeak()
