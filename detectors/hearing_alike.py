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
from interactions.pinyin import far_codes, far_of, sound_codes, sound_of

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


class Match(NamedTuple):
    """Where the sounds of a phrase are: index of the phrase, first character, end."""

    phrase: int
    start: int
    end: int


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

    Attributes:
        which: Index of each phrase that is listened for.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        coded = (Coded(phrase, sound_codes(phrase)) for phrase in phrases)
        listed = [
            (which, one)
            for which, one in enumerate(coded)
            if sum(sound_of(code) is not None for code in one.codes) >= SHORTEST
        ]
        self.which = tuple(which for which, _ in listed)
        self._phrases = tuple(one for _, one in listed)
        self._texts = tuple(one.text for _, one in listed)
        self._values: dict[int, float] = {}
        self._written = frozenset(phrases)
        # By the characters' first readings, as texts are coded, so that what is written is always
        # found; and as it is said: who hears 银行 as 银航 writes háng.
        patterns = [
            (pattern, number)
            for number, one in enumerate(self._phrases)
            for pattern in dict.fromkeys((far_codes(one.text), far_of(one.codes)))
        ]
        self._numbers = tuple(number for _, number in patterns)
        self._automaton = automaton_of([pattern for pattern, _ in patterns]) if patterns else None
        self._judged: dict[tuple[int, str], _Judged | None] = {}

    def matches(self, text: str) -> tuple[list[tuple[int, int, int]], list[Match]]:
        """Return where phrases are written in normal ``text``, and where they only may be heard.

        Both in the order of their ends; the first as plain tuples of what is in a ``Match``.
        """
        written: list[tuple[int, int, int]] = []
        others: list[Match] = []
        if self._automaton is None:
            return written, others
        texts, numbers = self._texts, self._numbers
        for pattern, start, end in self._automaton.find_matches_as_indexes(
            far_codes(text), overlapping=True
        ):
            number = numbers[pattern]
            if text[start:end] == texts[number]:
                written.append((number, start, end))
            else:
                others.append(Match(number, start, end))
        return written, others

    def believed(
        self, text: str, others: Sequence[Match], sure: Sure | None = None
    ) -> Iterator[HeardPlace]:
        """Yield where a phrase was heard that is not written there.

        Args:
            text: Normal form.
            others: The second of ``matches``.
            sure: What the recogniser thinks of its characters.
        """
        for number, start, end in others:
            judged = self._alone(number, text[start:end])
            if judged is None:
                continue
            doubt = _doubt(sure(start, end), judged.changed) if sure else 0.0
            if judged.most + doubt >= 0:
                margin = _in_context(judged, text, start, end) + doubt
                if margin >= 0:
                    heard = Heard.TONE if judged.farthest is Apart.TONE else Heard.NEAR
                    score = SCORES[judged.farthest]
                    yield HeardPlace(self.which[number], start, end, heard, score)

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
