"""The worklist as the console shows it: from lines made beforehand, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from detectors.evidence import Severity
from interactions.interaction import Channel
from warehouse.plain import moment, restored_all, safe
from warehouse.read_lists import WorklistRow, line_of
from warehouse.rows_back import records
from warehouse.store import Snapshot, Warehouse

_LINES = """
INSERT INTO lines
SELECT
    w.position, w.interaction_id, w.risk, w.is_control, w.rules, i.channel, i.started_at,
    i.duration_ms, i.agent, i.team, i.queue, i.customer, i.product, i.language, i.trust,
    coalesce(f.findings, 0), coalesce(f.rule_ids, []), coalesce(f.severities, [])
FROM worklist w JOIN interactions i USING (interaction_id)
LEFT JOIN (
    SELECT interaction_id, CAST(sum(n) AS BIGINT) AS findings,
        list(rule_id) AS rule_ids, list(DISTINCT severity) AS severities
    FROM (
        SELECT interaction_id, rule_id, severity, count(*) AS n
        FROM current_findings SEMI JOIN meant USING (interaction_id) GROUP BY ALL
    ) one GROUP BY interaction_id
) f USING (interaction_id)
WHERE w.interaction_id IN (SELECT interaction_id FROM meant)
ORDER BY w.position
"""
_OPEN = (
    "interaction_id NOT IN (SELECT interaction_id FROM current_verdicts) "
    "AND interaction_id NOT IN (SELECT interaction_id FROM reviews)"
)
_GIVEN = "interaction_id IN (SELECT interaction_id FROM current_assignments"
_STATES = {
    "open": _OPEN,
    "done": f"NOT ({_OPEN})",
    "mine": f"{_GIVEN} WHERE person_id = $person) AND {_OPEN}",
    "free": f"NOT {_GIVEN} WHERE person_id NOT IN ('', $person)) AND {_OPEN}",
    "": "true",
}
_DAY = "CAST(timezone($timezone, started_at) AS DATE)"
_TESTS = {
    **{name: f"{name} = ${name}" for name in ("queue", "team", "agent", "product", "channel")},
    "severity": "list_contains(severities, $severity)",
    "rule_id": "list_contains(rule_ids, $rule_id)",
    "first_day": f"{_DAY} >= $first_day",
    "last_day": f"{_DAY} <= $last_day",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which lines; empty or None: any.

    Attributes:
        state: ``open`` (nobody judged it yet), ``done``, ``mine`` (given to ``person`` and open),
            ``free`` (open and not given to anybody else).
        measure: Only where this measure lies from ``at_least`` to ``at_most``.
        ids: Only these interactions: those in which words were found.
    """

    state: str = ""
    person: str = ""
    severity: str = ""
    rule_id: str = ""
    queue: str = ""
    team: str = ""
    agent: str = ""
    product: str = ""
    channel: str = ""
    first_day: date | None = None
    last_day: date | None = None
    measure: str = ""
    at_least: float | None = None
    at_most: float | None = None
    ids: tuple[str, ...] | None = None
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Person:
    """What a line says about people: who it is given to, and how many verdicts it has."""

    given_to: str
    verdicts: int


def renew_lines(warehouse: Warehouse, ids: Collection[str] | None = None) -> None:
    """Make the lines anew: of these interactions, or all."""
    if ids is None:
        meant = "CREATE OR REPLACE TEMP TABLE meant AS SELECT interaction_id FROM worklist"
    else:
        meant = (
            "CREATE OR REPLACE TEMP TABLE meant AS SELECT interaction_id FROM worklist "
            "WHERE interaction_id IN (SELECT unnest($ids::VARCHAR[]))"
        )
    gone = "DELETE FROM lines"
    if ids is not None:
        gone = "DELETE FROM lines WHERE interaction_id IN (SELECT interaction_id FROM meant)"
    warehouse.change(meant, gone, _LINES, ids=[safe(one) for one in ids or ()])


