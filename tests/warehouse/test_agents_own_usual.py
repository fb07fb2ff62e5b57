"""An agent's calls against the agent's own history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.evidence import Measure
from interactions.sound import Party
from warehouse.rows import inspection_tables, interaction_tables

SPEEDS = (200.0, 210.0, 220.0, 230.0, 240.0, 250.0, 260.0, 270.0, 280.0, 500.0)


@pytest.fixture
def kept(build, keep, store):
    calls = [replace(build.call(n), agent="a1") for n in range(len(SPEEDS))]
    few = [replace(build.call(n), agent="a2") for n in range(20, 23)]
    keep(interaction_tables([*calls, *few]))
    told = zip([*calls, *few], [*SPEEDS, 100.0, 200.0, 300.0], strict=True)
    keep(
        inspection_tables(
            [
                replace(
                    build.inspection(call.interaction_id),
                    measures=tuple(
                        Measure(
                            interaction_id=call.interaction_id,
                            name="speaking_speed",
                            party=party,
                            value=value if party is Party.AGENT else 1.0,
                            unit="characters or words/min",
                        )
                        for party in (Party.AGENT, Party.CUSTOMER)
                    ),
                )
                for call, value in told
            ],
            rules=(build.apology, build.shout),
        )
    )
    return store


def test_deviations_are_robust_and_need_a_history(kept) -> None:
    with kept.snapshot() as look:
        rows = look.rows(
            "SELECT agent, value, usual, spread, calls, deviations FROM agents_own_usual "
            "ORDER BY agent, value"
        )
    mine, few = [r for r in rows if r[0] == "a1"], [r for r in rows if r[0] == "a2"]
    assert [r[1] for r in mine] == list(SPEEDS)
    assert {(r[2], r[4]) for r in mine} == {(245.0, 10)}
    assert {round(r[3], 4) for r in mine} == {round(1.4826 * 25, 4)}
    assert mine[-1][5] == pytest.approx(255 / (1.4826 * 25))
    assert mine[4][5] == pytest.approx(-5 / (1.4826 * 25))
    assert [(r[2], r[4], r[5]) for r in few] == [(200.0, 3, None)] * 3
