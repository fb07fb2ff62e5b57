"""Fills a score sheet from an inspection, and from what people answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from detectors.evidence import Finding, Measure, NotMeasured
from detectors.scorecard import (
    Given,
    Item,
    Means,
    OnlyIf,
    Score,
    ScoreLine,
    Sheet,
    Source,
    totalled,
)
from interactions.sound import Party

# Measures are kept with four decimals: a limit of 0.3 is met by 0.30000000000000004.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one inspection says, by rule and by measure.

    Attributes:
        versions: The version of every rule in use.
        applying: Rules in use that are for this interaction.
        hints: Rules whose findings alone decide nothing: their precision was found too low.
        findings: By rule.
        not_measured: Rule → why it could not be answered.
        measures: By name and party.
        engine: Version of the inspection code: the version of every measure.
    """

    versions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    applying: Collection[str] = frozenset()
    hints: Collection[str] = frozenset()
    findings: Mapping[str, tuple[Finding, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    not_measured: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    measures: Mapping[tuple[str, Party | None], Measure] = field(
        default_factory=lambda: MappingProxyType({})
    )
    engine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person answered on one line.

    Attributes:
        earned: Points; None: all for ``met``, none for ``failed``.
    """

    item_id: str
    answer: Given
    earned: float | None = None


def by_rule(findings: Sequence[Finding]) -> Mapping[str, tuple[Finding, ...]]:
    """Return findings by rule, in their order."""
    found: dict[str, tuple[Finding, ...]] = {}
    for one in findings:
        found[one.rule_id] = (*found.get(one.rule_id, ()), one)
    return found


def why_not(not_measured: Sequence[NotMeasured]) -> Mapping[str, str]:
    """Return why rules could not be answered."""
    return {one.rule_id: one.because for one in not_measured}


def fill(sheet: Sheet, interaction_id: str, seen: Seen, *, version: str = "") -> Score:
    """Fill a sheet by machine; items for people wait for them (N/A).

    Args:
        sheet: A sheet that applies to the interaction.
        interaction_id: Whose.
        seen: What the inspection says.
        version: ``sheet.sheet_version`` where the caller has it already.
    """
    lines: dict[str, ScoreLine] = {}
    for section in sheet.sections:
        for item in section.items:
            lines[item.item_id] = _line(section.section_id, item, seen, lines)
    return totalled(sheet, interaction_id, tuple(lines.values()), version=version)


def with_answers(sheet: Sheet, score: Score, answers: Mapping[str, Answer]) -> Score:
    """Return the score where people's answers stand in for the machine's.

    The machine's lines stay as they are in ``score``: both are kept side by side. A condition on an
    item that a person answered differently is decided again; what the machine then cannot answer
    waits for a person.

    Args:
        sheet: The sheet that ``score`` was filled with.
        score: By machine.
        answers: By item.
    """
    before = {line.item_id: line for line in score.lines}
    lines: dict[str, ScoreLine] = {}
    for item in sheet.items:
        line = before[item.item_id]
        own = answers.get(item.item_id)
        if own is not None:
            lines[item.item_id] = _answered(item, line, own)
        else:
            lines[item.item_id] = _conditioned(item, line, lines)
    return totalled(sheet, score.interaction_id, tuple(lines.values()), version=score.sheet_version)


def _answered(item: Item, line: ScoreLine, own: Answer) -> ScoreLine:
    if own.answer is Given.NA:
        return replace(
            line, answer=Given.NA, earned=None, because="person_says_na", source=Source.PERSON
        )
    full = item.points if own.answer is Given.MET else 0.0
    earned = full if own.earned is None else own.earned
    return replace(line, answer=own.answer, earned=earned, because="", source=Source.PERSON)


def _conditioned(item: Item, line: ScoreLine, lines: Mapping[str, ScoreLine]) -> ScoreLine:
    """A line whose condition hangs on an item that a person may have answered."""
    if item.only_if is None or not item.only_if.item:
        return line
    because = _on_item(item.only_if, lines)
    if because:
        return replace(line, answer=Given.NA, earned=None, because=because)
    if line.because in ("not_called_for", "condition_unknown"):
        return replace(line, because="person_not_asked")
    return line


def _line(section_id: str, item: Item, seen: Seen, lines: Mapping[str, ScoreLine]) -> ScoreLine:
    line = ScoreLine(
        section_id=section_id,
        item_id=item.item_id,
        answer=Given.NA,
        earned=None,
        points=item.points,
        source=item.source,
        source_id=item.source_id,
    )
    because = _uncalled(item, seen, lines)
    if because:
        return replace(line, because=because)
    if item.source is Source.RULE:
        return _by_rule(item, seen, line)
    if item.source is Source.MEASURE:
        return _by_measure(item, seen, line)
    return replace(line, because="person_not_asked")


def _uncalled(item: Item, seen: Seen, lines: Mapping[str, ScoreLine]) -> str:
    """Why the item is not asked; nothing where it is."""
    only_if = item.only_if
    if only_if is None:
        return ""
    if only_if.item:
        return _on_item(only_if, lines)
    unanswered = _unanswered(only_if.rule, seen)
    if unanswered:
        return "not_called_for" if unanswered == "rule_not_for_this" else "condition_unknown"
    return "" if only_if.rule in seen.findings else "not_called_for"


def _on_item(only_if: OnlyIf, lines: Mapping[str, ScoreLine]) -> str:
    said = lines[only_if.item].answer
    if said in only_if.answers:
        return ""
    return "condition_unknown" if said is Given.NA else "not_called_for"


def _unanswered(rule_id: str, seen: Seen) -> str:
    """Why a rule says nothing here; nothing where it does."""
    if rule_id not in seen.versions:
        return "rule_not_in_use"
    if rule_id not in seen.applying:
        return "rule_not_for_this"
    if rule_id in seen.hints:
        return "rule_is_hint"
    return "" if rule_id in seen.findings else seen.not_measured.get(rule_id, "")


def _by_rule(item: Item, seen: Seen, line: ScoreLine) -> ScoreLine:
    found = seen.findings.get(item.source_id, ())
    line = replace(
        line,
        source_version=seen.versions.get(item.source_id, ""),
        hits=sum(len(one.evidence) for one in found),
        finding_ids=tuple(one.finding_id for one in found),
    )
    because = _unanswered(item.source_id, seen)
    if because:
        return replace(line, because=because)
    return _earning(item, line, _points_of_hits(item, line.hits))


def _points_of_hits(item: Item, hits: int) -> float:
    most = item.points if item.cap is None else item.cap
    moved = min(most, (item.each or 0.0) * hits) if item.each is not None else most * bool(hits)
    return moved if item.means is Means.MERIT else item.points - moved


def _by_measure(item: Item, seen: Seen, line: ScoreLine) -> ScoreLine:
    measure = seen.measures.get((item.source_id, item.party))
    if measure is None:
        return replace(line, because="not_measured_here")
    line = replace(line, source_version=seen.engine, value=measure.value, unit=measure.unit)
    if measure.value is None:
        return replace(line, because=measure.because)
    return _earning(item, line, item.points * _met(item, measure.value))


def _met(item: Item, value: float) -> float:
    """Return how far a value meets its limits, 0 to 1."""
    shares = [
        _fall(value - limit if upwards else limit - value, limit, item.zero_at)
        for limit, upwards in ((item.at_least, True), (item.at_most, False))
        if limit is not None
    ]
    return min(shares)


def _fall(inside: float, limit: float, zero_at: float | None) -> float:
    """1 inside the limit; outside it falls evenly to 0 at ``zero_at``."""
    if inside >= -_ROUNDING:
        return 1.0
    if zero_at is None:
        return 0.0
    return max(0.0, 1.0 + inside / abs(limit - zero_at))


def _earning(item: Item, line: ScoreLine, earned: float) -> ScoreLine:
    if earned >= item.points - _ROUNDING:
        answer = Given.MET
    else:
        answer = Given.PARTLY if earned > _ROUNDING else Given.FAILED
    return replace(line, answer=answer, earned=round(earned, 4))
