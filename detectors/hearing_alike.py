"""Phrases found by their sound: one automaton over far classes, and a judge of each place.

Every phrase is coded as one character for each syllable's far class (``interactions.pinyin``) and
all of them go into one automaton, so the near and the same syllables are found with it. Each place
whose characters are not the phrase's own is then judged (``detectors.likelier``): first by itself,
which the next place with the same characters has for nothing, then, where that leaves it open, in
its context.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from detectors.automata import automaton_of
from detectors.likelier import Apart, Coded, misheard, window, word_rows
from interactions.pinyin import far_codes, sound_codes, sound_of

SHORTEST = 2
"""Syllables that a phrase needs to be heard by its sound. Ours: one syllable is twenty words."""
USUAL_ERROR = 0.1
"""Share of wrong characters that the costs of ``detectors.likelier`` are chosen at."""
SCORES: Mapping[Apart, float] = {
    Apart.TONE: 0.95,
    Apart.SYLLABLE: 0.9,
    Apart.NEAR: 0.85,
    Apart.FAR: 0.75,
}
"""Score of a phrase by its farthest sound: same with tone, without, near, far. Ours: an order."""
_MOST_DOUBT = 2.0  # nats for each changed character, either way, from the recogniser's confidence
_JUDGED = 1 << 18


class Heard(StrEnum):
    """How a phrase was recognised: by its characters, its sound, its English stem or spelling."""

    EXACT = "exact"
    TONE = "tone"
    NEAR = "near"
    STEM = "stem"
    SPELLING = "spelling"


class HeardPlace(NamedTuple):
    """A phrase heard at characters ``[start, end)`` of the searched text.

    Attributes:
        which: Index of the phrase.
        score: How near its sound or spelling is, 0 to 1; see ``SCORES``.
    """

    which: int
    start: int
    end: int
    heard: Heard
    score: float


Sure = Callable[[int, int], float | None]
"""The recogniser's confidence, 0 to 1, in characters ``[start, end)``; None where it gave none."""


class _Judged(NamedTuple):
    """What is known of a place without its context.

    Attributes:
        most: The most that the margin can be in any context; below 0 the phrase is not believed.
        value: Value of the row with the phrase.
        changed: How many characters are not the phrase's.
        farthest: How far the one that sounds least like it is.
    """

    most: float
    value: float
    changed: int
    farthest: Apart


class AlikePhrases:
    """The phrases that are listened for by their sound.

    Args:
        phrases: In normal form. Those with fewer than two syllables are not listened for.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        coded = (Coded(phrase, sound_codes(phrase)) for phrase in phrases)
        listed = [
            (which, one)
            for which, one in enumerate(coded)
            if sum(sound_of(code) is not None for code in one.codes) >= SHORTEST
        ]
        self._which = tuple(which for which, _ in listed)
        self._phrases = tuple(one for _, one in listed)
        self._values: dict[int, float] = {}
        self._written = frozenset(phrases)
        patterns = [far_codes(one.text) for one in self._phrases]
        self._automaton = automaton_of(patterns) if patterns else None
        self._judged: dict[tuple[int, str], _Judged | None] = {}

    def places(self, text: str, sure: Sure | None = None) -> Iterator[HeardPlace]:
        """Yield where a phrase was heard that is not written there.

        Args:
            text: Normal form.
            sure: What the recogniser thinks of its characters.
        """
        if self._automaton is None:
            return
        phrases = self._phrases
        for number, start, end in self._automaton.find_matches_as_indexes(
            far_codes(text), overlapping=True
        ):
            found = text[start:end]
            if found == phrases[number].text:
                continue
            judged = self._alone(number, found)
            if judged is None:
                continue
            doubt = _doubt(sure(start, end), judged.changed) if sure else 0.0
            if judged.most + doubt >= 0:
                margin = _in_context(judged, text, start, end) + doubt
                if margin >= 0:
                    heard = Heard.TONE if judged.farthest is Apart.TONE else Heard.NEAR
                    score = SCORES[judged.farthest]
                    yield HeardPlace(self._which[number], start, end, heard, score)

    def _alone(self, number: int, found: str) -> _Judged | None:
        """Judge a place by itself; None where no confidence and no context can save it."""
        key = (number, found)
        try:
            return self._judged[key]
        except KeyError:
            pass
        if len(self._judged) > _JUDGED:
            self._judged.clear()
        judged = self._judged[key] = self._judge(number, Coded(found, sound_codes(found)))
        return judged

    def _judge(self, number: int, found: Coded) -> _Judged | None:
        wanted = self._phrases[number]
        cost, farthest = misheard(wanted, found)
        if found.text in self._written or farthest is Apart.OTHER:
            return None  # another phrase, exactly
        rows = word_rows()
        if number not in self._values:
            self._values[number] = rows.phrase(wanted.text)
        value = self._values[number] - cost
        most = value - rows.row(found.text)
        changed = sum(a != b for a, b in zip(wanted.text, found.text, strict=True))
        if most + _MOST_DOUBT * changed < 0:
            return None
        return _Judged(most, value, changed, farthest)


def _in_context(judged: _Judged, text: str, start: int, end: int) -> float:
    rows = word_rows()
    first, last = window(text, start, end)
    sides = rows.row(text[first:start]) + rows.row(text[end:last])
    return judged.value + sides - rows.row(text[first:last])


def _doubt(sure: float | None, changed: int) -> float:
    """Return the nats that the recogniser's own doubt adds: none at the usual share of errors."""
    if sure is None:
        return 0.0
    wrong = max(1e-3, 1.0 - sure)
    return max(-_MOST_DOUBT, min(_MOST_DOUBT, math.log(wrong / USUAL_ERROR))) * changed
