"""Did the fix work: known effects are measured, a fall that everybody had is not called one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from hotwords.followup import Daily, Outcome, measure_effect

FIRST = date(2025, 1, 6)
SINCE, ACTS = FIRST + timedelta(days=40), FIRST + timedelta(days=50)


def counted(during: float, after: float, *, common: float = 1.0, seed: int = 1) -> Daily:
    random = np.random.default_rng(seed)
    time = np.arange(71)
    exposure = random.poisson(np.where(time % 7 < 5, 500, 200))
    shape = np.where(time < 40, 1.0, np.where(time < 50, during, after))
    own = random.poisson(0.02 * exposure * shape * np.where(time >= 50, common, 1.0))
    control = random.poisson(0.04 * exposure * np.where(time >= 50, common, 1.0))
    return Daily(
        first=FIRST, contacts=own, exposure=exposure, control=control, control_exposure=exposure
    )


@pytest.mark.parametrize(
    ("during", "after", "common", "outcome", "effect"),
    [
        (4.0, 1.0, 1.0, Outcome.WORKED, 0.25),
        (4.0, 4.0, 1.0, Outcome.NO_EFFECT_SEEN, 1.0),
        (4.0, 4.0, 0.4, Outcome.NO_EFFECT_SEEN, 1.0),  # it fell everywhere: nobody's merit
        (2.0, 6.0, 1.0, Outcome.WORSE, 3.0),
    ],
)
def test_the_effect_is_measured_against_the_control(
    during: float, after: float, common: float, outcome: Outcome, effect: float
) -> None:
    found = measure_effect(counted(during, after, common=common), since=SINCE, acts_from=ACTS)
    assert found.outcome is outcome
    assert found.effect is not None
    assert found.effect.low <= effect <= found.effect.high
    assert found.effect.value == pytest.approx(effect, rel=0.4)
    assert found.is_controlled
    assert found.days_after == 21


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    inside = 0
    for seed in range(200):
        daily = counted(3.0, 1.5, seed=seed)
        found = measure_effect(daily, since=SINCE, acts_from=ACTS).effect
        assert found is not None
        inside += found.low <= 0.5 <= found.high
    assert 182 <= inside <= 199


def test_without_a_control_the_fall_of_all_is_taken_for_an_effect() -> None:
    daily = counted(4.0, 4.0, common=0.4)
    alone = Daily(first=FIRST, contacts=daily.contacts, exposure=daily.exposure)
    found = measure_effect(alone, since=SINCE, acts_from=ACTS)
    assert not found.is_controlled
    assert found.outcome is Outcome.WORKED


@pytest.mark.parametrize(
    ("since", "acts", "because"),
    [
        (SINCE, FIRST + timedelta(days=68), "few_days"),
        (FIRST + timedelta(days=3), ACTS, "no_before"),
        (SINCE, SINCE, "few_contacts"),
    ],
)
def test_what_cannot_be_measured_is_said_so(since: date, acts: date, because: str) -> None:
    found = measure_effect(counted(4.0, 1.0), since=since, acts_from=acts)
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.because == because
    assert found.effect is None
