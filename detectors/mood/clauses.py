"""What no list of words tells: a small model that reads the clauses of Mandarin texts.

A clause is a run of Chinese characters of the normal text, at least two of them. For each kind of
reading (``mood``: negative or positive; ``discontent``: dissatisfied or content)::

    logit   = bias + sum of the weights of its runs of one to three characters / sqrt(their number)
    reading = tanh(logit / 2), -1 to +1; 0 where it is below ``UNSURE``

so a reading is twice the model's probability less one. A text's is the sum over its clauses. The
weights stand in ``clauses_zh.txt``, a run a line; ``python -m benchmarks.mood_training`` learned
them from sentences written for this project. The model card is docs/mood_model.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

UNSURE = 0.3
"""Readings nearer to 0 count as none: the model gives them the one way in 65 of 100 cases or less.
Ours, so that questions, numbers and greetings are of no mood."""
RUNS = (1, 2, 3)
SHORTEST = 2
BIAS = "bias"
"""The first line of the file: what is added to every clause."""
_COLUMNS = 1 << 18
_PRIMES = tuple(np.uint32(one) for one in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D))
_KEPT = np.uint32(14)  # bits that the hash leaves out, so that 18 stay
_FIRST, _BEHIND = 0x3400, 0xA000
_HAN = re.compile("[\u3400-\u9fff]")

Both = NDArray[np.complex128]
"""Mood as the real part, discontent as the imaginary one: both are read with one look."""
Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Readings:
    """What the clauses of some texts tell, a value a text: 0 where they tell nothing.

    Attributes:
        mood: Below 0 negative, above 0 positive.
        discontent: Above 0 dissatisfied, below 0 content.
    """

    mood: tuple[float, ...]
    discontent: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ClauseModel:
    """Weights of runs of characters.

    Attributes:
        weights: Of each column, for mood and for discontent.
        bias: The same.
    """

    weights: NDArray[np.complex64]
    bias: complex

    def read(self, texts: Sequence[str]) -> Readings:
        """Return what the clauses of each normal text tell."""
        joined = "\n".join(texts)
        if not _HAN.search(joined):
            return Readings((0.0,) * len(texts), (0.0,) * len(texts))
        codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
        starts, lengths, logits = self._logits(codes)
        told = np.tanh(logits.view(np.float64).reshape(-1, 2) / 2)
        told[(np.abs(told) < UNSURE) | (lengths < SHORTEST)[:, None]] = 0.0
        ends = np.cumsum([len(text) + 1 for text in texts])
        which = np.searchsorted(ends, starts, side="right")
        mood, discontent = (
            np.bincount(which, told[:, kind], len(texts)).round(3).tolist() for kind in (0, 1)
        )
        return Readings(tuple(mood), tuple(discontent))

    def _logits(self, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64], Both]:
        """Return where each clause begins, its length, and its logits."""
        han = (codes >= _FIRST) & (codes < _BEHIND)
        edges = np.flatnonzero(np.diff(han, prepend=False, append=False))
        starts, ends = edges[::2], edges[1::2]
        lengths = ends - starts
        weights = np.zeros(len(codes), dtype=np.complex128)
        inside = han
        for size, columns in zip(RUNS, _columns(codes), strict=True):
            inside = han if size == 1 else inside[:-1] & han[size - 1 :]
            weights[: len(columns)] += self.weights.take(columns) * inside
        # sums of their own, not differences of one running sum: a clause reads alike everywhere
        totals = np.add.reduceat(weights, starts)
        runs = sum(np.maximum(lengths - size + 1, 0) for size in RUNS)
        return starts, lengths, totals / np.sqrt(runs) + self.bias


def _columns(codes: Codes) -> Iterable[Codes]:
    """Yield the columns of the runs of each size that begin at each place."""
    mixed = codes * _PRIMES[0]
    yield mixed >> _KEPT
    for size in RUNS[1:]:
        mixed = (mixed[:-1] ^ codes[size - 1 :]) * _PRIMES[size - 1]
        yield mixed >> _KEPT


def model_of(lines: Iterable[str]) -> ClauseModel:
    """Return the model of a file's lines: ``run<tab>mood<tab>discontent``, ``#`` for remarks."""
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    both = [complex(float(mood), float(discontent)) for _, mood, discontent in rows]
    weights = np.zeros(_COLUMNS, dtype=np.complex64)
    for size in RUNS:
        own = [number for number, row in enumerate(rows) if number and len(row[0]) == size]
        joined = "".join(rows[number][0] for number in own)
        codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
        columns = list(_columns(codes))[size - 1] if own else codes
        np.add.at(
            weights, columns[::size], np.array([both[number] for number in own], np.complex64)
        )
    return ClauseModel(weights, both[0])


@cache
def shipped_clauses() -> ClauseModel:
    """Return the shipped model, read once."""
    path = files("detectors.mood") / "clauses_zh.txt"
    return model_of(path.read_text("utf-8").splitlines())
