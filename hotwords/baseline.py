"""What to expect on a day, for thousands of count series at once, and how sure that is.

The expected count comes from a negative-binomial regression on weekday and trend over the last
weeks, with earlier outbreaks turned down (``hotwords.regression``); from the plain rate where the
past is short or the term rare. The prediction is a mixture of negative binomials: over how much
the counts clump, which few days cannot tell, and over the uncertainty of the expected count itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from hotwords.clumping import EXCESS, Clumping, posterior, predictive_size
from hotwords.effects import Effects, learned_effects
from hotwords.models import fitted_parts, guarded, is_plain_rate, typical
from hotwords.past import BaselineOptions, Past
from hotwords.regression import Design, Floats

FEWEST_DAYS = 3  # fewer say nothing about spread


class Method(StrEnum):
    """How an expected count was made."""

    REGRESSION = "regression"
    RATE = "rate"


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What to expect of ``n`` series: a mixture of negative binomials each.

    Attributes:
        mean: Expected contacts, shape ``(n,)``.
        size: Size parameter of each part (variance = mean + mean^2 / size), shape ``(n, parts)``.
        share: Weight of each part, rows add up to 1, shape ``(n, parts)``.
        method: How each was made, shape ``(n,)``.
        fitted: Expected contacts of the past days, shape ``(n, days)``.
    """

    mean: Floats
    size: Floats
    share: Floats
    method: NDArray[np.str_]
    fitted: Floats

    def tail(self, observed: NDArray[np.integer] | Floats) -> Floats:
        """Return the probability of ``observed`` or more, shape ``(n,)``: the one-sided p-value."""
        least = np.asarray(observed, dtype=np.float64)[:, None]
        chance = self.mean[:, None] / (self.mean[:, None] + self.size)
        part = np.where(least > 0, betainc(np.maximum(least, 1e-9), self.size, chance), 1.0)
        return np.asarray((self.share * part).sum(axis=1))

    def interval(self, coverage: float = 0.95) -> tuple[Floats, Floats]:
        """Return the lowest and highest usual count, shapes ``(n,)``, both inclusive.

        At most ``(1 - coverage) / 2`` of quiet days lie below, and above.
        """
        outside = (1.0 - coverage) / 2
        return self._last_above(1.0 - outside), self._last_above(outside)

    def _last_above(self, probability: float) -> Floats:
        """Return the largest count that is reached or passed with more than ``probability``."""
        low = np.zeros_like(self.mean)
        high = np.ceil(self.mean + 1.0)
        while bool((growing := self.tail(high) > probability).any()):
            high = np.where(growing, 2 * high, high)
        while bool((high - low > 1).any()):
            middle = np.floor((low + high) / 2)
            is_above = self.tail(middle) > probability
            low = np.where(is_above, middle, low)
            high = np.where(is_above, high, np.maximum(middle, low + 1))
        return low


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What many series together say about each of them.

    Attributes:
        clumping: How counts clump.
        effects: How strong trend and calendar are; None: as the options believe.
    """

    clumping: Clumping = field(default_factory=Clumping)
    effects: Effects | None = None


def expected(
    past: Past,
    design: Design,
    options: BaselineOptions | None = None,
    learned: Learned | None = None,
) -> Baseline:
    """Return what to expect on the day that ``design.today`` describes.

    A series' answer depends on its own past and on ``learned`` only, not on its company.
    """
    return expected_runs(past, design, options, learned)[0]


def expected_runs(
    past: Past,
    design: Design,
    options: BaselineOptions | None = None,
    learned: Learned | None = None,
) -> tuple[Baseline, ...]:
    """Return what to expect of each of ``options.runs``: the last day, and the last days together.

    Only the day's own baseline (the first) holds the fitted counts of the past.
    """
    learned = learned or Learned()
    if learned.effects is not None:
        design = learned.effects.on(design, past.has_exposure)
    options = options or BaselineOptions()
    parts, is_plain = fitted_parts(past, design, options)
    level = typical(parts.fitted, (past.exposure > 0).astype(np.float64))
    share = posterior(parts.evidence, learned.clumping.at(level))
    method = np.where(is_plain, Method.RATE.value, Method.REGRESSION.value)
    return tuple(
        Baseline(
            mean=parts.mean[:, run],
            size=predictive_size(level, parts.log_variance[:, run], parts.evenness[:, run]),
            share=share,
            method=method,
            fitted=parts.fitted,
        )
        for run in range(len(options.runs))
    )


def roughly(total: Floats, exposure: Floats, today: Floats, clumping: Clumping) -> Baseline:
    """Return what to expect by the plain rate, without looking at single days.

    For the many series that cannot be a spike today but were tested all the same.

    Args:
        total: Contacts in the past, shape ``(n,)``.
        exposure: Exposure of the past altogether, shape ``(n,)``.
        today: Exposure of the day, shape ``(n,)``.
        clumping: How much the counts clump.
    """
    rate = (total + 0.5) / np.maximum(exposure, 1e-9)
    mean = np.maximum(rate * today, 1e-9)
    log_variance = np.log1p((1.0 + EXCESS) / (total[:, None] + 0.5))
    method = np.full(len(total), Method.RATE.value)
    share = clumping.at(mean)
    return Baseline(mean, predictive_size(mean, log_variance), share, method, mean[:, None])


def learn(past: Past, design: Design, options: BaselineOptions | None = None) -> Learned:
    """Learn from many series together how counts clump, and how strong calendar and trend are."""
    options = options or BaselineOptions()
    is_plain = is_plain_rate(past)
    rows = np.flatnonzero(~is_plain)
    some = past.of(rows)
    effects = learned_effects(guarded(some, options), design.of(rows), some.has_exposure)
    parts, _ = fitted_parts(past, effects.on(design, past.has_exposure), options)
    level = typical(parts.fitted, (past.exposure > 0).astype(np.float64))
    return Learned(Clumping.learned(parts.evidence, level), effects)
