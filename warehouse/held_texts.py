"""Which text of the search index is whose: the index's numbers, beside the worklist's lines."""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.plain import restored, safe
from warehouse.store import Warehouse


def number_texts(warehouse: Warehouse, numbers: Mapping[str, int], *, anew: bool = False) -> None:
    """Note the numbers that texts have in the index; of one interaction the last one counts.

    Args:
        warehouse: Where to.
        numbers: By interaction.
        anew: Whether these are all there are.
    """
    gone = "DELETE FROM texts_held"
    if not anew:
        gone += " WHERE interaction_id IN (SELECT unnest($ids::VARCHAR[]))"
    warehouse.change(
        gone,
        "INSERT INTO texts_held SELECT unnest($numbers::BIGINT[]), unnest($ids::VARCHAR[])",
        ids=[safe(one) for one in numbers],
        numbers=list(numbers.values()),
    )


def texts_extent(warehouse: Warehouse) -> tuple[int, int]:
    """Return how many texts are numbered, and the highest number."""
    with warehouse.snapshot() as look:
        count, last = look.rows("SELECT count(*), coalesce(max(number), 0) FROM texts_held")[0]
    return count, last


def unnumbered(warehouse: Warehouse) -> list[str]:
    """Return the interactions whose texts have no number yet, in order."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id FROM interactions ANTI JOIN texts_held USING (interaction_id) "
            "ORDER BY interaction_id"
        )
    return [restored(row[0]) for row in rows]
