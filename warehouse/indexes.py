"""Indexes of the console's warehouse: a page asks for one interaction out of a million.

A night writes and reads in bulk, and an index would cost it four times the insert and twice the
file, so its own warehouse has none. Measured with a million interactions and ten million findings:
a scan for one interaction's findings takes 50 ms of a core, the index 2.5 ms; making them all takes
35 s, once, and 0.6 GB.
"""

from __future__ import annotations

from warehouse.store import Warehouse

_OF_INTERACTION = (
    *("interactions", "recordings", "utterances", "speech", "contours", "doubted_terms"),
    *("inspections", "findings", "evidence", "not_measured", "measures"),
    *("scores", "score_lines", "verdicts"),
)
_COLUMNS = tuple((table, "interaction_id") for table in _OF_INTERACTION)
INDEXES = (*_COLUMNS, ("interactions", "customer"))
"""Table and column of each."""


_DEAD = """
SELECT d.table_name FROM duckdb_tables() d WHERE d.table_name = $name
AND d.estimated_size > 2 * (SELECT count(*) FROM {name})
"""


def keep_indexes(warehouse: Warehouse) -> None:
    """Make the indexes that are not there yet; from then on DuckDB keeps them.

    DuckDB clears nothing away in a table that has an index. Where more than half of a table are
    rows that later ones replaced, its indexes are dropped, it is cleared, and they are made anew.
    """
    cleared = [table for table in _OF_INTERACTION if _is_mostly_dead(warehouse, table)]
    if cleared:
        warehouse.change(
            *(
                f"DROP INDEX IF EXISTS {table}_by_{column}"
                for table, column in INDEXES
                if table in cleared
            )
        )
        warehouse.checkpoint()
    warehouse.change(
        *(
            f"CREATE INDEX IF NOT EXISTS {table}_by_{column} ON {table} ({column})"
            for table, column in INDEXES
        )
    )


def _is_mostly_dead(warehouse: Warehouse, table: str) -> bool:
    with warehouse.snapshot() as look:
        return bool(look.rows(_DEAD.format(name=table), name=table))
