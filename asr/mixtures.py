"""Gaussian mixtures with diagonal covariance: how likely a frame is under a voice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROUNDS = 8
_RESTARTS = 20
_FLOOR = 0.05
"""No variance below this share of the whole data's, as is usual in speaker recognition (Reynolds
and Rose, 1995, IEEE Transactions on Speech and Audio Processing 3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """A Gaussian mixture: ``weights`` (k,), ``means`` and ``variances`` (k, d)."""

    weights: Floats
    means: Floats
    variances: Floats

    def scores(self, frames: Floats) -> Floats:
        """Return each component's log of weight times density, shape ``(n, k)``."""
        inverse = 1.0 / self.variances
        constant = np.log(2.0 * np.pi * self.variances).sum(axis=1)
        constant += (np.square(self.means) * inverse).sum(axis=1)
        square = np.square(frames) @ inverse.T - 2.0 * frames @ (self.means * inverse).T
        return np.asarray(np.log(self.weights) - 0.5 * (square + constant))

    def shares(self, frames: Floats) -> Floats:
        """Return how much of each frame belongs to each component, shape ``(n, k)``."""
        scores = self.scores(frames)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def likelihood(self, frames: Floats) -> Floats:
        """Return each frame's log likelihood, shape ``(n,)``."""
        scores = self.scores(frames)
        top = scores.max(axis=1)
        return np.asarray(top + np.log(np.exp(scores - top[:, None]).sum(axis=1)))


def fitted(frames: Floats, size: int) -> Mixture:
    """Return a mixture of ``size`` fitted by eight rounds of expectation and maximisation.

    The first means are frames at equal distances in time: the same frames give the same mixture.
    """
    means = frames[np.linspace(0, len(frames) - 1, size).astype(int)].copy()
    spread = frames.var(axis=0)
    mixture = Mixture(np.full(size, 1.0 / size), means, np.tile(spread, (size, 1)))
    for _ in range(_ROUNDS):
        shares = mixture.shares(frames)
        total = shares.sum(axis=0) + 1e-6
        means = shares.T @ frames / total[:, None]
        variances = shares.T @ np.square(frames) / total[:, None] - np.square(means)
        floored = np.maximum(variances, _FLOOR * spread)
        mixture = Mixture(total / total.sum(), means, floored)
    return mixture


def two_groups(points: Floats, weights: Floats) -> NDArray[np.intp]:
    """Return 0 or 1 for each point: 2-means, the best of several starts with a fixed seed."""
    random = np.random.default_rng(0)
    best, least = np.zeros(len(points), dtype=np.intp), np.inf
    for _ in range(_RESTARTS):
        centres = points[random.choice(len(points), 2, replace=False)]
        for _ in range(30):
            away = np.square(points[:, None] - centres).sum(axis=2)
            group = away.argmin(axis=1)
            if not 0 < group.sum() < len(group):
                break
            centres = np.array(
                [
                    np.average(points[group == k], axis=0, weights=weights[group == k])
                    for k in (0, 1)
                ]
            )
        cost = float((away.min(axis=1) * weights).sum())
        if cost < least and 0 < group.sum() < len(group):
            best, least = group, cost
    return best
