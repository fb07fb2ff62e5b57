"""Whole inspections of many interactions at once, as they were kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from detectors.evidence import Evidence, Finding, Inspection, Matter, Measure, NotMeasured, Severity
from interactions.sound import Party
from warehouse.rows_back import records
from warehouse.store import Snapshot, Warehouse

_WANTED = "interaction_id IN (SELECT id FROM wanted)"
_ASKED = (
    "SEMI JOIN (SELECT rule_id, rule_version FROM plan_rules WHERE plan = $plan) asked "
    "USING (rule_id, rule_version)"
)
_FINDINGS = (
    "SELECT finding_id, interaction_id, rule_id, rule_version, severity, engine "  # noqa: S608 - constants
    f"FROM findings {_ASKED} WHERE {_WANTED} ORDER BY interaction_id, start_ms, end_ms, finding_id"
)
_EVIDENCE = (
    f"SELECT * EXCLUDE (interaction_id, seq) FROM evidence WHERE {_WANTED} "  # noqa: S608 - constants
    "ORDER BY finding_id, seq"
)
_SILENT = (
    "SELECT interaction_id, rule_id, rule_version, because FROM not_measured "  # noqa: S608 - constants
    f"{_ASKED} WHERE {_WANTED} ORDER BY interaction_id, rule_id, because"
)
_MEASURES = (
    "SELECT interaction_id, name, party, value, unit, because FROM measures "  # noqa: S608 - constants
    f"WHERE {_WANTED} ORDER BY interaction_id, name, coalesce(party, '')"
)
_MATTERS = (
    "SELECT * EXCLUDE (engine) FROM matters "  # noqa: S608 - constants
    f"WHERE {_WANTED} ORDER BY interaction_id, dimension, category"
)


def inspections_of(
    warehouse: Warehouse, ids: Sequence[str], *, plan: str, engine: str
) -> dict[str, Inspection]:
    """Return what one plan says about each of many interactions that it has inspected."""
    with warehouse.snapshot() as look:
        look.want(ids)
        findings = _findings(look, plan)
        silent = _grouped(look, _SILENT, NotMeasured, plan=plan)
        measures = _grouped(look, _MEASURES, Measure)
        matters = _grouped(look, _MATTERS, Matter)
    return {
        one: Inspection(
            interaction_id=one,
            plan=plan,
            engine=engine,
            findings=tuple(findings[one]),
            not_measured=tuple(silent[one]),
            measures=tuple(measures[one]),
            matters=tuple(matters[one]),
        )
        for one in ids
    }


def _findings(look: Snapshot, plan: str) -> dict[str, list[Finding]]:
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for row in records(look.table(_EVIDENCE)):
        one = evidence[row.pop("finding_id")]
        one.append(Evidence(limit=row.pop("threshold"), **_with_party(row)))
    found: dict[str, list[Finding]] = defaultdict(list)
    for row in records(look.table(_FINDINGS, plan=plan)):
        places = tuple(evidence[row.pop("finding_id")])
        severity = Severity(row.pop("severity"))
        found[row["interaction_id"]].append(Finding(severity=severity, evidence=places, **row))
    return found


def _grouped(
    look: Snapshot, sql: str, kind: type[NotMeasured | Measure | Matter], **parameters: object
) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in records(look.table(sql, **parameters)):
        found[row["interaction_id"]].append(kind(**_with_party(row)))
    return found


def _with_party(row: dict[str, Any]) -> dict[str, Any]:
    if row.get("party") is not None:
        row["party"] = Party(row["party"])
    return row
