"""q-values against Benjamini and Hochberg's procedure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from hotwords.discoveries import q_values

CHANCES = st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=40)


@given(CHANCES)
def test_without_a_minimum_support_it_is_benjamini_hochberg(chances: list[float]) -> None:
    p_values = np.array(chances)
    reference = false_discovery_control(p_values, method="bh")
    assert q_values(p_values, np.ones(len(chances))) == pytest.approx(reference)


@given(CHANCES, CHANCES)
def test_series_that_hardly_reach_support_cost_hardly_anything(
    chances: list[float], rare: list[float]
) -> None:
    p_values = np.array([*chances, *np.ones(len(rare))])
    attainable = np.array([*np.ones(len(chances)), *rare])
    plain = q_values(p_values, np.ones(len(p_values)))
    discrete = q_values(p_values, attainable)
    alone = q_values(np.array(chances), np.ones(len(chances)))
    assert bool((discrete <= plain + 1e-12).all())
    assert bool((discrete[: len(chances)] >= alone - 1e-12).all())


def test_untested_series_are_no_discoveries() -> None:
    p_values = np.array([0.3, *np.ones(1000)])
    attainable = np.array([1.0, *np.full(1000, 1e-6)])
    found = q_values(p_values, attainable)
    assert found[0] == pytest.approx(0.301)
    assert bool((found[1:] == 1.0).all())


def test_a_worked_example() -> None:
    p_values = np.array([0.001, 1.0, 0.02, 1.0])
    attainable = np.array([1.0, 0.0005, 0.5, 0.0])
    found = q_values(p_values, attainable)
    assert found[0] == pytest.approx(0.001 + 0.0005 + 0.001)
    assert found[2] == pytest.approx((0.02 + 0.0005 + 0.02) / 2)
    assert found[1] <= 1.0
