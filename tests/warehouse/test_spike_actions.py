"""Cause, owner and action of a spike: the last word counts, nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from detectors.rules import Cause
from hotwords.counts import Kind, Slice
from warehouse.spike_actions import SpikeAction, spike_action_tables, spike_actions

SAID = SpikeAction(
    day=date(2026, 3, 2),
    kind=Kind.TERM,
    term="退款",
    slice=Slice("product", "冰箱"),
    cause=Cause.PROCESS,
    owner="王敏",
    action="改退款流程",
    acts_from=date(2026, 3, 5),
    decided_by="li",
    decided_at=datetime(2026, 3, 3, 8, tzinfo=UTC),
)


def test_the_last_word_on_a_spike_counts(store, keep):
    later = replace(SAID, owner="陈", acts_from=None, decided_at=datetime(2026, 3, 4, tzinfo=UTC))
    other = replace(SAID, slice=Slice())
    keep(spike_action_tables([SAID, other]))
    keep(spike_action_tables([SAID, later]))
    assert spike_actions(store) == [other, later]
    with store.snapshot() as look:
        assert look.rows("SELECT count(*) FROM spike_actions") == [(3,)]


def test_what_is_said_decides_the_id():
    assert SAID.action_id == replace(SAID).action_id
    assert SAID.action_id != replace(SAID, owner="陈").action_id
