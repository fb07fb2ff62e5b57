"""Detectors that spikes are compared with: as published, each written for many series at once."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, gammainc

from benchmarks._series import Alarms, Case
from hotwords.designs import yearly_design
from hotwords.regression import Design, Floats, Observed, fit

ALPHA = 0.005  # of Farrington Flexible and the regression, as in the published comparisons
LEFT_OUT = 26  # weeks before the one in question
WEEKS = 260
SEASONS = 10  # levels of the seasonal factor (noPeriods)
HALF_WINDOW = 3
POISSON = 1e-9
ORACLE_ALPHA = 0.009  # whole numbers pass it on fewer than 0.8 % of quiet periods
OUTBREAK = 2.58


def ears_c2(case: Case, period: int) -> Alarms:
    """Seven periods with a gap of two; more than three standard deviations above their mean.

    Hutwagner et al. (2003).
    """
    base = case.counts[:, period - 9 : period - 2].astype(np.float64)
    limit = base.mean(axis=1) + 3 * np.maximum(base.std(axis=1, ddof=1), 0.2)
    return np.asarray(case.counts[:, period] > limit, dtype=np.bool_)


def poisson_tail(case: Case, period: int) -> Alarms:
    """Mean of the like periods of the past (same weekday), Poisson tail."""
    like = case.counts[:, period - case.past : period][:, :: case.cycle]
    mean: Floats = np.maximum(like.mean(axis=1), 1e-9)
    observed = case.counts[:, period].astype(np.float64)
    tail = np.where(observed > 0, gammainc(np.maximum(observed, 1e-9), mean), 1.0)
    return np.asarray(tail <= ALPHA)


def oracle(case: Case, period: int) -> Alarms:
    """Knows the true mean and dispersion of the day: what no test of single days can pass."""
    assert case.mean is not None  # noqa: S101
    assert case.phi is not None  # noqa: S101
    return tail(case.counts[:, period], case.mean[:, period], case.phi[:, 0]) <= ORACLE_ALPHA


def farrington_flexible(case: Case, period: int) -> Alarms:
    """Noufaily et al. (2013): quasi-Poisson, trend, ten-level season, reweighting at 2.58.

    Five years without the last 26 weeks; negative-binomial quantile.
    """
    weeks = np.arange(-WEEKS - LEFT_OUT, -LEFT_OUT, dtype=np.float64)
    counts = case.counts[:, period - WEEKS - LEFT_OUT : period - LEFT_OUT].astype(np.float64)
    design = _seasonal_levels(weeks)
    zeros = np.zeros_like(counts)
    weights = np.ones_like(counts)
    dispersion = np.full(len(counts), POISSON)
    for last in (False, True):
        fitted = fit(Observed(counts, zeros, weights), design, dispersion)
        mean = fitted.mean
        free = weights.shape[1] - design.past.shape[1]
        phi = np.maximum((weights * (counts - mean) ** 2 / mean).sum(axis=1) / free, 1.0)
        if last:
            break
        spread = ((design.past @ fitted.covariance) * design.past).sum(axis=2)
        leverage = np.minimum(mean * spread, 0.9)
        rise = 1.5 * (counts ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
        residual = rise / np.sqrt(phi[:, None] * (1 - leverage))
        weights = np.where(residual > OUTBREAK, 1 / np.maximum(residual, 1.0) ** 2, 1.0)
        weights *= weights.shape[1] / weights.sum(axis=1, keepdims=True)
    today = np.exp(fitted.log_mean(design.today))
    return tail(case.counts[:, period], today, phi) <= ALPHA


def _seasonal_levels(weeks: Floats) -> Design:
    """Return intercept, trend, and a level for each tenth of the year but the present one."""
    distance = np.abs((weeks + 26) % 52.18 - 26)
    edges = np.linspace(HALF_WINDOW + 0.5, 52.18 - HALF_WINDOW - 0.5, SEASONS)
    level = np.where(
        distance <= HALF_WINDOW, 0, np.clip(np.digitize(weeks % 52.18, edges), 1, SEASONS - 1)
    )
    columns = np.column_stack(
        [np.ones(len(weeks)), weeks / 52.18 + 3, *np.eye(SEASONS)[level].T[1:]]
    )
    today = np.array([1.0, 3.0, *np.zeros(SEASONS - 1)])
    return Design(columns, today, np.full(columns.shape[1], 1e-3))


def seasonal_regression(case: Case, period: int) -> Alarms:
    """Negative-binomial regression on trend and two harmonics, plain estimates, plain tail."""
    counts = case.counts[:, period - WEEKS : period].astype(np.float64)
    design = yearly_design(WEEKS, per_year=case.per_year)
    design = Design(design.past, design.today, np.full(len(design.precision), 1e-3))
    observed = Observed(counts, np.zeros_like(counts), np.ones_like(counts))
    dispersion = np.full(len(counts), POISSON)
    free = counts.shape[1] - design.past.shape[1]
    fitted = fit(observed, design, dispersion)
    for _ in range(3):
        mean = fitted.mean
        # Pearson's statistic against its degrees of freedom, a step of the moment estimate.
        excess = ((counts - mean) ** 2 - mean * free / counts.shape[1]).sum(axis=1)
        dispersion = np.maximum(excess / (mean**2).sum(axis=1), 1e-6)
        fitted = fit(observed, design, dispersion, fitted.coefficients)
    today = np.exp(fitted.log_mean(design.today))
    return tail(case.counts[:, period], today, 1 + dispersion * today) <= ALPHA


def tail(observed: np.ndarray, mean: Floats, phi: Floats) -> Floats:
    """Return the chance of ``observed`` or more: negative binomial of variance ``phi mean``."""
    size = mean / np.maximum(phi - 1.0, 1e-6)
    least = observed.astype(np.float64)
    part = betainc(np.maximum(least, 1e-9), size, mean / (mean + size))
    return np.asarray(np.where(least > 0, part, 1.0))
