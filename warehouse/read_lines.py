"""The worklist as the console shows it: from lines made beforehand, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from warehouse.plain import local_day, microseconds, restored, restored_all, safe
from warehouse.read_lists import WorklistRow, line_of
from warehouse.rows_back import records
from warehouse.store import Snapshot, Warehouse

_LINES = """
INSERT INTO lines BY NAME
SELECT
    w.position, w.interaction_id, w.risk, w.is_control, w.rules, i.channel, i.started_at,
    i.duration_ms, i.agent, i.team, i.queue, i.customer, i.product, i.language, i.trust,
    coalesce(f.findings, 0) AS findings, coalesce(f.rule_ids, []) AS rule_ids,
    coalesce(f.severities, []) AS severities, t.number
FROM worklist w SEMI JOIN meant USING (interaction_id) JOIN interactions i USING (interaction_id)
LEFT JOIN texts_held t USING (interaction_id)
LEFT JOIN (
    SELECT interaction_id, CAST(sum(n) AS BIGINT) AS findings,
        list(rule_id) AS rule_ids, list(DISTINCT severity) AS severities
    FROM (
        SELECT interaction_id, rule_id, severity, count(*) AS n
        FROM current_findings SEMI JOIN meant USING (interaction_id) GROUP BY ALL
    ) one GROUP BY interaction_id
) f USING (interaction_id)
ORDER BY w.position
"""
_OPEN = "ANTI JOIN judged_interactions USING (interaction_id)"
_GIVEN = "JOIN (SELECT interaction_id FROM current_assignments WHERE person_id"
_STATES = {
    "open": _OPEN,
    "done": "SEMI JOIN judged_interactions USING (interaction_id)",
    "mine": f"SEMI {_GIVEN} = $person) given USING (interaction_id) {_OPEN}",
    "free": f"ANTI {_GIVEN} NOT IN ('', $person)) given USING (interaction_id) {_OPEN}",
    "": "",
}
_TESTS = {
    **{name: f"{name} = ${name}" for name in ("queue", "team", "agent", "product", "channel")},
    "severity": "list_contains(severities, $severity)",
    "rule_id": "list_contains(rule_ids, $rule_id)",
    "first_day": "started_at >= make_timestamptz($first_day)",
    "last_day": "started_at < make_timestamptz($last_day)",
}
STEPS = (4_000, 64_000)
"""So many positions are looked through first, and then, before all: most filters fill a page from
the first few thousand, and lines lie in the order of their positions. Ours."""
_SHARDS = "SELECT count(*) FROM shards WHERE kind <> $besides"
_LAST = 2**31 - 1
_COLUMNS = (
    "position, interaction_id, risk, is_control, rules, channel, started_at, duration_ms, agent, "
    "team, queue, customer, product, language, trust, findings, severities"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which lines; empty or None: any.

    Attributes:
        state: ``open`` (nobody judged it yet), ``done``, ``mine`` (given to ``person`` and open),
            ``free`` (open and not given to anybody else).
        measure: Only where this measure lies from ``at_least`` to ``at_most``.
        numbers: Only these, by the numbers of their texts: those in which words were found.
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
    numbers: NDArray[np.int64] | None = field(default=None, compare=False)
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Person:
    """What a line says about people: who it is given to, and how many verdicts it has."""

    given_to: str
    verdicts: int


def renew_lines(warehouse: Warehouse, ids: Collection[str] | None = None) -> None:
    """Make the lines anew: of these interactions, or all."""
    among = "" if ids is None else "WHERE interaction_id IN (SELECT unnest($ids::VARCHAR[]))"
    meant = f"CREATE OR REPLACE TEMP TABLE meant AS SELECT interaction_id FROM worklist {among}"  # noqa: S608 - constants
    gone = "DELETE FROM lines"
    if ids is not None:
        gone += " WHERE interaction_id IN (SELECT interaction_id FROM meant)"
        if not _are_listed(warehouse, ids):
            return  # what a night adds is on no list before it is ranked
    warehouse.change(meant, gone, _LINES, ids=[safe(one) for one in ids or ()])


def _are_listed(warehouse: Warehouse, ids: Collection[str]) -> bool:
    with warehouse.snapshot() as look:
        look.want(ids)
        return bool(
            look.rows("SELECT 1 FROM worklist SEMI JOIN wanted ON id = interaction_id LIMIT 1")
        )


def note_lines(warehouse: Warehouse, *, besides: str) -> None:
    """Note that the lines say what all shards say that are here.

    Args:
        warehouse: Whose lines.
        besides: Shards of this kind change no line.
    """
    warehouse.change("DELETE FROM lines_made", f"INSERT INTO lines_made {_SHARDS}", besides=besides)


def forget_lines(warehouse: Warehouse) -> None:
    """Note that the lines are to be made anew, all of them."""
    warehouse.change("DELETE FROM lines_made")


def unfinished(warehouse: Warehouse, *, besides: str) -> list[tuple[str, str]] | None:
    """Return kind and key of the shards that the lines do not know; None where they know none.

    Somebody took them in and was killed before the lines were made.
    """
    with warehouse.snapshot() as look:
        made = look.rows("SELECT shards FROM lines_made")
        if not made:
            return None
        rows = look.rows(
            "SELECT kind, key FROM shards WHERE kind <> $besides "
            "ORDER BY committed_at, kind, key OFFSET $made",
            besides=besides,
            made=made[0][0],
        )
    return [(kind, key) for kind, key in rows]


def lines(
    warehouse: Warehouse, only: LineFilter, *, after: int = 0, limit: int = 50
) -> list[WorklistRow]:
    """Return the next lines behind the position ``after``, the riskiest first."""
    ask = _Asked(only)
    found: list[WorklistRow] = []
    with warehouse.snapshot() as look:
        if only.numbers is not None:
            look.want(only.numbers)
        for step in (_LAST,) if only.state == "mine" else (*STEPS, _LAST):
            until = min(after + step, _LAST)
            read = ask.sparse if until == _LAST else ask.rows
            table = read(look, after, until, limit - len(found))
            found += [line_of(row) for row in records(table)]
            if len(found) >= limit:
                break
            after = until
    return found


class _Asked:
    """A filter as SQL."""

    def __init__(self, only: LineFilter) -> None:
        given = [name for name in _TESTS if getattr(only, name)]
        self._values: dict[str, Any] = {name: _bound(only, name) for name in given}
        self._tests = "".join(f" AND {_TESTS[name]}" for name in given)
        joins = [_STATES[only.state]]
        if "$person" in joins[0]:
            self._values["person"] = safe(only.person)
        if only.measure:
            joins.append(_measured(only, self._values))
        if only.numbers is not None:
            joins.append("SEMI JOIN wanted ON wanted.id = number")
        self._joins = " ".join(joins)

    def rows(self, look: Snapshot, after: int, until: int, limit: int) -> pa.Table:
        """Return the next lines up to the position ``until``."""
        return self._table(look, _COLUMNS, after=after, until=until, limit=limit)

    def sparse(self, look: Snapshot, after: int, until: int, limit: int) -> pa.Table:
        """Return the same; which they are is found out first, since to read all columns is dear."""
        found = self._table(look, "position", after=after, until=until, limit=limit)
        places = found.column("position").to_pylist() or [0]
        among = f"position IN ({', '.join(map(str, places))})"
        return look.table(
            f"SELECT {_COLUMNS} FROM lines WHERE position BETWEEN $first AND $last "  # noqa: S608 - numbers
            f"AND {among}{self._tests} ORDER BY position",
            first=places[0],
            last=places[-1],
            **{name: value for name, value in self._values.items() if name in _TESTS},
        )

    def _table(self, look: Snapshot, columns: str, **bounds: int) -> pa.Table:
        return look.table(
            f"SELECT {columns} FROM (SELECT * FROM lines WHERE position > $after "  # noqa: S608 - constants
            f"AND position <= $until{self._tests}) line {self._joins} "
            "ORDER BY position LIMIT $limit",
            **bounds,
            **self._values,
        )


def people_on(warehouse: Warehouse, ids: list[str]) -> dict[str, Person]:
    """Return who each interaction is given to and how many of its findings are judged."""
    with warehouse.snapshot() as look:
        look.want(ids)
        given = dict(
            look.rows(
                "SELECT interaction_id, max_by(person_id, (said_at, event_id)) FROM assignments "
                "SEMI JOIN wanted ON id = interaction_id GROUP BY interaction_id"
            )
        )
        judged = dict(
            look.rows(
                "SELECT interaction_id, count(DISTINCT finding_id) FROM verdicts "
                "SEMI JOIN wanted ON id = interaction_id ANTI JOIN withdrawals USING (verdict_id) "
                "GROUP BY interaction_id"
            )
        )
    return {
        one: Person(restored(given.get(safe(one), "")), judged.get(safe(one), 0)) for one in ids
    }


def _bound(only: LineFilter, name: str) -> str | int:
    """Return what a line is compared with; of a local day its first moment, or that of the next."""
    value = getattr(only, name)
    if isinstance(value, date):
        day = value + timedelta(days=name == "last_day")
        return microseconds(local_day(day, only.timezone))
    return safe(value)


def _measured(only: LineFilter, values: dict[str, Any]) -> str:
    values["measure"] = safe(only.measure)
    bounds = ["name = $measure", "value IS NOT NULL"]
    for name, sign in (("at_least", ">="), ("at_most", "<=")):
        if (value := getattr(only, name)) is not None:
            bounds.append(f"value {sign} ${name}")
            values[name] = value
    return (
        f"SEMI JOIN (SELECT interaction_id FROM measures WHERE {' AND '.join(bounds)}) measured "  # noqa: S608 - constants
        "USING (interaction_id)"
    )


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
