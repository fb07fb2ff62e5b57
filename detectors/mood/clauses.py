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
_COLUMNS = 1 << 20
_PRIMES = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_KEPT = np.uint64(44)  # bits that the hash leaves out, so that 20 stay
_FIRST, _BEHIND = 0x3400, 0xA000
_HAN = re.compile("[\u3400-\u9fff]")

Floats = NDArray[np.float64]
Codes = NDArray[np.uint64]


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
        weights: Shape ``(columns, 2)``: for mood and for discontent.
        bias: Shape ``(2,)``.
    """

    weights: NDArray[np.float32]
    bias: Floats

    def read(self, texts: Sequence[str]) -> Readings:
        """Return what the clauses of each normal text tell."""
        joined = "\n".join(texts)
        if not _HAN.search(joined):
            return Readings((0.0,) * len(texts), (0.0,) * len(texts))
        codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32).astype(np.uint64)
        starts, lengths, logits = self._logits(codes)
        told = np.tanh(logits / 2)
        told[(np.abs(told) < UNSURE) | (lengths < SHORTEST)[:, None]] = 0.0
        ends = np.cumsum([len(text) + 1 for text in texts])
        which = np.searchsorted(ends, starts, side="right")
        mood, discontent = (
            np.bincount(which, told[:, kind], len(texts)).round(3).tolist() for kind in (0, 1)
        )
        return Readings(tuple(mood), tuple(discontent))

    def _logits(self, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Return where each clause begins, its length, and its logits."""
        han = np.concatenate([[False], (codes >= _FIRST) & (codes < _BEHIND), [False]])
        changes = np.flatnonzero(han[1:] != han[:-1])
        starts, ends = changes[::2], changes[1::2]
        lengths = ends - starts
        weights = np.zeros((len(codes), 2))
        for size, columns in zip(RUNS, _columns(codes), strict=True):
            inside = np.ones(len(columns), dtype=bool)
            for place in range(size):
                inside &= han[place + 1 : len(columns) + place + 1]
            found = np.flatnonzero(inside)
            weights[found] += self.weights[columns[found]]
        # sums of their own, not differences of one running sum: a clause reads alike everywhere
        totals = np.add.reduceat(weights, starts, axis=0)
        runs = sum(np.maximum(lengths - size + 1, 0) for size in RUNS)
        return starts, lengths, totals / np.sqrt(runs)[:, None] + self.bias


def _columns(codes: Codes) -> Iterable[NDArray[np.int64]]:
    """Yield the columns of the runs of each size that begin at each place."""
    mixed = codes * np.uint64(_PRIMES[0])
    yield (mixed >> _KEPT).astype(np.int64)
    for size in RUNS[1:]:
        mixed = (mixed[:-1] ^ codes[size - 1 :]) * np.uint64(_PRIMES[size - 1])
        yield (mixed >> _KEPT).astype(np.int64)


def model_of(lines: Iterable[str]) -> ClauseModel:
    """Return the model of a file's lines: ``run<tab>mood<tab>discontent``, ``#`` for remarks."""
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    bias = np.array([float(value) for value in rows[0][1:]])
    runs = [row[0] for row in rows[1:]]
    values = np.array([row[1:] for row in rows[1:]], dtype=np.float32).reshape(-1, 2)
    weights = np.zeros((_COLUMNS, 2), dtype=np.float32)
    for size in RUNS:
        own = np.array([len(run) == size for run in runs], dtype=bool)
        joined = "".join(run for run in runs if len(run) == size)
        codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32).astype(np.uint64)
        *_, last = list(_columns(codes))[:size] if len(codes) else [np.zeros(0, np.int64)]
        np.add.at(weights, last[::size], values[own])
    return ClauseModel(weights, bias)


@cache
def shipped_clauses() -> ClauseModel:
    """Return the shipped model, read once."""
    path = files("detectors.mood") / "clauses_zh.txt"
    return model_of(path.read_text("utf-8").splitlines())
