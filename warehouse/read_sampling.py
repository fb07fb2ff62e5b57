"""Counts over everything kept and over the control slice, for estimates."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.plain import restored
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class RuleReach:
    """How far a rule in force reaches.

    Attributes:
        asked: Interactions that it inspected and could answer; ``found`` those with a finding.
        heard_without: Of the control slice, those heard whole in which it found nothing.
        missed: Of these, those in which people heard its matter.
    """

    asked: int
    found: int
    heard_without: int
    missed: int


_REACH = """
WITH heard AS (
    SELECT interaction_id, missed FROM current_reviews
    WHERE interaction_id IN (SELECT interaction_id FROM worklist WHERE is_control)
), asked AS (
    SELECT h.interaction_id, h.missed, r.rule_id
    FROM heard h JOIN current_inspections i USING (interaction_id) JOIN plan_rules r USING (plan)
    ANTI JOIN current_findings f
        ON f.interaction_id = h.interaction_id AND f.rule_id = r.rule_id
    ANTI JOIN current_not_measured n
        ON n.interaction_id = h.interaction_id AND n.rule_id = r.rule_id
), told AS (
    SELECT rule_id, count(*) AS heard,
        count(*) FILTER (WHERE list_contains(missed, rule_id)) AS missed
    FROM asked GROUP BY rule_id
)
SELECT t.rule_id, t.inspected - t.not_measured, t.interactions,
    coalesce(h.heard, 0), coalesce(h.missed, 0)
FROM rule_totals t LEFT JOIN told h USING (rule_id)
"""


def rule_reaches(warehouse: Warehouse) -> dict[str, RuleReach]:
    """Return the reach of each rule in force."""
    with warehouse.snapshot() as look:
        rows = look.rows(_REACH)
    return {restored(rule): RuleReach(*counts) for rule, *counts in rows}


def control_slice(warehouse: Warehouse) -> list[str]:
    """Return the interactions drawn at random, in the order of their ids."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id FROM worklist WHERE is_control ORDER BY interaction_id"
        )
    return [restored(row[0]) for row in rows]
