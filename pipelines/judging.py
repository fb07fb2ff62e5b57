"""What people decide: verdicts on findings, reviews of whole interactions, answers on sheets.

Each is one small shard in the spool, so that it is there whole or not at all, survives a rebuild
of the warehouse, and can be written while another process owns the file. Nothing is ever changed:
whoever thinks better of it says it again, and the last word counts.
"""

from __future__ import annotations

from pipelines.keeping import key_of
from pipelines.settings import Settings
from warehouse.judged import Review, SheetAnswer, Verdict
from warehouse.rows import answer_tables, review_tables, verdict_tables
from warehouse.spool import ShardRef, Spool
from warehouse.store import open_warehouse


def keep_verdict(settings: Settings, verdict: Verdict) -> ShardRef:
    """Keep a verdict; the same one twice is one."""
    shard = Spool(settings.spool).write(
        "verdicts", key_of("verdict", verdict.verdict_id), verdict_tables([verdict])
    )
    return _taken_in(settings, shard)


def keep_review(settings: Settings, review: Review) -> ShardRef:
    """Keep what a person says of a whole interaction; the same one twice is one."""
    shard = Spool(settings.spool).write(
        "reviews", key_of("review", review.review_id), review_tables([review])
    )
    return _taken_in(settings, shard)


def keep_answer(settings: Settings, answer: SheetAnswer) -> ShardRef:
    """Keep an answer on a line of a score sheet; the same one twice is one."""
    shard = Spool(settings.spool).write(
        "answers", key_of("answer", answer.answer_id), answer_tables([answer])
    )
    return _taken_in(settings, shard)


def _taken_in(settings: Settings, shard: ShardRef) -> ShardRef:
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.commit(shard)
    return shard
