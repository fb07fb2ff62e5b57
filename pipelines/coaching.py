"""Coaching: passages to teach with, and whether teaching changed anything."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import BinaryIO

import soundfile

from interactions.interaction import Interaction
from interactions.personal.redaction import Span
from pipelines.redaction import hidden_times, redaction_of, silenced
from warehouse.read import HitRate, hit_rates
from warehouse.said import CoachingCase, CoachingTask
from warehouse.store import Warehouse

MARGIN_MS = 1_500
"""Kept before and after a passage, so that a listener hears where it comes from. Ours."""
DAYS = 28
"""Compared before and after: four weeks, so that every weekday counts alike."""
_Z = 1.959964  # of a normal distribution, 95 %, both sides


@dataclass(frozen=True, slots=True)
class Passage:
    """What a case is about: when, and what is said then, with pseudonyms for what is personal.

    Attributes:
        hidden: Stretches of time in which something personal is spoken.
    """

    start_ms: int
    end_ms: int
    said: tuple[tuple[str, str], ...]
    hidden: tuple[Span, ...]


def passage(one: Interaction, case: CoachingCase) -> Passage:
    """Return the passage of a case; for text channels whole messages."""
    start, end = max(0, case.start_ms - MARGIN_MS), min(one.duration_ms, case.end_ms + MARGIN_MS)
    masked = redaction_of(one)
    held = [
        u
        for u in masked.utterances()
        if u.dropped_because is None and u.start_ms <= end and u.end_ms >= start
    ]
    said = tuple((u.party.value, u.text) for u in held)
    hidden = [(a, b) for a, b in hidden_times(one, masked) if a <= end and b >= start]
    return Passage(start, end, said, tuple(hidden))


def clip(sound: Path | BinaryIO, what: Passage) -> bytes:
    """Return the passage's sound as WAV; where something hidden is spoken there is a tone.

    Args:
        sound: The recording, as PCM.
        what: Which passage.
    """
    with soundfile.SoundFile(sound) as file:
        rate = file.samplerate
        file.seek(min(len(file), what.start_ms * rate // 1000))
        samples = file.read((what.end_ms - what.start_ms) * rate // 1000, dtype="int16")
    silenced(samples, rate, what.hidden, start_ms=what.start_ms)
    written = io.BytesIO()
    soundfile.write(written, samples, rate, format="WAV", subtype="PCM_16")
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class Effect:
    """What changed after coaching.

    Attributes:
        before: Of the agent, in the four weeks before; ``after`` in the four weeks after.
        others_before: Of comparable agents: same team, not given this collection.
        change: After less before, less the same of the others; ``low`` and ``high`` its 95 %
            interval. None where one of the four has no interactions.
    """

    before: HitRate
    after: HitRate
    others_before: HitRate
    others_after: HitRate
    change: float | None
    low: float | None
    high: float | None


def effect(
    warehouse: Warehouse, task: CoachingTask, rules: Sequence[str], coached: Sequence[str]
) -> Effect:
    """Return how the share of interactions with a finding of ``rules`` changed.

    Difference in differences (Ashenfelter and Card, *Using the longitudinal structure of earnings
    to estimate the effect of training programs*, 1985): what changed for everybody is not counted
    as an effect. Interactions are taken as independent for the interval.

    Args:
        warehouse: Where findings are.
        task: Acknowledged; ``said_at`` divides before from after.
        rules: What the collection teaches about.
        coached: All agents who were given the collection: they are nobody's comparison.
    """
    rates = hit_rates(
        warehouse, agent=task.agent, rules=rules, coached=coached, at=task.said_at, days=DAYS
    )
    before, after = rates[True, False], rates[True, True]
    others_before, others_after = rates[False, False], rates[False, True]
    told = difference(before, after, others_before, others_after)
    return Effect(before, after, others_before, others_after, *told)


def difference(
    before: HitRate, after: HitRate, others_before: HitRate, others_after: HitRate
) -> tuple[float, float, float] | tuple[None, None, None]:
    """Return the difference in differences and its 95 % interval; None where a part is empty.

    For the interval, and for it only, an interaction with a finding and one without are added to
    each part (A. Agresti and B. Caffo, *Simple and effective confidence intervals for proportions
    and differences of proportions*, The American Statistician 54, 2000): ten calls without a
    finding are not a share of nought for certain.
    """
    parts = (before, after, others_before, others_after)
    if any(one.interactions == 0 for one in parts):
        return None, None, None
    change = (after.share - before.share) - (others_after.share - others_before.share)
    was, now, others_were, others_are = (HitRate(p.interactions + 2, p.found + 1) for p in parts)
    middle = (now.share - was.share) - (others_are.share - others_were.share)
    spread = _Z * sqrt(
        sum(
            one.share * (1 - one.share) / one.interactions
            for one in (was, now, others_were, others_are)
        )
    )
    return change, middle - spread, middle + spread
