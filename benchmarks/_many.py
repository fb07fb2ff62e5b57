"""Five thousand words at once: how many of those called had not risen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np
from scipy.special import gammainc
from scipy.stats import false_discovery_control

from benchmarks._detectors import tail
from benchmarks._series import WEEK, Counts
from hotwords.counts import ALL_CONTACTS, EVERYTHING, Kind
from hotwords.designs import daily_design
from hotwords.past import BaselineOptions, Past
from hotwords.regression import Design, Floats, Observed, fit
from hotwords.series import Series
from hotwords.spikes import SpikeOptions, called

MONDAY = date(2025, 1, 6)
WORDS = 5_000
RISING = 20  # of them
PAST = 56
RATE = 0.05


def many(days: int, seed: int = 7) -> dict[str, dict[str, float]]:
    """Judge ``days`` days, each of a centre of its own; return the metrics of every engine."""
    engines: Mapping[str, Callable[[Counts, Counts], np.ndarray]] = {
        "ours": _ours,
        "regression_bh": _regression,
        "poisson_bh": _poisson,
    }
    sums = {name: np.zeros(3) for name in engines}
    for day in range(days):
        total, words, rising = _centre(seed + day)
        for name, engine in engines.items():
            is_called = engine(total, words)
            false = (is_called & ~rising).sum() / max(1, is_called.sum())
            sums[name] += (false, (is_called & rising).sum() / RISING, (is_called & ~rising).mean())
    return {
        name: {
            "false_positive_rate": round(float(one[2] / days), 6),
            "detected": round(float(one[1] / days), 4),
            "false_discoveries": round(float(one[0] / days), 4),
        }
        for name, one in sums.items()
    }


def _centre(seed: int) -> tuple[Counts, Counts, np.ndarray]:
    """All contacts a day and contacts per word: Zipf-like shares, clumping, weekdays of their own.

    A rising word has three times its usual contacts and ten more on the last day.
    """
    random = np.random.default_rng(seed)
    weekday = np.arange(PAST + 1) % 7
    total = random.poisson(3000 * WEEK[weekday] * np.exp(random.normal(0, 0.08, PAST + 1)))
    share = np.clip(np.exp(random.normal(np.log(0.001), 1.6, WORDS)), 1e-6, 0.3)[:, None]
    own_week = np.exp(random.normal(0, 0.1, (WORDS, 7)))[:, weekday]
    wobble = random.uniform(0.05, 0.5, (WORDS, 1))
    clumps = random.gamma(1 / wobble**2, wobble**2, (WORDS, PAST + 1))
    words = random.poisson(share * total * own_week * clumps)
    rising = np.zeros(WORDS, dtype=np.bool_)
    rising[random.choice(WORDS, RISING, replace=False)] = True
    usual = words[rising, :-1].mean(axis=1)
    words[rising, -1] += random.poisson(10 + 2 * usual)
    return total, words, rising


def _ours(total: Counts, words: Counts) -> np.ndarray:
    table = np.vstack([total, words]).astype(np.int32)
    keys = tuple(
        (Kind.TERM, EVERYTHING, f"{i:05d}" if i else ALL_CONTACTS) for i in range(WORDS + 1)
    )
    window = Series(keys, MONDAY, table, table, np.zeros(len(keys), dtype=np.int64))
    return called(window, SpikeOptions(false_discoveries=RATE))[1:]


def _regression(total: Counts, words: Counts) -> np.ndarray:
    """Negative-binomial regression of every word, plain estimates, Benjamini and Hochberg."""
    counts = words[:, :-1].astype(np.float64)
    exposure = np.broadcast_to(total[:-1] * 1.0, counts.shape)
    past = Past(words[:, :-1], exposure, np.full(WORDS, total[-1] * 1.0), np.ones(WORDS, np.bool_))
    design = daily_design(MONDAY + timedelta(days=PAST), past, BaselineOptions())
    design = Design(design.past, design.today, np.full(design.past.shape[1], 1e-2))
    observed = Observed(counts, np.log(exposure), np.ones_like(counts))
    fitted = fit(observed, design, np.full(WORDS, 1e-9))
    free = PAST - design.past.shape[1] + 1
    excess = ((counts - fitted.mean) ** 2 - fitted.mean * free / PAST).sum(axis=1)
    clump = np.maximum(excess / (fitted.mean**2).sum(axis=1), 1e-6)
    fitted = fit(observed, design, clump, fitted.coefficients)
    mean = np.exp(fitted.log_mean(design.today)) * total[-1]
    return _passed(tail(words[:, -1], mean, 1 + clump * mean), words)


def _poisson(total: Counts, words: Counts) -> np.ndarray:
    mean: Floats = (words[:, :-1].sum(axis=1) + 0.5) / total[:-1].sum() * total[-1]
    observed = words[:, -1].astype(np.float64)
    chance = np.where(observed > 0, gammainc(np.maximum(observed, 1e-9), mean), 1.0)
    return _passed(chance, words)


def _passed(chance: Floats, words: Counts) -> np.ndarray:
    adjusted = false_discovery_control(chance, method="bh")
    return np.asarray((adjusted <= RATE) & (words[:, -1] >= SpikeOptions().min_contacts))
