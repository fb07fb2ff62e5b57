"""What the console's first page asks: what came in, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from warehouse.plain import local_day, microseconds, restored, safe
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


# Time zones differ from UTC by whole quarters of an hour, so a day is some of these. Counting by a
# number and naming few days costs a tenth of naming the day of every interaction.
_QUARTER = "epoch_us(started_at) // 900000000"
_DAY = "CAST(timezone($timezone, make_timestamptz(quarter * 900000000)) AS DATE)"
_DAYS = f"""
WITH came AS (
    SELECT {_QUARTER} AS quarter, count(*) AS n FROM interactions GROUP BY quarter
), counted AS (
    SELECT {_DAY} AS day, CAST(sum(n) AS BIGINT) AS n, min(quarter) AS since FROM came
    GROUP BY day ORDER BY day DESC LIMIT $limit
), listed AS (
    SELECT {_QUARTER} AS quarter, count(*) FILTER (WHERE findings > 0) AS found,
        count(*) FILTER (WHERE list_contains(severities, 'critical')) AS critical
    FROM lines
    WHERE started_at >= (SELECT make_timestamptz(min(since) * 900000000) FROM counted)
    GROUP BY quarter
), found AS (
    SELECT {_DAY} AS day, CAST(sum(found) AS BIGINT) AS found,
        CAST(sum(critical) AS BIGINT) AS critical
    FROM listed GROUP BY day
)
SELECT c.day, c.n, coalesce(f.found, 0), coalesce(f.critical, 0)
FROM counted c LEFT JOIN found f USING (day) ORDER BY c.day DESC
"""  # noqa: S608 - constants
_JUDGED = """
SELECT reviewer, interaction_id FROM verdicts
WHERE decided_at >= make_timestamptz($first) AND decided_at < make_timestamptz($last)
UNION ALL
SELECT reviewer, interaction_id FROM reviews
WHERE decided_at >= make_timestamptz($first) AND decided_at < make_timestamptz($last)
"""
_WAITING = f"""
WITH given AS (
    SELECT person_id, count(*) AS n FROM current_assignments
    ANTI JOIN judged_interactions USING (interaction_id) WHERE person_id <> '' GROUP BY 1
), judged AS (
    SELECT reviewer AS person_id, count(DISTINCT interaction_id) AS n FROM ({_JUDGED}) GROUP BY 1
)
SELECT coalesce(g.person_id, j.person_id) AS who, coalesce(g.n, 0), coalesce(j.n, 0)
FROM given g FULL JOIN judged j USING (person_id) ORDER BY 1
"""  # noqa: S608 - constants


def latest_days(warehouse: Warehouse, *, timezone: str, limit: int = 7) -> list[DayCount]:
    """Return the last local days that have interactions, the latest first."""
    with warehouse.snapshot() as look:
        rows = look.rows(_DAYS, timezone=timezone, limit=limit)
    return [DayCount(*row) for row in rows]


def waiting(warehouse: Warehouse, today: date, *, timezone: str) -> list[Waiting]:
    """Return what waits for whom: everybody who was given something or judged today."""
    with warehouse.snapshot() as look:
        rows = look.rows(_WAITING, **_within(today, timezone))
    return [Waiting(restored(who), given, judged) for who, given, judged in rows]


def judged_on(warehouse: Warehouse, person_id: str, day: date, *, timezone: str) -> int:
    """Return how many interactions a person judged on a local day."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            f"SELECT count(DISTINCT interaction_id) FROM ({_JUDGED}) WHERE reviewer = $person",  # noqa: S608 - constants
            person=safe(person_id),
            **_within(day, timezone),
        )
    return int(rows[0][0])


def _within(day: date, timezone: str) -> dict[str, int]:
    first, last = local_day(day, timezone), local_day(day + timedelta(days=1), timezone)
    return {"first": microseconds(first), "last": microseconds(last)}


def open_count(warehouse: Warehouse) -> int:
    """Return how many lines of the worklist nobody has judged yet."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT count(*) FROM lines ANTI JOIN judged_interactions USING (interaction_id)"
        )
    return int(rows[0][0])
