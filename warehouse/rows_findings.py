"""Inspections and the worklist as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from detectors.evidence import Finding, Inspection, Severity
from warehouse.plain import safe
from warehouse.rows_interactions import TEXT, TEXTS, from_rows

PLAN_RULES = pa.schema(
    [
        (name, TEXT)
        for name in ("plan", "rule_id", "rule_version", "severity", "title_zh", "title_en")
    ]
)
INSPECTIONS = pa.schema([("interaction_id", TEXT), ("plan", TEXT), ("engine", TEXT)])
FINDINGS = pa.schema(
    [
        ("finding_id", TEXT),
        ("interaction_id", TEXT),
        ("rule_id", TEXT),
        ("rule_version", TEXT),
        ("severity", TEXT),
        ("engine", TEXT),
        ("start_ms", pa.int64()),
        ("end_ms", pa.int64()),
        ("score", pa.float64()),
    ]
)
EVIDENCE = pa.schema(
    [
        ("finding_id", TEXT),
        ("interaction_id", TEXT),
        ("seq", pa.int32()),
        ("start_ms", pa.int64()),
        ("end_ms", pa.int64()),
        ("because", TEXT),
        ("party", TEXT),
        ("utterance_seq", pa.int32()),
        ("quote", TEXT),
        ("measure", TEXT),
        ("value", pa.float64()),
        ("unit", TEXT),
        ("threshold", pa.float64()),
        ("score", pa.float64()),
    ]
)
NOT_MEASURED = pa.schema(
    [(name, TEXT) for name in ("interaction_id", "rule_id", "rule_version", "engine", "because")]
)
MEASURES = pa.schema(
    [
        ("interaction_id", TEXT),
        ("name", TEXT),
        ("party", TEXT),
        ("value", pa.float64()),
        ("unit", TEXT),
        ("because", TEXT),
        ("engine", TEXT),
    ]
)
MATTERS = pa.schema(
    [
        ("interaction_id", TEXT),
        ("dimension", TEXT),
        ("category", TEXT),
        ("confidence", pa.float64()),
        ("utterance_seq", pa.int32()),
        ("quote", TEXT),
        ("issue", TEXT),
        ("engine", TEXT),
    ]
)
WORKLIST = pa.schema(
    [
        ("position", pa.int32()),
        ("interaction_id", TEXT),
        ("risk", pa.float64()),
        ("is_control", pa.bool_()),
        ("rules", TEXTS),
    ]
)


class PlannedRule(Protocol):
    """What the warehouse keeps of a rule; ``detectors.rules.Rule`` is one."""

    @property
    def rule_id(self) -> str:
        """The rule."""
        ...

    @property
    def rule_version(self) -> str:
        """Its version: the author's number and a hash of what it says."""
        ...

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        ...

    @property
    def title(self) -> Mapping[str, str]:
        """Its name, ``zh`` and ``en``."""
        ...


class Ranked(Protocol):
    """One line of the worklist; ``pipelines.triage.Entry`` is one."""

    @property
    def position(self) -> int:
        """From 1, the riskiest first."""
        ...

    @property
    def interaction_id(self) -> str:
        """Which."""
        ...

    @property
    def risk(self) -> float:
        """0 to 1."""
        ...

    @property
    def is_control(self) -> bool:
        """Drawn at random, whatever the rules said."""
        ...

    @property
    def rules(self) -> tuple[str, ...]:
        """Rules that decided, the weightiest first."""
        ...


