"""What was found in interactions, what could not be answered, and what is still to inspect."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from detectors.evidence import Evidence, Finding, Measure, NotMeasured, Severity
from interactions.sound import Party
from warehouse.plain import restored, safe
from warehouse.rows_back import records
from warehouse.store import Snapshot, Warehouse


@dataclass(frozen=True, slots=True)
class RankingFinding:
    """As much of a finding as ranking needs."""

    interaction_id: str
    finding_id: str
    rule_id: str
    severity: Severity
    score: float


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that found something in an interaction, however often."""

    interaction_id: str
    day: date
    rule_id: str


@dataclass(frozen=True, slots=True)
class RuleTitle:
    """A rule in force, by name."""

    rule_id: str
    rule_version: str
    severity: Severity
    zh: str
    en: str


def uninspected(
    warehouse: Warehouse, plan: str, *, engine: str, limit: int | None = None
) -> list[str]:
    """Return the interactions that this plan and engine have not inspected, in order of ids.

    An interaction that was kept again with other content counts as not inspected.
    """
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id FROM interactions ANTI JOIN "
            "(SELECT interaction_id FROM inspections WHERE plan = $plan AND engine = $engine) done "
            "USING (interaction_id) ORDER BY interaction_id LIMIT $limit::BIGINT",
            plan=plan,
            engine=engine,
            limit=limit,
        )
    return [restored(row[0]) for row in rows]


def findings_of(warehouse: Warehouse, interaction_id: str) -> list[Finding]:
    """Return the interaction's current findings, in time order."""
    with warehouse.snapshot() as look:
        evidence = _evidence_of(look, interaction_id)
        in_force = rules_in_force(look, interaction_id)
        table = look.table(
            "SELECT finding_id, interaction_id, rule_id, rule_version, severity, engine "
            "FROM findings WHERE interaction_id = $id "
            "ORDER BY start_ms, end_ms, rule_id, finding_id",
            id=safe(interaction_id),
        )
    return [
        Finding(
            interaction_id=row["interaction_id"],
            rule_id=row["rule_id"],
            rule_version=row["rule_version"],
            severity=Severity(row["severity"]),
            engine=row["engine"],
            evidence=tuple(evidence[row["finding_id"]]),
        )
        for row in records(table)
        if (safe(row["rule_id"]), safe(row["rule_version"])) in in_force
    ]


def rules_in_force(look: Snapshot, interaction_id: str) -> frozenset[tuple[str, str]]:
    """Return ids and versions of the rules whose findings count for an interaction today.

    What the views ``current_findings`` and ``current_not_measured`` say of all interactions, asked
    of one: a join of large tables would leave their indexes aside (``warehouse.indexes``).
    """
    plans = look.rows(
        "SELECT plan FROM inspections WHERE interaction_id = $id", id=safe(interaction_id)
    )
    rows = look.rows(
        "SELECT rule_id, rule_version FROM plan_rules WHERE plan = (SELECT plan FROM plans "
        "WHERE list_contains($plans::VARCHAR[], plan) ORDER BY place DESC, plan DESC LIMIT 1)",
        plans=[row[0] for row in plans],
    )
    return frozenset(rows)


def _evidence_of(look: Snapshot, interaction_id: str) -> dict[str, list[Evidence]]:
    table = look.table(
        "SELECT * EXCLUDE (interaction_id, seq) FROM evidence WHERE interaction_id = $id "
        "ORDER BY finding_id, seq",
        id=safe(interaction_id),
    )
    found: dict[str, list[Evidence]] = {}
    for row in records(table):
        party, limit = row.pop("party"), row.pop("threshold")
        one = found.setdefault(row.pop("finding_id"), [])
        one.append(Evidence(party=None if party is None else Party(party), limit=limit, **row))
    return found


def not_measured_of(warehouse: Warehouse, interaction_id: str) -> list[NotMeasured]:
    """Return the rules in force that could not be answered for the interaction, and why."""
    with warehouse.snapshot() as look:
        in_force = rules_in_force(look, interaction_id)
        table = look.table(
            "SELECT interaction_id, rule_id, rule_version, because FROM not_measured "
            "WHERE interaction_id = $id ORDER BY rule_id, because",
            id=safe(interaction_id),
        )
    return [
        NotMeasured(**row)
        for row in records(table)
        if (safe(row["rule_id"]), safe(row["rule_version"])) in in_force
    ]


def dissatisfaction(warehouse: Warehouse) -> dict[str, float]:
    """Return the dissatisfaction risk, 0 to 1, of every inspected interaction that has one."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT m.interaction_id, m.value FROM measures m "
            "JOIN current_inspections c USING (interaction_id, engine) "
            "WHERE m.name = 'dissatisfaction_risk' AND m.value IS NOT NULL ORDER BY 1"
        )
    return {restored(one): value for one, value in rows}


def measures_of(warehouse: Warehouse, interaction_id: str) -> list[Measure]:
    """Return the interaction's measures, by name and party; the interaction's own first."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT interaction_id, name, party, value, unit, because FROM measures "
            "WHERE interaction_id = $id ORDER BY name, coalesce(party, '')",
            id=safe(interaction_id),
        )
    found = []
    for row in records(table):
        party = row.pop("party")
        found.append(Measure(party=None if party is None else Party(party), **row))
    return found


def findings_for_ranking(warehouse: Warehouse) -> list[RankingFinding]:
    """Return all current findings, in the order of interaction, rule and time."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id, finding_id, rule_id, severity, score FROM current_findings "
            "ORDER BY interaction_id, rule_id, start_ms, finding_id"
        )
    return [
        RankingFinding(restored(one), finding, restored(rule), Severity(severity), score)
        for one, finding, rule, severity, score in rows
    ]


def inspected_ids(warehouse: Warehouse) -> list[str]:
    """Return every interaction that some plan has inspected as it is now, in order."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id FROM current_inspections SEMI JOIN interactions "
            "USING (interaction_id) ORDER BY interaction_id"
        )
    return [restored(row[0]) for row in rows]


def rule_hits(warehouse: Warehouse, days: Collection[date], *, timezone: str) -> list[RuleHit]:
    """Return which rules found something in the interactions of whole local days."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT DISTINCT f.interaction_id, "
            "CAST(timezone($timezone, i.started_at) AS DATE) AS day, f.rule_id "
            "FROM current_findings f JOIN interactions i USING (interaction_id) "
            "WHERE CAST(timezone($timezone, i.started_at) AS DATE) "
            "IN (SELECT unnest($days::DATE[])) ORDER BY f.interaction_id, f.rule_id",
            timezone=timezone,
            days=sorted(days),
        )
    return [RuleHit(restored(one), day, restored(rule)) for one, day, rule in rows]


def rule_titles(warehouse: Warehouse) -> dict[str, RuleTitle]:
    """Return the rules of the plan in force, by rule id."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT rule_id, rule_version, severity, title_zh AS zh, title_en AS en "
            "FROM plan_rules WHERE plan = (SELECT plan FROM plans ORDER BY place DESC LIMIT 1) "
            "ORDER BY rule_id"
        )
    found = {}
    for row in records(table):
        severity = Severity(row.pop("severity"))
        found[row["rule_id"]] = RuleTitle(severity=severity, **row)
    return found
