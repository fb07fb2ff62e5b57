"""The batched regression against independent solutions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import nbinom

from hotwords.regression import Design, Observed, fit, log_likelihood, outbreak_weights


def setting(seed: int = 1, series: int = 5, days: int = 40) -> tuple[Observed, Design]:
    random = np.random.default_rng(seed)
    columns = np.column_stack([np.ones(days), np.linspace(-1, 1, days)])
    exposure = random.uniform(50, 150, (series, days))
    counts = random.negative_binomial(5, 5 / (5 + 0.08 * exposure)).astype(np.float64)
    observed = Observed(counts, np.log(exposure), np.ones_like(counts))
    return observed, Design(columns, np.array([1.0, 1.05]), np.array([0.25, 4.0]))


def test_the_fit_is_the_maximum_of_the_penalised_likelihood() -> None:
    observed, design = setting()
    dispersion = np.full(5, 0.2)
    fitted = fit(observed, design, dispersion)
    anchor = np.log(observed.level())
    for row in range(5):

        def loss(beta: np.ndarray, row: int = row) -> float:
            mean = np.exp(design.past @ beta + observed.log_exposure[row])
            likelihood = nbinom.logpmf(observed.counts[row], 5.0, 5.0 / (5.0 + mean)).sum()
            away = beta - np.array([anchor[row], 0.0])
            return float(-likelihood + 0.5 * (design.precision * away**2).sum())

        best = minimize(loss, np.array([anchor[row], 0.0]), method="BFGS")
        assert fitted.coefficients[row] == pytest.approx(best.x, abs=1e-4)


def test_the_likelihood_is_the_negative_binomials() -> None:
    observed, design = setting()
    mean = fit(observed, design, np.full(5, 0.2)).mean
    whole = nbinom.logpmf(observed.counts, 5.0, 5.0 / (5.0 + mean)).sum(axis=1)
    reference = whole + gammaln(observed.counts + 1).sum(axis=1)
    assert log_likelihood(observed, mean, np.full(5, 0.2)) == pytest.approx(reference)


def test_series_without_events_stay_finite() -> None:
    _, design = setting()
    zeros = np.zeros((2, 40))
    fitted = fit(Observed(zeros, zeros, np.ones_like(zeros)), design, np.full(2, 1.0))
    assert bool(np.isfinite(fitted.coefficients).all())
    assert bool((fitted.mean < 0.1).all())


def test_only_a_high_day_is_turned_down() -> None:
    _, design = setting()
    counts = np.full((1, 40), 20.0)
    counts[0, 10], counts[0, 20] = 90.0, 0.0
    observed = Observed(counts, np.zeros_like(counts), np.ones_like(counts))
    dispersion = np.array([0.01])
    weights = outbreak_weights(observed, fit(observed, design, dispersion), design, dispersion)
    assert weights[0, 10] < 0.05
    assert weights[0, 20] == 1.0
    assert (weights == 1.0).sum() == 39
