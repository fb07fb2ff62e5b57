"""Everything that is kept, streamed: what a back-test reads.

Each table is read once, in batches of whole interactions, so that the cost is linear in what is
kept and memory is bounded by a batch (DuckDB spills the ordering to the disk where it must). Only
the columns that a rule's detectors ask for are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from interactions.interaction import Interaction
from warehouse.plain import restored, safe
from warehouse.rows_back import interactions_from
from warehouse.store import Warehouse

_ROWS = 50_000  # of one table in memory at once
_SCOPE = """
FROM interactions
WHERE (len($channels::VARCHAR[]) = 0 OR list_contains($channels::VARCHAR[], channel))
  AND (len($languages::VARCHAR[]) = 0 OR list_contains($languages::VARCHAR[], language))
  AND (len($queues::VARCHAR[]) = 0 OR list_contains($queues::VARCHAR[], queue))
  AND (len($teams::VARCHAR[]) = 0 OR list_contains($teams::VARCHAR[], team))
  AND (len($agents::VARCHAR[]) = 0 OR list_contains($agents::VARCHAR[], agent))
  AND (len($products::VARCHAR[]) = 0 OR list_contains($products::VARCHAR[], product))
  AND ($first::DATE IS NULL OR CAST(timezone($timezone, started_at) AS DATE) >= $first)
"""
_WITHOUT = """
SELECT i.interaction_id
FROM interactions i
SEMI JOIN wanted w ON w.id = i.interaction_id
JOIN (
    SELECT
        interaction_id,
        bool_or(dropped_because IS NULL AND text <> '') AS has_words,
        bool_or(dropped_because IS NULL AND party IN ('agent', 'customer')) AS has_party,
        bool_or(regexp_matches(text, $pattern)) AS may_hold
    FROM utterances GROUP BY interaction_id
) u ON u.interaction_id = i.interaction_id
WHERE u.has_words AND u.has_party AND NOT u.may_hold
  AND i.language <> 'unknown'
  AND (i.trust IS NULL OR i.trust >= $trust)
  AND (i.role_confidence IS NULL OR i.role_confidence >= $roles)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryScope:
    """Which kept interactions; an empty field means all.

    Attributes:
        languages: Of the interactions, as kept.
        first_day: Local calendar day in ``timezone`` from which on.
    """

    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    first_day: date | None = None
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What is read besides texts and speech."""

    words: bool = True
    contours: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an interaction belongs."""

    interaction_id: str
    day: date
    channel: str
    queue: str | None
    team: str | None
    product: str | None


def places(warehouse: Warehouse, scope: HistoryScope) -> list[Place]:
    """Return the interactions of a scope, in the order of their ids."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id, CAST(timezone($timezone, started_at) AS DATE), channel, queue, "
            f"team, product {_SCOPE} ORDER BY interaction_id",
            channels=list(scope.channels),
            languages=list(scope.languages),
            queues=[safe(one) for one in scope.queues],
            teams=[safe(one) for one in scope.teams],
            agents=[safe(one) for one in scope.agents],
            products=[safe(one) for one in scope.products],
            first=scope.first_day,
            timezone=scope.timezone,
        )
    names: dict[str | None, str | None] = {None: None}
    found = []
    for one, day, channel, *about in rows:
        queue, team, product = (
            names[text] if text in names else names.setdefault(text, restored(text))
            for text in about
        )
        found.append(
            Place(
                interaction_id=restored(one),
                day=day,
                channel=channel,
                queue=queue,
                team=team,
                product=product,
            )
        )
    return found


def without(
    warehouse: Warehouse, ids: Sequence[str], pattern: str, *, trust: float, roles: float
) -> set[str]:
    """Return those of ``ids`` whose words cannot hold what is looked for, without rebuilding them.

    An interaction is among them only where nothing else could keep a rule on words from its answer:
    its language is known, it has words in use, a known party, and both figures at their floors.

    Args:
        warehouse: Where from.
        ids: Interactions.
        pattern: A regular expression (RE2) that a text must match to hold it.
        trust: Lowest trust at which missing words count as missing.
        roles: Lowest confidence at which parties count as known.
    """
    with warehouse.snapshot() as look:
        look.want(ids)
        rows = look.rows(_WITHOUT, pattern=pattern, trust=trust, roles=roles)
    return {restored(row[0]) for row in rows}


def history(
    warehouse: Warehouse, ids: Sequence[str], columns: Columns, *, size: int = 1_000
) -> Iterator[list[Interaction]]:
    """Yield interactions in the order of ``ids``, ``size`` in memory at once.

    Args:
        warehouse: Where from.
        ids: Interactions, each once.
        columns: What is read besides texts and speech.
        size: Interactions per batch.
    """
    with ExitStack() as stack:
        streams = {}
        for table, kept in _tables(columns).items():
            look = stack.enter_context(warehouse.snapshot())
            look.want(ids)
            streams[table] = _Batches(
                look.stream(
                    f"SELECT t.{kept}, w.place // {size} AS batch FROM {table} t "  # noqa: S608 - constants
                    "JOIN wanted w ON w.id = t.interaction_id ORDER BY w.place",
                    rows=_ROWS,
                )
            )
        for number in range((len(ids) + size - 1) // size):
            yield interactions_from({t: stream.batch(number) for t, stream in streams.items()})


def _tables(columns: Columns) -> dict[str, str]:
    """The tables that are read, each with its columns."""
    tables = {
        "interactions": "*",
        "utterances": "*" if columns.words else "* EXCLUDE (words)",
        "recordings": "*",
        "speech": "*",
    }
    return tables | ({"contours": "*"} if columns.contours else {})


class _Batches:
    """One table's rows, batch after batch of interactions."""

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self._reader = reader
        self._rest = pa.Table.from_batches([], reader.schema)

    def batch(self, number: int) -> pa.Table:
        """Return the rows of a batch; batches are asked for in order, each once."""
        parts = [self._cut(number)]
        while not self._rest.num_rows:
            try:
                chunk = self._reader.read_next_batch()
            except StopIteration:
                break
            self._rest = pa.Table.from_batches([chunk])
            parts.append(self._cut(number))
        return pa.concat_tables(parts).drop_columns(["batch"])

    def _cut(self, number: int) -> pa.Table:
        """Take the rows of batches up to ``number`` from what has been read."""
        here = int(np.searchsorted(self._rest.column("batch").to_numpy(), number, side="right"))
        cut, self._rest = self._rest.slice(0, here), self._rest.slice(here)
        return cut
