"""Values to Arrow tables, ready for a shard: the one door to the ``rows_*`` modules."""

from __future__ import annotations

from warehouse.rows_back import interactions_from, set_aside_from
from warehouse.rows_doubts import doubted_term_tables
from warehouse.rows_findings import PlannedRule, Ranked, inspection_tables, worklist_tables
from warehouse.rows_interactions import (
    Seen,
    SetAside,
    files_tables,
    interaction_tables,
    set_aside_tables,
)
from warehouse.rows_judged import (
    answer_tables,
    backtest_tables,
    published_tables,
    review_tables,
    score_tables,
    verdict_tables,
)
from warehouse.rows_said import plan_tables, run_tables, said_from, said_tables
from warehouse.rows_trends import CountedDay, count_tables, spike_tables
from warehouse.spike_actions import spike_action_tables

__all__ = [
    "CountedDay",
    "PlannedRule",
    "Ranked",
    "Seen",
    "SetAside",
    "answer_tables",
    "backtest_tables",
    "count_tables",
    "doubted_term_tables",
    "files_tables",
    "inspection_tables",
    "interaction_tables",
    "interactions_from",
    "plan_tables",
    "published_tables",
    "review_tables",
    "run_tables",
    "said_from",
    "said_tables",
    "score_tables",
    "set_aside_from",
    "set_aside_tables",
    "spike_action_tables",
    "spike_tables",
    "verdict_tables",
    "worklist_tables",
]
