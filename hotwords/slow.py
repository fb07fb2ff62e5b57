"""Slow drifts: what grows by a few per cent a week, and is no spike on any of its days.

Weeks are compared, so weekdays cannot mislead. Each series' twelve weeks are put into one
regression on time:

    contacts ~ quasi-Poisson(m),  log m = log(exposure) + level + slope × week

with Pearson's statistic as the spread and Student's t for the slope (McCullagh & Nelder 1989, ch.
4.5 and 6.2). A single loud week is no drift: the slope must also be there without it. False
discoveries are held down over all series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from hotwords.discoveries import q_values
from hotwords.followup import Ratio
from hotwords.regression import Design, Floats, Observed, fit
from hotwords.series import Key

WEEKS = 12
LEAST_CONTACTS = 48  # in all weeks: four a week
FALSE_DISCOVERIES = 0.05
STILL_THERE = 0.05  # p-value of the slope without the loudest week
LEAST_CHANGE = 1.1  # in four weeks: however sure, less is nobody's concern
MONTH = 4.0  # weeks that a change is told over
POISSON = 1e-9
WEAK = 0.01  # precision of the priors: a standard deviation of 10 in the log says nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weekly:
    """Counts by weeks.

    Attributes:
        keys: Kind, slice and term of each row.
        contacts: Shape ``(n, weeks)``, oldest first.
        exposure: All contacts of the slice, shape as ``contacts``; 0: no data.
    """

    keys: Sequence[Key]
    contacts: NDArray[np.int64]
    exposure: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowDrift:
    """A series whose share of contacts grows or falls steadily.

    Attributes:
        key: Kind, slice and term.
        in_four_weeks: Factor by which the share changes, with its 95 % interval.
        q_value: Share of false alarms among this and all surer ones.
        contacts: A week, oldest first.
    """

    key: Key
    in_four_weeks: Ratio
    q_value: float
    contacts: tuple[int, ...]


def slow_drifts(weekly: Weekly) -> list[SlowDrift]:
    """Return what drifts, the surest first; nothing with fewer than half of the weeks."""
    enough = (weekly.exposure > 0).sum(axis=1) >= max(WEEKS // 2, 3)
    enough &= weekly.contacts.sum(axis=1) >= LEAST_CONTACTS
    rows = np.flatnonzero(enough)
    keys = [weekly.keys[row] for row in rows.tolist()]
    if not len(rows):
        return []
    contacts, exposure = weekly.contacts[rows], weekly.exposure[rows]
    everything = (exposure > 0).astype(np.float64)
    slope, error, chance = _slopes(contacts, exposure, everything)
    again, _, still = _slopes(contacts, exposure, _without_loudest(contacts, exposure, everything))
    is_steady = (still <= STILL_THERE) & (np.sign(again) == np.sign(slope))
    p_values = np.where(is_steady, chance, 1.0)
    rates = q_values(p_values, np.ones(len(rows)))
    free = np.maximum(everything.sum(axis=1) - 2, 1)
    reach = student.ppf(0.975, free) * error
    large = np.abs(slope) * MONTH >= np.log(LEAST_CHANGE)
    found = np.flatnonzero((rates <= FALSE_DISCOVERIES) & (p_values < 1.0) & large)
    order = sorted(found, key=lambda i: (p_values[i], keys[i]))
    return [
        SlowDrift(
            key=keys[i],
            in_four_weeks=Ratio(
                value=float(np.exp(MONTH * slope[i])),
                low=float(np.exp(MONTH * (slope[i] - reach[i]))),
                high=float(np.exp(MONTH * (slope[i] + reach[i]))),
            ),
            q_value=float(rates[i]),
            contacts=tuple(int(one) for one in contacts[i]),
        )
        for i in order
    ]


def _slopes(
    contacts: NDArray[np.int64], exposure: NDArray[np.int64], weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return slope a week, its standard error and its two-sided p-value, shapes ``(n,)``."""
    weeks = contacts.shape[1]
    columns = np.column_stack([np.ones(weeks), np.arange(weeks) - (weeks - 1) / 2])
    design = Design(columns, columns[-1], np.full(2, WEAK))
    log_exposure = np.log(np.where(exposure > 0, exposure, 1.0))
    observed = Observed(contacts.astype(np.float64), log_exposure, weights)
    fitted = fit(observed, design, np.full(len(contacts), POISSON))
    free = np.maximum(weights.sum(axis=1) - 2, 1)
    off = weights * (contacts - fitted.mean) ** 2 / np.maximum(fitted.mean, 1e-9)
    spread = np.maximum(off.sum(axis=1) / free, 1.0)
    slope = fitted.coefficients[:, 1]
    error = np.sqrt(fitted.covariance[:, 1, 1] * spread)
    return slope, error, np.asarray(2 * student.sf(np.abs(slope) / error, free))


def _without_loudest(
    contacts: NDArray[np.int64], exposure: NDArray[np.int64], weights: Floats
) -> Floats:
    """Leave out each series' week that is farthest above its mean share."""
    share = contacts.sum(axis=1, keepdims=True) / np.maximum(exposure.sum(axis=1), 1)[:, None]
    mean = np.maximum(share * exposure, 1e-9)
    loudest = ((contacts - mean) / np.sqrt(mean)).argmax(axis=1)
    some = weights.copy()
    some[np.arange(len(some)), loudest] = 0.0
    return some
