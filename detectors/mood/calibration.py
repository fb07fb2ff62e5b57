"""From a score to a probability that keeps its word: Platt's logistic calibration.

``p = 1 / (1 + exp(-(slope * score + intercept)))``, both fitted to scores of cases that the model
behind them had not seen, with Platt's targets ``(n+ + 1) / (n+ + 2)`` and ``1 / (n- + 2)`` instead
of 1 and 0, so that few labels cannot make it sure of anything (Platt, *Probabilistic outputs for
support vector machines*, 1999, as corrected by Lin, Lin and Weng 2007). How well it keeps its word
is the expected calibration error over ``PARTS`` parts of equal size (Naeini et al. 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

PARTS = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """``slope`` and ``intercept`` of the logit; 1 and 0 leave it as it is."""

    slope: float = 1.0
    intercept: float = 0.0

    def logit(self, score: float) -> float:
        """Return the calibrated logit of a score."""
        return self.slope * score + self.intercept


def calibrated(scores: Sequence[float], labels: Sequence[bool]) -> Calibration:
    """Return the calibration of held-out ``scores``; a falling one is none (slope 0)."""
    given, truth = np.asarray(scores, dtype=float), np.asarray(labels, dtype=bool)
    ups, downs = int(truth.sum()), int((~truth).sum())
    target = np.where(truth, (ups + 1) / (ups + 2), 1 / (downs + 2))

    def loss(parts: Floats) -> tuple[float, Floats]:
        logit = parts[0] * given + parts[1]
        value = np.logaddexp(0.0, logit) - target * logit
        pull = 1 / (1 + np.exp(-np.clip(logit, -500, 500))) - target
        return float(value.sum()), np.array([(pull * given).sum(), pull.sum()])

    start = np.array([1.0, np.log((ups + 1) / (downs + 1))])
    bounds = ((0.0, None), (None, None))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return Calibration(float(found.x[0]), float(found.x[1]))


def cross_calibrated(
    scores: Sequence[float], labels: Sequence[bool], folds: Sequence[int]
) -> list[float]:
    """Return the probability of each case, calibrated on the other folds' scores."""
    given, truth = np.asarray(scores, dtype=float), np.asarray(labels, dtype=bool)
    fold = np.asarray(folds)
    told = np.zeros(len(given))
    for number in np.unique(fold):
        held = fold == number
        fitted = calibrated(given[~held].tolist(), truth[~held].tolist())
        logits = fitted.slope * given[held] + fitted.intercept
        told[held] = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return [float(one) for one in told]


def parts_by_risk(risks: Sequence[float], labels: Sequence[bool]) -> list[tuple[float, float, int]]:
    """Return mean risk, share of dissatisfied and size of ten parts of equal size, by risk."""
    order = np.argsort(np.asarray(risks), kind="stable")
    told, truth = np.asarray(risks)[order], np.asarray(labels, dtype=float)[order]
    cut = [part for part in np.array_split(np.arange(len(order)), PARTS) if len(part)]
    return [(float(told[p].mean()), float(truth[p].mean()), len(p)) for p in cut]


def calibration_error(risks: Sequence[float], labels: Sequence[bool]) -> float:
    """Return the expected calibration error, 0 to 1."""
    diagram = parts_by_risk(risks, labels)
    return sum(size * abs(told - true) for told, true, size in diagram) / max(1, len(labels))
