"""A series day by day with the band of what was usual, for plots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from hotwords.baseline import expected
from hotwords.counts import Kind, Slice, TermCount
from hotwords.designs import daily_design
from hotwords.past import BaselineOptions
from hotwords.series import series


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One series, a value a day, the last is the day in question.

    Attributes:
        first: The first day.
        contacts: What was counted.
        expected: What the fit over the days expects of each; ``low`` to ``high`` holds 95 of 100
            quiet days.
    """

    first: date
    contacts: tuple[int, ...]
    expected: tuple[float, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]


def band(
    counts: Iterable[TermCount],
    key: tuple[Kind, Slice, str],
    day: date,
    options: BaselineOptions | None = None,
    days: int = 57,
) -> Band | None:
    """Return the series of ``key`` up to ``day``; None where nothing was counted before it.

    Args:
        counts: Of the term and of all contacts.
        key: Kind, slice and term.
        day: The last day.
        options: What the regression may believe.
        days: How many, the last included.
    """
    options = options or BaselineOptions()
    window = series(counts, day, days)
    if key not in window.keys or window.days == 1:
        return None
    row = np.array([window.keys.index(key)])
    past = window.past(row)
    usual = expected(past, daily_design(day, past, options), options)
    each = np.append(np.where(past.exposure[0] > 0, usual.fitted[0], 0.0), usual.mean)
    spread = (usual.share / usual.size).sum(axis=1, keepdims=True)
    length = len(each)
    of_days = replace(
        usual, mean=np.maximum(each, 1e-9), size=1 / np.repeat(spread, length, axis=0),
        share=np.ones((length, 1)),
    )  # fmt: skip
    low, high = of_days.interval()
    return Band(
        first=window.first,
        contacts=tuple(int(one) for one in window.contacts[row[0]]),
        expected=tuple(round(float(one), 2) for one in each),
        low=tuple(int(one) for one in low),
        high=tuple(int(one) for one in high),
    )
