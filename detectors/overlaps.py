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
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """The pairs of characters that utterances share.

    Attributes:
        letters: How many letters, digits and characters each utterance has.
        sizes: How many different pairs.
        later: Place of an utterance, int64[n].
        earlier: Place of an earlier one that shares a pair with it, int64[n].
        shared: How many they share, int64[n].
    """

    letters: Ints
    sizes: Ints
    later: Ints
    earlier: Ints
    shared: Ints

    def alike(self, least: float, *, later: Mask, earlier: Mask) -> Mapping[tuple[int, int], float]:
        """Return (later, earlier) → cosine of their pairs, where it is ``least`` or more.

        Args:
            least: 0 to 1. The cosine is ``detectors.likeness.likeness``: shared ÷ √(their numbers).
            later: Which utterances are compared, bool[utterances].
            earlier: With which of those before them, bool[utterances].
        """
        cosine = self.shared / np.sqrt(self.sizes[self.later] * self.sizes[self.earlier])
        those = (cosine >= least) & later[self.later] & earlier[self.earlier]
        places = zip(self.later[those].tolist(), self.earlier[those].tolist(), strict=True)
        return dict(zip(places, cosine[those].tolist(), strict=True))

    def repeating(self, among: Mask, *, share: float, pairs: int) -> frozenset[int]:
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
    codes, owners, letters = _pairs(texts)
    keys = _keys(codes, owners)
    keys.sort()
    keys = keys[_begins(keys)]  # each pair once for each who has it
    sizes = np.bincount(keys & _OWNERS, minlength=len(texts))
    pairs = keys >> _OWNER_BITS
    is_shared = np.zeros(len(pairs), np.bool_)
    has_same = pairs[1:] == pairs[:-1]
    is_shared[1:] = has_same
    is_shared[:-1] |= has_same
    keys, pairs = keys[is_shared], pairs[is_shared]
    later, earlier = _sharing(pairs)
    owners = keys & _OWNERS
    later, earlier = owners[later], owners[earlier]
    both = later << _OWNER_BITS | earlier
    both = both[later - earlier <= REACH]
    both.sort()
    first = np.flatnonzero(_begins(both))
    shared = np.diff(first, append=len(both))
    both = both[first]
    return Overlaps(letters, sizes, both >> _OWNER_BITS, both & _OWNERS, shared)


def _begins(ordered: Ints) -> Mask:
    """Return where a new value begins."""
    new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return new


def _sharing(pairs: Ints) -> tuple[Ints, Ints]:
    """Return the places of the sorted ``pairs`` with each of the places before that are equal."""
    places = np.arange(len(pairs))
    first = np.maximum.accumulate(np.where(_begins(pairs), places, 0))
    before = np.minimum(places - first, REACH)
    later = np.repeat(places, before)
    back = np.arange(len(later)) - np.repeat(np.cumsum(before) - before, before)
    return later, later - 1 - back


def _keys(codes: Ints, owners: Ints) -> Ints:
    """Return pair and owner in one number: the pair as a hash, so that it fits."""
    hashed = codes.astype(np.uint64) * _HASH >> _HASH_SHIFT  # Knuth's multiplicative hash
    return hashed.astype(np.int64) << _OWNER_BITS | owners


def _pairs(texts: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    """Return a number for each pair, or run of three letters, whose it is; and their letters."""
    count = len(texts)
    are_han = np.fromiter(map(is_han, texts), np.bool_, count)
    is_any_latin = not are_han.all()
    if is_any_latin:
        texts = [text if han else spaced(text) for text, han in zip(texts, are_han, strict=True)]
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, "<u4").astype(np.int64)
    owners = np.repeat(np.arange(count), np.fromiter(map(len, texts), np.int64, count))
    is_letter = _is_letter()[points]
    letters = np.bincount(owners[is_letter], minlength=count)
    kept = is_letter | ~are_han[owners] if is_any_latin else is_letter
    points, owners = points[kept], owners[kept]
    in_han = are_han[owners]
    alone = in_han & (letters[owners] == 1)
    runs = [(points[alone], owners[alone]), _runs(points, owners, in_han, 2)]
    if is_any_latin:
        runs.append(_runs(points, owners, ~in_han, LATIN_RUN))
    codes, whose = zip(*runs, strict=True)
    return np.concatenate(codes), np.concatenate(whose), letters


def _runs(points: Ints, owners: Ints, wanted: Mask, length: int) -> tuple[Ints, Ints]:
    """Return the runs of ``length`` points that stand in one text."""
    last = length - 1
    whole = (owners[last:] == owners[: len(owners) - last]) & wanted[last:]
    codes = points[: len(points) - last]
    for step in range(1, length):
        codes = codes << _POINT_BITS | points[step : len(points) - last + step]
    return codes[whole], owners[last:][whole]


@cache
def _is_letter() -> Mask:
    """Which code points are letters, digits or characters."""
    known = np.zeros(0x110000, np.bool_)
    for run in _LETTERS.finditer("".join(map(chr, range(len(known))))):
        known[run.start() : run.end()] = True
    return known
