"""Spikes against known rises: false alarms on quiet periods, and rises found.

Cases:
    short_history: daily counts of a contact centre with quiet weekends and 56 days of past,
        simulated here; a rise lasts one day and adds twice the standard deviation of the series.
    noufaily: the simulation of Noufaily et al. (Statistics in Medicine 32, 2013): weekly counts
        with trend, season, overdispersion and earlier outbreaks; the last 49 weeks are judged with
        five years of past. Read from ``../shared/eval/series/noufaily`` where that is present.

Engines: ``ours`` (hotwords.baseline), ``ears_c2`` (Hutwagner et al. 2003), ``poisson_tail``
(mean of like periods, Poisson). An alarm is a one-sided p-value of at most the
case's level; for EARS C2 more than three standard deviations.

Metrics: ``false_positive_rate``, the share of quiet periods with an alarm; ``detected``, the share
of rises with an alarm in at least one of their periods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from benchmarks._report import Figures, options, show
from hotwords.baseline import BaselineOptions, Past, expected
from hotwords.designs import daily_design, yearly_design
from hotwords.regression import Floats

NOUFAILY = Path(__file__).resolve().parents[2] / "shared" / "eval" / "series" / "noufaily"
PAST_DAYS = 56
JUDGED_DAYS = 28
PAST_WEEKS = 260
JUDGED_WEEKS = 49
WEEKS_A_YEAR = 52.18
MONDAY = date(2025, 1, 6)

Counts = NDArray[np.int64]
Alarms = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """Count series with known rises.

    Attributes:
        counts: Shape ``(n, periods)``.
        is_rise: Shape as ``counts``.
        past: Periods of past given to an engine; every later period is judged.
        alpha: Level of the p-value from which a period is an alarm.
        cycle: Periods after which like follows like: 7 for days.
        supported: Periods that may be an alarm at all, shape as ``counts``.
    """

    counts: Counts
    is_rise: Alarms
    past: int
    alpha: float
    cycle: int
    supported: Alarms


def short_history(series: int, seed: int = 2025) -> Case:
    """Simulate daily counts: 2 to 200 a day, quiet weekends, slow trends, overdispersed."""
    random = np.random.default_rng(seed)
    days = PAST_DAYS + JUDGED_DAYS
    time = np.arange(days)
    level = np.exp(random.uniform(np.log(2.0), np.log(200.0), series))[:, None]
    week = np.array([1.15, 1.1, 1.05, 1.0, 1.0, 0.3, 0.2])
    weekday = np.exp(np.log(week) * random.uniform(0.7, 1.3, (series, 1)))[:, time % 7]
    trend = np.exp(random.normal(0.0, 0.1, (series, 1)) * (time - days / 2) / 28)
    mean = level * weekday * trend
    phi = random.uniform(1.1, 3.0, (series, 1))
    counts = random.negative_binomial(mean / (phi - 1.0), 1.0 / phi)
    is_rise = time == random.integers(PAST_DAYS, days, (series, 1))
    spread = counts[:, :PAST_DAYS].std(axis=1, keepdims=True)
    extra = random.poisson(2.0 * spread) * is_rise
    return Case(
        counts=counts + extra,
        is_rise=is_rise,
        past=PAST_DAYS,
        alpha=0.005,
        cycle=7,
        supported=np.ones_like(is_rise),
    )


def noufaily(step: int) -> Case | None:
    """Read every ``step``-th series of the simulation; None where it is not on this machine."""
    source = NOUFAILY / "sim.npz"
    if not source.is_file():
        return None
    with np.load(source) as stored:
        counts = stored["observed"][::step].astype(np.int64)
        outbreak = stored["outbreak"][::step] > 0
    first = counts.shape[1] - JUDGED_WEEKS - PAST_WEEKS
    # Fewer than five cases in four weeks are no alarm: Noufaily et al., section 2, exclusion rule.
    sums: Counts = np.cumsum(counts, axis=1)
    supported = np.zeros_like(outbreak)
    supported[:, 4:] = sums[:, 4:] - sums[:, :-4] >= 5
    return Case(
        counts=counts[:, first:],
        is_rise=outbreak[:, first:],
        past=PAST_WEEKS,
        alpha=0.01,
        cycle=1,
        supported=supported[:, first:],
    )


def ours(case: Case, period: int) -> Alarms:
    """Judge one period of all series with the shipped baseline, each series on its own."""
    counts = case.counts[:, period - case.past : period]
    ones = np.ones(counts.shape)
    past = Past(counts, ones, ones[:, 0], np.zeros(len(counts), dtype=np.bool_))
    if case.cycle == 7:
        design = daily_design(MONDAY + timedelta(days=period), past, BaselineOptions())
    else:
        design = yearly_design(case.past, per_year=WEEKS_A_YEAR)
    return np.asarray(expected(past, design).tail(case.counts[:, period]) <= case.alpha)


def ears_c2(case: Case, period: int) -> Alarms:
    """Seven periods with a gap of two; more than three standard deviations above their mean."""
    base = case.counts[:, period - 9 : period - 2].astype(np.float64)
    limit = base.mean(axis=1) + 3 * np.maximum(base.std(axis=1, ddof=1), 0.2)
    return np.asarray(case.counts[:, period] > limit, dtype=np.bool_)


def poisson_tail(case: Case, period: int) -> Alarms:
    """Mean of the like periods of the past (same weekday), Poisson tail."""
    like = case.counts[:, period - case.past : period][:, :: case.cycle]
    mean: Floats = np.maximum(like.mean(axis=1), 1e-9)
    observed = case.counts[:, period].astype(np.float64)
    tail = np.where(observed > 0, gammainc(np.maximum(observed, 1e-9), mean), 1.0)
    return np.asarray(tail <= case.alpha)


ENGINES: Mapping[str, Callable[[Case, int], Alarms]] = {
    "ours": ours,
    "ears_c2": ears_c2,
    "poisson_tail": poisson_tail,
}


def measure(case: Case, engine: Callable[[Case, int], Alarms]) -> dict[str, float]:
    """Return both metrics of one engine on one case."""
    periods = range(case.past, case.counts.shape[1])
    alarms: Alarms = np.column_stack([engine(case, period) for period in periods])
    alarms = alarms & case.supported[:, case.past :]
    is_rise: Alarms = case.is_rise[:, case.past :]
    found = np.asarray((alarms & is_rise).any(axis=1))[np.asarray(is_rise.any(axis=1))]
    return {
        "false_positive_rate": round(float(alarms[~is_rise].mean()), 5),
        "detected": round(float(found.mean()), 4),
    }


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and why a case was left out."""
    cases = {
        "short_history": short_history(400 if quick else 4000),
        "noufaily": noufaily(12 if quick else 1),
    }
    figures = {
        name: {engine: measure(case, judge) for engine, judge in ENGINES.items()}
        for name, case in cases.items()
        if case is not None
    }
    absent = [
        f"{name}: the data is not on this machine ({NOUFAILY.name}/sim.npz); left out"
        for name, case in cases.items()
        if case is None
    ]
    return figures, absent


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="fewer series, under a minute").parse_args()
    figures, absent = run(quick=chosen.quick)
    columns = {"false_positive_rate": ".4f", "detected": ".3f"}
    show(figures, columns, title="Spikes", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
