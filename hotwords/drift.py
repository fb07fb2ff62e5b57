"""Who and what is unlike its peers: interactions, and agents or teams whose measures drift.

Nothing here is a ranking. A difference is told only where its interval leaves out zero after all
that were compared are counted, and a group with too few interactions is said to have too few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
from scipy.stats import t as student
from scipy.stats import trim_mean

from hotwords.discoveries import q_values
from hotwords.regression import Floats

LEAST_INTERACTIONS = 20  # of a group in a window: half a working day of calls
LEAST_PEERS = 30  # interactions of the same queue and reason, to say what is like them
FAR = 3.5  # modified z-score: Iglewicz & Hoaglin, How to Detect and Handle Outliers (1993)
MAD_TO_SD = 0.6745
MEAN_TO_SD = 1.2533  # mean absolute deviation, where half of the values are the same
TRIMMED = 0.1  # at either end of the peers' values: one agent's change must not become everyone's
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure of one interaction.

    Attributes:
        group: Whose it is: the agent or team.
        measure: Which measure; values of different ones are never compared.
        peers: What it is like: queue and reason.
        value: In the measure's own unit.
    """

    interaction_id: str
    group: str
    peers: tuple[str, ...]
    day: date
    value: float
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """An interaction unlike its peers: ``z`` robust standard deviations from their median."""

    interaction_id: str
    peers: tuple[str, ...]
    value: float
    median: float
    z: float
    measure: str = ""


def outliers(values: Iterable[Measured]) -> list[Outlier]:
    """Return the interactions far from the others of their queue and reason, farthest first."""
    by_peers: dict[tuple[str, ...], list[Measured]] = defaultdict(list)
    for one in values:
        by_peers[one.measure, *one.peers].append(one)
    found = [
        outlier
        for peers in by_peers.values()
        if len(peers) >= LEAST_PEERS
        for outlier in _far(peers)
    ]
    return sorted(found, key=lambda one: (-abs(one.z), one.interaction_id, one.measure))


def _far(peers: Sequence[Measured]) -> list[Outlier]:
    values = np.array([one.value for one in peers])
    median = float(np.median(values))
    away = np.abs(values - median)
    scale = float(np.median(away)) / MAD_TO_SD or float(away.mean()) * MEAN_TO_SD
    if not scale:
        return []
    return [
        Outlier(
            interaction_id=one.interaction_id,
            peers=one.peers,
            value=one.value,
            median=median,
            z=(one.value - median) / scale,
            measure=one.measure,
        )
        for one in peers
        if abs(one.value - median) > FAR * scale
    ]


class Verdict(StrEnum):
    """What can be said of a group."""

    DRIFTED = "drifted"
    WITHIN_CHANCE = "within_chance"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How a group's mean changed against its own past, its peers' change taken out.

    Attributes:
        recent: Interactions since; ``before`` of the past.
        change: In the measure's unit; None where either are too few.
        low: Of the 95 % interval (Welch, Biometrika 34, 1947), widened for nothing: the
            ``q_value`` counts how many groups were compared.
    """

    group: str
    verdict: Verdict
    recent: int
    before: int
    change: float | None = None
    low: float | None = None
    high: float | None = None
    q_value: float = 1.0
    measure: str = ""


def drifts(values: Iterable[Measured], since: date) -> list[Drift]:
    """Return every group's change from ``since`` on, in the order of measures and names.

    Each value is set against the trimmed mean (Tukey & McLaughlin, Sankhya A 25, 1963) of its
    peers (same queue and reason) in its own window, so that a hard week of a queue is nobody's
    drift.
    """
    rows = sorted(values, key=lambda one: (one.measure, one.group, one.day, one.interaction_id))
    own: dict[tuple[str, str], tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for one, rest in zip(rows, _against_peers(rows, since), strict=True):
        own[one.measure, one.group][one.day >= since].append(rest)
    compared = [_compared(group, np.array(a), np.array(b)) for group, (a, b) in sorted(own.items())]
    rates = q_values(np.array([p for _, p in compared]), np.ones(len(compared)))
    return [_judged(one, float(q)) for (one, _), q in zip(compared, rates, strict=True)]


def _against_peers(rows: Sequence[Measured], since: date) -> list[float]:
    windows: dict[tuple[str, tuple[str, ...], bool], list[float]] = defaultdict(list)
    for one in rows:
        windows[one.measure, one.peers, one.day >= since].append(one.value)
    means: Mapping[tuple[str, tuple[str, ...], bool], float] = {
        key: float(trim_mean(some, TRIMMED)) for key, some in windows.items()
    }
    return [one.value - means[one.measure, one.peers, one.day >= since] for one in rows]


def _compared(whose: tuple[str, str], before: Floats, recent: Floats) -> tuple[Drift, float]:
    few = Drift(
        measure=whose[0],
        group=whose[1],
        verdict=Verdict.TOO_FEW,
        recent=len(recent),
        before=len(before),
    )
    if min(len(before), len(recent)) < LEAST_INTERACTIONS:
        return few, 1.0
    parts = np.array([some.var(ddof=1) / len(some) for some in (before, recent)])
    error = float(np.sqrt(parts.sum()))
    if not error:
        return few, 1.0
    free = float(parts.sum() ** 2 / (parts**2 / (np.array([len(before), len(recent)]) - 1)).sum())
    change = float(recent.mean() - before.mean())
    reach = float(student.ppf(0.975, free)) * error
    chance = float(2 * student.sf(abs(change) / error, free))
    found = replace(
        few,
        verdict=Verdict.WITHIN_CHANCE,
        change=change,
        low=change - reach,
        high=change + reach,
    )
    return found, chance


def _judged(one: Drift, q_value: float) -> Drift:
    if one.verdict is Verdict.TOO_FEW:
        return one
    verdict = Verdict.DRIFTED if q_value <= FALSE_DISCOVERIES else Verdict.WITHIN_CHANCE
    return replace(one, verdict=verdict, q_value=q_value)
