"""Which shard of the spool holds an interaction as it is now.

Work on what is kept reads shards, not the warehouse: its one owner may be another process, and
shards can be read by any number of workers at once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.plain import restored
from warehouse.problems import CorruptShard
from warehouse.spool import MANIFEST, ShardRef, Spool, content_of

_TABLE = "interactions.parquet"


def holding(spool: Spool, ids: Collection[str]) -> Iterator[tuple[ShardRef, tuple[str, ...]]]:
    """Yield shards with the interactions of ``ids`` that they hold, each id once.

    Of several shards with one interaction, the one written last holds it as it is now. Shards are
    looked at from the last to the first, until every id is found: what came in this night is found
    at once, however many nights lie before.

    Raises:
        CorruptShard: A shard's table of interactions cannot be read.
    """
    wanted = set(ids)
    for shard in _latest_first(spool):
        if not wanted:
            return
        held = wanted & _ids(shard)
        if held:
            wanted -= held
            yield shard, tuple(sorted(held))


def held_in(shard: ShardRef) -> set[str]:
    """Return the interactions that a shard holds; none where it holds something else.

    Raises:
        CorruptShard: Its table of interactions cannot be read.
    """
    return _ids(shard) if (shard.path / _TABLE).is_file() else set()


def inspected_in(shard: ShardRef) -> set[str]:
    """Return the interactions whose inspections a shard holds.

    Raises:
        CorruptShard: Its table of inspections cannot be read.
    """
    return _ids(shard, "inspections.parquet")


def _ids(shard: ShardRef, name: str = _TABLE) -> set[str]:
    try:
        content = pa.BufferReader(content_of(shard, name))
        column = pq.read_table(content, columns=["interaction_id"]).column(0)
    except (pa.ArrowException, OSError) as error:
        folder = str(shard.path)
        raise CorruptShard(
            str(shard), "corrupt_shard", file=name, error=str(error), folder=folder
        ) from None
    return {restored(one) for one in column.to_pylist()}


def _latest_first(spool: Spool) -> list[ShardRef]:
    shards = [shard for shard in spool.shards() if (shard.path / _TABLE).is_file()]
    return sorted(shards, key=lambda s: (_written_ns(s), s.kind, s.key), reverse=True)


def _written_ns(shard: ShardRef) -> int:
    return int(json.loads((shard.path / MANIFEST).read_bytes())["written_ns"])
