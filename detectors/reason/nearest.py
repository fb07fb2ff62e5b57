"""Labelled example sentences: which one is a customer's sentence most like?

Likeness is the cosine of pairs of characters (``detectors.likeness``), function pairs left out. The
examples that share a pair at all come from an index, so the cost does not grow with their number.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from detectors.likeness import Grams, telling_pairs
from interactions.text import normal

ALIKE = 0.45
"""Likeness below which an example says nothing. Ours, set on the sample's and on part of real
dialogues' sentences: below it most neighbours are of another reason."""
LEAST_PAIRS = 3
"""A sentence with fewer telling pairs is like anything."""


class Neighbour(NamedTuple):
    """The most alike example: whose it is and how alike, 0 to 1."""

    which: int
    likeness: float


class Nearest:
    """Example sentences by the pairs of characters that they hold.

    Args:
        examples: Number of the category, and the sentence.
    """

    def __init__(self, examples: Iterable[tuple[int, str]]) -> None:
        self._owners: list[int] = []
        self._sizes: list[int] = []
        self._holding: dict[str, list[int]] = defaultdict(list)
        for which, sentence in examples:
            grams = telling_pairs(normal(sentence).text)
            for gram in sorted(grams):
                self._holding[gram].append(len(self._owners))
            self._owners.append(which)
            self._sizes.append(len(grams))

    def of(self, grams: Grams) -> Neighbour | None:
        """Return the most alike example of a sentence's pairs; None where none is alike."""
        if len(grams) < LEAST_PAIRS:
            return None
        shared: dict[int, int] = {}
        for gram in grams:
            for example in self._holding.get(gram, ()):
                shared[example] = shared.get(example, 0) + 1
        best = max(
            ((n / math.sqrt(len(grams) * self._sizes[i]), -i) for i, n in shared.items()),
            default=(0.0, 0),
        )
        return Neighbour(self._owners[-best[1]], best[0]) if best[0] >= ALIKE else None
