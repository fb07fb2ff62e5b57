"""Doubted terms are kept with their interaction, and go with it."""

from __future__ import annotations

from dataclasses import replace

from asr.lexicon import DoubtedTerm
from warehouse.read import doubted_terms_of, recent_runs
from warehouse.rows import doubted_term_tables, interaction_tables
from warehouse.store import Run

SURE = DoubtedTerm("除湿机", 3, 2_500, 3_000, "unsure", 0.21)
FAST = DoubtedTerm("a\0\udcff", 1, 500, 600, "too_fast", None)


def test_they_are_kept_and_replaced_with_their_interaction(build, keep, store):
    call = build.call(1)
    one = call.interaction_id
    keep(interaction_tables([call]) | doubted_term_tables({one: (SURE, FAST), "other": ()}))
    assert doubted_terms_of(store, one) == [FAST, SURE]
    keep(interaction_tables([replace(call, trust=0.1)]) | doubted_term_tables({one: (SURE,)}))
    assert doubted_terms_of(store, one) == [SURE]
    keep(interaction_tables([call]))  # as shards were before there was such a table
    assert doubted_terms_of(store, one) == []


def test_dropped_utterances_have_a_view(filled):
    with filled.snapshot() as look:
        rows = look.rows(
            "SELECT source, text, dropped_because, transcriber FROM dropped_utterances "
            "ORDER BY source LIMIT 1"
        )
    assert rows == [("calls/0.wav", "谢谢观看", "boilerplate", "whisper-tiny@0123abcd")]


def test_recent_runs_are_the_completed_ones_the_newest_first(store, build):
    started = build.call(0).started_at
    for number, (flow, state) in enumerate(
        [("nightly", "completed"), ("reinspect", "completed"), ("nightly", "failed"),
         ("nightly", "completed"), ("nightly", "running"), ("nightly", "completed")]
    ):  # fmt: skip
        at = started.replace(minute=number)
        store.record_run(Run(run_id=str(number), flow=flow, started_at=at, state=state))
    assert [run.run_id for run in recent_runs(store, "nightly", limit=2)] == ["5", "3"]
