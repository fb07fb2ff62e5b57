"""Lists for people: the worklist, what was set aside, the totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from detectors.evidence import Severity
from interactions.interaction import Channel, Language
from warehouse.plain import from_json, moment, restored, restored_all
from warehouse.rows_back import records, set_aside_from
from warehouse.rows_interactions import SetAside
from warehouse.store import Run, Snapshot, Warehouse

_WORKLIST = """
SELECT * FROM ranked_interactions r
WHERE position > $after
  AND ($severity::VARCHAR IS NULL OR list_contains(severities, $severity))
  AND ($rule_id::VARCHAR IS NULL OR list_contains(rule_ids, $rule_id))
  AND ($queue::VARCHAR IS NULL OR queue = $queue)
  AND ($team::VARCHAR IS NULL OR team = $team)
  AND ($agent::VARCHAR IS NULL OR agent = $agent)
  AND ($channel::VARCHAR IS NULL OR channel = $channel)
  AND ($first_day::DATE IS NULL
       OR CAST(timezone($timezone, started_at) AS DATE) >= $first_day)
  AND ($last_day::DATE IS NULL
       OR CAST(timezone($timezone, started_at) AS DATE) <= $last_day)
ORDER BY position
LIMIT $limit
"""

_RUNS = "SELECT run_id, flow, epoch_us(started_at), epoch_us(ended_at), state, summary FROM runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistFilter:
    """Which lines of the worklist; None: any.

    Attributes:
        severity: Interactions with a current finding of this severity; ``rule_id`` likewise.
        first_day: Local calendar day in ``timezone``; ``last_day`` is included.
    """

    severity: Severity | None = None
    rule_id: str | None = None
    queue: str | None = None
    team: str | None = None
    agent: str | None = None
    channel: Channel | None = None
    first_day: date | None = None
    last_day: date | None = None
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistRow:
    """One line of the worklist, with what a reviewer wants to know before opening it.

    Attributes:
        position: From 1, the riskiest first. Unique: ``after`` of the next page.
        risk: 0 to 1.
        is_control: Drawn at random, whatever the rules said.
        rules: Rules that decided the rank, the weightiest first.
        findings: Number of current findings; ``severities`` their severities.
    """

    position: int
    interaction_id: str
    risk: float
    is_control: bool
    rules: tuple[str, ...]
    channel: Channel
    started_at: datetime
    duration_ms: int
    agent: str | None
    team: str | None
    queue: str | None
    customer: str | None
    product: str | None
    language: Language
    trust: float | None
    findings: int
    severities: tuple[Severity, ...]

    @property
    def top_rule_id(self) -> str | None:
        """The rule that weighs most; None for a control without findings."""
        return self.rules[0] if self.rules else None


@dataclass(frozen=True, slots=True)
class RuleTotal:
    """What a rule in force did, over all inspected interactions.

    Attributes:
        inspected: Interactions that were asked; ``interactions`` of them have it, and for
            ``not_measured`` of them nobody can say.
    """

    rule_id: str
    rule_version: str
    severity: Severity
    title_zh: str
    title_en: str
    inspected: int
    interactions: int
    findings: int
    not_measured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The warehouse in figures.

    Attributes:
        by_channel: Kept interactions.
        by_reason: Items set aside, by code.
        rules: Rules with findings first, most findings first.
        last_run: None before the first.
    """

    kept: int
    inspected: int
    set_aside: int
    by_channel: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    by_reason: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[RuleTotal, ...] = ()
    last_run: Run | None = None


