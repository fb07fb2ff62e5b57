"""Baselines: what to expect, and how sure that is."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from hotwords.baseline import Method, expected, learn
from hotwords.clumping import EXCESS, PRIOR, Clumping
from hotwords.designs import daily_design, yearly_design
from hotwords.past import BaselineOptions, Past

MONDAY = date(2025, 3, 3)
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.4, 0.3])


def plain(counts: NDArray[np.int64]) -> Past:
    ones = np.ones(counts.shape)
    return Past(counts, ones, ones[:, 0], np.zeros(len(counts), dtype=np.bool_))


def share(counts: NDArray[np.int64], exposure: NDArray[np.float64], today: float) -> Past:
    whole = np.broadcast_to(exposure, counts.shape).astype(np.float64)
    return Past(counts, whole, np.full(len(counts), today), np.ones(len(counts), dtype=np.bool_))


def weekly(level: float, days: int, series: int = 1, seed: int = 1) -> NDArray[np.int64]:
    """Daily counts with a weekday effect, up to the day before MONDAY."""
    random = np.random.default_rng(seed)
    weekday = [(MONDAY - timedelta(days=back)).weekday() for back in range(days, 0, -1)]
    return random.poisson(level * WEEK[weekday], (series, days))


@pytest.mark.parametrize("day", range(7))
def test_the_weekday_is_expected(day: int) -> None:
    days = 56
    today = MONDAY + timedelta(days=day)
    weekday = [(today - timedelta(days=back)).weekday() for back in range(days, 0, -1)]
    past = plain(np.random.default_rng(day).poisson(100 * WEEK[weekday], (20, days)))
    baseline = expected(past, daily_design(today, past, BaselineOptions()))
    assert np.median(baseline.mean) == pytest.approx(100 * WEEK[today.weekday()], rel=0.12)
    assert set(baseline.method) == {Method.REGRESSION.value}


def test_the_trend_is_followed() -> None:
    growth = np.exp(np.arange(-56, 0) / 28 * 0.4)
    past = plain(np.random.default_rng(3).poisson(200 * growth, (30, 56)))
    baseline = expected(past, daily_design(MONDAY, past, BaselineOptions()))
    assert np.median(baseline.mean) == pytest.approx(200, rel=0.07)
    assert np.median(past.counts.mean(axis=1)) < 150


def test_an_earlier_outbreak_teaches_little() -> None:
    quiet = weekly(30, 56, series=20)
    loud = quiet.copy()
    loud[:, 40:42] += 200
    past, calm = plain(loud), plain(quiet)
    design = daily_design(MONDAY, past, BaselineOptions())
    with_outbreak, without = expected(past, design), expected(calm, design)
    naive = loud.mean() / quiet.mean()
    assert np.median(with_outbreak.mean / without.mean) < 1 + (naive - 1) / 2
    assert bool((with_outbreak.tail(np.full(20, 130)) < 0.001).all())


def test_exposure_carries_a_busy_day() -> None:
    random = np.random.default_rng(5)
    exposure = random.poisson(1000 * np.tile(WEEK, 8)).astype(np.float64)
    counts = random.poisson(0.05 * exposure, (20, 56))
    past = share(counts, exposure, today=4000.0)
    baseline = expected(past, daily_design(MONDAY, past, BaselineOptions()))
    assert np.median(baseline.mean) == pytest.approx(200, rel=0.15)


def test_a_closed_day_teaches_nothing() -> None:
    exposure = np.full(56, 100.0)
    counts = np.random.default_rng(7).poisson(20.0, (10, 56))
    closed, holes = counts.copy(), exposure.copy()
    closed[:, 10:20], holes[10:20] = 0, 0.0
    past = share(closed, holes, today=100.0)
    baseline = expected(past, daily_design(MONDAY, past, BaselineOptions()))
    assert np.median(baseline.mean) == pytest.approx(20, rel=0.15)


def test_a_rare_term_and_a_short_past_use_the_rate() -> None:
    rare = np.zeros((1, 56), dtype=np.int64)
    rare[0, 3] = 1
    past = share(rare, np.full(56, 100.0), today=100.0)
    baseline = expected(past, daily_design(MONDAY, past, BaselineOptions()))
    assert baseline.method[0] == Method.RATE.value
    assert baseline.mean[0] == pytest.approx(1.5 / 56)
    assert baseline.tail(np.array([8]))[0] < 1e-3
    short = share(np.full((1, 10), 4), np.full(10, 100.0), today=100.0)
    baseline = expected(short, daily_design(MONDAY, short, BaselineOptions()))
    assert baseline.method[0] == Method.RATE.value
    assert baseline.mean[0] == pytest.approx(4, rel=0.05)


def test_the_two_last_days_of_a_short_past_are_left_out() -> None:
    counts = np.array([[4, 4, 4, 4, 4, 4, 4, 4, 90, 90]])
    past = share(counts, np.full(10, 100.0), today=100.0)
    baseline = expected(past, daily_design(MONDAY, past, BaselineOptions()))
    assert baseline.mean[0] == pytest.approx(32.5 / 8)


def test_tail_and_interval_agree() -> None:
    past = plain(weekly(12, 56, series=50))
    baseline = expected(past, daily_design(MONDAY, past, BaselineOptions()))
    low, high = baseline.interval(0.95)
    assert bool((baseline.tail(high + 1) <= 0.025).all())
    assert bool((baseline.tail(high) > 0.025).all())
    assert bool((1 - baseline.tail(low) < 0.025).all())
    assert bool((low <= baseline.mean).all())
    assert bool((baseline.mean <= high).all())
    assert baseline.tail(np.zeros(50)) == pytest.approx(1.0)


def test_p_values_are_honest_on_quiet_days() -> None:
    random = np.random.default_rng(11)
    level = np.exp(random.uniform(0, 4, (2000, 1)))
    size = level / random.uniform(0.1, 2.0, (2000, 1))
    counts = random.negative_binomial(size, size / (size + level), (2000, 57))
    past = plain(counts[:, :-1])
    baseline = expected(past, daily_design(MONDAY, past, BaselineOptions()))
    p_values = baseline.tail(counts[:, -1])
    for level_of_test in (0.01, 0.05, 0.2):
        assert (p_values <= level_of_test).mean() <= 1.25 * level_of_test


def test_a_series_is_judged_by_its_own_past_not_its_company() -> None:
    past = plain(weekly(9, 56, series=40))
    whole = expected(past, daily_design(MONDAY, past, BaselineOptions()))
    alone = past.of(np.array([7]))
    single = expected(alone, daily_design(MONDAY, alone, BaselineOptions()))
    assert single.mean[0] == pytest.approx(whole.mean[7], rel=1e-4)


def test_clumping_is_learned_from_many_series() -> None:
    random = np.random.default_rng(13)
    clumps = random.negative_binomial(0.1, 0.1 / 1.1, (600, 56))  # excess 10 at a mean of 1
    even = random.poisson(0.7, (600, 56))
    options = BaselineOptions()
    means = []
    for counts in (clumps, even):
        past = plain(counts)
        learned = learn(past, daily_design(MONDAY, past, options), options).clumping
        means.append(float(np.exp(learned.at(np.array([0.7]))[0] @ np.log(EXCESS))))
    assert means[0] > 2.0
    assert means[1] < 0.2
    few = plain(even[:50])
    kept = learn(few, daily_design(MONDAY, few, options), options).clumping
    assert np.allclose(kept.prior, PRIOR)
    assert np.allclose(Clumping().prior.sum(axis=1), 1.0)


def test_a_yearly_season_is_expected() -> None:
    weeks = np.arange(-260, 1)
    season = 20 * np.exp(0.6 * np.cos(2 * np.pi * weeks / 52.18))
    past = plain(np.random.default_rng(17).poisson(season[:-1], (10, 260)))
    baseline = expected(past, yearly_design(260, per_year=52.18))
    assert np.median(baseline.mean) == pytest.approx(season[-1], rel=0.08)