def inspection_tables(
    inspections: Sequence[Inspection], *, rules: Iterable[PlannedRule]
) -> dict[str, pa.Table]:
    """Return the tables of inspections: findings, evidence, not measured, measures, matters.

    Args:
        inspections: All by the same plan, at most one per interaction.
        rules: The plan's rules, all of them: a rule that found nothing replaces what it found
            before, too.

    Raises:
        ValueError: More than one plan, an interaction twice, or a finding by a rule not in
            ``rules``.
    """
    plans = {(one.plan, one.engine) for one in inspections}
    kept = [
        (r.rule_id, r.rule_version, r.severity.value, r.title.get("zh", ""), r.title.get("en", ""))
        for r in rules
    ]
    _check(inspections, plans, {row[:2] for row in kept})
    return {
        "inspections": from_rows(
            [(safe(one.interaction_id), one.plan, one.engine) for one in inspections], INSPECTIONS
        ),
        "plan_rules": from_rows(
            [(plan, *(safe(value) for value in row)) for plan, _ in plans for row in kept],
            PLAN_RULES,
        ),
        "findings": _findings(inspections),
        "evidence": _evidence(inspections),
        "not_measured": _not_measured(inspections),
        "measures": _measures(inspections),
        "matters": _matters(inspections),
    }


def worklist_tables(entries: Iterable[Ranked]) -> dict[str, pa.Table]:
    """Return the table ``worklist``; it replaces the one before."""
    rows = [
        (e.position, safe(e.interaction_id), e.risk, e.is_control, [safe(r) for r in e.rules])
        for e in entries
    ]
    return {"worklist": from_rows(rows, WORKLIST)}


def _check(
    inspections: Sequence[Inspection],
    plans: set[tuple[str, str]],
    rules: set[tuple[str, str]],
) -> None:
    if len(plans) > 1:
        msg = f"a shard holds inspections by one plan and engine, not {sorted(plans)}"
        raise ValueError(msg)
    if len({one.interaction_id for one in inspections}) != len(inspections):
        msg = "an interaction is inspected twice in one shard"
        raise ValueError(msg)
    used = {(f.rule_id, f.rule_version) for one in inspections for f in one.findings}
    used |= {(n.rule_id, n.rule_version) for one in inspections for n in one.not_measured}
    if not used <= rules:
        msg = f"findings by rules that are not in the plan: {sorted(used - rules)}"
        raise ValueError(msg)


def _findings(inspections: Sequence[Inspection]) -> pa.Table:
    rows = [
        (
            f.finding_id,
            safe(f.interaction_id),
            safe(f.rule_id),
            safe(f.rule_version),
            f.severity.value,
            f.engine,
            f.start_ms,
            f.end_ms,
            f.score,
        )
        for one in inspections
        for f in _distinct(one.findings)
    ]
    return from_rows(rows, FINDINGS)


def _evidence(inspections: Sequence[Inspection]) -> pa.Table:
    rows = [
        (
            f.finding_id,
            safe(f.interaction_id),
            seq,
            e.start_ms,
            e.end_ms,
            e.because,
            None if e.party is None else e.party.value,
            e.utterance_seq,
            safe(e.quote),
            e.measure,
            e.value,
            e.unit,
            e.limit,
            e.score,
        )
        for one in inspections
        for f in _distinct(one.findings)
        for seq, e in enumerate(f.evidence)
    ]
    return from_rows(rows, EVIDENCE)


def _distinct(findings: Iterable[Finding]) -> Iterable[Finding]:
    """A finding has one id, hence one row, though two branches of a rule may both yield it."""
    return {finding.finding_id: finding for finding in findings}.values()


def _not_measured(inspections: Sequence[Inspection]) -> pa.Table:
    rows = [
        (safe(n.interaction_id), safe(n.rule_id), safe(n.rule_version), one.engine, n.because)
        for one in inspections
        for n in one.not_measured
    ]
    return from_rows(rows, NOT_MEASURED)


def _measures(inspections: Sequence[Inspection]) -> pa.Table:
    rows = [
        (
            safe(m.interaction_id),
            m.name,
            None if m.party is None else m.party.value,
            m.value,
            m.unit,
            m.because,
            one.engine,
        )
        for one in inspections
        for m in one.measures
    ]
    return from_rows(rows, MEASURES)


def _matters(inspections: Sequence[Inspection]) -> pa.Table:
    rows = [
        (
            safe(m.interaction_id),
            m.dimension,
            safe(m.category),
            m.confidence,
            m.utterance_seq,
            safe(m.quote),
            safe(m.issue),
            one.engine,
        )
        for one in inspections
        for m in one.matters
    ]
    return from_rows(rows, MATTERS)
