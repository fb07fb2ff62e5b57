"""Slow drifts: growth that is no spike is found, noise and one loud week are not."""

from __future__ import annotations

import numpy as np
import pytest

from hotwords.counts import EVERYTHING, Kind
from hotwords.slow import WEEKS, SlowDrift, Weekly, slow_drifts


def drifting(growth: dict[int, float], *, seed: int, series: int = 300) -> Weekly:
    """Clumped weekly counts of 40 a week out of 2 000; ``growth`` a week of some."""
    random = np.random.default_rng(seed)
    exposure = np.tile(random.poisson(2000, WEEKS), (series, 1))
    rate = np.full((series, WEEKS), 0.02)
    for row, each in growth.items():
        rate[row] *= each ** (np.arange(WEEKS) - WEEKS / 2)
    clumps = random.gamma(100, 1 / 100, (series, WEEKS))
    contacts = random.poisson(rate * exposure * clumps)
    keys = [(Kind.TERM, EVERYTHING, f"w{n:03}") for n in range(series)]
    return Weekly(keys=keys, contacts=contacts, exposure=exposure)


def named(found: list[SlowDrift]) -> set[str]:
    return {one.key[2] for one in found}


def test_what_grows_or_falls_steadily_is_found_with_its_size() -> None:
    found = slow_drifts(drifting({0: 1.12, 1: 0.88}, seed=1))
    assert {"w000", "w001"} <= named(found)
    assert len(found) <= 3
    up = next(one for one in found if one.key[2] == "w000")
    assert up.in_four_weeks.low < 1.12**4 < up.in_four_weeks.high
    assert up.in_four_weeks.low > 1
    assert len(up.contacts) == WEEKS


def test_quiet_series_do_not_drift() -> None:
    false = sum(bool(slow_drifts(drifting({}, seed=seed))) for seed in range(40))
    assert false <= 5  # at a false-discovery rate of 5 %, 2 centres in 40 and some


def test_one_loud_week_is_no_drift() -> None:
    weekly = drifting({}, seed=3)
    weekly.contacts[5, -1] *= 8
    assert "w005" not in named(slow_drifts(weekly))


@pytest.mark.parametrize("weeks", [2, 5])
def test_few_weeks_or_contacts_say_nothing(weeks: int) -> None:
    weekly = drifting({0: 1.5}, seed=4)
    weekly.exposure[:, :-weeks] = 0
    weekly.contacts[:, :-weeks] = 0
    assert slow_drifts(weekly) == []
    few = Weekly(keys=weekly.keys[:1], contacts=np.full((1, WEEKS), 1), exposure=weekly.exposure)
    assert slow_drifts(few) == []
