"""Was the phrase said, or something that sounds like it? A noisy channel over a word list.

A recogniser that mishears 投诉 writes 投书 or 头诉; but who reads 清理 or 近日 has no reason to
believe in 经理. So what stands in the transcript is explained twice, in a window of four
characters to either side: once freely, by the best row of words that sound like it, and once with
the phrase in its place. The phrase is believed where that is the likelier of the two::

    cost of a row   sum over its words of   WORD + log(all / frequency of the word)
                    + sum over its characters that the transcript does not show of  CHANGED
    margin          cost(free row) - cost(row with the phrase) + FAVOUR       believed from 0

Frequencies are those of jieba's dictionary, with our own estimates for words of service talk
(``spoken_words.txt``). The costs and the favour are ours: chosen on every second dialogue of two
sets of real Mandarin service dialogues with 10 % of their characters misheard, for high recall at
0.8 false hits in 1 000 utterances; ``benchmarks/phrases.py`` measures them on the other half
(0.955 at 0.9).

This is a spelling corrector's model (Kernighan, Church and Gale 1990) on syllables, with a row of
words as in Chinese input methods.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from interactions.pinyin import far_of, sound_codes, sound_of
from interactions.tokens import word_frequencies

WORD = 3.0
"""Nats that each word of a row costs beside its rarity: few words are likelier than many."""
FAVOUR = (0.0, 0.0, 0.1, 2.5, 3.0, 14.0)
"""Nats in favour of a phrase by its number of characters; the last for all longer ones."""
CONTEXT = 4
"""Chinese characters to either side that are looked at: the longest word of nearly every text."""

_LONGEST_WORD = 4
_LONGEST_PART = 8
_RAREST = 5  # a dictionary word seen less often explains nothing
_CACHED = 1 << 18
_MILLIONS = 60  # words behind the dictionary's frequencies
_NEVER = -1e9
_ASCII_LAST = "\x7f"
_LAST_MARK = "\u3006"  # what stands before the first Chinese character


class Apart(IntEnum):
    """How far apart two characters sound."""

    SAME = 0
    TONE = 1
    SYLLABLE = 2
    NEAR = 3
    FAR = 4
    OTHER = 5


CHANGED: Mapping[Apart, float] = {
    Apart.SAME: 0.0,
    Apart.TONE: 4.5,
    Apart.SYLLABLE: 5.5,
    Apart.NEAR: 6.5,
    Apart.FAR: 8.5,
    Apart.OTHER: -_NEVER,
}
"""Nats that a character costs which is written as another one, by how far apart they sound."""


@cache
def apart(one: str, other: str) -> Apart:
    """Return how far apart two codes of ``interactions.pinyin.sound_codes`` sound."""
    first, second = sound_of(one), sound_of(other)
    if first is None or second is None:
        return Apart.OTHER
    kinds = (
        (Apart.TONE, one == other),
        (Apart.SYLLABLE, first[:2] == second[:2]),
        (Apart.NEAR, first.near == second.near),
        (Apart.FAR, first.far == second.far),
    )
    return next((kind for kind, holds in kinds if holds), Apart.OTHER)


class Coded(NamedTuple):
    """A text with the codes of its sounds, character by character."""

    text: str
    codes: str


def misheard(wanted: Coded, found: Coded) -> tuple[float, Apart]:
    """Return what it costs that ``wanted`` was written as ``found``, and their farthest sounds."""
    cost, farthest = 0.0, Apart.SAME
    for a, b, x, y in zip(wanted.text, found.text, wanted.codes, found.codes, strict=True):
        if a != b:
            step = apart(x, y)
            cost += CHANGED[step]
            farthest = max(farthest, step)
    return cost, farthest


class WordRows:
    """The dictionary by sound, and the best rows of words through it."""

    def __init__(self) -> None:
        self._frequency = _frequencies()
        self._all = math.log(sum(self._frequency.values()))
        self._alike: dict[str, list[tuple[float, Coded]]] = {}
        words = [
            word
            for word, frequency in self._frequency.items()
            if frequency >= _RAREST and len(word) <= _LONGEST_WORD
        ]
        at = 0
        joined = sound_codes("\n".join(words))
        far = far_of(joined)
        for word in words:
            end = at + len(word)
            if min(joined[at:end]) > _ASCII_LAST:  # every character has a known sound
                entry = (self._value(word), Coded(word, joined[at:end]))
                self._alike.setdefault(far[at:end], []).append(entry)
            at = end + 1
        for same in self._alike.values():
            same.sort(reverse=True)
        self._explained: dict[str, float] = {}
        self._rows: dict[str, float] = {}

    def phrase(self, text: str) -> float:
        """Return the value of the phrase as it is written, with the favour it has."""
        best = [0.0]
        for end in range(1, len(text) + 1):
            first = max(0, end - _LONGEST_PART)
            best.append(max(best[at] + self._as_written(text[at:end]) for at in range(first, end)))
        return best[-1] + FAVOUR[min(len(text), len(FAVOUR) - 1)]

    def row(self, heard: str) -> float:
        """Return the value (minus the cost) of the best row of words behind what was written."""
        known = self._rows.get(heard)
        if known is None:
            if len(self._rows) > _CACHED:
                self._rows.clear()
            known = self._rows[heard] = self._best_row(heard)
        return known

    def _best_row(self, heard: str) -> float:
        explained = self._explained
        best = [0.0]
        for end in range(1, len(heard) + 1):
            most = _NEVER
            for at in range(max(0, end - _LONGEST_WORD), end):
                part = heard[at:end]
                value = explained.get(part)
                if value is None:
                    value = self._explain(part)
                most = max(most, best[at] + value)
            best.append(most)
        return best[-1]

    def _value(self, word: str) -> float:
        return math.log(self._frequency.get(word) or 1) - self._all - WORD

    def _as_written(self, word: str) -> float:
        return self._value(word) if len(word) == 1 or self._frequency.get(word) else _NEVER

    def _explain(self, heard: str) -> float:
        """Return the value of the best single word behind what was written, and keep it."""
        if len(self._explained) > _CACHED:
            self._explained.clear()
        best = self._as_written(heard)
        coded = Coded(heard, sound_codes(heard))
        for value, word in self._alike.get(far_of(coded.codes), ()):
            if value <= best:
                break
            best = max(best, value - misheard(word, coded)[0])
        self._explained[heard] = best
        return best


def _frequencies() -> Mapping[str, int]:
    """Return the dictionary's frequencies, the estimates of ``spoken_words.txt`` put in."""
    known = dict(word_frequencies())
    text = (files("detectors") / "spoken_words.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            word, per_million = line.split()
            known[word] = max(known.get(word, 0), int(per_million) * _MILLIONS)
    return known


@cache
def word_rows() -> WordRows:
    """Return the rows over the shipped dictionary, made at the first use in about two seconds."""
    return WordRows()


def window(text: str, start: int, end: int) -> tuple[int, int]:
    """Return ``[start, end)`` with up to ``CONTEXT`` Chinese characters on either side."""
    first, last = start, end
    while first > 0 and start - first < CONTEXT and text[first - 1] > _LAST_MARK:
        first -= 1
    while last < len(text) and last - end < CONTEXT and text[last] > _LAST_MARK:
        last += 1
    return first, last
