"""Exact intervals, what is too little to say, and which rules become hints."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy.stats import binomtest

from detectors.evidence import Severity
from pipelines.known_error import LEAST, known_error, share
from pipelines.standings import LEAST_SCORES, mean_interval
from pipelines.triage import HINT_WEIGHT, WEIGHTS, rank
from warehouse.read import Judgement, RankingFinding


@pytest.mark.parametrize(
    ("count", "of"), [(0, 1), (1, 1), (0, 10), (5, 10), (10, 10), (3, 40), (199, 200), (1, 5_000)]
)
def test_the_interval_is_clopper_and_pearsons(count: int, of: int) -> None:
    known = binomtest(count, of).proportion_ci(0.95, method="exact")
    one = share(count, of)
    assert (one.low, one.high) == (pytest.approx(known.low), pytest.approx(known.high))
    assert one.value == count / of


def test_a_share_of_nothing_is_no_figure() -> None:
    assert (share(0, 0).value, share(0, 0).low, share(0, 0).high) == (None, 0.0, 1.0)
    assert [share(1, n).is_small for n in (LEAST - 1, LEAST)] == [True, False]


@pytest.mark.parametrize(
    ("confirmed", "rejected", "asked", "is_hint"),
    [
        (0, LEAST - 1, 0.5, False),  # too few to say, however bad
        (0, LEAST, 0.5, True),
        (2, 10, 0.5, True),  # upper end 0.484
        (3, 10, 0.5, False),  # 0.538
        (3, 10, 0.6, True),
        (9, 1, 0.9, False),
        (0, 50, 0.0, False),  # nothing is asked
        (50, 0, 1.0, False),
    ],
)
def test_a_rule_is_a_hint_where_even_the_upper_end_is_too_low(
    *, confirmed: int, rejected: int, asked: float, is_hint: bool
) -> None:
    judged = Judgement(rule_id="r", rule_version="1", confirmed=confirmed, rejected=rejected)
    assert known_error("r", "1", judged, asked).is_hint is is_hint


def test_a_hint_weighs_less_than_any_alert_and_is_named_after_them() -> None:
    found = [
        RankingFinding("a", "f1", "bad", Severity.CRITICAL, 1.0),
        RankingFinding("a", "f2", "good", Severity.MINOR, 1.0),
        RankingFinding("b", "f3", "good", Severity.MINOR, 1.0),
        RankingFinding("c", "f4", "bad", Severity.CRITICAL, 1.0),
    ]
    found += [
        replace(one, finding_id=f"m{i}", rule_id=f"also-{i}") for i, one in enumerate(found[1:3])
    ]
    entries = rank(found, ["a", "b", "c"], control_share=0, demoted={"bad"})
    assert [entry.interaction_id for entry in entries] == ["a", "b"]  # a hint alone lists nobody
    assert entries[0].rules == ("also-0", "good", "bad")
    hint = 1 - (1 - entries[0].risk) / (1 - entries[1].risk)
    assert hint == pytest.approx(HINT_WEIGHT, abs=1e-6)
    assert WEIGHTS[Severity.MINOR] >= 5 * HINT_WEIGHT


def test_the_mean_of_scores_has_students_interval() -> None:
    # Five values, mean 70, s = 15.81; t(4, 0.975) = 2.776.
    low, high = mean_interval([50.0, 60.0, 70.0, 80.0, 90.0]) or (0, 0)
    assert (low, high) == (pytest.approx(50.37, abs=0.01), pytest.approx(89.63, abs=0.01))
    assert mean_interval([50.0] * (LEAST_SCORES - 1)) is None
    assert mean_interval([100.0] * 4 + [20.0])[1] == 100.0
