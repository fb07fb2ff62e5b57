"""Fifty people at work while a night's batch arrives, and the console is killed under them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.console_load import Plan, run


@pytest.mark.slow
def test_fifty_people_lose_no_verdict_when_the_console_is_killed(tmp_path: Path) -> None:
    plan = Plan(2_000, reviewers=50, seconds=240.0, think_s=2.0, every_s=2.0, verdicts=60)
    figures, wrong = run(plan, tmp_path)
    whole = figures["2,000 whole"]["ours"]
    assert wrong == []
    assert (whole["errors"], whole["lost"]) == (0, 0)
    assert whole["acknowledged"] >= 60
    assert whole["cut_off"] >= 1  # it was killed while people were at work
    heaviest = {
        case: one["ours"]["heaviest_kb"]
        for case, one in figures.items()
        if "heaviest_kb" in one.get("ours", {})
    }
    assert {case: kb for case, kb in heaviest.items() if kb >= 150} == {}
