"""Probabilities that keep their word: Platt's calibration, and its error."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.mood.calibration import (
    calibrated,
    calibration_error,
    cross_calibrated,
    parts_by_risk,
)


def drawn(count: int, *, slope: float, intercept: float) -> tuple[list[float], list[bool]]:
    rng = np.random.default_rng(7)
    scores = rng.normal(0, 2, count)
    true = 1 / (1 + np.exp(-(slope * scores + intercept)))
    return scores.tolist(), (rng.random(count) < true).tolist()


def test_what_made_the_labels_is_found_again() -> None:
    found = calibrated(*drawn(20_000, slope=0.7, intercept=-1.5))
    assert (found.slope, found.intercept) == (
        pytest.approx(0.7, abs=0.05),
        pytest.approx(-1.5, abs=0.05),
    )
    assert found.logit(2.0) == pytest.approx(-0.1, abs=0.1)


def test_a_score_that_tells_nothing_becomes_the_base_rate() -> None:
    scores, labels = [0.0, 1.0] * 50, [False, False, False, True] * 25
    found = calibrated([-one for one in scores], labels)
    assert found.slope == 0.0
    assert 1 / (1 + np.exp(-found.intercept)) == pytest.approx(0.25, abs=0.01)


def test_few_cases_are_never_sure() -> None:
    found = calibrated([-1.0, -1.0, 1.0, 1.0], [False, False, True, True])
    assert 1 / (1 + np.exp(-found.logit(1.0))) == pytest.approx(0.75, abs=0.01)


def test_calibrating_lowers_the_error_on_cases_not_seen() -> None:
    scores, labels = drawn(3_000, slope=0.5, intercept=-2.0)
    raw = (1 / (1 + np.exp(-np.array(scores)))).tolist()
    told = cross_calibrated(scores, labels, [n % 5 for n in range(3_000)])
    assert calibration_error(told, labels) < 0.03
    assert calibration_error(raw, labels) > 0.2


def test_the_error_is_that_of_ten_equal_parts() -> None:
    risks, labels = [0.0] * 10 + [1.0] * 10, [False] * 10 + [True] * 5 + [False] * 5
    assert sum(size for _, _, size in parts_by_risk(risks, labels)) == 20
    assert calibration_error(risks, labels) == pytest.approx(0.25)
