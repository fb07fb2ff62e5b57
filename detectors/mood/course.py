"""The course of a mood: by quarters, towards the end, at its worst, and what turned it.

``mean``       of the scores
``weighted``   sum of i · score_i / sum of i, i = 1 … n: what is said last weighs most
``worst``      lowest mean of ``STRETCH`` scores in a row (of all, where there are fewer)
``shift``      mean of the last third less mean of the first; needs ``LEAST`` scores
``recovery``   mean of the last third less ``worst``, where that stretch ends before the last third;
               else 0; needs ``LEAST`` scores
``trigger``    the utterance between the ``STRETCH`` scores before and behind which the mean falls
               most, by at least ``FALL``

Thirds and quarters by time follow Transcribe Call Analytics and Contact Lens; the end-weighting,
stretch and fall are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

STRETCH = 3
LEAST = 6
"""Scores: two in each third."""
FALL = 1.5
QUARTERS = 4
_THIRDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The course of one party's scores, -5 to +5; None where there are too few.

    Attributes:
        trigger: Index of the first score behind the steepest fall; None where nothing fell.
    """

    mean: float
    weighted: float
    worst: float
    shift: float | None
    recovery: float | None
    trigger: int | None


def course(scores: Sequence[float]) -> Course | None:
    """Return the course of ``scores`` in their order; None where there are none."""
    if not scores:
        return None
    count = len(scores)
    stretch = min(STRETCH, count)
    means = [fsum(scores[i : i + stretch]) / stretch for i in range(count - stretch + 1)]
    worst = min(means)
    third = count // _THIRDS
    has_course = count >= LEAST
    end = _mean(scores[-third:]) if has_course else 0.0
    is_over = means.index(worst) + stretch <= count - third
    return Course(
        mean=_mean(scores),
        weighted=sum(i * one for i, one in enumerate(scores, 1)) / (count * (count + 1) / 2),
        worst=worst,
        shift=end - _mean(scores[:third]) if has_course else None,
        recovery=(max(0.0, end - worst) if is_over else 0.0) if has_course else None,
        trigger=_trigger(scores),
    )


def _mean(scores: Sequence[float]) -> float:
    """As ``statistics.fmean``, which takes three times as long to begin."""
    return fsum(scores) / len(scores)


def _trigger(scores: Sequence[float]) -> int | None:
    falls = [
        (_mean(scores[max(0, i - STRETCH) : i]) - _mean(scores[i : i + STRETCH]), -i)
        for i in range(1, len(scores))
    ]
    deepest, place = max(falls, default=(0.0, 0))
    return -place if deepest >= FALL else None


def quarters(scores: Sequence[tuple[float, float]]) -> tuple[float | None, ...]:
    """Return the mean of each quarter.

    Args:
        scores: Where in the interaction each was said, 0 to 1, and the score.
    """
    parts: list[list[float]] = [[] for _ in range(QUARTERS)]
    for place, score in scores:
        parts[min(QUARTERS - 1, int(place * QUARTERS))].append(score)
    return tuple(_mean(part) if part else None for part in parts)
