"""Spikes against known rises: false alarms on quiet periods, and rises found.

Cases:
    short_history: daily counts of a contact centre with quiet weekends and 56 days of past,
        simulated; a rise lasts five days, each adds twice the standard deviation of the mean day.
    one_day: the same with rises of one day that add twice the standard deviation of the past. The
        oracle shows how many of them any test of that day could find.
    noufaily: the simulation of Noufaily et al. (Statistics in Medicine 32, 2013): weekly counts
        with trend, season, overdispersion and earlier outbreaks; the last 49 weeks are judged with
        five years of past.
    many: 5 000 words a day at once, 0.4 % of them rising; false discoveries held down to 0.05.
    sample: the sample centre (``python -m samples``): 30 quiet days, then its two planted rises and
        two traps, each of which must be called within a day, the traps as those of few customers.
    epidemics, tweets, complaints: real series with labelled rises; what rises beside the labels
        counts as false.

All but short_history, one_day, many and sample are read from ``../shared/eval/series`` where
present.

Engines: ``ours`` (hotwords), ``ears_c2`` (Hutwagner et al. 2003), ``poisson_tail`` (mean of like
periods), ``farrington_flexible`` (Noufaily et al. 2013), ``seasonal_regression`` (negative
binomial), ``oracle`` (knows the simulation's mean and dispersion; single periods).

Metrics: ``false_positive_rate``, the share of quiet periods with an alarm; ``detected``, the share
of rises with an alarm in at least one of their periods; ``false_discoveries``, the share of what
was called that had not risen (``sample``: of quiet days with anything called); ``delay_days``, the
longest time from a rise's beginning to its call; ``traps_named``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np

from benchmarks._detectors import (
    ears_c2,
    farrington_flexible,
    oracle,
    poisson_tail,
    seasonal_regression,
)
from benchmarks._many import many
from benchmarks._real_series import complaints, epidemics, tweets
from benchmarks._report import Figures, options, show
from benchmarks._sample import sample
from benchmarks._series import Alarms, Case, noufaily, one_day, short_history
from hotwords.baseline import expected_runs, learn
from hotwords.designs import daily_design, hourly_design, yearly_design
from hotwords.past import BaselineOptions, Past
from hotwords.regression import Design
from hotwords.surprise import surprise

MONDAY = date(2025, 1, 6)
FIVE_YEARS = 260
Engine = Callable[[Case, int], Alarms]


def ours(case: Case, period: int) -> Alarms:
    """Judge one period of all series with what is shipped, as ``hotwords.spikes`` does."""
    days = min(case.past, FIVE_YEARS) if case.cycle == 1 else case.past
    counts = case.counts[:, period - days : period]
    exposure = np.ones(counts.shape)
    today = np.ones(len(counts))
    if case.exposure is not None:
        exposure = np.broadcast_to(case.exposure[period - days : period] * 1.0, counts.shape)
        today = np.full(len(counts), float(case.exposure[period]))
    is_share = np.full(len(counts), case.exposure is not None)
    past = Past(counts, exposure, today, is_share)
    believed = BaselineOptions(runs=case.runs)
    design = _design(case, period, past, believed)
    usual = expected_runs(past, design, believed, learn(past, design, believed))
    found = surprise(usual, past, case.counts[:, period], case.runs)
    return np.asarray(found.p_value <= case.alpha)


def _design(case: Case, period: int, past: Past, believed: BaselineOptions) -> Design:
    if case.cycle == 7:
        return daily_design(MONDAY + timedelta(days=period), past, believed)
    if case.cycle == 24:
        return hourly_design(period, past, believed)
    return yearly_design(past.counts.shape[1], per_year=case.per_year)


DAILY: Mapping[str, Engine] = {"ours": ours, "ears_c2": ears_c2, "poisson_tail": poisson_tail}
WEEKLY: Mapping[str, Engine] = {
    **DAILY,
    "farrington_flexible": farrington_flexible,
    "seasonal_regression": seasonal_regression,
}


def measure(case: Case, engine: Engine) -> dict[str, float]:
    """Return both metrics of one engine on one case."""
    periods = range(case.past, case.counts.shape[1])
    alarms: Alarms = np.column_stack([engine(case, period) for period in periods])
    alarms = alarms & case.supported[:, case.past :]
    rises = case.rises()
    found = np.unique(rises[alarms & (rises > 0)])
    return {
        "false_positive_rate": round(float(alarms[rises == 0].mean()), 5),
        "detected": round(len(found) / len(np.unique(rises[rises > 0])), 4),
    }


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and why a case was left out."""
    simulated = {**DAILY, "oracle": oracle}
    cases = {
        "short_history": (short_history(400 if quick else 4000), simulated),
        "one_day": (one_day(300 if quick else 2000), simulated),
        "noufaily": (noufaily(20 if quick else 1), {**WEEKLY, "oracle": oracle}),
        "epidemics": (epidemics(), DAILY),
        "tweets": (None if quick else tweets(), DAILY),
        "complaints": (None if quick else complaints(), DAILY),
    }
    figures: Figures = {
        name: {engine: measure(case, judge) for engine, judge in engines.items()}
        for name, (case, engines) in cases.items()
        if case is not None
    }
    figures["many"] = many(days=2 if quick else 20)
    if not quick:
        figures["sample"] = sample()
    why = "left out by --quick, or the data is not on this machine"
    return figures, [f"{name}: {why}" for name in (*cases, "sample") if name not in figures]


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="fewer series, under a minute").parse_args()
    figures, absent = run(quick=chosen.quick)
    columns = {"false_positive_rate": ".4f", "detected": ".3f", "false_discoveries": ".3f"}
    columns |= {"delay_days": ".0f", "traps_named": ".2f"}
    show(figures, columns, title="Spikes", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