def worklist(
    warehouse: Warehouse, *, limit: int, after: int = 0, only: WorklistFilter | None = None
) -> list[WorklistRow]:
    """Return the next lines of the worklist.

    Args:
        warehouse: Where from.
        limit: At most so many.
        after: The position of the last line seen; 0 to begin.
        only: Which lines.
    """
    only = only or WorklistFilter()
    with warehouse.snapshot() as look:
        table = look.table(
            _WORKLIST,
            after=after,
            limit=limit,
            severity=only.severity,
            rule_id=only.rule_id,
            queue=only.queue,
            team=only.team,
            agent=only.agent,
            channel=only.channel,
            first_day=only.first_day,
            last_day=only.last_day,
            timezone=only.timezone,
        )
    return [line_of(row) for row in records(table)]


def worklist_entries(warehouse: Warehouse) -> list[tuple[str, float, bool, tuple[str, ...]]]:
    """Return the whole ranking as it was kept: interaction, risk, is it a control, rules."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id, risk, is_control, rules FROM worklist ORDER BY position"
        )
    return [
        (restored(one), risk, control, restored_all(rules)) for one, risk, control, rules in rows
    ]


def line_of(row: dict[str, Any]) -> WorklistRow:
    """Return one line from a row of the view ``ranked_interactions``."""
    row.pop("rule_ids", None)
    changed: dict[str, Any] = {
        "rules": restored_all(row.pop("rules")),
        "channel": Channel(row.pop("channel")),
        "started_at": moment(row.pop("started_at")),
        "language": Language(row.pop("language")),
        "severities": tuple(Severity(one) for one in row.pop("severities")),
    }
    return WorklistRow(**row, **changed)


def set_aside(warehouse: Warehouse) -> list[SetAside]:
    """Return the items that are set aside, in the order of their names."""
    with warehouse.snapshot() as look:
        table = look.table("SELECT item, code, details, content_hash FROM set_aside ORDER BY item")
    return set_aside_from({"set_aside": table})


def last_run(warehouse: Warehouse, flow: str | None = None) -> Run | None:
    """Return the run (of ``flow``, or of any) that started last."""
    with warehouse.snapshot() as look:
        return _last_run(look, flow)


def recent_runs(warehouse: Warehouse, flow: str, *, limit: int) -> list[Run]:
    """Return the latest completed runs of ``flow``, the newest first."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            f"{_RUNS} WHERE flow = $flow AND state = 'completed' "
            "ORDER BY started_at DESC, run_id LIMIT $limit",
            flow=flow,
            limit=limit,
        )
    return [_run(row) for row in rows]


def totals(warehouse: Warehouse) -> Totals:
    """Return how much is kept, set aside and found."""
    with warehouse.snapshot() as look:
        channels = look.rows("SELECT channel, count(*) FROM interactions GROUP BY 1 ORDER BY 1")
        reasons = look.rows("SELECT code, count(*) FROM set_aside GROUP BY 1 ORDER BY 2 DESC, 1")
        inspected = look.rows("SELECT count(*) FROM current_inspections")[0][0]
        rules = look.table(
            "SELECT * FROM rule_totals ORDER BY interactions DESC, rule_id, rule_version"
        )
        run = _last_run(look, None)
    return Totals(
        kept=sum(number for _, number in channels),
        inspected=inspected,
        set_aside=sum(number for _, number in reasons),
        by_channel=MappingProxyType(dict(channels)),
        by_reason=MappingProxyType(dict(reasons)),
        rules=tuple(
            RuleTotal(severity=Severity(row.pop("severity")), **row) for row in records(rules)
        ),
        last_run=run,
    )


def _last_run(look: Snapshot, flow: str | None) -> Run | None:
    rows = look.rows(
        f"{_RUNS} WHERE $flow::VARCHAR IS NULL OR flow = $flow "
        "ORDER BY started_at DESC, run_id LIMIT 1",
        flow=flow,
    )
    return _run(rows[0]) if rows else None


def _run(row: tuple[Any, ...]) -> Run:
    run_id, name, started, ended, state, summary = row
    return Run(
        run_id=restored(run_id),
        flow=restored(name),
        started_at=moment(started),
        ended_at=None if ended is None else moment(ended),
        state=state,
        summary=from_json(summary),
    )
