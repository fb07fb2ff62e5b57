"""How a text is read aloud: what espeak-ng is given, and which characters each spoken piece is.

espeak-ng's Mandarin voice reads numbered pinyin well and characters badly (without its extended
dictionary it names them in English), so Mandarin goes to ``cmn-latn-pinyin`` as syllables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from pypinyin import Style, lazy_pinyin

from interactions.interaction import Language

# Telephone style: one is yao. Zero to nine as in every service call.
_DIGITS = MappingProxyType(
    dict(
        zip(
            "0123456789",
            ("ling2", "yao1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3"),
            strict=True,
        )
    )
)
# The letters that error codes carry, as Mandarin speakers name them.
_LETTERS = MappingProxyType({"A": "ei1", "B": "bi4", "C": "sei1", "D": "di4", "E": "yi4"})
_PAUSES = MappingProxyType(
    {"，": ",", "、": ",", "。": ".", "？": "?", "！": "!", "；": ";", "：": ":"}
)
_ENGLISH_PIECE = re.compile(r"\d|[A-Za-z][A-Za-z'-]*|[^\sA-Za-z\d]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing said.

    Attributes:
        position: Where it starts in the text for espeak-ng, counted from 1 as its events do.
        start: First character in the original text. ``end`` is behind the last.
    """

    position: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as espeak-ng is to read it; ``pieces`` lead back to the original."""

    text: str
    pieces: tuple[Piece, ...]


def reading(text: str, language: Language) -> Reading:
    """Return how ``text`` is read aloud.

    Args:
        text: Mandarin with digits, capital letters A to E and Chinese punctuation; or English.
        language: ``zh`` or ``en``.

    Raises:
        ValueError: A character has no reading, which is a fault in the scenario files.
    """
    return _mandarin(text) if language is Language.ZH else _english(text)


def _mandarin(text: str) -> Reading:
    syllables: list[str] = lazy_pinyin(
        text,
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=_one_by_one,  # type: ignore[arg-type] # its stub forgets the list
    )
    parts: list[str] = []
    pieces: list[Piece] = []
    position = 1
    for index, (character, syllable) in enumerate(zip(text, syllables, strict=True)):
        spoken = _spoken(character, syllable)
        if spoken not in _PAUSES.values():
            pieces.append(Piece(position, index, index + 1))
        parts.append(spoken)
        position += len(spoken) + 1
    return Reading(" ".join(parts), tuple(pieces))


def _one_by_one(other: str) -> list[str]:
    # What is no Mandarin comes back character by character, so that all stays aligned.
    return list(other)


def _spoken(character: str, syllable: str) -> str:
    for table in (_DIGITS, _LETTERS, _PAUSES):
        if character in table:
            return table[character]
    if syllable == character:
        raise ValueError(f"no reading for {character!r}")
    return syllable


def _english(text: str) -> Reading:
    parts: list[str] = []
    pieces: list[Piece] = []
    position = 1
    for match in _ENGLISH_PIECE.finditer(text):
        spoken = match.group()
        if not spoken.isascii():
            raise ValueError(f"no reading for {spoken!r}")
        if spoken[0].isalnum():
            pieces.append(Piece(position, match.start(), match.end()))
        parts.append(spoken)
        position += len(spoken) + 1
    return Reading(" ".join(parts), tuple(pieces))
