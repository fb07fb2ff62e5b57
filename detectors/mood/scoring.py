"""How negative or positive one utterance is: −5 to +5, from words, by a formula anyone can check.

For the mood words of an utterance (longest first, none inside another)::

    w    the word's weight, -3 to +3 (words_zh.yaml, words_en.yaml)
    d    1.5 after a strengthening word (太, very), 0.6 after a weakening one (有点, a bit), else 1
    n    negated: -0.74 for a positive word, 0 for a negative one ("not slow" is no praise), else 1
    c    0.5 before the last contrast word (但是, but), 1.5 behind it, else 1
    S    = sum of w · d · n · c
    score = 5 · S / sqrt(S² + 15)

0.74, the contrast factors and the 15 are those of VADER (Hutto and Gilbert 2014), whose weights
have about the same size; the rest, and every word, is ours. An utterance with fewer than two
Chinese characters and no English word of three letters is not scored; 嗯, 哦, 好 and "okay" are
neutral.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
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

_SCORED = re.compile(r"[\u3400-\u9fff].*[\u3400-\u9fff]|[a-z]{3}")
_LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, eq=False)
class MoodWords:
    """The mood lexicon in normal form.

    Attributes:
        phrases: All mood words of both languages.
        weights: Weight of each, in the same order.
        contrast: Words after which the other side is told.
    """

    phrases: PhraseSet
    weights: tuple[int, ...]
    stronger: tuple[str, ...]
    weaker: tuple[str, ...]
    after_stronger: tuple[str, ...]
    contrast: PhraseSet


@cache
def mood_words() -> MoodWords:
    """Return the shipped lexicon, read once."""
    weights: dict[str, int] = {}
    other: dict[str, list[str]] = {}
    for language in _LANGUAGES:
        text = (files("detectors.mood") / f"words_{language}.yaml").read_text("utf-8")
        for key, entries in yaml.load(text, Loader=yaml.BaseLoader).items():  # noqa: S506 - strings only
            if key.lstrip("-").isdigit():
                words = [word for row in entries for word in row]
                weights |= dict.fromkeys(phrase_set(words).phrases, int(key))
            else:
                other.setdefault(key, []).extend(phrase_set(entries).phrases)
    return MoodWords(
        phrases=PhraseSet(tuple(weights)),
        weights=tuple(weights.values()),
        stronger=tuple(other["stronger"]),
        weaker=tuple(other["weaker"]),
        after_stronger=tuple(other["after_stronger"]),
        contrast=PhraseSet(tuple(other["contrast"])),
    )


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits of one utterance from left to right, each the longest at its place."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def score(text: str, hits: Sequence[Hit], contrasts: Sequence[Hit]) -> float | None:
    """Return the utterance's score, −5 to +5; None where it is too short to score.

    Args:
        text: Its normal form.
        hits: Its hits of ``mood_words().phrases``.
        contrasts: Its hits of ``mood_words().contrast``.
    """
    if not hits:
        return 0.0 if _SCORED.search(text) else None
    if not _SCORED.search(text):
        return None
    words = mood_words()
    # 不但 and 不只是 turn nothing
    turn = max((c.start for c in contrasts if text[c.start - 1 : c.start] != "不"), default=None)
    total = 0.0
    for hit in longest(hits):
        weight = words.weights[hit.which]
        if weight:
            factor = _degree(text, hit, words) * _sign(text, hit, weight)
            total += weight * factor * _side(hit, turn)
    return round(SCALE * total / math.sqrt(total * total + SPREAD), 3) + 0.0  # never -0.0


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


def _side(hit: Hit, turn: int | None) -> float:
    if turn is None:
        return 1.0
    return AFTER_CONTRAST if hit.start > turn else BEFORE_CONTRAST
