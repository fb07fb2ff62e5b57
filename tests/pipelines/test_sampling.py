"""Estimates from samples: right on the average, and honest about how sure."""

from __future__ import annotations

import random

import pytest

from pipelines.sampling import weighted
from warehouse.read import RuleReach


def test_what_is_missed_counts_by_how_rarely_it_was_looked_for() -> None:
    # 10 000 asked, 400 found, 90 of 100 judged right: 360 true. Of 200 heard without a finding 2
    # hold it: 1 % of 9 600 is 96 more.
    recall, present = weighted((90, 10), RuleReach(10_000, 400, 200, 2))
    assert recall is not None
    assert present is not None
    assert recall.value == pytest.approx(360 / 456)
    assert present.value == pytest.approx(456 / 10_000)
    assert recall.low < 0.65 < recall.value < recall.high


@pytest.mark.parametrize(
    ("judged", "reach"),
    [
        ((0, 0), RuleReach(10, 5, 5, 0)),
        ((5, 5), RuleReach(10, 5, 0, 0)),
        ((1, 0), RuleReach(0, 0, 0, 0)),
    ],
)
def test_without_a_sample_nothing_is_said(judged: tuple[int, int], reach: RuleReach) -> None:
    assert weighted(judged, reach) == (None, None)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """A rule with known recall, drawn two hundred times."""
    drawing = random.Random(8)
    found, true_found, without, missed = 400, 340, 9_600, 96
    truth, held, rounds = true_found / (true_found + missed), 0, 200
    for _ in range(rounds):
        right = sum(drawing.random() < true_found / found for _ in range(100))
        heard = sum(drawing.random() < missed / without for _ in range(400))
        recall, _ = weighted((right, 100 - right), RuleReach(10_000, found, 400, heard))
        held += recall is not None and recall.low <= truth <= recall.high
    assert held / rounds >= 0.92
