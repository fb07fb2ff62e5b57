"""How alike two short texts are: 0 to 1, from pairs of characters or from edits."""

from __future__ import annotations

import math
import re
from operator import add

from rapidfuzz.distance import Levenshtein

from interactions.text import HAN

_MARKS = re.compile(r"[^\w]|_")
_HAN = re.compile(f"[{HAN}]")
_FUNCTION = (
    "的了是我你您他她它们吗呢吧啊呀嘛哦嗯额就都也还这那个有在不要会可以能请给跟和把被让"
    "怎么什时候多少几好下上没对想需帮是否为啥咋一说看问"
)
_COMMON = frozenset(a + b for a in _FUNCTION for b in _FUNCTION)
"""Pairs of function characters say nothing about what is spoken of; ours."""
LATIN_RUN = 3

Grams = frozenset[str]


def pairs(text: str) -> Grams:
    """Return the pairs of neighbouring characters of a normal text, marks left out.

    English words give runs of three letters instead, with the space before the word as a letter.
    """
    if not is_han(text):
        words = spaced(text)
        return frozenset(words[i : i + LATIN_RUN] for i in range(len(words) - LATIN_RUN + 1))
    chars = without_marks(text)
    return frozenset(map(add, chars, chars[1:])) or frozenset(chars)


def is_han(text: str) -> bool:
    """Tell whether a text is compared by Chinese characters, else by English words."""
    return not text.isascii() and _HAN.search(text) is not None


def spaced(text: str) -> str:
    """Return the words of an English text, each with one space before it."""
    return " " + " ".join(_MARKS.sub(" ", text).split())


def telling_pairs(text: str) -> Grams:
    """Return the pairs, those of two function characters (我要, 怎么) left out if others stay."""
    every = pairs(text)
    return (every - _COMMON) or every


def without_marks(text: str) -> str:
    """Return the letters, digits and characters of ``text`` alone."""
    return text if text.isalnum() else _MARKS.sub("", text)


def likeness(one: Grams, other: Grams) -> float:
    """Return the cosine of two texts' pairs, each counted once: shared ÷ √(their numbers)."""
    if not one or not other:
        return 0.0
    return len(one & other) / math.sqrt(len(one) * len(other))


def clauses(text: str) -> list[str]:
    """Return the text, and each of its clauses where it has several."""
    parts = [part for part in re.split(r"[.,;:!?~\n]+", text) if part.strip()]
    return [text, *parts] if len(parts) > 1 else [text]


def edit_likeness(one: str, other: str) -> float:
    """Return 1 less the edits' share of the longer text (Levenshtein's distance)."""
    return float(Levenshtein.normalized_similarity(one, other))