def lines(
    warehouse: Warehouse, only: LineFilter, *, after: int = 0, limit: int = 50
) -> list[WorklistRow]:
    """Return the next lines behind the position ``after``, the riskiest first."""
    wheres, values = _wheres(only)
    with warehouse.snapshot() as look:
        if only.ids is not None:
            look.want(only.ids)
        found = look.rows(
            f"SELECT position FROM lines WHERE position > $after AND {' AND '.join(wheres)} "  # noqa: S608 - constants
            "ORDER BY position LIMIT $limit",
            after=after,
            limit=limit,
            **values,
        )
        places = [row[0] for row in found]
        # Lines lie in the order of their positions: bounds let DuckDB read a page and no more.
        table = look.table(
            "SELECT * FROM lines WHERE position BETWEEN $first AND $last "
            "AND list_contains($places::INTEGER[], position) ORDER BY position",
            first=min(places, default=0),
            last=max(places, default=0),
            places=places,
        )
    return [line_of(row) for row in records(table)]


def people_on(warehouse: Warehouse, ids: list[str]) -> dict[str, Person]:
    """Return who each interaction is given to and how many of its findings are judged."""
    with warehouse.snapshot() as look:
        look.want(ids)
        rows = look.rows(
            "SELECT w.id, coalesce(a.person_id, ''), coalesce(v.n, 0) FROM wanted w "
            "LEFT JOIN current_assignments a ON a.interaction_id = w.id "
            "LEFT JOIN (SELECT interaction_id, count(*) AS n FROM current_verdicts "
            "GROUP BY interaction_id) v ON v.interaction_id = w.id"
        )
    return {one: Person(person, count) for one, person, count in rows}


def _wheres(only: LineFilter) -> tuple[list[str], dict[str, Any]]:
    wheres = ["true", *(test for name, test in _TESTS.items() if getattr(only, name))]
    values: dict[str, Any] = {n: _bound(getattr(only, n)) for n in _TESTS if getattr(only, n)}
    if only.first_day or only.last_day:
        values["timezone"] = only.timezone
    if only.measure:
        wheres.append(_measured(only, values))
    if only.ids is not None:
        wheres.append("interaction_id IN (SELECT id FROM wanted)")
    if only.state:
        wheres.append(_STATES[only.state])
        if "$person" in _STATES[only.state]:
            values["person"] = safe(only.person)
    return wheres, values


def _bound(value: str | date) -> str | date:
    return safe(value) if isinstance(value, str) else value


def _measured(only: LineFilter, values: dict[str, Any]) -> str:
    values["measure"] = safe(only.measure)
    bounds = ["name = $measure", "value IS NOT NULL"]
    for name, sign in (("at_least", ">="), ("at_most", "<=")):
        if (value := getattr(only, name)) is not None:
            bounds.append(f"value {sign} ${name}")
            values[name] = value
    return f"interaction_id IN (SELECT interaction_id FROM measures WHERE {' AND '.join(bounds)})"  # noqa: S608 - constants


def choices(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return what the filters can be set to: rules, queues, teams, agents, products, measures."""
    with warehouse.snapshot() as look:
        found = {name: _values(look, name) for name in ("queue", "team", "agent", "product")}
        rows = look.rows("SELECT DISTINCT name FROM measures ORDER BY name")
    return {**found, "measure": [row[0] for row in rows]}


def _values(look: Snapshot, name: str) -> list[str]:
    rows = look.rows(
        f"SELECT {name} FROM lines WHERE {name} IS NOT NULL "  # noqa: S608 - constants
        "GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT 500"
    )
    return sorted(restored_all(row[0] for row in rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One of a customer's interactions, in short."""

    interaction_id: str
    channel: Channel
    started_at: datetime
    queue: str | None
    agent: str | None
    findings: int
    severities: tuple[Severity, ...]


def contacts_of(warehouse: Warehouse, customer: str, *, limit: int = 50) -> list[Contact]:
    """Return a customer's interactions on every channel, the last first."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT i.interaction_id, i.channel, i.started_at, i.queue, i.agent, "
            "coalesce(l.findings, 0) AS findings, coalesce(l.severities, []) AS severities "
            "FROM interactions i LEFT JOIN lines l USING (interaction_id) "
            "WHERE i.customer = $customer "
            "ORDER BY i.started_at DESC, i.interaction_id LIMIT $limit",
            customer=safe(customer),
            limit=limit,
        )
    return [
        Contact(
            channel=Channel(row.pop("channel")),
            started_at=moment(row.pop("started_at")),
            severities=tuple(Severity(one) for one in row.pop("severities")),
            **row,
        )
        for row in records(table)
    ]
