"""Truth from samples: how much rules find of what is there, and team scores without bias.

People judge what the worklist shows them first, which is no random sample; the control slice is
one: every interaction is drawn with the same probability, whatever the rules said. So what is
missed is counted in the control slice and weighted by the inverse of the probability to be drawn
and heard (Horvitz and Thompson, *A generalization of sampling without replacement from a finite
universe*, JASA 47, 1952).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

import numpy as np
from scipy.special import stdtrit

from pipelines.known_error import CONFIDENCE, KnownError, known_errors
from pipelines.scoring import both, by_version, sheets_of
from pipelines.settings import Settings
from warehouse.read import RuleReach, answers_of, control_slice, rule_reaches, score_places, scores
from warehouse.store import Warehouse

DRAWS, SEED = 20_000, 8
LEAST = 5
"""Fewer interactions heard by people say too little of a team. Ours, as for the standings."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or a mean with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTruth:
    """What is known of a rule.

    Attributes:
        error: Precision and recall as counted.
        found: Interactions in which it finds something; ``asked`` those that it inspected.
        recall: Of what is there in everything kept, weighted; None where nobody heard a control
            interaction without a finding, or no finding was judged.
        present: Share of interactions in which its matter is there, likewise.
    """

    error: KnownError
    found: int
    asked: int
    recall: Estimate | None
    present: Estimate | None


def truths(warehouse: Warehouse, settings: Settings) -> list[RuleTruth]:
    """Return every rule in force with what is known of it, by id."""
    reaches = rule_reaches(warehouse)
    return [
        _truth(error, reaches.get(rule, RuleReach(0, 0, 0, 0)))
        for rule, error in sorted(known_errors(warehouse, settings).items())
    ]


def _truth(error: KnownError, reach: RuleReach) -> RuleTruth:
    recall, present = weighted(
        (error.precision.count, error.precision.of - error.precision.count),
        reach,
    )
    return RuleTruth(
        error=error, found=reach.found, asked=reach.asked, recall=recall, present=present
    )


def weighted(judged: tuple[int, int], reach: RuleReach) -> tuple[Estimate | None, Estimate | None]:
    """Return recall and share present over everything kept.

    True findings: those found, times the precision. Missed: the share of control interactions
    without a finding in which people heard it, times all without a finding; that is each one missed
    weighted by the inverse of its probability to be drawn and heard. Intervals: both shares drawn
    from their Jeffreys posteriors (L. Brown et al., *Interval estimation for a binomial
    proportion*, Statistical Science 16, 2001), with a fixed seed.

    Args:
        judged: Findings confirmed and rejected.
        reach: Counts over what is kept.
    """
    confirmed, rejected = judged
    if confirmed + rejected == 0 or reach.heard_without == 0 or reach.asked == 0:
        return None, None
    without = reach.asked - reach.found
    random = np.random.default_rng(SEED)
    right = random.beta(confirmed + 0.5, rejected + 0.5, DRAWS) * reach.found
    kept = reach.heard_without - reach.missed
    missed = random.beta(reach.missed + 0.5, kept + 0.5, DRAWS) * without
    is_right = confirmed / (confirmed + rejected) * reach.found
    is_missed = reach.missed / reach.heard_without * without
    there = is_right + is_missed
    recall = None
    if there:
        recall = _estimate(is_right / there, right / (right + missed))
    return recall, _estimate(there / reach.asked, (right + missed) / reach.asked)


def _estimate(value: float, drawn: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Estimate:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value))


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamScore:
    """One team's (agent's, queue's) mean score by one sheet.

    Attributes:
        n: Interactions scored by the machine; ``machine`` their mean.
        heard: Of the control slice, those that people answered.
        score: The machine's mean, put right by what people answered; None with too few of them.
    """

    sheet_id: str
    name: str | None
    n: int
    machine: float
    heard: int
    score: Estimate | None


def team_scores(warehouse: Warehouse, settings: Settings, *, per: str = "team") -> list[TeamScore]:
    """Return mean scores that are unbiased whatever the machine gets wrong.

    The difference estimator of two-phase sampling (Cochran, *Sampling Techniques*, 3rd ed., 1977,
    section 12.9): the machine's mean over everything, plus the mean difference between people and
    machine over the control slice.
    """
    places = score_places(
        warehouse, first_day=None, last_day=None, timezone=settings.centre.timezone
    )
    differences = _differences(warehouse, settings)
    groups: dict[tuple[str, str | None], list[tuple[str, float]]] = {}
    for one in places:
        if one.score is not None:
            key = (one.sheet_id, getattr(one, per))
            groups.setdefault(key, []).append((one.interaction_id, one.score))
    return [
        _team(
            key,
            values,
            [d for one, _ in values if (d := differences.get((one, key[0]))) is not None],
        )
        for key, values in sorted(groups.items(), key=lambda pair: (pair[0][0], pair[0][1] or ""))
    ]


def _differences(warehouse: Warehouse, settings: Settings) -> Mapping[tuple[str, str], float]:
    ids = control_slice(warehouse)
    sheets, answers = by_version(sheets_of(settings)), answers_of(warehouse, ids)
    found = {}
    for score in scores(warehouse, ids):
        own = [one for one in answers if one.interaction_id == score.interaction_id]
        people = both(sheets, score, own)
        if people is not None and people.score is not None and score.score is not None:
            found[score.interaction_id, score.sheet_id] = people.score - score.score
    return found


def _team(
    key: tuple[str, str | None], values: Sequence[tuple[str, float]], heard: Sequence[float]
) -> TeamScore:
    machine = fmean(value for _, value in values)
    score = None
    if len(heard) >= LEAST:
        middle = machine + fmean(heard)
        reach = float(stdtrit(len(heard) - 1, 1 - (1 - CONFIDENCE) / 2))
        reach *= stdev(heard) / sqrt(len(heard))
        score = Estimate(middle, max(0.0, middle - reach), min(100.0, middle + reach))
    return TeamScore(
        sheet_id=key[0], name=key[1], n=len(values), machine=machine, heard=len(heard), score=score
    )
