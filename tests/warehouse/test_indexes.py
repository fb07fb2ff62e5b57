"""The console's indexes: there, kept, and made anew where most of a table is dead."""

from __future__ import annotations

import pytest

from warehouse.indexes import INDEXES, keep_indexes
from warehouse.store import Warehouse

_ROWS = "INSERT INTO recordings SELECT 'call-' || i, '', [], i, 8000, '', [], false, NULL, []"
GROUP, LIVE = 122_880, 1_000  # rows that DuckDB keeps, and clears away, together


def names(store: Warehouse) -> set[str]:
    with store.snapshot() as look:
        return {row[0] for row in look.rows("SELECT index_name FROM duckdb_indexes()")}


def stored(store: Warehouse) -> int:
    """Rows of a table that the file holds, dead ones too."""
    with store.snapshot() as look:
        sql = "SELECT estimated_size FROM duckdb_tables() WHERE table_name = 'recordings'"
        return int(look.rows(sql)[0][0])


def test_every_index_is_there_once(store: Warehouse) -> None:
    for _ in range(2):
        keep_indexes(store)
        assert names(store) == {f"{table}_by_{column}" for table, column in INDEXES}


@pytest.mark.slow
def test_what_was_replaced_is_cleared_away(store: Warehouse) -> None:
    store.change(f"{_ROWS} FROM range({GROUP + LIVE}) t(i)")
    keep_indexes(store)
    store.change("DELETE FROM recordings WHERE duration_ms < $group", group=GROUP)
    assert stored(store) == GROUP + LIVE
    keep_indexes(store)
    assert stored(store) == LIVE
    assert "recordings_by_interaction_id" in names(store)
    with store.snapshot() as look:
        found = look.rows(
            "SELECT count(*) FROM recordings WHERE interaction_id = $id", id=f"call-{GROUP}"
        )
    assert found == [(1,)]
