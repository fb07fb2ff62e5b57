"""What the console's first page asks: what came in, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from warehouse.plain import restored
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class DayCount:
    """One local day: interactions, those with findings, and those with a critical one."""

    day: date
    interactions: int
    found: int
    critical: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person.

    Attributes:
        given: Interactions given to them and not judged yet.
        judged_today: Interactions that they judged on the local day.
    """

    person_id: str
    given: int
    judged_today: int


def latest_days(warehouse: Warehouse, *, timezone: str, limit: int = 7) -> list[DayCount]:
    """Return the last local days that have interactions, the latest first."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "WITH days AS (SELECT CAST(timezone($timezone, started_at) AS DATE) AS day, "
            "interaction_id FROM interactions), counted AS ("
            "SELECT day, count(*) AS n FROM days GROUP BY day ORDER BY day DESC LIMIT $limit), "
            "found AS (SELECT CAST(timezone($timezone, started_at) AS DATE) AS day, "
            "count(*) FILTER (WHERE findings > 0) AS found, "
            "count(*) FILTER (WHERE list_contains(severities, 'critical')) AS critical "
            "FROM lines GROUP BY 1) "
            "SELECT c.day, c.n, coalesce(f.found, 0), coalesce(f.critical, 0) "
            "FROM counted c LEFT JOIN found f USING (day) ORDER BY c.day DESC",
            timezone=timezone,
            limit=limit,
        )
    return [DayCount(*row) for row in rows]


def waiting(warehouse: Warehouse, today: date, *, timezone: str) -> list[Waiting]:
    """Return what waits for whom: everybody who was given something or judged today."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "WITH given AS (SELECT person_id, count(*) AS n FROM current_assignments "
            "WHERE person_id <> '' "
            "AND interaction_id NOT IN (SELECT interaction_id FROM current_verdicts) "
            "AND interaction_id NOT IN (SELECT interaction_id FROM reviews) GROUP BY 1), "
            "judged AS (SELECT reviewer AS person_id, count(DISTINCT interaction_id) AS n FROM ("
            "SELECT reviewer, interaction_id, decided_at FROM verdicts "
            "UNION ALL SELECT reviewer, interaction_id, decided_at FROM reviews) one "
            "WHERE CAST(timezone($timezone, decided_at) AS DATE) = $today GROUP BY 1) "
            "SELECT coalesce(g.person_id, j.person_id) AS who, coalesce(g.n, 0), coalesce(j.n, 0) "
            "FROM given g FULL JOIN judged j USING (person_id) ORDER BY 1",
            timezone=timezone,
            today=today,
        )
    return [Waiting(restored(who), given, judged) for who, given, judged in rows]


def open_count(warehouse: Warehouse) -> int:
    """Return how many lines of the worklist nobody has judged yet."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT count(*) FROM lines WHERE interaction_id NOT IN "
            "(SELECT interaction_id FROM current_verdicts) "
            "AND interaction_id NOT IN (SELECT interaction_id FROM reviews)"
        )
    return int(rows[0][0])
