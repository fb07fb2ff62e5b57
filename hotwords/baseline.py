"""What to expect on a day, for thousands of count series at once, and how sure that is.

The expected count comes from a negative-binomial regression on weekday and trend over the last
weeks, with earlier outbreaks turned down (``hotwords.regression``); from the plain rate where the
past is short or the term rare. The prediction is a mixture of negative binomials: over how much
the counts clump, which few days cannot tell, and over the uncertainty of the expected count itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from hotwords.clumping import EXCESS, Clumping, point_excess, posterior, predictive_size
from hotwords.regression import (
    Design,
    Fit,
    Floats,
    Observed,
    fit,
    log_likelihood,
    outbreak_weights,
)

RARE = 14  # contacts in the whole past: two per weekday, below which a weekday effect is noise
SHORT = 14  # days: two of each weekday
FEWEST_DAYS = 3  # fewer say nothing about spread
GUARD = 2  # days left out before today where the past is short (EARS C2: Hutwagner et al. 2003)


class Method(StrEnum):
    """How an expected count was made."""

    REGRESSION = "regression"
    RATE = "rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineOptions:
    """What the regression may believe before it sees counts.

    Attributes:
        weekday_sd: Prior standard deviation of a weekday's log effect on plain counts: 0.5 says
            that most weekdays lie within a factor of 2.7 of the mean day.
        weekday_share_sd: The same for shares of all contacts, which carry the weekday already.
        trend_sd: Prior standard deviation of the log change in 28 days: 0.2 says that most series
            change by less than half in four weeks.
        guard: Days before the day in question that teach nothing, so that a rise that began then
            does not hide itself. Noufaily et al. leave out 26 weeks of weekly counts for the same
            reason, EARS C2 two days.
    """

    weekday_sd: float = 0.5
    weekday_share_sd: float = 0.2
    trend_sd: float = 0.2
    guard: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What is known of ``n`` series before the day in question.

    Attributes:
        counts: Shape ``(n, days)``, oldest first, without gaps.
        exposure: What the counts are out of, shape ``(n, days)``; 0 on a day that does not count
            (closed, or no data).
        exposure_today: Shape ``(n,)``.
        has_exposure: Shape ``(n,)``: whether the exposure carries the weekday. False where
            it is 1 on every day.
    """

    counts: NDArray[np.integer]
    exposure: Floats
    exposure_today: Floats
    has_exposure: NDArray[np.bool_]

    def of(self, rows: NDArray[np.integer]) -> Past:
        """Return some of the series."""
        return Past(
            self.counts[rows],
            self.exposure[rows],
            self.exposure_today[rows],
            self.has_exposure[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What to expect of ``n`` series: a mixture of negative binomials each.

    Attributes:
        mean: Expected contacts, shape ``(n,)``.
        size: Size parameter of each part (variance = mean + mean^2 / size), shape ``(n, parts)``.
        share: Weight of each part, rows add up to 1, shape ``(n, parts)``.
        method: How each was made, shape ``(n,)``.
        fitted: Expected contacts of the past days, shape ``(n, days)``.
    """

    mean: Floats
    size: Floats
    share: Floats
    method: NDArray[np.str_]
    fitted: Floats

    def tail(self, observed: NDArray[np.integer] | Floats) -> Floats:
        """Return the probability of ``observed`` or more, shape ``(n,)``: the one-sided p-value."""
        least = np.asarray(observed, dtype=np.float64)[:, None]
        chance = self.mean[:, None] / (self.mean[:, None] + self.size)
        part = np.where(least > 0, betainc(np.maximum(least, 1e-9), self.size, chance), 1.0)
        return np.asarray((self.share * part).sum(axis=1))

    def interval(self, coverage: float = 0.95) -> tuple[Floats, Floats]:
        """Return the lowest and highest usual count, shapes ``(n,)``, both inclusive.

        At most ``(1 - coverage) / 2`` of quiet days lie below, and above.
        """
        outside = (1.0 - coverage) / 2
        return self._last_above(1.0 - outside), self._last_above(outside)

    def _last_above(self, probability: float) -> Floats:
        """Return the largest count that is reached or passed with more than ``probability``."""
        low = np.zeros_like(self.mean)
        high = np.ceil(self.mean + 1.0)
        while bool((growing := self.tail(high) > probability).any()):
            high = np.where(growing, 2 * high, high)
        while bool((high - low > 1).any()):
            middle = np.floor((low + high) / 2)
            is_above = self.tail(middle) > probability
            low = np.where(is_above, middle, low)
            high = np.where(is_above, high, np.maximum(middle, low + 1))
        return low


def expected(
    past: Past,
    design: Design,
    options: BaselineOptions | None = None,
    clumping: Clumping | None = None,
) -> Baseline:
    """Return what to expect on the day that ``design.today`` describes.

    A series' answer depends on its own past and on ``clumping`` only, not on its company.
    """
    clumping = clumping or Clumping()
    parts, is_plain = _parts(past, design, options or BaselineOptions())
    level = _typical(parts.fitted, (past.exposure > 0).astype(np.float64))
    share = posterior(parts.evidence, clumping.at(level))
    size = predictive_size(level, parts.log_variance)
    method = np.where(is_plain, Method.RATE.value, Method.REGRESSION.value)
    return Baseline(parts.mean, size, share, method, parts.fitted)


def roughly(total: Floats, exposure: Floats, today: Floats, clumping: Clumping) -> Baseline:
    """Return what to expect by the plain rate, without looking at single days.

    For the many series that cannot be a spike today but were tested all the same.

    Args:
        total: Contacts in the past, shape ``(n,)``.
        exposure: Exposure of the past altogether, shape ``(n,)``.
        today: Exposure of the day, shape ``(n,)``.
        clumping: How much the counts clump.
    """
    rate = (total + 0.5) / np.maximum(exposure, 1e-9)
    mean = np.maximum(rate * today, 1e-9)
    log_variance = np.log1p((1.0 + EXCESS) / (total[:, None] + 0.5))
    method = np.full(len(total), Method.RATE.value)
    share = clumping.at(mean)
    return Baseline(mean, predictive_size(mean, log_variance), share, method, mean[:, None])


def learn_clumping(past: Past, design: Design, options: BaselineOptions | None = None) -> Clumping:
    """Learn from many series together how counts clump."""
    parts, _ = _parts(past, design, options or BaselineOptions())
    level = _typical(parts.fitted, (past.exposure > 0).astype(np.float64))
    return Clumping.learned(parts.evidence, level)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    mean: Floats
    log_variance: Floats
    evidence: Floats
    fitted: Floats


def _parts(
    past: Past, design: Design, options: BaselineOptions
) -> tuple[_Parts, NDArray[np.bool_]]:
    is_open = past.exposure > 0
    is_plain = (is_open.sum(axis=1) < SHORT) | ((is_open * past.counts).sum(axis=1) < RARE)
    shape = (len(is_plain), len(EXCESS))
    whole = _Parts(
        np.zeros(len(is_plain)), np.zeros(shape), np.zeros(shape), np.zeros(past.counts.shape)
    )
    for rows, model in ((is_plain, _by_rate), (~is_plain, _by_regression)):
        if rows.any():
            chosen = np.flatnonzero(rows)
            part = model(past.of(chosen), design.of(chosen), options)
            whole.mean[rows], whole.log_variance[rows] = part.mean, part.log_variance
            whole.evidence[rows], whole.fitted[rows] = part.evidence, part.fitted
    return whole, is_plain


def _observed(past: Past) -> Observed:
    is_open = past.exposure > 0
    return Observed(
        past.counts.astype(np.float64),
        np.log(np.where(is_open, past.exposure, 1.0)),
        is_open.astype(np.float64),
    )


def _typical(fitted: Floats, weights: Floats) -> Floats:
    days = np.maximum(weights.sum(axis=1), 1.0)
    return np.asarray(np.maximum((weights * fitted).sum(axis=1) / days, 1e-9))


def _by_rate(past: Past, _design: Design, options: BaselineOptions) -> _Parts:
    """One rate for all days. Its posterior is a gamma of shape (contacts + 1/2)."""
    observed = _observed(past)
    guarded = observed.weights.copy()
    days = guarded.sum(axis=1)
    is_short = (days < SHORT) & (days >= 7 + GUARD)
    guarded[is_short, -GUARD:] = 0.0
    observed = Observed(observed.counts, observed.log_exposure, guarded)
    rate = observed.level()
    fitted = rate[:, None] * np.exp(observed.log_exposure)
    level = _typical(fitted, observed.weights)
    total = (observed.weights * observed.counts).sum(axis=1) + 0.5
    log_variance = np.log1p((1.0 + EXCESS) / total[:, None])
    log_variance += np.where(past.has_exposure, 0.0, options.weekday_sd**2)[:, None]
    evidence = np.column_stack([log_likelihood(observed, fitted, e / level) for e in EXCESS])
    return _Parts(rate * past.exposure_today, log_variance, evidence, fitted)


def _by_regression(past: Past, design: Design, options: BaselineOptions) -> _Parts:
    observed = _observed(past)
    if options.guard:
        observed.weights[:, -options.guard :] = 0.0
    level = np.maximum(_typical(observed.counts, observed.weights), 1e-9)
    fitted = fit(observed, design, 0.5 / level)
    excess = point_excess(_evidence(observed, fitted, design, level))
    fitted = fit(observed, design, excess / level, fitted.coefficients)
    weights = outbreak_weights(observed, fitted, design, excess / level)
    calm = Observed(observed.counts, observed.log_exposure, weights)
    fitted = fit(calm, design, excess / level, fitted.coefficients)
    evidence = _evidence(calm, fitted, design, level)
    spread = fitted.log_variance(design.today)
    mean = np.exp(fitted.log_mean(design.today) + spread / 2) * past.exposure_today
    log_variance = np.repeat(spread[:, None], len(EXCESS), axis=1)
    return _Parts(mean, log_variance, evidence, fitted.mean)


def _evidence(observed: Observed, fitted: Fit, design: Design, level: Floats) -> Floats:
    """Log likelihood of every excess, adjusted for the fitted coefficients (Cox & Reid 1987)."""
    width = design.past.shape[1]
    products = (design.past[:, :, None] * design.past[:, None, :]).reshape(-1, width * width)
    columns = []
    for excess in EXCESS:
        clump = excess / level
        weight = observed.weights * fitted.mean / (1.0 + clump[:, None] * fitted.mean)
        information = (weight @ products).reshape(-1, width, width) + design.ridge()
        _, log_determinant = np.linalg.slogdet(information)
        columns.append(log_likelihood(observed, fitted.mean, clump) - log_determinant / 2)
    return np.column_stack(columns)
