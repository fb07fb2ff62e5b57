"""One p-value for a day and the days before it."""

from __future__ import annotations

import numpy as np
import pytest

from hotwords.baseline import expected_runs
from hotwords.effects import learned_effects
from hotwords.past import BaselineOptions, Past
from hotwords.regression import Design, Observed
from hotwords.surprise import combined, surprise


@pytest.mark.parametrize(
    ("p_values", "expected"),
    [([0.01], 0.01), ([0.3, 0.3], 0.3), ([1e-12, 1.0], 2e-12), ([0.02, 1.0], 0.04)],
)
def test_combined_p_values(p_values: list[float], expected: float) -> None:
    assert combined(np.array([p_values]))[0] == pytest.approx(expected, rel=1e-3)


def test_combined_p_values_hold_their_level_whatever_the_dependence() -> None:
    random = np.random.default_rng(1)
    common = random.normal(size=(200_000, 1))
    for share in (0.0, 0.7, 1.0):
        one = random.normal(size=(200_000, 3))
        values = np.sqrt(share) * common + np.sqrt(1 - share) * one
        order = values.argsort(axis=0).argsort(axis=0)
        p_values = (order + 0.5) / 200_000
        assert (combined(p_values) <= 0.01).mean() == pytest.approx(0.01, rel=0.15)


def test_a_rise_that_is_over_is_no_news() -> None:
    counts = np.full((1, 56), 20)
    counts[0, 53:] = 60
    ones = np.ones((1, 56))
    past = Past(counts, ones, ones[:, 0], np.zeros(1, dtype=np.bool_))
    days = np.column_stack([np.ones(57)])
    design = Design(days[:-1], days[-1], np.array([0.25]))
    options = BaselineOptions()
    usual = expected_runs(past, design, options)
    over = surprise(usual, past, np.array([20]), options.runs)
    still = surprise(usual, past, np.array([40]), options.runs)
    assert over.p_value[0] == 1.0
    assert still.p_value[0] < 1e-4
    assert still.observed[0].tolist() == [40, 100, 160, 240]
    assert still.expected[0] == pytest.approx(20 * np.array(options.runs), rel=0.03)


def test_effects_are_learned_from_many_series() -> None:
    random = np.random.default_rng(3)
    column = np.tile([0.0, 1.0], 28)
    true = random.normal(0.5, 0.2, (400, 1))
    counts = random.poisson(20 * np.exp(true * column)).astype(np.float64)
    design = Design(
        np.column_stack([np.ones(56), column]), np.array([1.0, 1.0]), np.array([0.25, 1.0])
    )
    observed = Observed(counts, np.zeros_like(counts), np.ones_like(counts))
    effects = learned_effects(observed, design, np.zeros(400, dtype=np.bool_))
    assert effects.centre[0, 1] == pytest.approx(0.5, abs=0.05)
    assert effects.precision[0, 1] ** -0.5 == pytest.approx(0.2, abs=0.05)
    assert effects.is_learned.tolist() == [True, False]
    kept = effects.on(design, np.array([True]))
    assert kept.precision[0].tolist() == [0.25, 1.0]
