"""Did the fix work? An interrupted time series with a control.

A spike is noticed because it is high, so the days after it are lower whatever anybody does. What
counts is the fall against a control that nobody acted on: the same term in the other slices. Both
series are put into one regression:

    contacts ~ quasi-Poisson(m)
    log m = log(exposure) + series + weekday + during + after + acted × during + acted × after

``during`` is from the first day of the rise to the day before the action, ``after`` from the action
on. ``acted × after − acted × during`` is the effect (controlled interrupted time series: Lopez
Bernal, Cummins & Gasparrini, Int. J. Epidemiology 47, 2018). Standard errors are scaled by
Pearson's statistic (McCullagh & Nelder 1989, ch. 4.5), intervals by Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from hotwords.regression import Design, Floats, Observed, fit

LEAST_DAYS = 5  # after the action; fewer hold no whole working week
WEEK = 7  # open days before the rise, below which nothing says what was usual
LEAST_CONTACTS = 5  # during the rise: fewer leave nothing to fall
WEAK = 0.01  # precision of the priors: a standard deviation of 10 in the log says nothing
POISSON = 1e-9
REASONS = ("no_before", "few_contacts", "few_days")  # why an effect is not measured


class Outcome(StrEnum):
    """What can be said of a fix."""

    WORKED = "worked"
    NO_EFFECT_SEEN = "no_effect_seen"
    WORSE = "worse"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A ratio of two rates with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Daily:
    """What was counted where somebody acted, and in the control.

    Attributes:
        first: Day of column 0.
        contacts: With the term, shape ``(days,)``.
        exposure: All contacts, shape ``(days,)``; a day of 0 is closed and left out.
        control: Contacts with the term where nobody acted, shape ``(days,)``; None: no control.
        control_exposure: All contacts there.
    """

    first: date
    contacts: NDArray[np.int64]
    exposure: NDArray[np.int64]
    control: NDArray[np.int64] | None = None
    control_exposure: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What became of a rise after somebody acted.

    Attributes:
        effect: Rate after the action over the rate during the rise, the control's own change
            taken out; None where it is not measured.
        remaining: Rate after the action over the rate before the rise, likewise.
        because: Why it is not measured: ``few_days``, ``few_contacts``, ``no_before``; else empty.
        is_controlled: Whether there was a control.
        days_after: Open days since the action.
    """

    outcome: Outcome
    effect: Ratio | None
    remaining: Ratio | None
    because: str
    is_controlled: bool
    days_after: int


def measure_effect(daily: Daily, *, since: date, acts_from: date) -> Effect:
    """Return what the action did.

    Args:
        daily: Days before the rise, during it and after the action.
        since: First day of the rise.
        acts_from: The first day on which the action could work.
    """
    start, action = (since - daily.first).days, (acts_from - daily.first).days
    is_open = daily.exposure > 0
    is_controlled = daily.control is not None and bool(daily.control.sum() >= LEAST_CONTACTS)
    days_after = int(is_open[max(action, 0) :].sum())
    because = _why_not(daily, is_open, start, action)
    if because:
        return Effect(
            outcome=Outcome.NOT_MEASURED,
            effect=None,
            remaining=None,
            because=because,
            is_controlled=is_controlled,
            days_after=days_after,
        )
    effect, remaining = _ratios(daily, start, action, is_controlled=is_controlled)
    outcome = Outcome.NO_EFFECT_SEEN
    if effect.high < 1.0:
        outcome = Outcome.WORKED
    elif effect.low > 1.0:
        outcome = Outcome.WORSE
    return Effect(
        outcome=outcome,
        effect=effect,
        remaining=remaining,
        because="",
        is_controlled=is_controlled,
        days_after=days_after,
    )


def _why_not(daily: Daily, is_open: NDArray[np.bool_], start: int, action: int) -> str:
    if start < WEEK or is_open[:start].sum() < WEEK:
        return "no_before"
    if action <= start or daily.contacts[start:action].sum() < LEAST_CONTACTS:
        return "few_contacts"
    if is_open[action:].sum() < LEAST_DAYS:
        return "few_days"
    return ""


def _ratios(daily: Daily, start: int, action: int, *, is_controlled: bool) -> tuple[Ratio, Ratio]:
    days = len(daily.contacts)
    counts = [daily.contacts]
    exposure = [daily.exposure]
    if is_controlled and daily.control is not None and daily.control_exposure is not None:
        counts.append(daily.control)
        exposure.append(daily.control_exposure)
    time = np.tile(np.arange(days), len(counts))
    acted = np.repeat([1.0, 0.0][: len(counts)], days)
    columns = _columns(time, acted, daily.first.weekday(), (start, action), len(counts) > 1)
    out_of = np.concatenate(exposure).astype(np.float64)
    observed = Observed(
        np.concatenate(counts).astype(np.float64)[None, :],
        np.log(np.where(out_of > 0, out_of, 1.0))[None, :],
        (out_of > 0).astype(np.float64)[None, :],
    )
    width = columns.shape[1]
    precision = np.array([WEAK, *[WEAK] * (width - 8), *[1.0] * 7])
    order = [0, *range(8, width), *range(1, 8)]
    design = Design(columns[:, order], columns[0, order], precision)
    fitted = fit(observed, design, np.array([POISSON]))
    mean, open_days = fitted.mean[0], observed.weights[0]
    free = max(1.0, open_days.sum() - (width - 1))
    scale = float(max(1.0, (open_days * (observed.counts[0] - mean) ** 2 / mean).sum() / free))
    during, after = np.zeros(width), np.zeros(width)
    during[width - 9], after[width - 8] = 1.0, 1.0  # the last two before the weekdays
    sure = (fitted.coefficients[0], fitted.covariance[0] * scale, free)
    return _ratio(after - during, *sure), _ratio(after, *sure)


def _columns(
    time: NDArray[np.int64],
    acted: Floats,
    weekday: int,
    bounds: tuple[int, int],
    is_controlled: bool,  # noqa: FBT001 - private, and told by name above
) -> Floats:
    """Return level, seven weekdays, [acted, during, after], acted × during, acted × after."""
    start, action = bounds
    during = ((time >= start) & (time < action)).astype(np.float64)
    after = (time >= action).astype(np.float64)
    shared = [acted, during, after] if is_controlled else []
    return np.column_stack(
        [
            np.ones(len(time)),
            np.eye(7)[(time + weekday) % 7],
            *shared,
            acted * during,
            acted * after,
        ]
    )


def _ratio(weights: Floats, estimate: Floats, covariance: Floats, free: float) -> Ratio:
    log_ratio = float(weights @ estimate)
    reach = float(student.ppf(0.975, free) * np.sqrt(weights @ covariance @ weights))
    return Ratio(
        value=float(np.exp(log_ratio)),
        low=float(np.exp(log_ratio - reach)),
        high=float(np.exp(log_ratio + reach)),
    )
