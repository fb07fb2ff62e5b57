"""How much counts clump: the variance beyond a Poisson count, which few days cannot tell.

It is kept as a distribution over a grid instead of a single estimate: a tail that takes an
uncertain variance for a known one promises fewer false alarms than it keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hotwords.regression import Floats

# Excess variance over a Poisson count at a series' mean level: variance = mean (1 + excess).
EXCESS: Floats = np.array(
    [0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 25.0, 60.0, 150.0]
)
# Prior before any data: log-normal round 0.5, a factor e^1.2 wide, which covers the 1.1 to 5 of
# phi = 1 + excess that Noufaily et al. (2013, table I) found typical of surveillance counts.
_LOG_PRIOR = -0.5 * ((np.log(EXCESS) - np.log(0.5)) / 1.2) ** 2
PRIOR: Floats = np.exp(_LOG_PRIOR) / np.exp(_LOG_PRIOR).sum()


POOL = 200  # series that are enough to learn from each other how counts clump
LEVELS = (
    0.05,
    0.2,
    1.0,
    5.0,
    20.0,
    80.0,
)  # contacts a day: series between two of these learn together
PRIOR_SERIES = 1.0  # the fixed prior weighs as much as this many series
ROUNDS = 60  # of expectation maximisation; small shares fall slowly


@dataclass(frozen=True, slots=True, eq=False)
class Clumping:
    """How believable each entry of ``EXCESS`` is before a series' own counts are seen.

    Attributes:
        prior: Shape ``(len(LEVELS) + 1, len(EXCESS))``: one row per level of the counts.
    """

    prior: Floats = field(default_factory=lambda: np.tile(PRIOR, (len(LEVELS) + 1, 1)))

    @classmethod
    def learned(cls, evidence: Floats, level: Floats) -> Clumping:
        """Learn the prior from many series (empirical Bayes).

        Expectation maximisation of a distribution on a grid: Laird, JASA 73 (1978). Every level
        begins with what the next higher one has learned: the counts of rare words say next to
        nothing about clumping, and the same clumps are more excess the higher the level. Levels
        with fewer than 200 series stay there; the highest begins with the fixed prior.

        Args:
            evidence: Log likelihood of every excess, shape ``(n, len(EXCESS))``.
            level: Mean contacts a day, shape ``(n,)``.
        """
        group = np.digitize(level, LEVELS)
        prior = cls().prior.copy()
        start = PRIOR
        for one in reversed(range(len(prior))):
            like = evidence[group == one]
            prior[one] = start
            for _ in range(ROUNDS if len(like) >= POOL else 0):
                weight = posterior(like, prior[one]).sum(axis=0) + PRIOR_SERIES * start
                prior[one] = weight / weight.sum()
            start = prior[one]
        return cls(prior)

    def at(self, level: Floats) -> Floats:
        """Return the prior of series of ``level`` contacts a day, shape ``(n, len(EXCESS))``."""
        return np.asarray(self.prior[np.digitize(level, LEVELS)])


def posterior(evidence: Floats, prior: Floats) -> Floats:
    """Return the share of each excess given the counts, rows add up to 1."""
    scaled = np.exp(evidence - evidence.max(axis=1, keepdims=True)) * prior
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


def point_excess(evidence: Floats) -> Floats:
    """Return one excess per series: the posterior's geometric mean under the fixed prior."""
    return np.asarray(np.exp(posterior(evidence, PRIOR) @ np.log(EXCESS)))


def predictive_size(level: Floats, log_variance: Floats, evenness: Floats | float = 1.0) -> Floats:
    """Return the size of a negative binomial that is also uncertain about its mean.

    A negative binomial of mean ``m`` and variance ``m + a m^2`` whose ``m`` has the relative
    variance ``s`` has the variance ``m + (a + s (1 + a)) m^2``; the size is one over the bracket.
    The sum of several days clumps less: ``a`` times ``sum m_i^2 / (sum m_i)^2``.

    Args:
        level: Mean contacts a day, to which the excess belongs, shape ``(n,)``.
        log_variance: Variance of the log mean, shape ``(n, len(EXCESS))``.
        evenness: The factor above, 1 for a single day, shape ``(n,)``.
    """
    clump = EXCESS / level[:, None] * np.reshape(evenness, (-1, 1))
    spread = np.expm1(np.minimum(log_variance, 3.0))
    return np.asarray(1.0 / (clump + spread * (1.0 + clump)))
