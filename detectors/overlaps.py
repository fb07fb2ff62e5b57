"""How much of each utterance stands in an earlier one: pairs of characters, all of them at once.

The pairs are those of ``detectors.likeness.pairs``. Worked out in arrays over the whole
interaction, since every interaction is asked and most of its utterances repeat nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from detectors.likeness import LATIN_RUN, is_han, spaced

REACH = 500
"""How many utterances back another one is compared with, so that cost grows with their number."""
_POINT_BITS = 21  # of a Unicode code point; three of them fit into 63 bits
_OWNER_BITS = 20
_OWNERS = (1 << _OWNER_BITS) - 1
_HASH = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio
_HASH_SHIFT = np.uint64(64 - 43)  # 43 bits: two of a thousand pairs are one in 17 million times
_LETTERS = re.compile(r"[^\W_]+")

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """The pairs of characters that utterances share.

    Attributes:
        sizes: How many different pairs each utterance has.
        later: Place of an utterance, int64[n].
        earlier: Place of an earlier one that shares a pair with it, int64[n].
        shared: How many they share, int64[n].
    """

    sizes: Ints
    later: Ints
    earlier: Ints
    shared: Ints

    def alike(self, least: float) -> Mapping[tuple[int, int], float]:
        """Return (later, earlier) → cosine of their pairs, where it is ``least`` or more.

        The cosine is ``detectors.likeness.likeness``: shared ÷ √(their numbers).
        """
        cosine = self.shared / np.sqrt(self.sizes[self.later] * self.sizes[self.earlier])
        those = cosine >= least
        places = zip(self.later[those].tolist(), self.earlier[those].tolist(), strict=True)
        return dict(zip(places, cosine[those].tolist(), strict=True))

    def repeating(self, among: NDArray[np.bool_], *, share: float, pairs: int) -> frozenset[int]:
        """Return which utterances hold most of an earlier one, or are held by it.

        Args:
            among: Which utterances count, bool[utterances].
            share: Of the shorter one's pairs more than this.
            pairs: Both have at least so many.
        """
        least = np.minimum(self.sizes[self.later], self.sizes[self.earlier])
        those = (self.shared > share * least) & (least >= pairs)
        those &= among[self.later] & among[self.earlier]
        return frozenset(self.later[those].tolist())


def overlaps(texts: Sequence[str]) -> Overlaps:
    """Return what the normal ``texts`` of one interaction's utterances share, in order."""
    keys = np.sort(_keys(*_pairs(texts)))
    keys = keys[np.diff(keys, prepend=-1) != 0]  # each pair once for each who has it
    pairs, owners = keys >> _OWNER_BITS, keys & _OWNERS
    sizes = np.bincount(owners, minlength=len(texts))
    later, earlier = _sharing(pairs)
    both = owners[later] << _OWNER_BITS | owners[earlier]
    both, shared = np.unique(both[owners[later] - owners[earlier] <= REACH], return_counts=True)
    return Overlaps(sizes, both >> _OWNER_BITS, both & _OWNERS, shared)


def _sharing(pairs: Ints) -> tuple[Ints, Ints]:
    """Return the places of the sorted ``pairs`` with each of the places before that are equal."""
    places = np.arange(len(pairs))
    first = np.maximum.accumulate(np.where(np.diff(pairs, prepend=-1) != 0, places, 0))
    before = np.minimum(places - first, REACH)
    later = np.repeat(places, before)
    back = np.arange(len(later)) - np.repeat(np.cumsum(before) - before, before)
    return later, later - 1 - back


def _keys(codes: Ints, owners: Ints) -> Ints:
    """Return pair and owner in one number: the pair as a hash, so that it fits."""
    hashed = codes.astype(np.uint64) * _HASH >> _HASH_SHIFT  # Knuth's multiplicative hash
    return hashed.astype(np.int64) << _OWNER_BITS | owners


def _pairs(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Return a number for each pair, or run of three letters, and whose it is."""
    are_han = np.fromiter(map(is_han, texts), np.bool_, len(texts))
    told = [text if han else spaced(text) for text, han in zip(texts, are_han, strict=True)]
    joined = "".join(told).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, "<u4").astype(np.int64)
    owners = np.repeat(np.arange(len(told)), [len(text) for text in told])
    kept = _is_letter()[points] | ~are_han[owners]
    points, owners = points[kept], owners[kept]
    runs = [_runs(points, owners, are_han[owners], 2)]
    if not are_han.all():
        runs.append(_runs(points, owners, ~are_han[owners], LATIN_RUN))
    alone = are_han[owners] & (np.bincount(owners, minlength=len(told))[owners] == 1)
    codes, whose = zip(*runs, (points[alone], owners[alone]), strict=True)
    return np.concatenate(codes), np.concatenate(whose)


def _runs(points: Ints, owners: Ints, wanted: NDArray[np.bool_], length: int) -> tuple[Ints, Ints]:
    """Return the runs of ``length`` points that stand in one text."""
    last = length - 1
    whole = (owners[last:] == owners[: len(owners) - last]) & wanted[last:]
    codes = points[: len(points) - last]
    for step in range(1, length):
        codes = codes << _POINT_BITS | points[step : len(points) - last + step]
    return codes[whole], owners[last:][whole]


@cache
def _is_letter() -> NDArray[np.bool_]:
    """Which code points are letters, digits or characters."""
    known = np.zeros(0x110000, np.bool_)
    for run in _LETTERS.finditer("".join(map(chr, range(len(known))))):
        known[run.start() : run.end()] = True
    return known
