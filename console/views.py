"""What commands read from the warehouse, put together for one screen or one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from asr.lexicon import REASONS as DOUBTS
from asr.lexicon import DoubtedTerm
from asr.trust import REASONS
from detectors.because import explain, explain_not_measured
from detectors.evidence import Evidence, Finding, Measure, NotMeasured
from interactions.interaction import Interaction
from pipelines.redaction import masked, masked_findings, redaction_of, redactions
from warehouse import read
from warehouse.read import RuleTitle, WorklistFilter, WorklistRow
from warehouse.store import Warehouse

Line = tuple[WorklistRow, list[Finding]]


def with_findings(warehouse: Warehouse, rows: Iterable[WorklistRow]) -> list[Line]:
    """Return lines of the worklist with their findings, masked."""
    shown = list(rows)
    hidden = redactions(warehouse, (row.interaction_id for row in shown))
    found = ((row, read.findings_of(warehouse, row.interaction_id)) for row in shown)
    return [(row, masked_findings(some, hidden[row.interaction_id])) for row, some in found]


def worklist_lines(
    warehouse: Warehouse, only: WorklistFilter, *, limit: int, after: int
) -> list[Line]:
    """Return the next lines of the worklist with their findings."""
    rows = read.worklist(warehouse, limit=limit, after=after, only=only)
    return with_findings(warehouse, rows)


def rule_titles(warehouse: Warehouse, language: str) -> dict[str, str]:
    """Return the titles of the rules in force, by id."""
    rules = read.rule_titles(warehouse)
    return {rule_id: one.zh if language == "zh" else one.en for rule_id, one in rules.items()}


@dataclass(frozen=True, slots=True)
class Whole:
    """One interaction with everything that is said about it.

    Attributes:
        titles: The rules in force, by id.
        doubted_terms: Names and terms that the sound does not bear out.
    """

    interaction: Interaction
    findings: tuple[Finding, ...]
    not_measured: tuple[NotMeasured, ...]
    measures: tuple[Measure, ...]
    titles: dict[str, RuleTitle]
    doubted_terms: tuple[DoubtedTerm, ...] = ()

    def title(self, rule_id: str, language: str) -> str:
        """Return a rule's title; nothing where the rule is no longer in force."""
        rule = self.titles.get(rule_id)
        return "" if rule is None else rule.zh if language == "zh" else rule.en


def whole(warehouse: Warehouse, about: str | Interaction, *, reveal: bool = True) -> Whole:
    """Return everything that is said about an interaction.

    Args:
        warehouse: Where from.
        about: Its id, which must be there, or the interaction itself.
        reveal: False: with pseudonyms for what is personal.
    """
    interaction_id = about if isinstance(about, str) else about.interaction_id
    if isinstance(about, str):
        (interaction,) = read.interactions(warehouse, [about], with_contours=False)
    else:
        interaction = about
    findings = read.findings_of(warehouse, interaction_id)
    doubts = read.doubted_terms_of(warehouse, interaction_id)
    if not reveal:
        hidden = redaction_of(interaction)
        interaction = masked(interaction, hidden)
        findings = masked_findings(findings, hidden)
        doubts = [replace(one, term=hidden.text(one.term)) for one in doubts]
    return Whole(
        interaction=interaction,
        findings=tuple(findings),
        not_measured=tuple(read.not_measured_of(warehouse, interaction_id)),
        measures=tuple(read.measures_of(warehouse, interaction_id)),
        doubted_terms=tuple(doubts),
        titles=read.rule_titles(warehouse),
    )


def worklist_json(lines: Sequence[Line], language: str) -> list[dict[str, Any]]:
    """Return lines of the worklist for a script.

    Which ones were drawn at random is left out: scripts feed the screens of those who judge.
    """
    return [
        {
            "position": row.position,
            "interaction_id": row.interaction_id,
            "risk": row.risk,
            "rules": row.rules,
            "severities": row.severities,
            "channel": row.channel,
            "started_at": row.started_at,
            "duration_ms": row.duration_ms,
            "agent": row.agent,
            "team": row.team,
            "queue": row.queue,
            "findings": [_finding(one, language) for one in findings],
        }
        for row, findings in lines
    ]


def whole_json(shown: Whole, language: str) -> dict[str, Any]:
    """Return an interaction with everything that is said about it for a script."""
    one = shown.interaction
    names = (
        "interaction_id channel started_at duration_ms source content_hash language agent team "
        "queue customer product attributes transcriber trust role_confidence recording"
    )
    return {
        **{name: getattr(one, name) for name in names.split()},
        "findings": [
            {**_finding(found, language), "title": shown.title(found.rule_id, language)}
            for found in shown.findings
        ],
        "not_measured": [
            {
                "rule_id": missing.rule_id,
                "rule_version": missing.rule_version,
                "because": missing.because,
                "in_words": explain_not_measured(missing.because, language),
            }
            for missing in shown.not_measured
        ],
        "measures": [
            {
                "name": m.name,
                "party": m.party,
                "value": m.value,
                "unit": m.unit,
                "because": m.because,
            }
            for m in shown.measures
        ],
        "utterances": one.utterances,
        "doubted_terms": [_doubt(doubt, language) for doubt in shown.doubted_terms],
    }


def dropped(code: str, language: str) -> str:
    """Return in words why an utterance is not believed."""
    return REASONS[code][language] if code in REASONS else code


def doubted(code: str, language: str) -> str:
    """Return in words why a term is doubted."""
    return DOUBTS[code][language] if code in DOUBTS else code


def _doubt(term: DoubtedTerm, language: str) -> dict[str, Any]:
    written = {field.name: getattr(term, field.name) for field in fields(term)}
    return written | {"in_words": doubted(term.because, language)}


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "finding_id": finding.finding_id,
        "rule_id": finding.rule_id,
        "rule_version": finding.rule_version,
        "severity": finding.severity,
        "engine": finding.engine,
        "score": finding.score,
        "evidence": [_evidence(one, language) for one in finding.evidence],
    }


def _evidence(evidence: Evidence, language: str) -> dict[str, Any]:
    return evidence._asdict() | {"in_words": explain(evidence, language)}
