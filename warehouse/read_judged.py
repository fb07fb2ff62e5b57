"""What people decided and published, and how rules stood up to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detectors.evidence import Severity
from detectors.rules import Cause
from warehouse.judged import BacktestRow, Decision, Published, Review, Verdict
from warehouse.plain import moment, restored, restored_all, safe
from warehouse.rows_back import records
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How one version of a rule stood up to people.

    Attributes:
        confirmed: Findings by their last verdict; ``rejected`` and ``unsure`` likewise.
        heard: Interactions of the control slice that were heard or read whole.
        present: Those of them that hold what the rule is for, and that it could answer.
        found: Those of ``present`` in which it found something.
        unanswered: Those that hold it but where the rule was not measured.
    """

    rule_id: str
    rule_version: str
    confirmed: int = 0
    rejected: int = 0
    unsure: int = 0
    heard: int = 0
    present: int = 0
    found: int = 0
    unanswered: int = 0


def judgements(warehouse: Warehouse) -> dict[tuple[str, str], Judgement]:
    """Return every judged version, by rule id and version."""
    with warehouse.snapshot() as look:
        table = look.table("SELECT * FROM rule_judgements ORDER BY rule_id, rule_version")
    return {(row["rule_id"], row["rule_version"]): Judgement(**row) for row in records(table)}


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """Which finding: its interaction, and which version of which rule made it."""

    finding_id: str
    interaction_id: str
    rule_id: str
    rule_version: str


def matching_findings(warehouse: Warehouse, prefix: str, *, limit: int = 20) -> list[FindingPlace]:
    """Return the first findings, of any version, whose ids begin with ``prefix``."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT finding_id, interaction_id, rule_id, rule_version FROM findings "
            "WHERE starts_with(finding_id, $prefix) ORDER BY finding_id LIMIT $limit",
            prefix=safe(prefix),
            limit=limit,
        )
    return [FindingPlace(a, restored(b), restored(c), d) for a, b, c, d in rows]


def verdicts_of(warehouse: Warehouse, interaction_id: str) -> list[Verdict]:
    """Return every verdict on the interaction's findings that stands, the first given first."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT * FROM verdicts WHERE interaction_id = $id ORDER BY decided_at, verdict_id",
            id=safe(interaction_id),
        )
        taken = look.rows(
            "SELECT verdict_id FROM withdrawals WHERE list_contains($given::VARCHAR[], verdict_id)",
            given=table.column("verdict_id").to_pylist(),
        )
    withdrawn = {row[0] for row in taken}
    rows = list(records(table))
    return [_verdict(row) for row in rows if row.pop("verdict_id") not in withdrawn]


def _verdict(row: dict[str, Any]) -> Verdict:
    cause = row.pop("cause")
    return Verdict(
        decision=Decision(row.pop("decision")),
        cause=None if cause is None else Cause(cause),
        decided_at=moment(row.pop("decided_at")),
        **row,
    )


def reviews_of(warehouse: Warehouse, interaction_id: str) -> list[Review]:
    """Return every review of the interaction, the first given first."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT * EXCLUDE (review_id) FROM reviews WHERE interaction_id = $id "
            "ORDER BY decided_at, review_id",
            id=safe(interaction_id),
        )
    return [
        Review(
            missed=restored_all(row.pop("missed")),
            decided_at=moment(row.pop("decided_at")),
            **row,
        )
        for row in records(table)
    ]


def published(warehouse: Warehouse, rule_id: str | None = None) -> list[Published]:
    """Return the published versions of a rule, or of all rules, the first published first."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT * FROM rule_versions WHERE $rule_id::VARCHAR IS NULL OR rule_id = $rule_id "
            "ORDER BY rule_id, published_at, rule_version",
            rule_id=None if rule_id is None else safe(rule_id),
        )
    return [
        Published(
            severity=Severity(row.pop("severity")),
            title={"zh": row.pop("title_zh"), "en": row.pop("title_en")},
            published_at=moment(row.pop("published_at")),
            **row,
        )
        for row in records(table)
    ]


def inspecting_versions(warehouse: Warehouse, rule_id: str) -> dict[str, int]:
    """Return how many interactions each version of a rule has inspected."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT rule_version, count(DISTINCT interaction_id) "
            "FROM inspections JOIN plan_rules USING (plan) WHERE rule_id = $rule_id "
            "GROUP BY rule_version ORDER BY rule_version",
            rule_id=safe(rule_id),
        )
    return dict(rows)


def backtests(warehouse: Warehouse) -> dict[tuple[str, str], BacktestRow]:
    """Return the last back-test of every version that has one, by rule id and version."""
    with warehouse.snapshot() as look:
        table = look.table("SELECT * FROM backtests ORDER BY rule_id, rule_version")
    return {(row["rule_id"], row["rule_version"]): BacktestRow(**row) for row in records(table)}


@dataclass(frozen=True, slots=True)
class LiveRule:
    """What the rule in force says today.

    Attributes:
        rule_version: None where no rule of this id is in force.
        asked: Interactions that it inspected; ``found`` those in which it found something.
    """

    rule_version: str | None
    asked: frozenset[str]
    found: frozenset[str]


def live_rule(warehouse: Warehouse, rule_id: str) -> LiveRule:
    """Return what the rule in force says of every interaction that it inspected."""
    with warehouse.snapshot() as look:
        version = look.rows(
            "SELECT rule_version FROM plan_rules WHERE rule_id = $rule_id "
            "AND plan = (SELECT plan FROM plans ORDER BY place DESC LIMIT 1)",
            rule_id=safe(rule_id),
        )
        if not version:
            return LiveRule(None, frozenset(), frozenset())
        asked = look.rows(
            "SELECT i.interaction_id FROM current_inspections i JOIN plan_rules r USING (plan) "
            "WHERE r.rule_id = $rule_id AND r.rule_version = $version",
            rule_id=safe(rule_id),
            version=version[0][0],
        )
        found = look.rows(
            "SELECT DISTINCT interaction_id FROM current_findings "
            "WHERE rule_id = $rule_id AND rule_version = $version",
            rule_id=safe(rule_id),
            version=version[0][0],
        )
    return LiveRule(
        rule_version=version[0][0],
        asked=frozenset(restored(row[0]) for row in asked),
        found=frozenset(restored(row[0]) for row in found),
    )
