"""Interactions as they were kept, and what is known of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from asr.lexicon import DoubtedTerm
from interactions.interaction import Interaction
from warehouse.plain import restored, safe
from warehouse.rows_back import interactions_from, records
from warehouse.store import Snapshot, Warehouse


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file of the inbox as it was when it was read.

    Attributes:
        item: Path relative to the intake folder.
        modified_ns: When it was changed last, nanoseconds since 1970.
        stage: Version of the code that read it.
    """

    item: str
    bytes: int
    modified_ns: int
    content_hash: str
    stage: str


def known_files(warehouse: Warehouse) -> dict[str, FileSeen]:
    """Return every file seen so far, by item."""
    with warehouse.snapshot() as look:
        table = look.table("SELECT item, bytes, modified_ns, content_hash, stage FROM files")
    return {row["item"]: FileSeen(**row) for row in records(table)}


def noted_ns(warehouse: Warehouse) -> dict[str, int]:
    """Return when each file was noted as seen, nanoseconds since 1970."""
    return _written_ns(warehouse, "file")


def told_ns(warehouse: Warehouse) -> dict[str, int]:
    """Return when each item was last set aside or cleared of it, nanoseconds since 1970."""
    return _written_ns(warehouse, "aside")


def _written_ns(warehouse: Warehouse, scope: str) -> dict[str, int]:
    with warehouse.snapshot() as look:
        rows = look.rows("SELECT id, written_ns FROM origins WHERE scope = $scope", scope=scope)
    return {restored(item): written for item, written in rows}


def known_contents(warehouse: Warehouse) -> dict[str, tuple[str, str]]:
    """Return interaction id and source of each content hash; the first id where it has several."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT content_hash, min(interaction_id), arg_min(source, interaction_id) "
            "FROM interactions GROUP BY content_hash"
        )
    return {restored(content): (restored(one), restored(source)) for content, one, source in rows}


def known_ids(warehouse: Warehouse) -> dict[str, str]:
    """Return the content hash of each interaction id."""
    with warehouse.snapshot() as look:
        rows = look.rows("SELECT interaction_id, content_hash FROM interactions")
    return {restored(one): restored(content) for one, content in rows}


def interactions(
    warehouse: Warehouse, ids: Sequence[str], *, with_contours: bool = True
) -> list[Interaction]:
    """Return interactions in the order of ``ids``; ids that are not here are left out."""
    with warehouse.snapshot() as look:
        found = _whole(look, ids, with_contours=with_contours)
    by_id = {one.interaction_id: one for one in found}
    return [by_id[one] for one in dict.fromkeys(ids) if one in by_id]


def interaction_batches(
    warehouse: Warehouse, *, size: int, where_ids: Collection[str] | None = None
) -> Iterator[list[Interaction]]:
    """Yield interactions in the order of their ids, at most ``size`` in memory at once.

    Args:
        warehouse: Where from.
        size: Interactions per batch.
        where_ids: Only these; None: all.
    """
    ids = sorted(known_ids(warehouse) if where_ids is None else where_ids)
    for start in range(0, len(ids), size):
        found = interactions(warehouse, ids[start : start + size])
        if found:
            yield found


def counting_batches(
    warehouse: Warehouse, days: Collection[date], *, timezone: str, size: int = 2_000
) -> Iterator[list[Interaction]]:
    """Yield the interactions of whole days, in the order of their ids.

    They come without word times, speech, contours and recording: counting reads text only.

    Args:
        warehouse: Where from.
        days: Calendar days in ``timezone``.
        timezone: For example ``Asia/Shanghai``.
        size: Interactions per batch.
    """
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id FROM interactions "
            "WHERE CAST(timezone($timezone, started_at) AS DATE) "
            "IN (SELECT unnest($days::DATE[])) ORDER BY interaction_id",
            timezone=timezone,
            days=sorted(days),
        )
    ids = [restored(row[0]) for row in rows]
    for start in range(0, len(ids), size):
        with warehouse.snapshot() as look:
            yield _written(look, ids[start : start + size])


def written_interactions(warehouse: Warehouse, ids: Sequence[str]) -> list[Interaction]:
    """Return interactions in the order of their ids, without word times, sound and recording."""
    with warehouse.snapshot() as look:
        return _written(look, ids)


def days_of(warehouse: Warehouse, ids: Collection[str], *, timezone: str) -> dict[str, date]:
    """Return the local calendar day on which each of the interactions started."""
    with warehouse.snapshot() as look:
        look.want(ids)
        rows = look.rows(
            "SELECT interaction_id, CAST(timezone($timezone, started_at) AS DATE) "
            "FROM interactions WHERE interaction_id IN (SELECT id FROM wanted)",
            timezone=timezone,
        )
    return {restored(one): day for one, day in rows}


def matching_ids(warehouse: Warehouse, prefix: str, *, limit: int = 20) -> list[str]:
    """Return the first ids that begin with ``prefix``, in order."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id FROM interactions "
            "WHERE starts_with(interaction_id, $prefix) ORDER BY interaction_id LIMIT $limit",
            prefix=safe(prefix),
            limit=limit,
        )
    return [restored(row[0]) for row in rows]


def doubted_terms_of(warehouse: Warehouse, interaction_id: str) -> list[DoubtedTerm]:
    """Return the terms that an interaction's sound does not bear out, in the order of time."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT term, seq, start_ms, end_ms, because, confidence FROM doubted_terms "
            "WHERE interaction_id = $id ORDER BY start_ms, seq, term",
            id=safe(interaction_id),
        )
    return [DoubtedTerm(**row) for row in records(table)]


def _whole(look: Snapshot, ids: Sequence[str], *, with_contours: bool) -> list[Interaction]:
    names = ["interactions", "recordings", "utterances", "speech"]
    names += ["contours"] if with_contours else []
    if len(ids) == 1:  # a constant lets DuckDB skip what cannot hold it; a join reads every id
        one = safe(ids[0])
        tables = {n: look.table(_OF[n].replace(_AMONG, "= $id"), id=one) for n in names}
    else:
        look.want(ids)
        tables = {name: look.table(_OF[name]) for name in names}
    return interactions_from(tables)


def _written(look: Snapshot, ids: Sequence[str]) -> list[Interaction]:
    look.want(ids)
    tables: dict[str, pa.Table] = {
        "interactions": look.table(_OF["interactions"]),
        "utterances": look.table(_OF["plain utterances"]),
    }
    found = interactions_from(tables)
    return sorted(found, key=lambda one: one.interaction_id)


_AMONG = "IN (SELECT id FROM wanted)"
_OF = {
    name: f"{select} WHERE interaction_id {_AMONG}"
    for name, select in {
        "interactions": "SELECT * FROM interactions",
        "recordings": "SELECT * FROM recordings",
        "utterances": "SELECT * FROM utterances",
        "plain utterances": "SELECT * EXCLUDE (words) FROM utterances",
        "speech": "SELECT * FROM speech",
        "contours": "SELECT * FROM contours",
    }.items()
}
