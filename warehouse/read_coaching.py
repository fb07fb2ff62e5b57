"""How often rules find something with an agent and with comparable ones, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from warehouse.plain import microseconds, safe
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class HitRate:
    """Interactions, and those of them with a finding."""

    interactions: int
    found: int

    @property
    def share(self) -> float:
        """Share with a finding; 0 of nothing."""
        return self.found / self.interactions if self.interactions else 0.0


_RATES = """
WITH team AS (
    SELECT team FROM interactions WHERE agent = $agent AND team IS NOT NULL
    GROUP BY team ORDER BY count(*) DESC, team LIMIT 1
), meant AS (
    SELECT interaction_id, agent = $agent AS is_own,
        started_at >= make_timestamptz($at) AS is_after
    FROM interactions
    WHERE started_at >= make_timestamptz($first) AND started_at < make_timestamptz($last)
      AND (agent = $agent OR (
          team IN (SELECT team FROM team) AND agent IS NOT NULL
          AND agent NOT IN (SELECT unnest($coached::VARCHAR[]))
      ))
), found AS (
    SELECT DISTINCT interaction_id FROM current_findings
    WHERE rule_id IN (SELECT unnest($rules::VARCHAR[]))
)
SELECT is_own, is_after, count(*), count(f.interaction_id)
FROM meant LEFT JOIN found f USING (interaction_id) GROUP BY ALL
"""


def hit_rates(
    warehouse: Warehouse,
    *,
    agent: str,
    rules: Sequence[str],
    coached: Sequence[str],
    at: datetime,
    days: int,
) -> dict[tuple[bool, bool], HitRate]:
    """Return hit rates by (is it the agent's own, is it after ``at``).

    Args:
        warehouse: Where from.
        agent: Whose.
        rules: A finding of any of them counts.
        coached: Agents who are nobody's comparison.
        at: What divides before from after.
        days: Of each side.
    """
    span = timedelta(days=days)
    with warehouse.snapshot() as look:
        rows = look.rows(
            _RATES,
            agent=safe(agent),
            at=microseconds(at),
            first=microseconds(at - span),
            last=microseconds(at + span),
            rules=[safe(one) for one in rules],
            coached=[safe(one) for one in coached],
        )
    found = {(own, after): HitRate(n, hits) for own, after, n, hits in rows}
    nothing = HitRate(0, 0)
    return {(o, a): found.get((o, a), nothing) for o in (True, False) for a in (True, False)}
