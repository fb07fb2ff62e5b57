"""New words nobody listed: strings that hold together, stand freely, and were never seen before.

A word is a string whose parts meet far more often than chance lets them (pointwise mutual
information of its weakest cut: Church & Hanks, Computational Linguistics 16, 1990) and whose
neighbours on either side vary (entropy of the boundary: Harris, Language 31, 1955). Both are
needed: 滨河苑 holds together inside 园滨河苑, which does not stand freely.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interactions.text import normal

LONGEST = 6  # characters
LEAST_TEXTS = 5  # as many as a spike needs
# Above both, four in five strings of dated complaints to a city were words or names to a reader.
LEAST_COHESION = 4.0  # bits: the weakest cut is met sixteen times as often as chance lets it
LEAST_ENTROPY = 1.5  # bits: nearly three neighbours, equally often
WHOLE = 0.8  # of a string's texts: it lives inside a longer one that has so many of them
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_PARTICLES = frozenset("的了吗呢吧啊呀哦嗯么是在有和就都也很还不没我你他她它们这那个一")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWord:
    """A string that was not there before.

    Attributes:
        texts: Texts that hold it.
        cohesion: Bits by which its weakest cut is more frequent than chance.
        entropy: Bits of its less varied side.
    """

    word: str
    texts: int
    cohesion: float
    entropy: float


def new_words(texts: Iterable[str], earlier: Iterable[str]) -> list[NewWord]:
    """Return the new words of ``texts``, those of most texts first.

    Args:
        texts: What customers said lately, a text an interaction.
        earlier: What they said before, usually in 90 days: a string that any of these holds is
            not new.
    """
    runs = [_HAN.findall(normal(text).text) for text in texts]
    counts, found_in = _counted(runs)
    frequent = {word for word, where in found_in.items() if len(where) >= LEAST_TEXTS}
    frequent = {word for word in frequent if len(word) > 1 and _is_bare(word)}
    candidates = frequent - _seen(frequent, earlier)
    sides = _neighbours(runs, candidates)
    length = sum(count for word, count in counts.items() if len(word) == 1)
    found = []
    for word in candidates:
        cohesion = _cohesion(word, counts, length)
        entropy = min(map(_entropy, sides[word]))
        if cohesion >= LEAST_COHESION and entropy >= LEAST_ENTROPY:
            texts_of = len(found_in[word])
            found.append(NewWord(word=word, texts=texts_of, cohesion=cohesion, entropy=entropy))
    return sorted(_wholes(found), key=lambda one: (-one.texts, -len(one.word), one.word))


def _is_bare(word: str) -> bool:
    """A particle at either end belongs to the sentence, not to the word."""
    return word[0] not in _PARTICLES and word[-1] not in _PARTICLES


def _counted(runs: Sequence[Sequence[str]]) -> tuple[Counter[str], dict[str, set[int]]]:
    counts: Counter[str] = Counter()
    found_in: dict[str, set[int]] = defaultdict(set)
    for place, pieces in enumerate(runs):
        for piece in pieces:
            for start in range(len(piece)):
                for end in range(start + 1, min(start + LONGEST, len(piece)) + 1):
                    counts[piece[start:end]] += 1
                    found_in[piece[start:end]].add(place)
    return counts, found_in


def _seen(words: set[str], earlier: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    lengths = sorted({len(word) for word in words})
    for text in earlier:
        for piece in _HAN.findall(normal(text).text):
            for length in lengths:
                grams = {piece[i : i + length] for i in range(len(piece) - length + 1)}
                seen |= grams & words
    return seen


def _neighbours(
    runs: Sequence[Sequence[str]], words: set[str]
) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """Return what stands before and after each word; every edge of a sentence is its own."""
    sides: dict[str, tuple[Counter[str], Counter[str]]] = {
        word: (Counter(), Counter()) for word in words
    }
    edges = 0
    for pieces in runs:
        for piece in pieces:
            for start in range(len(piece)):
                for end in range(start + 2, min(start + LONGEST, len(piece)) + 1):
                    if (word := piece[start:end]) not in words:
                        continue
                    edges += 1
                    before, after = sides[word]
                    before[piece[start - 1] if start else f"<{edges}"] += 1
                    after[piece[end] if end < len(piece) else f">{edges}"] += 1
    return sides


def _entropy(counts: Counter[str]) -> float:
    total = counts.total()
    return -sum(n / total * math.log2(n / total) for n in counts.values())


def _cohesion(word: str, counts: Counter[str], length: int) -> float:
    own = counts[word] / length
    cuts = ((counts[word[:i]] / length, counts[word[i:]] / length) for i in range(1, len(word)))
    return min(math.log2(own / (left * right)) for left, right in cuts)


def _wholes(found: Sequence[NewWord]) -> list[NewWord]:
    """Leave out what lives inside a longer one."""
    return [
        one
        for one in found
        if not any(
            one.word != other.word and one.word in other.word and other.texts >= WHOLE * one.texts
            for other in found
        )
    ]
