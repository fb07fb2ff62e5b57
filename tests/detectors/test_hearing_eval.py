"""Phrases in real dialogues with misheard characters: the benchmark's own case, a part of it."""

from __future__ import annotations

import pytest

from benchmarks.phrases import cases, exact, measured, ours


@pytest.mark.eval
@pytest.mark.usefixtures("eval_folder")
def test_phrases_are_heard_and_not_made_up() -> None:
    chosen, absent = cases(quick=True)
    assert not absent
    case = chosen["10"]
    heard, written = measured(case, ours), measured(case, exact)
    assert written["recall"] < 0.8
    assert heard["recall"] >= 0.95
    assert heard["false_hits_per_1000"] <= 1.5  # 1 500 utterances: one hit is 0.67
