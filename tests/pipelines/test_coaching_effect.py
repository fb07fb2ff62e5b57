"""Whether coaching changed anything: told where it did, and not told where it did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from detectors.evidence import Evidence, Finding, Inspection, Severity
from interactions.interaction import Channel, Interaction, Language
from pipelines.coaching import Effect, difference, effect
from warehouse.read import HitRate
from warehouse.rows import inspection_tables, interaction_tables
from warehouse.said import CoachingTask
from warehouse.spool import Spool
from warehouse.store import open_warehouse

AT = datetime(2026, 3, 30, tzinfo=UTC)
CALLS = 120  # of each agent before, and as many after


@dataclass(frozen=True)
class Rule:
    rule_id: str = "no_apology"
    rule_version: str = "1-aaaaaaaa"
    severity: Severity = Severity.MAJOR
    title: Mapping[str, str] = field(default_factory=dict)


def calls(agent: str, team: str, before: int, after: int) -> Iterator[tuple[Interaction, bool]]:
    """Yield an agent's calls with whether they have a finding: so many of a hundred and twenty."""
    for side, hits in ((-1, before), (1, after)):
        for n in range(CALLS):
            # half an hour off the moment itself, spread over twenty-five days
            at = AT + side * timedelta(minutes=30 + n * 300)
            name = f"{agent}-{side}-{n}"
            yield (
                Interaction(
                    interaction_id=name, channel=Channel.VOICE, started_at=at, duration_ms=60_000,
                    source=name, content_hash=name, language=Language.ZH, agent=agent, team=team,
                ),
                n < hits,
            )  # fmt: skip


def inspected(one: Interaction, *, is_found: bool) -> Inspection:
    found = Finding(
        interaction_id=one.interaction_id, rule_id="no_apology", rule_version="1-aaaaaaaa",
        severity=Severity.MAJOR, engine="e", evidence=(Evidence(0, 10, "phrase"),),
    )  # fmt: skip
    findings = (found,) if is_found else ()
    return Inspection(interaction_id=one.interaction_id, plan="p", engine="e", findings=findings)


def measured(folder: Path, agent: str) -> Effect:
    """Return the effect on one of three agents who were coached at the same time.

    Everybody but the second agent of the north makes fewer mistakes in the second month; the first
    one so much so that it is not the month.
    """
    every = [
        *calls("planted", "north", 60, 12),
        *calls("none", "north", 60, 36),
        *calls("other-1", "north", 60, 36),
        *calls("other-2", "north", 48, 24),
        *calls("elsewhere", "south", 0, 120),  # another team is no comparison
    ]
    spool = Spool(folder / "spool")
    with open_warehouse(folder / "w.duckdb") as warehouse:
        for shard in (
            interaction_tables([one for one, _ in every]),
            inspection_tables([inspected(one, is_found=hit) for one, hit in every], rules=[Rule()]),
        ):
            warehouse.commit(spool.write("work", f"{len(shard)}", shard))
        task = CoachingTask(
            task_id="t", collection_id="c", agent=agent, state="acknowledged", note="",
            said_by=agent, said_at=AT,
        )  # fmt: skip
        return effect(warehouse, task, ["no_apology"], ["planted", "none"])


def test_an_effect_that_is_there_is_told(tmp_path: Path) -> None:
    told = measured(tmp_path, "planted")
    assert (told.before, told.after) == (HitRate(120, 60), HitRate(120, 12))
    assert (told.others_before, told.others_after) == (HitRate(240, 108), HitRate(240, 60))
    assert told.change == pytest.approx(-0.4 - -0.2)
    assert told.low is not None
    assert told.high is not None
    assert (told.low, told.high) == pytest.approx((-0.3285, -0.0617), abs=0.001)


def test_what_changed_for_everybody_is_no_effect(tmp_path: Path) -> None:
    told = measured(tmp_path, "none")
    assert (told.before.share, told.after.share) == (0.5, 0.3)  # it looks like one
    assert told.change == pytest.approx(0.0)
    assert told.low is not None
    assert told.high is not None
    assert told.low < -0.1
    assert told.high > 0.1


def test_without_calls_on_both_sides_nothing_is_said() -> None:
    some, none = HitRate(10, 5), HitRate(0, 0)
    assert difference(some, none, some, some) == (None, None, None)


def test_few_calls_without_a_finding_are_no_certainty() -> None:
    nothing = HitRate(5, 0)
    change, low, high = difference(nothing, nothing, nothing, nothing)
    assert change == 0.0
    assert low is not None
    assert high is not None
    assert low < -0.3
    assert high > 0.3


@pytest.mark.parametrize("shares", [(0.3, 0.2, 0.4, 0.3), (0.05, 0.02, 0.06, 0.03)])
def test_the_interval_holds_what_it_promises(shares: tuple[float, ...]) -> None:
    rng = np.random.default_rng(7)
    sizes = (40, 35, 400, 380)
    true = (shares[1] - shares[0]) - (shares[3] - shares[2])
    held = 0
    for _ in range(2_000):
        parts = [HitRate(n, int(rng.binomial(n, p))) for n, p in zip(sizes, shares, strict=True)]
        _, low, high = difference(*parts)
        assert low is not None
        assert high is not None
        held += low <= true <= high
    assert held / 2_000 >= 0.94
