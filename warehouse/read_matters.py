"""What interactions are about and what came of them, as it was sorted."""

from __future__ import annotations

from dataclasses import dataclass

from detectors.evidence import Matter
from warehouse.plain import restored, safe
from warehouse.rows_back import records
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many interactions are sorted under a category, and their mean risk and effort.

    Attributes:
        risk: 0 to 1; None where it was measured in none of them. ``effort`` likewise, in points.
    """

    dimension: str
    category: str
    interactions: int
    confidence: float
    risk: float | None
    effort: float | None


def matters_of(warehouse: Warehouse, interaction_id: str) -> list[Matter]:
    """Return what an interaction is about, by dimension and category."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT * EXCLUDE (engine) FROM matters WHERE interaction_id = $id "
            "ORDER BY dimension, category",
            id=safe(interaction_id),
        )
    return [Matter(**row) for row in records(table)]


def category_counts(warehouse: Warehouse) -> list[CategoryCount]:
    """Return every category that something is sorted under, the commonest of a dimension first."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT dimension, category, count(*), avg(confidence), avg(r.value), avg(e.value) "
            "FROM matters m "
            "LEFT JOIN measures r ON r.interaction_id = m.interaction_id "
            "    AND r.name = 'dissatisfaction_risk' "
            "LEFT JOIN measures e ON e.interaction_id = m.interaction_id AND e.name = 'effort' "
            "GROUP BY dimension, category ORDER BY dimension, count(*) DESC, category"
        )
    return [CategoryCount(one, restored(category), *rest) for one, category, *rest in rows]


def unsorted_ids(warehouse: Warehouse) -> list[str]:
    """Return the interactions whose reason is unsorted, in order of ids."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id FROM matters "
            "WHERE dimension = 'reason' AND category = 'unsorted' ORDER BY interaction_id"
        )
    return [restored(row[0]) for row in rows]
