"""A rise out of what? Contacts, different customers, and what the centre serves, side by side.

Twice the contacts about delivery are no news on a day with twice the orders. Each denominator has
its own usual rate and its own interval; none of them is the right one for every question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from hotwords.followup import Ratio
from hotwords.regression import Floats

CONTACTS, CUSTOMERS = "contacts", "customers"
LEAST_DAYS = 7  # of the past with a denominator: one of each weekday
NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOut:
    """One day of a term in a slice.

    Attributes:
        contacts: With the term, out of ``exposure``; ``customers`` out of ``all_customers``.
    """

    day: date
    contacts: int
    customers: int
    exposure: int
    all_customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rise over one denominator.

    Attributes:
        name: ``contacts``, ``customers``, or a column of the centre's own file.
        hits: Counted on the day, out of ``out_of``.
        per_1000: Hits in a thousand.
        usual_per_1000: The same over the days before; None where they have no denominator.
        times: ``per_1000`` over ``usual_per_1000`` with its 95 % interval; None likewise.
    """

    name: str
    hits: int
    out_of: float
    per_1000: float
    usual_per_1000: float | None = None
    times: Ratio | None = None

    @property
    def explains(self) -> bool:
        """Whether the denominator grew as much as the hits: then it explains the rise."""
        return self.times is not None and self.times.low <= 1.0


def rates(
    days: Sequence[DayOut], day: date, served: Mapping[str, Mapping[date, float]]
) -> tuple[Rate, ...]:
    """Return the rise of ``day`` over every denominator that the day has.

    Args:
        days: The day, and the days before the rise that it is set against.
        day: The day in question.
        served: The centre's own denominators (users, orders), each by day.
    """
    by_day = {one.day: one for one in days}
    if day not in by_day:
        return ()
    contacts = {one.day: (one.contacts, float(one.exposure)) for one in days}
    customers = {one.day: (one.customers, float(one.all_customers)) for one in days}
    found = [_rate(CONTACTS, contacts, day), _rate(CUSTOMERS, customers, day)]
    for name in sorted(served):
        known = {at: (by_day[at].contacts, n) for at, n in served[name].items() if at in by_day}
        found.append(_rate(name, known, day))
    return tuple(one for one in found if one is not None)


def _rate(name: str, days: Mapping[date, tuple[int, float]], day: date) -> Rate | None:
    hits, out_of = days.get(day, (0, 0.0))
    if out_of <= 0:
        return None
    past = np.array([pair for at, pair in days.items() if at < day and pair[1] > 0])
    own = Rate(name=name, hits=hits, out_of=out_of, per_1000=1000 * hits / out_of)
    if len(past) < LEAST_DAYS:
        return own
    usual = (past[:, 0].sum() + 0.5) / past[:, 1].sum()
    return replace(
        own,
        usual_per_1000=float(1000 * usual),
        times=_times(hits / out_of / usual, hits, past, float(usual)),
    )


def _times(value: float, hits: int, past: Floats, usual: float) -> Ratio:
    """Return a ratio of two rates: log-normal, its Poisson variance times Pearson's statistic.

    McCullagh & Nelder, Generalized Linear Models, 2nd ed. (1989), ch. 4.5.
    """
    mean = usual * past[:, 1]
    clump = max(1.0, float(((past[:, 0] - mean) ** 2 / mean).sum() / (len(past) - 1)))
    reach = NORMAL_95 * np.sqrt(clump * (1 / (hits + 0.5) + 1 / (past[:, 0].sum() + 0.5)))
    return Ratio(value=value, low=float(value * np.exp(-reach)), high=float(value * np.exp(reach)))
