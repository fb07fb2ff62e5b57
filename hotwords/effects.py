"""How strong trend, weekday and season are, learned from many series together.

Eight weeks hold eight Sundays: of a series with two contacts a day they say little. What all series
do on Sundays says more. So each coefficient is taken to come from a normal distribution whose mean
and variance are learned from all series (empirical Bayes: Efron & Morris, JASA 70, 1975; by
expectation maximisation: Dempster, Laird & Rubin, JRSS B 39, 1977), and every series is pulled
towards that mean as far as its own counts are silent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hotwords.regression import Design, Fit, Floats, Observed, fit

POOL = 100  # series: fewer keep what the options believe
SAMPLE = 2_000  # series are plenty for two figures a column
ROUNDS = 8  # of expectation maximisation; means and variances are still by then
PRIOR_SERIES = 1.0  # what the options believe weighs as much as this many series
START_EXCESS = 0.5  # over a Poisson count: the middle of ``hotwords.clumping.PRIOR``


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Prior mean and precision of the coefficients.

    Attributes:
        centre: Shape ``(2, columns)``: of plain counts, and of shares of an exposure.
        precision: One over the prior variance, shape ``(2, columns)``.
        is_learned: Whether there were series to learn from, shape ``(2,)``.
    """

    centre: Floats
    precision: Floats
    is_learned: NDArray[np.bool_]

    def on(self, design: Design, has_exposure: NDArray[np.bool_]) -> Design:
        """Return ``design`` with these priors, for the series that ``has_exposure`` tells of."""
        group = has_exposure.astype(np.int64)
        believed = np.broadcast_to(design.precision, (len(group), self.precision.shape[1]))
        precision = np.where(self.is_learned[group][:, None], self.precision[group], believed)
        return replace(design, centre=self.centre[group], precision=precision)


def learned_effects(observed: Observed, design: Design, has_exposure: NDArray[np.bool_]) -> Effects:
    """Learn the effects of plain counts and of shares, each from at least ``POOL`` series.

    Args:
        observed: The past of ``n`` series.
        design: What is believed before.
        has_exposure: Shape ``(n,)``: which are shares.
    """
    width = design.past.shape[1]
    effects = Effects(np.zeros((2, width)), np.ones((2, width)), np.zeros(2, dtype=np.bool_))
    for group in (0, 1):
        rows = np.flatnonzero(has_exposure == bool(group))
        rows = rows[:: max(1, -(-len(rows) // SAMPLE))]
        if len(rows) >= POOL:
            some = Observed(
                observed.counts[rows], observed.log_exposure[rows], observed.weights[rows]
            )
            believed = np.atleast_2d(design.of(rows).precision)[0]
            effects.centre[group], effects.precision[group] = _estimated(some, design, believed)
            effects.is_learned[group] = True
    return effects


def _estimated(observed: Observed, design: Design, believed: Floats) -> tuple[Floats, Floats]:
    days = np.maximum(observed.weights.sum(axis=1), 1.0)
    level = np.maximum((observed.weights * observed.counts).sum(axis=1) / days, 1e-9)
    centre, precision = np.zeros(len(believed)), believed.copy()
    fitted: Fit | None = None
    for _ in range(ROUNDS):
        prior = replace(design, centre=centre[None, :], precision=precision[None, :])
        start = None if fitted is None else fitted.coefficients
        fitted = fit(observed, prior, START_EXCESS / level, start)
        variance = np.einsum("npp->np", fitted.covariance)
        count = len(variance) + PRIOR_SERIES
        mean = fitted.coefficients.sum(axis=0) / count
        squares = ((fitted.coefficients - mean) ** 2 + variance).sum(axis=0)
        spread = (squares + PRIOR_SERIES / believed) / count
        # The intercept is the series' own level, which no other series knows.
        centre[1:], precision[1:] = mean[1:], 1.0 / spread[1:]
    return centre, precision
