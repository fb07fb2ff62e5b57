"""Dissatisfaction risk of an interaction: from words, deeds, voice, time and effort together.

::

    logit = INTERCEPT + SLOPE * discontent + sum of weight * min(times, MOST)
    risk  = 1 / (1 + exp(-logit))

``discontent`` is that of the whole interaction (``detectors.mood.discontent``). Out of the box the
intercept is set by hand so that an interaction of mere answers comes out near 0.1; how far that
keeps its word elsewhere is in ``benchmarks/risk.py``. ``tingjian sentiment fit`` puts intercept
and slope that were calibrated on a centre's own labels (``detectors.mood.calibration``) in their
place. What could not be measured (mono, no sound) adds nothing and is named.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

INTERCEPT = -2.6
SLOPE = 1.0
MOST = 2
"""How often a sign of voice or time counts at most."""
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "raised_voice": 0.6,
        "talked_over": 0.3,
        "silences": 0.2,
        "slow_replies": 0.2,
        "effort": 0.15,
    }
)
"""What each time adds to the logit; of ``effort``, each point up to 10. Set by hand."""
_MOST_EFFORT = 10


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk and what made it.

    Attributes:
        value: 0 to 1.
        contributions: What each part added to the logit, the largest first.
        not_measured: Parts that could not be measured here.
    """

    value: float
    contributions: tuple[tuple[str, float], ...]
    not_measured: tuple[str, ...]


def risk(
    discontent: float, others: Mapping[str, float | None], *, fitted: float | None = None
) -> Risk:
    """Return the risk.

    Args:
        discontent: The whole interaction's.
        others: Times of each of ``WEIGHTS``; None where it could not be measured.
        fitted: Its logit by the centre's own labels, where there is one.
    """
    told = INTERCEPT + SLOPE * discontent if fitted is None else fitted
    parts = [("words_and_deeds", told), *_added(others)]
    logit = sum(value for _, value in parts)
    return Risk(
        value=1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit)))),
        contributions=tuple(sorted(parts, key=lambda part: (-abs(part[1]), part[0]))),
        not_measured=tuple(sorted(name for name, times in others.items() if times is None)),
    )


def _added(others: Mapping[str, float | None]) -> Iterator[tuple[str, float]]:
    for name, times in others.items():
        if times:
            most = _MOST_EFFORT if name == "effort" else MOST
            yield name, WEIGHTS[name] * min(times, most)
