"""Fits the small model to labelled interactions, and shows on held-out folds what it gained.

A case is one utterance, or all of a customer's utterances of an interaction as one text with the
means of its signs. Logistic regression with a quadratic penalty, the sum of the out-of-the-box
discontent and the model's logit as its score, so that with few labels little changes; how much of
the former many labels take back is learned with it; L-BFGS
(scipy) from zero, so the same labels give the same model. Held-out figures come from folds that
never split a group (one interaction, one company): area under the ROC curve as the Mann-Whitney
statistic, its 95 % interval by the formula of Hanley and McNeil (*The meaning and use of the area
under a ROC curve*, 1982).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.stats import rankdata

from detectors.mood.calibration import calibrated, calibration_error, cross_calibrated
from detectors.mood.learned import (
    BETWEEN,
    COLUMNS,
    SIGN_SCALE,
    SIGNS,
    Floats,
    Learned,
    columns_of,
    mean_signs,
)

STRENGTHS = (1.0, 2.0, 8.0, 32.0)
MIDDLE = 2.0
"""Inverse weights of the penalty that are tried on a fold of the labels themselves: few or doubtful
labels want a strong one, many clear ones a weak one. Where none can be tried ``MIDDLE``."""
FOLDS = 5
LEAST = 20
"""Labelled cases of each kind below which nothing is fitted; ours: below it the interval of any
area spans 0.3."""
RARE = 2
"""Runs of characters in fewer cases than this are left out."""
_Z = 1.96
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled utterance, or all of a customer's utterances of one interaction.

    Attributes:
        texts: Normal forms.
        signs: Of each text (``detectors.mood.signs``).
        base: The out-of-the-box discontent: of the utterance, or their mean.
        is_dissatisfied: The label.
        group: What no fold may split.
    """

    texts: tuple[str, ...]
    signs: tuple[Mapping[str, float], ...]
    base: float
    is_dissatisfied: bool
    group: str


