"""From a recogniser's timed tokens to words: English words and single Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from interactions.interaction import Word
from interactions.text import HAN

_HAN = re.compile(f"[{HAN}]")

_INSIDE = frozenset("'’-.&@")
"""Signs that belong to a word when letters or digits stand on both sides: don't, e-mail, 3.5."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A piece of text with its time in milliseconds, as a recogniser gives it.

    Attributes:
        text: Part of a word, a word or several characters, with any spaces and punctuation.
        confidence: 0 to 1.
    """

    start_ms: float
    end_ms: float
    text: str
    confidence: float


@dataclass(slots=True)
class _Character:
    text: str
    start_ms: float
    end_ms: float
    confidence: float


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return _HAN.fullmatch(character) is not None


def words_of(timed: Iterable[Timed]) -> tuple[Word, ...]:
    """Return words in time order, without spaces and punctuation.

    A token of several characters shares its time evenly among them. Times are rounded to
    milliseconds and never run backwards: a word begins at or after the end of the one before.

    Args:
        timed: In the order of the text.
    """
    characters = [c for part in timed for c in _spread(part)]
    words: list[Word] = []
    for unit in _units(characters):
        earliest = words[-1].end_ms if words else 0
        start = max(earliest, round(unit[0].start_ms))
        end = max(start, round(unit[-1].end_ms))
        confidence = sum(c.confidence for c in unit) / len(unit)
        words.append(Word(start, end, "".join(c.text for c in unit), round(confidence, 4)))
    return tuple(words)


def _spread(part: Timed) -> list[_Character]:
    share = (part.end_ms - part.start_ms) / max(1, len(part.text))
    return [
        _Character(
            text, part.start_ms + i * share, part.start_ms + (i + 1) * share, part.confidence
        )
        for i, text in enumerate(part.text)
    ]


def _units(characters: list[_Character]) -> list[list[_Character]]:
    units: list[list[_Character]] = []
    open_unit = False
    for i, character in enumerate(characters):
        if is_han(character.text):
            units.append([character])
            open_unit = False
        elif character.text.isalnum() or _is_inside(characters, i, open_unit=open_unit):
            if open_unit:
                units[-1].append(character)
            else:
                units.append([character])
            open_unit = True
        else:
            open_unit = False
    return units


def _is_inside(characters: list[_Character], i: int, *, open_unit: bool) -> bool:
    if not open_unit or characters[i].text not in _INSIDE or i + 1 == len(characters):
        return False
    following = characters[i + 1].text
    return following.isalnum() and not is_han(following)
