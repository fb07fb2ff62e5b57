"""How negative or positive one utterance is: −5 to +5, by a formula anyone can check.

For the mood words of an utterance (longest first, none inside another)::

    w    the word's weight, -3 to +3 (words_zh.yaml, words_zh_things.yaml, words_en.yaml)
    d    1.5 after a strengthening word (太, very), 0.6 after a weakening one (有点, a bit), else 1
    n    negated: -0.74 for a positive word, 0 for a negative one ("not slow" is no praise), else 1
    c    0.5 before its sentence's last contrast word (但是, but), 1.5 behind it, else 1
    e    1.3 in the last third of an utterance of more than 40 characters, else 1
    r    what the clause model reads in each clause, -1 to +1 (detectors.mood.clauses)
    S    = sum of w · d · n · c · e + sum of r
    score = 5 · S / sqrt(S² + 15)

0.74, the contrast factors and the 15 are those of VADER (Hutto and Gilbert 2014), whose weights
have about the same size; the rest, and every word, is ours. An utterance with fewer than two
Chinese characters and no English word of three letters is not scored; 嗯, 哦, 好 and "okay" are
neutral. A centre's own phrases stand above all words, at the weight that it gives them.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from detectors.negation import is_negated
from detectors.phrases import Hit, PhraseSet, phrase_set

SCALE = 5.0
STRONGER = 1.5
WEAKER = 0.6
NEGATED_POSITIVE = -0.74
BEFORE_CONTRAST = 0.5
AFTER_CONTRAST = 1.5
SPREAD = 15.0
AT_THE_END = 1.3
"""What is said last is what was felt: ours, as Contact Lens and Transcribe report the end."""
LONG = 40
"""Characters: a longer utterance has an end of its own."""

_SCORED = re.compile(r"[\u3400-\u9fff].*[\u3400-\u9fff]|[a-z]{3}")
_SENTENCE = re.compile(r"[!?;\n]|\.(?![0-9])")
_LISTS = ("zh_things", "zh", "en")


@dataclass(frozen=True, slots=True, eq=False)
class MoodWords:
    """The mood lexicon in normal form.

    Attributes:
        phrases: All mood words of both languages.
        weights: Weight of each, in the same order.
        contrast: Words after which the other side is told.
        settled: Which phrases no model has a say in: set phrases and a centre's own.
    """

    phrases: PhraseSet
    weights: tuple[int, ...]
    stronger: tuple[str, ...]
    weaker: tuple[str, ...]
    after_stronger: tuple[str, ...]
    contrast: PhraseSet
    settled: frozenset[int]


@cache
def mood_words() -> MoodWords:
    """Return the shipped lexicon, read once."""
    return words_with({})


def words_with(own: Mapping[str, int]) -> MoodWords:
    """Return the shipped lexicon with a centre's own phrases and their weights above it."""
    weights: dict[str, int] = {}
    other: dict[str, list[str]] = {}
    for name in _LISTS:
        text = (files("detectors.mood") / f"words_{name}.yaml").read_text("utf-8")
        for key, entries in yaml.load(text, Loader=yaml.BaseLoader).items():  # noqa: S506 - strings only
            if key.lstrip("-").isdigit():
                words = [word for row in entries for word in row]
                weights |= dict.fromkeys(phrase_set(words).phrases, int(key))
            else:
                other.setdefault(key, []).extend(phrase_set(entries).phrases)
    for phrase, weight in own.items():
        weights |= dict.fromkeys(phrase_set([phrase]).phrases, weight)
    own_phrases = frozenset(phrase_set(own).phrases)
    return MoodWords(
        phrases=PhraseSet(tuple(weights)),
        weights=tuple(weights.values()),
        stronger=tuple(other["stronger"]),
        weaker=tuple(other["weaker"]),
        after_stronger=tuple(other["after_stronger"]),
        contrast=PhraseSet(tuple(other["contrast"])),
        settled=frozenset(
            which
            for which, (phrase, weight) in enumerate(weights.items())
            if not weight or phrase in own_phrases
        ),
    )


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits of one utterance, given from left to right, each the longest at its place."""
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.start == kept[-1].start and hit.end > kept[-1].end:
            kept[-1] = hit
    return kept


def unsettled(text: str, hits: Sequence[Hit], words: MoodWords) -> str:
    """Return the text with commas in place of each phrase that no model has a say in."""
    for hit in longest(hits):
        if hit.which in words.settled:
            text = text[: hit.start] + "," * (hit.end - hit.start) + text[hit.end :]
    return text


def total(
    text: str, hits: Sequence[Hit], contrasts: Sequence[Hit], words: MoodWords
) -> float | None:
    """Return the utterance's sum of words; None where it is too short to score.

    Args:
        text: Its normal form.
        hits: Its hits of ``words.phrases``, from left to right.
        contrasts: Its hits of ``words.contrast``.
        words: The lexicon.
    """
    if not _SCORED.search(text):
        return None
    if not hits:
        return 0.0
    places = _Places.of(text, contrasts)
    found = 0.0
    for hit in longest(hits):
        weight = words.weights[hit.which]
        if weight:
            factor = _degree(text, hit, words) * _sign(text, hit, weight)
            found += weight * factor * places.factor(hit.start)
    return found


def score(found: float | None) -> float | None:
    """Return a sum ``S`` as a score, −5 to +5; None stays None."""
    if found is None:
        return None
    return round(SCALE * found / math.sqrt(found * found + SPREAD), 3) + 0.0  # never -0.0


@dataclass(frozen=True, slots=True)
class _Places:
    """What a place in an utterance weighs: by its sentence's contrast, and at the end."""

    ends: Sequence[int]
    turns: Mapping[int, int]
    last_third: float

    @classmethod
    def of(cls, text: str, contrasts: Sequence[Hit]) -> _Places:
        ends = [mark.end() for mark in _SENTENCE.finditer(text)] if contrasts else []
        turns: dict[int, int] = {}
        for one in contrasts:  # in order, so that the last one of a sentence stays
            if text[one.start - 1 : one.start] != "不":  # 不但 and 不只是 turn nothing
                turns[bisect_right(ends, one.start)] = one.start
        return cls(ends, turns, len(text) * 2 / 3 if len(text) > LONG else math.inf)

    def factor(self, start: int) -> float:
        end = AT_THE_END if start > self.last_third else 1.0
        turn = self.turns.get(bisect_right(self.ends, start)) if self.turns else None
        if turn is None:
            return end
        return end * (AFTER_CONTRAST if start > turn else BEFORE_CONTRAST)


def _degree(text: str, hit: Hit, words: MoodWords) -> float:
    end = hit.start - 1 if hit.start and text[hit.start - 1] == " " else hit.start
    if text.endswith(words.weaker, 0, end):
        return WEAKER
    is_strong = text.endswith(words.stronger, 0, end)
    return STRONGER if is_strong or text.startswith(words.after_stronger, hit.end) else 1.0


def _sign(text: str, hit: Hit, weight: int) -> float:
    if not is_negated(text, hit.start):
        return 1.0
    return NEGATED_POSITIVE if weight > 0 else 0.0
