"""How each utterance was spoken, against what is usual for its speaker in this interaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from detectors.timeline import overlaps, total_ms
from interactions.sound import Contour, Span


class Trait(StrEnum):
    """What is measured of a voice."""

    LOUDNESS = "loudness"
    PITCH = "pitch"
    PITCH_RANGE = "pitch_range"
    BALANCE = "balance"
    SPEED = "speed"


UNITS: Mapping[Trait, str] = MappingProxyType(
    {
        Trait.LOUDNESS: "dB",
        Trait.PITCH: "semitones",
        Trait.PITCH_RANGE: "semitones",
        Trait.BALANCE: "dB",
        Trait.SPEED: "percent",
    }
)
"""Of a difference from what is usual."""

MIN_UTTERANCES = 6
"""Fewer of one's own make no baseline. Ours: the spread of five is off by half."""

MIN_SPEECH_MS, MIN_VOICED, MIN_UNITS = 600, 10, 6
"""Utterances with less speech, less than 0.2 s of pitch, or fewer characters or words are too short
for a figure. Ours."""

_LEAST: Mapping[Trait, float] = MappingProxyType(
    {
        Trait.LOUDNESS: 1.0,
        Trait.PITCH: 0.5,
        Trait.PITCH_RANGE: 0.5,
        Trait.BALANCE: 1.0,
        Trait.SPEED: 5.0,
    }
)
"""A spread is never less: evenly spoken words repeat no better than that. Ours."""

_MAD = 1.4826
"""Makes the median absolute deviation of a normal distribution its standard deviation."""

_LOW, _HIGH = 10, 90
_SEMITONES = 12.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One trait of one utterance against its speaker's usual.

    Attributes:
        value: dBFS, Hz, semitones, dB, or characters or words a minute.
        above: Difference from the own median, in ``UNITS``.
        deviations: ``above`` in robust standard deviations (median absolute deviation × 1.4826) of
            the own utterances.
    """

    value: float
    above: float
    deviations: float


Traits = Mapping[Trait, Figure]


def spoken(
    contour: Contour | None, said: Sequence[Span], speech: Sequence[Span], counts: Sequence[int]
) -> tuple[Traits, ...]:
    """Return the figures of each of a speaker's utterances; without those that cannot be had.

    Args:
        contour: Of the speaker; None leaves speed alone.
        said: When each utterance was.
        speech: Where the speaker speaks, joined, in order.
        counts: Characters, words or syllables of each utterance; 0 where they are not to be
            believed.
    """
    inside = [tuple(b for b, _, _ in overlaps((span,), speech)) for span in said]
    raw = [_raw(contour, spans, count) for spans, count in zip(inside, counts, strict=True)]
    usual = {trait: _usual(trait, [one[trait] for one in raw if trait in one]) for trait in Trait}
    return tuple(
        {
            trait: _figure(trait, value, *known)
            for trait, value in one.items()
            if (known := usual[trait]) is not None
        }
        for one in raw
    )


def _raw(contour: Contour | None, spans: Sequence[Span], count: int) -> dict[Trait, float]:
    spoken_ms = total_ms(spans)
    if spoken_ms < MIN_SPEECH_MS:
        return {}
    found: dict[Trait, float] = {}
    if count >= MIN_UNITS:
        found[Trait.SPEED] = 60_000 * count / spoken_ms
    if contour is None:
        return found
    loud = _frames(contour.loudness_db, spans, contour.step_ms)
    if len(loud):
        power = float(np.mean(np.power(10.0, loud / 10)))
        found[Trait.LOUDNESS] = 10.0 * float(np.log10(max(power, 1e-10)))
    hertz = _frames(contour.pitch_hz, spans, contour.step_ms)
    semitones = _SEMITONES * np.log2(hertz[np.isfinite(hertz) & (hertz > 0)])
    if len(semitones) >= MIN_VOICED:
        low, middle, high = np.percentile(semitones, (_LOW, 50, _HIGH))
        found[Trait.PITCH], found[Trait.PITCH_RANGE] = float(middle), float(high - low)
    if contour.balance_db is not None:
        bright = _frames(contour.balance_db, spans, contour.step_ms)
        bright = bright[np.isfinite(bright)]
        if len(bright) >= MIN_VOICED:
            found[Trait.BALANCE] = float(bright.mean())
    return found


def _frames(
    series: NDArray[np.float32], spans: Sequence[Span], step_ms: int
) -> NDArray[np.float64]:
    if not spans:
        return np.empty(0)
    some = [series[span.start_ms // step_ms : span.end_ms // step_ms] for span in spans]
    return np.concatenate(some).astype(np.float64)


def _usual(trait: Trait, values: Sequence[float]) -> tuple[float, float] | None:
    """Return the median and the robust spread; None where there are too few values."""
    if len(values) < MIN_UTTERANCES:
        return None
    middle = float(np.median(values))
    off = [abs(_above(trait, value, middle)) for value in values]
    return middle, max(_LEAST[trait], _MAD * float(np.median(off)))


def _above(trait: Trait, value: float, middle: float) -> float:
    return 100.0 * (value / middle - 1.0) if trait is Trait.SPEED else value - middle


def _figure(trait: Trait, value: float, middle: float, spread: float) -> Figure:
    above = _above(trait, value, middle)
    shown = float(2.0 ** (value / _SEMITONES)) if trait is Trait.PITCH else value
    return Figure(round(shown, 2), round(above, 2), round(above / spread, 2))
