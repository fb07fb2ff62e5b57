"""Keeping: finished shards go into the warehouse; what it knows comes back for the next night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from time import time_ns

import pyarrow as pa

from interactions.problems import Unreadable
from pipelines.intake import Batch
from pipelines.known import Known, Source, file_of
from pipelines.settings import Settings
from warehouse.read import (
    known_contents,
    known_files,
    known_ids,
    noted_ns,
    set_aside,
    told_ns,
)
from warehouse.rows import SetAside, files_tables, set_aside_tables
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse, open_warehouse

_KEY_LENGTH = 32  # 128 bits of a SHA-256: no two works of a centre share a key by chance


def key_of(*parts: str) -> str:
    """Return the key of a piece of work: a hash over everything that its result depends on."""
    return sha256("\x1f".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:_KEY_LENGTH]


def keep(settings: Settings) -> list[ShardRef]:
    """Take every finished shard into the warehouse; return those that were new to it.

    Raises:
        WarehouseBusy: Another process owns the warehouse.
        CorruptShard: A shard cannot be taken in; all others were.
    """
    with open_warehouse(settings.warehouse) as warehouse:
        return warehouse.commit_pending(Spool(settings.spool))


def keep_state(spool: Spool, kind: str, tables: Mapping[str, pa.Table]) -> ShardRef:
    """Write a shard that replaces what its kind said before.

    States come back (a broken file is mended, then broken again), and a shard that exists is never
    written again. So the key is the time: the latest state is always a new one.
    """
    return spool.write(kind, f"{time_ns():020d}", tables)


def known(settings: Settings) -> Known:
    """Return what earlier nights have seen; what a killed night left behind is taken in first."""
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.commit_pending(Spool(settings.spool))
        return known_to(warehouse)


def known_to(warehouse: Warehouse) -> Known:
    """Return what a warehouse has seen; nothing is written."""
    sources = {
        item: Source(seen.item, seen.bytes, seen.modified_ns, seen.content_hash, seen.stage)
        for item, seen in known_files(warehouse).items()
    }
    return Known(
        sources=sources,
        contents={c: source for c, (_, source) in known_contents(warehouse).items()},
        ids=known_ids(warehouse),
        set_aside={one.item: (one.code, one.values) for one in set_aside(warehouse)},
        noted_ns=noted_ns(warehouse),
        told_ns=_latest(told_ns(warehouse)),
    )


def _latest(told: Mapping[str, int]) -> dict[str, int]:
    """Return when something was said last of each file or of any record in it."""
    latest: dict[str, int] = {}
    for item, at_ns in told.items():
        file = file_of(item)
        latest[file] = max(at_ns, latest.get(file, 0))
    return latest


def keep_aside(
    spool: Spool, problems: Iterable[Unreadable], batch: Batch, before: Known
) -> ShardRef | None:
    """Write down what is set aside, and which items no longer are; None where nothing changed.

    An item is cleared when the problem is not there now, unless its file was not looked into. What
    is kept meanwhile needs no clearing: keeping it does that.
    """
    now = {problem.item: problem for problem in problems}
    news = [
        SetAside.of(problem)
        for item, problem in sorted(now.items())
        if before.set_aside.get(item) != (problem.code, dict(problem.values))
    ]
    cleared = [
        item
        for item in sorted(before.set_aside.keys() - now.keys())
        if file_of(item) not in batch.standing
    ]
    if not news and not cleared:
        return None
    return keep_state(spool, "set-aside", set_aside_tables(news, cleared=cleared))


def keep_sources(settings: Settings, batch: Batch) -> ShardRef | None:
    """Write down which files were read, so that they are skipped while they stay as they are.

    To be called when everything read from them is in the spool, not before.
    """
    sources = [call.source for call in batch.calls] + [text.source for text in batch.texts]
    if not sources:
        return None
    parts = (f"{s.item}\x1e{s.bytes}\x1e{s.modified_ns}\x1e{s.stage}\x1e{s.since}" for s in sources)
    spool = Spool(settings.spool)
    return spool.write("files", key_of("files", *sorted(parts)), files_tables(sources))
