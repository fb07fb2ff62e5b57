"""What is known before the day in question, and what may be believed before counting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotwords.regression import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineOptions:
    """What the regression may believe before it sees counts.

    Attributes:
        weekday_sd: Prior standard deviation of a weekday's log effect on plain counts: 0.5 says
            that most weekdays lie within a factor of 2.7 of the mean day.
        weekday_share_sd: The same for shares of all contacts, which carry the weekday already.
        trend_sd: Prior standard deviation of the log change in 28 days: 0.2 says that most series
            change by less than half in four weeks.
        guard: Days before the day in question that teach nothing, so that a rise that began then
            does not hide itself. Noufaily et al. leave out 26 weeks of weekly counts for the same
            reason, EARS C2 two days.
        runs: Lengths of the runs of days, ending with the day in question, that are set against
            what was expected of them together; the first is 1, no other is above ``guard + 1``.
            A rise of twice the standard deviation hides in one day and not in five.
    """

    weekday_sd: float = 0.5
    weekday_share_sd: float = 0.2
    trend_sd: float = 0.2
    guard: int = 4
    runs: tuple[int, ...] = (1, 2, 3, 5)


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What is known of ``n`` series before the day in question.

    Attributes:
        counts: Shape ``(n, days)``, oldest first, without gaps.
        exposure: What the counts are out of, shape ``(n, days)``; 0 on a day that does not count
            (closed, or no data).
        exposure_today: Shape ``(n,)``.
        has_exposure: Shape ``(n,)``: whether the exposure carries the weekday. False where
            it is 1 on every day.
    """

    counts: NDArray[np.integer]
    exposure: Floats
    exposure_today: Floats
    has_exposure: NDArray[np.bool_]

    def of(self, rows: NDArray[np.integer]) -> Past:
        """Return some of the series."""
        return Past(
            self.counts[rows],
            self.exposure[rows],
            self.exposure_today[rows],
            self.has_exposure[rows],
        )
