"""How surprising the last day is: alone, and together with the days before it.

An issue stays until someone mends it. Twice the standard deviation is within chance on one day
(a fifth of such rises pass a test of one in two hundred) and far beyond it in the sum of five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotwords.baseline import Baseline
from hotwords.past import Past
from hotwords.regression import Floats

# The day itself must be among the highest tenth of its own: a rise that is over is no news.
STILL_HIGH = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Surprise:
    """What the runs of ``n`` series say.

    Attributes:
        p_value: Chance of a day and a run like these on quiet days, shape ``(n,)``.
        run: Place of the most surprising run among those looked at, shape ``(n,)``.
        observed: Contacts of every run, shape ``(n, runs)``.
        expected: Likewise.
    """

    p_value: Floats
    run: NDArray[np.int64]
    observed: Floats
    expected: Floats


def surprise(
    usual: Sequence[Baseline], past: Past, today: NDArray[np.integer], runs: Sequence[int]
) -> Surprise:
    """Return how surprising the day is.

    Args:
        usual: What was expected of each run, from ``hotwords.baseline.expected_runs``.
        past: The days before.
        today: Contacts of the day, shape ``(n,)``.
        runs: Days of each run; the first is 1.
    """
    counted = np.column_stack([np.where(past.exposure > 0, past.counts, 0), today])
    observed = np.column_stack([counted[:, -run:].sum(axis=1) for run in runs]).astype(np.float64)
    each = np.column_stack([one.tail(observed[:, place]) for place, one in enumerate(usual)])
    return Surprise(
        p_value=np.where(each[:, 0] <= STILL_HIGH, combined(each), 1.0),
        run=np.argmin(each, axis=1),
        observed=observed,
        expected=np.column_stack([one.mean for one in usual]),
    )


def combined(p_values: Floats) -> Floats:
    """Return one p-value for several tests of one series, whatever their dependence.

    The mean of half-Cauchy variables has a half-Cauchy tail however they depend on each other: Liu
    & Xie, JASA 115 (2020), with the half in place of the whole, so that a test that found nothing
    does not speak against one that did.

    Args:
        p_values: Shape ``(n, tests)``.
    """
    mean = (1.0 / np.tan(np.clip(p_values, 1e-300, 1.0) * np.pi / 2)).mean(axis=1)
    return np.asarray(np.arctan2(1.0, np.maximum(mean, 0.0)) * 2 / np.pi)
