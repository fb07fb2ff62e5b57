"""A small linear model over runs of characters and signs, fitted to a centre's own labels.

Features of one utterance: its runs of one to three characters, hashed (CRC-32) into 2^20 columns,
``1 + ln(count)`` times the inverse document frequency ``ln((1 + n) / (1 + df)) + 1``, scaled to
length 1 (Salton and Buckley, *Term-weighting approaches in automatic text retrieval*, 1988); and
its signs (``detectors.mood.signs``), standardised, times ``SIGN_SCALE``. A whole interaction is
its customer's utterances as one text, with the means of their signs: one model serves both. It is
fitted by ``detectors.mood.fitting``; without one nothing is added to anything.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detectors.mood.signs import WEIGHTS

COLUMNS = 1 << 20
RUNS = (1, 2, 3)
SIGNS = tuple(WEIGHTS)
BETWEEN = "\n"
"""Stands between the utterances of an interaction."""
SIGN_SCALE = 0.1
"""Signs beside several hundred runs of characters: ours, so that neither drowns the other."""
_FORMAT = 4

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned; ``NOTHING`` where nothing was.

    Attributes:
        idf: Inverse document frequency of each column, 0 for those never met in training.
        runs: Weight of each column.
        means: Of each sign in training; ``spreads`` their standard deviations.
        signs: Weight of each sign, in the order of ``SIGNS``.
        bias: Added once.
        doubt: How much of what is known without it the model takes back: 0 leaves it whole.
        slope: Calibration of the sum of discontent and logit (``detectors.mood.calibration``).
        intercept: The same.
    """

    idf: Floats
    runs: Floats
    means: Floats
    spreads: Floats
    signs: Floats
    bias: float
    doubt: float = 0.0
    slope: float = 1.0
    intercept: float = 0.0

    def adds(self, base: float, text: str, signs: Mapping[str, float]) -> float:
        """Return what this model adds to the discontent of an utterance or an interaction.

        Args:
            base: The discontent without it.
            text: The normal form.
            signs: The signs; those that are not named are 0.
        """
        if self.is_nothing:
            return 0.0
        dot = norm = 0.0
        for column, count in columns_of(text).items():
            value = (1.0 + math.log(count)) * float(self.idf[column])
            dot += value * float(self.runs[column])
            norm += value * value
        given = np.array([signs.get(name, 0.0) for name in SIGNS])
        told = float(((given - self.means) / self.spreads) @ self.signs) * SIGN_SCALE
        runs = dot / math.sqrt(norm) if norm else 0.0
        return runs + told + self.bias - self.doubt * base

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was learned."""
        return not len(self.runs)

    @property
    def version(self) -> str:
        """Hash of everything that was learned; empty where nothing was."""
        if self.is_nothing:
            return ""
        parts = (self.idf, self.runs, self.means, self.spreads, self.signs)
        whole = (
            b"".join(part.tobytes() for part in parts)
            + repr((self.bias, self.doubt, self.slope, self.intercept)).encode()
        )
        return sha256(whole).hexdigest()[:12]


_NONE: Floats = np.zeros(0)
NOTHING = Learned(_NONE, _NONE, _NONE, _NONE, _NONE, 0.0)


def mean_signs(signs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each sign over several utterances; those that are not named are 0."""
    count = max(1, len(signs))
    return {name: sum(one.get(name, 0.0) for one in signs) / count for name in SIGNS}


def columns_of(text: str) -> Counter[int]:
    """Return how often each column's runs of characters stand in ``text``."""
    return Counter(
        crc32(text[i : i + size].encode()) % COLUMNS
        for size in RUNS
        for i in range(len(text) - size + 1)
    )


def write(learned: Learned, path: Path) -> None:
    """Write a model as one ``.npz`` of plain arrays, in single precision."""
    np.savez_compressed(
        path,
        format=np.array(_FORMAT),
        idf=learned.idf.astype(np.float32),
        runs=learned.runs.astype(np.float32),
        means=learned.means,
        spreads=learned.spreads,
        signs=learned.signs,
        bias=np.array(learned.bias),
        doubt=np.array(learned.doubt),
        slope=np.array(learned.slope),
        intercept=np.array(learned.intercept),
        names=np.array(SIGNS),
    )


def read(path: Path) -> Learned:
    """Read a model.

    Raises:
        ValueError: It is no model of this version: fit it again.
        OSError: It cannot be opened.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            if int(stored["format"]) != _FORMAT or tuple(stored["names"].tolist()) != SIGNS:
                raise ValueError(f"{path.name} is of another version; fit it again")
            return Learned(
                idf=stored["idf"].astype(np.float64),
                runs=stored["runs"].astype(np.float64),
                means=stored["means"],
                spreads=stored["spreads"],
                signs=stored["signs"],
                bias=float(stored["bias"]),
                doubt=float(stored["doubt"]),
                slope=float(stored["slope"]),
                intercept=float(stored["intercept"]),
            )
    except (KeyError, EOFError) as error:
        raise ValueError(f"{path.name} is no sentiment model") from error
