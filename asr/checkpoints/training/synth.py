"""Mandarin and English spoken by espeak-ng, with the exact time of every syllable, word and phone.

Mandarin is spoken from numbered pinyin by the voice ``cmn-latn-pinyin``; English from its text.
espeak-ng's word events give the start of every syllable (Mandarin) or word (English), its phoneme
events the start of every phone.
"""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin

from asr.checkpoints.training.espeak import (
    END_OF_CLAUSE,
    END_OF_SENTENCE,
    PHONE,
    WORD,
    Event,
    Voice,
    espeak,
)

SPEAK_RATE = 22050
"""Samples per second of espeak-ng's sound (``espeak_Initialize`` returns it)."""

# the letters of error codes, as Mandarin speakers name them
_LETTERS = {"A": "ei1", "B": "bi4", "C": "sei1", "D": "di4", "E": "yi4"}


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


def say_mandarin(text: str, voice: Voice) -> Spoken | None:
    """Speaks Chinese characters and punctuation; None where the times do not fit the text."""
    syllables = _syllables(text)
    where = [i for i, character in enumerate(text) if is_spoken(character)]
    read = " ".join(syllables)
    samples, events = _speak(read, voice)
    spoken = _words(events, read)
    if len(spoken) != len(where) or not len(samples):
        return None
    ends = _ends(events, WORD, len(samples))
    units = tuple(
        Unit(event.at_ms / 1000, ends[event.at_ms] / 1000, i, i + 1, _said(event, read))
        for event, i in zip(spoken, where, strict=True)
    )
    return Spoken(samples, units, ())


def say_english(text: str, voice: Voice) -> Spoken | None:
    """Speaks English words without digits; None where nothing came out."""
    samples, events = _speak(text, voice)
    if not len(samples):
        return None
    ends = _ends(events, WORD, len(samples))
    units = tuple(
        Unit(
            event.at_ms / 1000,
            ends[event.at_ms] / 1000,
            event.position,
            event.position + event.length,
            _said(event, text),
        )
        for event in _words(events, text)
    )
    phone_ends = _ends(events, PHONE, len(samples))
    phones = tuple(
        Phone(event.at_ms / 1000, phone_ends[event.at_ms] / 1000, event.phone)
        for event in events
        if event.kind == PHONE and event.phone
    )
    return Spoken(samples, units, phones)


def _syllables(text: str) -> list[str]:
    """One piece for every character."""
    return [
        _LETTERS.get(piece, piece)
        for piece in lazy_pinyin(
            text,
            style=Style.TONE3,
            neutral_tone_with_five=True,
            errors=_one_by_one,  # type: ignore[arg-type] # its stub forgets the list
        )
    ]


def _speak(text: str, voice: Voice) -> tuple[NDArray[np.int16], list[Event]]:
    engine = espeak()
    if engine.sample_rate != SPEAK_RATE:
        raise RuntimeError(f"espeak-ng speaks at {engine.sample_rate} Hz instead of {SPEAK_RATE}")
    return engine.say(text, voice)


def _words(events: list[Event], text: str) -> list[Event]:
    return [event for event in events if event.kind == WORD and _said(event, text)[:1].isalpha()]


def _said(event: Event, text: str) -> str:
    return text[event.position : event.position + event.length]


def _ends(events: list[Event], kind: int, samples: int) -> dict[int, int]:
    """The end of what starts at a time: the next of its kind, a pause, or the clause's end."""
    kinds = {kind, END_OF_SENTENCE, END_OF_CLAUSE}
    stops = sorted({e.at_ms for e in events if e.kind in kinds or e.phone == "_:"})
    stops.append(samples * 1000 // SPEAK_RATE)
    return {start: stops[i + 1] for i, start in enumerate(stops[:-1])}


def _one_by_one(other: str) -> list[str]:
    # so that what is no Chinese character comes back letter by letter
    return list(other)


@functools.cache
def is_spoken(character: str) -> bool:
    """Whether it is one of the unified ideographs (U+4E00 to U+9FFF), or a letter with a name."""
    return "\u4e00" <= character <= "\u9fff" or character in _LETTERS
