"""The two models of a past: one rate for all days, and the regression on calendar and trend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotwords.clumping import EXCESS, point_excess
from hotwords.past import BaselineOptions, Past
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
GUARD = 2  # days left out before today where the past is short (EARS C2: Hutwagner et al. 2003)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Of each series and run: mean, variance of its log per excess, evenness of its days."""

    mean: Floats
    log_variance: Floats
    evenness: Floats
    evidence: Floats
    fitted: Floats


def is_plain_rate(past: Past) -> NDArray[np.bool_]:
    """Return which series have too few days or contacts for a regression, shape ``(n,)``."""
    is_open = past.exposure > 0
    few = (is_open * past.counts).sum(axis=1) < RARE
    return np.asarray((is_open.sum(axis=1) < SHORT) | few)


def fitted_parts(
    past: Past, design: Design, options: BaselineOptions
) -> tuple[Parts, NDArray[np.bool_]]:
    """Fit each series by the model that suits it; return also which ones have the plain rate."""
    is_plain = is_plain_rate(past)
    series, runs, parts = len(is_plain), len(options.runs), len(EXCESS)
    whole = Parts(
        mean=np.zeros((series, runs)),
        log_variance=np.zeros((series, runs, parts)),
        evenness=np.ones((series, runs)),
        evidence=np.zeros((series, parts)),
        fitted=np.zeros(past.counts.shape),
    )
    for rows, model in ((is_plain, _by_rate), (~is_plain, _by_regression)):
        if rows.any():
            chosen = np.flatnonzero(rows)
            part = model(past.of(chosen), design.of(chosen), options)
            for name in ("mean", "log_variance", "evenness", "evidence", "fitted"):
                getattr(whole, name)[rows] = getattr(part, name)
    return whole, is_plain


def _observed(past: Past) -> Observed:
    is_open = past.exposure > 0
    return Observed(
        past.counts.astype(np.float64),
        np.log(np.where(is_open, past.exposure, 1.0)),
        is_open.astype(np.float64),
    )


def guarded(past: Past, options: BaselineOptions) -> Observed:
    """Return what was counted, without the days that may belong to a rise of today."""
    observed = _observed(past)
    if options.guard:
        observed.weights[:, -options.guard :] = 0.0
    return observed


def typical(fitted: Floats, weights: Floats) -> Floats:
    """Return the mean contacts of a day, shape ``(n,)``; never 0."""
    days = np.maximum(weights.sum(axis=1), 1.0)
    return np.asarray(np.maximum((weights * fitted).sum(axis=1) / days, 1e-9))


def _daily(past: Past, fitted: Floats, today: Floats) -> Floats:
    """Return what is expected of every day, today's last; a closed day has nothing to expect."""
    return np.column_stack([np.where(past.exposure > 0, fitted, 0.0), today])


def _together(daily: Floats, runs: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return the sums over the last days of each run, and how evenly they lie, ``(n, runs)``."""
    total = np.column_stack([daily[:, -run:].sum(axis=1) for run in runs])
    squares = np.column_stack([(daily[:, -run:] ** 2).sum(axis=1) for run in runs])
    return total, np.where(total > 0, squares / np.maximum(total, 1e-100) ** 2, 1.0)


def _by_rate(past: Past, _design: Design, options: BaselineOptions) -> Parts:
    """One rate for all days. Its posterior is a gamma of shape (contacts + 1/2)."""
    observed = _observed(past)
    days = observed.weights.sum(axis=1)
    is_short = (days < SHORT) & (days >= 7 + GUARD)
    observed.weights[is_short, -GUARD:] = 0.0
    rate = observed.level()
    fitted = rate[:, None] * np.exp(observed.log_exposure)
    level = typical(fitted, observed.weights)
    total = (observed.weights * observed.counts).sum(axis=1) + 0.5
    log_variance = np.log1p((1.0 + EXCESS) / total[:, None])
    log_variance += np.where(past.has_exposure, 0.0, options.weekday_sd**2)[:, None]
    evidence = np.column_stack([log_likelihood(observed, fitted, e / level) for e in EXCESS])
    mean, evenness = _together(_daily(past, fitted, rate * past.exposure_today), options.runs)
    spread = np.repeat(log_variance[:, None, :], len(options.runs), axis=1)
    return Parts(mean, spread, evenness, evidence, fitted)


def _by_regression(past: Past, design: Design, options: BaselineOptions) -> Parts:
    observed = guarded(past, options)
    level = np.maximum(typical(observed.counts, observed.weights), 1e-9)
    fitted = fit(observed, design, 0.5 / level)
    excess = point_excess(_evidence(observed, fitted, design, level))
    fitted = fit(observed, design, excess / level, fitted.coefficients)
    weights = outbreak_weights(observed, fitted, design, excess / level)
    calm = Observed(observed.counts, observed.log_exposure, weights)
    fitted = fit(calm, design, excess / level, fitted.coefficients)
    evidence = _evidence(calm, fitted, design, level)
    today = np.exp(fitted.log_mean(design.today)) * past.exposure_today
    daily = _daily(past, fitted.mean, today)
    total, evenness = _together(daily, options.runs)
    columns = np.vstack([design.past, design.today])
    spreads = np.column_stack([_spread(fitted, daily, columns, run) for run in options.runs])
    log_variance = np.repeat(spreads[:, :, None], len(EXCESS), axis=2)
    return Parts(total * np.exp(spreads / 2), log_variance, evenness, evidence, fitted.mean)


def _spread(fitted: Fit, daily: Floats, columns: Floats, run: int) -> Floats:
    """Return the variance of the log of a run's expected sum (delta method), shape ``(n,)``."""
    days = daily[:, -run:]
    share = days / np.maximum(days.sum(axis=1, keepdims=True), 1e-300)
    return fitted.log_variance(share @ columns[-run:])


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
