"""What an expected count depends on, as columns: the calendar of days, or of weeks of a year."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from hotwords.past import BaselineOptions, Past
from hotwords.regression import Design


def daily_design(day: date, past: Past, options: BaselineOptions) -> Design:
    """Return intercept, trend and one column per weekday for the days up to before ``day``.

    The seven weekday columns are all kept: their common prior makes them identifiable and treats
    every weekday alike.
    """
    days = past.counts.shape[1]
    dates = [day - timedelta(days=back) for back in range(days, -1, -1)]
    rows = np.zeros((days + 1, 9))
    rows[:, 0] = 1.0
    rows[:, 1] = np.arange(-days, 1) / 28.0 + days / 56.0
    rows[np.arange(days + 1), [2 + one.weekday() for one in dates]] = 1.0
    spread = np.array(
        [
            [2.0, options.trend_sd, *[sd] * 7]
            for sd in (options.weekday_sd, options.weekday_share_sd)
        ]
    )
    precision = (1.0 / spread**2)[past.has_exposure.astype(np.int64)]
    return Design(rows[:-1], rows[-1], precision)


def yearly_design(periods: int, *, per_year: float, harmonics: int = 2) -> Design:
    """Return intercept, trend and the year's harmonics, for long series (weekly: 52.18 a year).

    Noufaily et al. (2013) simulate with two; Serfling (1963) introduced them for surveillance.
    """
    time = np.arange(-periods, 1)
    angle = 2 * np.pi * time / per_year
    waves = [f(k * angle) for k in range(1, harmonics + 1) for f in (np.cos, np.sin)]
    rows = np.column_stack([np.ones(periods + 1), time / per_year + periods / per_year / 2, *waves])
    precision = np.array([0.25, 1.0, *[1.0] * (2 * harmonics)])
    return Design(rows[:-1], rows[-1], precision)


def hourly_design(hour: int, past: Past, options: BaselineOptions) -> Design:
    """Return intercept, trend, the hour of the day and the day of the week, for hourly counts.

    Args:
        hour: The hour in question, counted from a Monday's midnight.
        past: The hours before it.
        options: What may be believed.
    """
    hours = np.arange(hour - past.counts.shape[1], hour + 1)
    columns = np.column_stack(
        [
            np.ones(len(hours)),
            (hours - hours.mean()) / (28 * 24),
            np.eye(24)[hours % 24],
            np.eye(7)[hours // 24 % 7],
        ]
    )
    # The night is to the day what a closed day is to an open one, and more.
    spread = np.array(
        [2.0, options.trend_sd, *[2 * options.weekday_sd] * 24, *[options.weekday_sd] * 7]
    )
    return Design(columns[:-1], columns[-1], 1.0 / spread**2)
