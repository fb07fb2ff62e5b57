"""What people's verdicts and reviews say of customers: dissatisfied, or not."""

from __future__ import annotations

from collections.abc import Collection

from warehouse.plain import restored, safe
from warehouse.store import Warehouse

_JUDGED = """
SELECT interaction_id, bool_or(is_unhappy) AS is_dissatisfied
FROM (
    SELECT
        v.interaction_id,
        v.decision = 'confirmed' AND list_contains($rules, v.rule_id) AS is_unhappy
    FROM current_verdicts v
    WHERE v.decision IN ('confirmed', 'rejected') AND list_contains($rules, v.rule_id)
    UNION ALL
    SELECT
        r.interaction_id,
        len(list_filter(r.missed, one -> list_contains($rules, one))) > 0 AS is_unhappy
    FROM current_reviews r
)
GROUP BY interaction_id
ORDER BY interaction_id
"""


def judged_unhappy(warehouse: Warehouse, rules: Collection[str]) -> dict[str, bool]:
    """Return, of each interaction that people judged, whether its customer was dissatisfied.

    Dissatisfied: a finding of one of ``rules`` was confirmed there, or a review says that one was
    missed. Not: such a finding was rejected, or the whole was reviewed, and neither of the former.

    Args:
        warehouse: Where verdicts and reviews are.
        rules: Ids of rules that find dissatisfied customers.
    """
    with warehouse.snapshot() as look:
        rows = look.rows(_JUDGED, rules=[safe(one) for one in sorted(rules)])
    return {restored(one): bool(told) for one, told in rows}
