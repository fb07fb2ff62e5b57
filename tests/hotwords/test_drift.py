"""Unlike its peers: real differences are told, noise is not ranked, too few is said."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from hotwords.drift import Measured, Verdict, drifts, outliers

SINCE = date(2026, 3, 1)


def centre(agents: int, each: int, *, seed: int, moved: dict[int, float]) -> list[Measured]:
    """Two queues, one of them harder from SINCE on; ``moved`` agents change by so much."""
    random = np.random.default_rng(seed)
    rows = []
    for agent in range(agents):
        for n in range(2 * each):
            is_recent = n >= each
            queue = "hard" if random.random() < agent / agents else "easy"
            mean = (
                60 + (20 if queue == "hard" else 0) + (30 if queue == "hard" and is_recent else 0)
            )
            mean += moved.get(agent, 0.0) * is_recent
            rows.append(
                Measured(
                    interaction_id=f"{agent}-{n}",
                    group=f"agent{agent:02}",
                    peers=(queue,),
                    day=SINCE + timedelta(days=5 if is_recent else -20),
                    value=float(random.normal(mean, 15)),
                )
            )
    return rows


def test_a_drift_is_found_and_a_hard_queue_is_nobodys() -> None:
    found = {d.group: d for d in drifts(centre(20, 60, seed=1, moved={3: 15.0}), SINCE)}
    assert [g for g, d in found.items() if d.verdict is Verdict.DRIFTED] == ["agent03"]
    one = found["agent03"]
    assert one.change == pytest.approx(15, abs=6)
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.change < one.high
    assert one.low > 0


def test_noise_is_not_ranked() -> None:
    told = sum(
        d.verdict is Verdict.DRIFTED
        for seed in range(40)
        for d in drifts(centre(20, 30, seed=seed, moved={}), SINCE)
    )
    assert told <= 4  # at 5 % a centre


def test_too_few_is_said() -> None:
    (first, *_) = drifts(centre(3, 10, seed=1, moved={0: 90.0}), SINCE)
    assert first.verdict is Verdict.TOO_FEW
    assert (first.recent, first.before, first.change) == (10, 10, None)
    assert drifts([], SINCE) == []


def test_an_interaction_unlike_its_peers_is_found() -> None:
    rows = centre(4, 40, seed=2, moved={})
    odd = Measured(interaction_id="odd", group="x", peers=("easy",), day=SINCE, value=600.0)
    alone = Measured(interaction_id="alone", group="x", peers=("rare",), day=SINCE, value=9e9)
    found = outliers([*rows, odd, alone])
    assert found[0].interaction_id == "odd"
    assert found[0].z > 10
    assert found[0].median == pytest.approx(60, abs=5)
    assert len(found) <= 3
    same = [
        Measured(interaction_id=str(i), group="", peers=(), day=SINCE, value=0) for i in range(40)
    ]
    assert outliers(same) == []
