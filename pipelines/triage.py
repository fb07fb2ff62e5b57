"""Triage: which interactions people should hear first, and a blind control among them.

Risk is a noisy-or over the rules that found something (Pearl, *Probabilistic Reasoning in
Intelligent Systems*, 1988, section 4.3.2): ``1 - product(1 - weight * score)``. One critical
finding outweighs many minor ones, and more findings never lower it. The weights are a starting
point set by hand, not measured; verdicts will tell. A rule that verdicts have demoted to a hint
(``pipelines.known_error``) weighs less than any alert, whatever its severity. The dissatisfaction
risk (``detectors.mood.risk``) is one more factor of the noisy-or. People are sent only to what
matters: an interaction is listed from a risk of ``LISTED`` on, which one minor finding alone does
not reach, two or one beside a dissatisfied customer do; and without any finding only while it is
among the ``UNHAPPIEST`` share of everything inspected, so that a bad day does not drown the list.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Protocol

from detectors.evidence import Severity
from pipelines.keeping import keep_state
from pipelines.known_error import hints
from pipelines.settings import Settings
from warehouse.read import dissatisfaction, findings_for_ranking, inspected_ids, worklist_entries
from warehouse.rows import worklist_tables
from warehouse.spool import ShardRef, Spool
from warehouse.store import open_warehouse

WEIGHTS: Mapping[Severity, float] = MappingProxyType(
    {Severity.MINOR: 0.1, Severity.MAJOR: 0.3, Severity.CRITICAL: 0.7}
)
HINT_WEIGHT = 0.02
"""Of a demoted rule: five hints together stay below one minor finding. Ours."""


DISSATISFACTION_WEIGHT = 0.5
"""Of a dissatisfaction risk of 1: between a major finding and a critical one. Ours."""
LISTED = 0.15
"""Risk, 0 to 1, from which an interaction is listed. Ours: above one minor finding (0.1)."""
RISKY = 0.5
"""Dissatisfaction risk, 0 to 1, from which an interaction is listed without any finding: more
likely than not."""
UNHAPPIEST = 0.05
"""Share of everything inspected that is listed without any finding, at most. Ours: what one person
in twenty can hear; ``benchmarks/risk.py`` tells how many of the dissatisfied stand there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the worklist.

    Attributes:
        position: From 1, the riskiest first.
        risk: 0 to 1.
        is_control: Drawn at random, whatever the rules said.
        rules: What decided, the weightiest first.
    """

    position: int
    interaction_id: str
    risk: float
    is_control: bool
    rules: tuple[str, ...]


class Found(Protocol):
    """As much of a finding as ranking needs; ``warehouse.read.RankingFinding`` is one."""

    @property
    def interaction_id(self) -> str:
        """Where it was found."""
        ...

    @property
    def rule_id(self) -> str:
        """By which rule."""
        ...

    @property
    def severity(self) -> Severity:
        """The rule's."""
        ...

    @property
    def score(self) -> float:
        """0 to 1."""
        ...


def rank_kept(settings: Settings) -> ShardRef | None:
    """Rank everything that is kept and inspected; None where the worklist stays as it is."""
    with open_warehouse(settings.warehouse) as warehouse:
        entries = rank(
            findings_for_ranking(warehouse),
            inspected_ids(warehouse),
            control_share=settings.night.control_share,
            demoted=hints(warehouse, settings),
            unhappy=dissatisfaction(warehouse),
        )
        before = worklist_entries(warehouse)
    rows = [(e.interaction_id, e.risk, e.is_control, e.rules) for e in entries]
    if rows == before:
        return None
    return keep_state(Spool(settings.spool), "worklist", worklist_tables(entries))


def rank(
    found: Iterable[Found],
    interaction_ids: Sequence[str],
    *,
    control_share: float,
    demoted: Collection[str] = (),
    unhappy: Mapping[str, float] = MappingProxyType({}),
) -> list[Entry]:
    """Return the worklist: what is risky enough, and the control slice.

    The control slice is drawn by a hash of the interaction's id, so that it is the same on every
    run, and its places among the others follow from the same hash, so that nobody sees it as such.

    Args:
        found: Findings in force.
        interaction_ids: Everything inspected.
        control_share: Share of interactions in the control slice, 0 to 1.
        demoted: Rules that are hints only.
        unhappy: Dissatisfaction risk of each interaction that has one, 0 to 1.
    """
    surest: dict[str, dict[str, Found]] = {}
    for one in found:
        rules = surest.setdefault(one.interaction_id, {})
        if one.rule_id not in rules or rules[one.rule_id].score < one.score:
            rules[one.rule_id] = one
    every = {
        i: _risk(surest.get(i, {}).values(), demoted, unhappy.get(i, 0.0))
        for i in sorted({*surest, *_unhappiest(unhappy, surest, len(interaction_ids))})
    }
    risks = {i: risk for i, risk in every.items() if risk >= LISTED}
    control = {i for i in interaction_ids if _draw(i, "control") < control_share}
    ranked = sorted(risks.values())
    order = sorted(
        risks.keys() | control,
        key=lambda i: (-risks[i] if i in risks else -_borrowed(i, ranked), i),
    )
    return [
        Entry(
            position=position,
            interaction_id=i,
            risk=round(risks.get(i, 0.0), 6),
            is_control=i in control,
            rules=tuple(_by_weight(surest.get(i, {}).values(), demoted)),
        )
        for position, i in enumerate(order, start=1)
    ]


def _unhappiest(unhappy: Mapping[str, float], found: Collection[str], count: int) -> list[str]:
    """Return which of ``count`` interactions are listed though nothing was found in them."""
    alone = [i for i, risk in unhappy.items() if risk >= RISKY and i not in found]
    return sorted(alone, key=lambda i: (-unhappy[i], i))[: math.ceil(UNHAPPIEST * count)]


def _weight(one: Found, demoted: Collection[str]) -> float:
    weight = HINT_WEIGHT if one.rule_id in demoted else WEIGHTS[one.severity]
    return weight * one.score


def _risk(found: Iterable[Found], demoted: Collection[str], unhappy: float) -> float:
    calm = 1.0 - DISSATISFACTION_WEIGHT * unhappy
    return 1.0 - calm * math.prod(1.0 - _weight(one, demoted) for one in found)


def _by_weight(found: Iterable[Found], demoted: Collection[str]) -> list[str]:
    ordered = sorted(found, key=lambda one: (-_weight(one, demoted), one.rule_id))
    return [one.rule_id for one in ordered]


def _borrowed(interaction_id: str, ranked: Sequence[float]) -> float:
    """Sort a control without findings as if it had the risk of a ranked one drawn at random."""
    if not ranked:
        return 0.0
    return ranked[int(_draw(interaction_id, "place") * len(ranked))]


def _draw(interaction_id: str, purpose: str) -> float:
    """Return a number in [0, 1) that is as good as random and always the same."""
    return int.from_bytes(sha256(f"{purpose}\x1f{interaction_id}".encode()).digest()[:7]) / 2**56
