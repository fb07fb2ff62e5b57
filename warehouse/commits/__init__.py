"""Takes one shard's tables in. The statements are in the SQL files beside this one.

Each file replaces one kind of rows and sees: the warehouse's tables; ``incoming_<table>``, the
shard's; and ``incoming(written_ns)``, when the shard was written. All of a shard is one
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import duckdb
import pyarrow as pa

from warehouse.problems import CorruptShard
from warehouse.said import TABLES


@dataclass(frozen=True, slots=True)
class Incoming:
    """A shard to take in: its name, when it was written (ns since 1970), and its tables."""

    shard: str
    written_ns: int
    tables: Mapping[str, pa.Table]


# By the table that says "these rows are replaced": the file of statements, and the tables it
# reads. A companion that a shard lacks (written before the table existed) counts as empty.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "interactions",
        ("interactions", "recordings", "utterances", "speech", "contours", "doubted_terms"),
    ),
    (
        "inspections",
        (
            "inspections",
            "plan_rules",
            "findings",
            "evidence",
            "not_measured",
            "measures",
            "matters",
        ),
    ),
    ("set_aside", ("set_aside", "cleared")),
    ("files", ("files",)),
    ("counts", ("counted_days", "term_counts")),
    ("spikes", ("compared_days", "spikes")),
    ("worklist", ("worklist",)),
    ("verdicts", ("verdicts",)),
    ("reviews", ("reviews",)),
    ("rule_versions", ("rule_versions",)),
    ("backtests", ("backtests",)),
    ("scores", ("scores", "score_lines", "score_sheets")),
    ("answers", ("answers",)),
    ("spike_actions", ("spike_actions",)),
    ("runs", ("runs",)),
    ("plans", ("plans",)),
)
# What people do in the console is added, never changed: the same event twice is one.
ADDED = tuple(TABLES.values())
_ADD = "INSERT INTO @ BY NAME SELECT * FROM incoming_@ ANTI JOIN @ USING (event_id)"
KNOWN = frozenset(table for _, tables in GROUPS for table in tables) | frozenset(ADDED)
# Made empty where the shard lacks it; every other table's shape is that of the warehouse.
_EMPTY = {
    "cleared": "CREATE OR REPLACE TEMP TABLE incoming_cleared (item VARCHAR)",
    "recordings": "CREATE OR REPLACE TEMP TABLE incoming_recordings AS FROM recordings LIMIT 0",
    "utterances": "CREATE OR REPLACE TEMP TABLE incoming_utterances AS FROM utterances LIMIT 0",
    "speech": "CREATE OR REPLACE TEMP TABLE incoming_speech AS FROM speech LIMIT 0",
    "contours": "CREATE OR REPLACE TEMP TABLE incoming_contours AS FROM contours LIMIT 0",
    "matters": "CREATE OR REPLACE TEMP TABLE incoming_matters AS FROM matters LIMIT 0",
    "doubted_terms": (
        "CREATE OR REPLACE TEMP TABLE incoming_doubted_terms AS FROM doubted_terms LIMIT 0"
    ),
}


def commit_tables(cursor: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Replace and insert rows inside the caller's transaction.

    Raises:
        CorruptShard: A table or column that this version does not know, a value that does not fit,
            or a table missing.
    """
    unknown = sorted(set(incoming.tables) - KNOWN)
    if unknown:
        raise _unfit(incoming, f"unknown table {unknown[0]}")
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE incoming AS SELECT $written_ns::BIGINT AS written_ns",
        {"written_ns": incoming.written_ns},
    )
    for script, tables in GROUPS:
        if tables[0] in incoming.tables:
            sql = (files("warehouse") / "commits" / f"{script}.sql").read_text(encoding="utf-8")
            _replace(cursor, incoming, sql, tables)
    for table in ADDED:
        if table in incoming.tables:
            _replace(cursor, incoming, _ADD.replace("@", table), (table,))


def _replace(
    cursor: duckdb.DuckDBPyConnection, incoming: Incoming, sql: str, tables: tuple[str, ...]
) -> None:
    try:
        for name in tables:
            if name in incoming.tables:
                # Never unregistered: the caller's cursor ends with the transaction.
                cursor.register(f"incoming_{name}", incoming.tables[name])
            elif name in _EMPTY:
                cursor.execute(_EMPTY[name])
            else:
                raise _unfit(incoming, f"table {name} is missing")
        cursor.execute(sql)
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError) as error:
        raise _unfit(incoming, str(error).splitlines()[0]) from None


def _unfit(incoming: Incoming, error: str) -> CorruptShard:
    return CorruptShard(incoming.shard, "unfit_shard", error=error)