@dataclass(frozen=True, slots=True)
class Area:
    """An area under the ROC curve and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Gain:
    """What fitting gained on cases that it had not seen.

    Attributes:
        cases: Labelled cases; ``dissatisfied`` of them.
        before: Out of the box.
        after: Fitted.
        scores: The held-out score of each case, in the order given.
        error: Expected calibration error of the held-out ``risks``, 0 to 1.
    """

    cases: int
    dissatisfied: int
    before: Area
    after: Area
    scores: tuple[float, ...]
    error: float
    risks: tuple[float, ...]


class TooFew(Exception):  # noqa: N818 - says what is missing
    """Too few labels to fit anything.

    Args:
        satisfied: How many there are; ``dissatisfied`` likewise.
    """

    def __init__(self, satisfied: int, dissatisfied: int) -> None:
        self.satisfied, self.dissatisfied = satisfied, dissatisfied
        super().__init__(f"{dissatisfied} dissatisfied, {satisfied} others; {LEAST} of each needed")


def area(scores: Sequence[float] | Floats, labels: Sequence[bool]) -> Area:
    """Return the area under the ROC curve of ``scores`` for ``labels``, with its interval."""
    truth = np.asarray(labels, dtype=bool)
    ups, downs = int(truth.sum()), int((~truth).sum())
    if not ups or not downs:
        return Area(0.5, 0.0, 1.0)
    ranks: Floats = rankdata(np.asarray(scores, dtype=np.float64))
    found = float((ranks[truth].sum() - ups * (ups + 1) / 2) / (ups * downs))
    up, down = found / (2 - found), 2 * found * found / (1 + found)
    spread = found * (1 - found) + (ups - 1) * (up - found**2) + (downs - 1) * (down - found**2)
    half = _Z * math.sqrt(max(0.0, spread) / (ups * downs))
    return Area(found, max(0.0, found - half), min(1.0, found + half))


def fit(cases: Sequence[Case]) -> Learned:
    """Return the model of all ``cases``, calibrated on their held-out scores.

    Raises:
        TooFew: Fewer than ``LEAST`` of a kind.
    """
    return fit_and_gain(cases)[0]


def gained(cases: Sequence[Case], *, folds: int = FOLDS) -> Gain:
    """Return what fitting gains on held-out cases.

    Raises:
        TooFew: Fewer than ``LEAST`` of a kind.
    """
    _enough(cases)
    return _gain(_Arrays.of(cases, folds))


def fit_and_gain(cases: Sequence[Case]) -> tuple[Learned, Gain]:
    """Return the calibrated model of all ``cases`` and what it gains on held-out ones.

    Raises:
        TooFew: Fewer than ``LEAST`` of a kind.
    """
    _enough(cases)
    whole = _Arrays.of(cases)
    gain = _gain(whole)
    found = calibrated(gain.scores, whole.labels.tolist())
    return replace(_fitted(whole), slope=found.slope, intercept=found.intercept), gain


def _gain(whole: _Arrays) -> Gain:
    scores = whole.base.copy()
    for number in np.unique(whole.folds):
        held = whole.folds == number
        seen = whole.only(~held)
        if seen.labels.any() and not seen.labels.all():
            scores[held] += _logits(whole.only(held), _fitted(seen))
    told = whole.labels.tolist()
    risks = cross_calibrated(scores.tolist(), told, whole.folds.tolist())
    return Gain(
        cases=len(told),
        dissatisfied=sum(told),
        before=area(whole.base, told),
        after=area(scores, told),
        scores=tuple(scores.tolist()),
        error=calibration_error(risks, told),
        risks=tuple(risks),
    )


def _enough(cases: Sequence[Case]) -> None:
    dissatisfied = sum(one.is_dissatisfied for one in cases)
    if min(dissatisfied, len(cases) - dissatisfied) < LEAST:
        raise TooFew(len(cases) - dissatisfied, dissatisfied)


@dataclass(frozen=True, slots=True, eq=False)
class _Arrays:
    """Cases as arrays: a case is all of its texts, one after another.

    Attributes:
        counts: ``1 + ln(count)`` of each column, a row a case.
        signs: Their means over the texts, shape ``(cases, signs)``.
        folds: Which fold each case belongs to.
    """

    counts: sparse.csr_matrix
    signs: Floats
    base: Floats
    labels: NDArray[np.bool_]
    folds: NDArray[np.int64]

    @classmethod
    def of(cls, cases: Sequence[Case], folds: int = FOLDS) -> _Arrays:
        found = [columns_of(BETWEEN.join(one.texts)) for one in cases]
        ends = np.cumsum([0, *(len(one) for one in found)])
        columns = np.fromiter((c for one in found for c in one), dtype=np.int64, count=ends[-1])
        values = np.fromiter((n for one in found for n in one.values()), float, count=ends[-1])
        shape = (len(cases), COLUMNS)
        means = (mean_signs(one.signs) for one in cases)
        signs = [[mean[name] for name in SIGNS] for mean in means]
        return cls(
            counts=sparse.csr_matrix((1.0 + np.log(values), columns, ends), shape=shape),
            signs=np.array(signs, dtype=np.float64).reshape(len(cases), len(SIGNS)),
            base=np.array([one.base for one in cases], dtype=np.float64),
            labels=np.array([one.is_dissatisfied for one in cases], dtype=bool),
            folds=np.array([fold_of(one.group, folds) for one in cases], dtype=np.int64),
        )

    def only(self, which: NDArray[np.bool_]) -> _Arrays:
        return _Arrays(
            self.counts[which],
            self.signs[which],
            self.base[which],
            self.labels[which],
            self.folds[which],
        )


def fold_of(group: str, folds: int = FOLDS) -> int:
    """Return the fold that a group belongs to, the same on every machine."""
    return crc32(group.encode()) % folds


def _scaled(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    weighted = counts @ sparse.diags(idf)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.diags(1.0 / np.maximum(lengths, 1e-12)) @ weighted


def _strength(given: _Arrays) -> float:
    """Return the strength that ranks a held-out fold of ``given`` best."""
    sizes = [(int((given.folds == number).sum()), -number) for number in np.unique(given.folds)]
    if len(sizes) < 2:  # noqa: PLR2004 - one fold to fit to and one to judge
        return MIDDLE
    held = given.folds == -max(sizes)[1]
    seen, left = given.only(~held), given.only(held)
    both = (seen.labels, left.labels)
    if not all(labels.any() and not labels.all() for labels in both):
        return MIDDLE
    found = [
        area(left.base + _logits(left, _with(seen, strength)), left.labels.tolist()).value
        for strength in STRENGTHS
    ]
    return STRENGTHS[int(np.argmax(found))]


def _fitted(given: _Arrays) -> Learned:
    return _with(given, _strength(given))


def _with(given: _Arrays, strength: float) -> Learned:
    texts = given.counts.shape[0]
    held = np.bincount(given.counts.indices, minlength=COLUMNS)
    idf = np.where(held >= RARE, np.log((1 + texts) / (1 + held)) + 1, 0.0)
    means, spreads = given.signs.mean(axis=0), given.signs.std(axis=0)
    spreads = np.where(spreads > 0, spreads, 1.0)
    used = np.flatnonzero(idf)
    runs = _scaled(given.counts, idf)[:, used]
    signs = (given.signs - means) / spreads * SIGN_SCALE
    base = sparse.csr_matrix(given.base[:, None])
    matrix = sparse.hstack([runs, sparse.csr_matrix(signs), base]).tocsr()
    weights = regression(matrix, given.base, given.labels, strength)
    every = np.zeros(COLUMNS)
    every[used] = weights[: len(used)]
    doubt, bias = -float(weights[-2]), float(weights[-1])
    return Learned(idf, every, means, spreads, weights[len(used) : -2], bias, doubt)


def regression(
    matrix: sparse.csr_matrix, base: Floats, labels: NDArray[np.bool_], strength: float
) -> Floats:
    """Return the weights of ``matrix``'s columns and the bias, added to ``base``."""
    sign = np.where(labels, 1.0, -1.0)
    back = matrix.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (base + matrix @ weights[:-1] + weights[-1])
        pull = -sign / (1.0 + np.exp(np.clip(margin, -500, 500)))
        inner = weights[:-1]
        value = np.logaddexp(0.0, -margin).sum() + inner @ inner / (2 * strength)
        return float(value), np.append(back @ pull + inner / strength, pull.sum())

    start = np.zeros(matrix.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return np.asarray(found.x, dtype=np.float64)


def _logits(given: _Arrays, learned: Learned) -> Floats:
    runs = _scaled(given.counts, learned.idf) @ learned.runs
    signs = (given.signs - learned.means) / learned.spreads @ learned.signs * SIGN_SCALE
    return np.asarray(runs + signs + learned.bias - learned.doubt * given.base, dtype=np.float64)
