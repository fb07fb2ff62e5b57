"""What people decide: verdicts on findings, reviews of whole interactions, answers on sheets.

Each is one small shard in the spool, so that it is there whole or not at all, survives a rebuild
of the warehouse, and can be written while another process owns the file. Nothing is ever changed:
whoever thinks better of it says it again, and the last word counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import time_ns
from typing import TypeVar

from pipelines.keeping import key_of
from pipelines.settings import Settings
from warehouse.judged import Review, SheetAnswer, Verdict
from warehouse.rows import answer_tables, review_tables, said_from, said_tables, verdict_tables
from warehouse.said import TABLES, Said
from warehouse.spool import ShardRef, Spool
from warehouse.store import open_warehouse

T = TypeVar("T")


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


def keep_said(settings: Settings, said: Iterable[Said]) -> ShardRef:
    """Keep what a person does at the command line that the console knows too.

    Only the spool is written: whoever owns a warehouse takes it in.
    """
    return Spool(settings.spool).write("said", f"{time_ns():020d}", said_tables(said))


def said_in_spool(settings: Settings, kind: type[T]) -> Iterator[T]:
    """Yield what the spool holds of one kind of ``warehouse.said``, in no particular order."""
    spool = Spool(settings.spool)
    name = TABLES[kind]
    for shard in spool.shards():
        if (shard.path / f"{name}.parquet").is_file():
            yield from said_from(kind, spool.read(shard)[name])


def _taken_in(settings: Settings, shard: ShardRef) -> ShardRef:
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.commit(shard)
    return shard
