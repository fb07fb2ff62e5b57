"""How activated a voice is, turn by turn, against what is usual for this speaker.

An acoustic measure, not a named emotion: louder, higher and brighter than oneself. What the
coefficients were learned from, and what they reach on real speech, is in docs/activation.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interactions.sound import Contour, Span

LOUDNESS, PITCH, BALANCE, INTERCEPT = 0.431, 0.812, 0.457, -2.373
"""Logits per dB, semitone, dB, and without any deviation: ``python -m
benchmarks.activation_training`` learns them anew."""

PITCH_TOP = 90
"""Percentile of a turn's pitch: how high the voice goes, which one creaky syllable does not move
(eGeMAPS takes percentiles for the same reason: Eyben and others, 2016, IEEE TAC 7)."""

MIN_TURN_MS, MIN_VOICED = 600, 10
"""Shorter turns, or with less than 0.2 s of voiced sound, have no figures. Ours."""

MIN_TURNS, MIN_SPEECH_MS = 4, 10_000
"""Fewer of one's own turns, or less of one's own speech in them, make no baseline. Ours."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class VoicedTurn:
    """One turn's voice against the speaker's own median turn.

    Attributes:
        span: When.
        loudness_db: Mean level of the turn, above the own median.
        pitch_semitones: 90th percentile of its pitch, above the own median.
        balance_db: Mean energy over 1 kHz against that below, above the own median; None where it
            was not taken.
        activation: 0 to 1; 0.09 is the own usual, 0.5 and more stands out.
    """

    span: Span
    loudness_db: float
    pitch_semitones: float
    balance_db: float | None
    activation: float


def voiced_turns(contour: Contour | None, turns: Sequence[Span]) -> tuple[VoicedTurn, ...]:
    """Return the figures of each turn that is long enough; nothing where there is no baseline.

    The baselines are medians over the speaker's own turns of this interaction, so that microphone,
    line and the voice itself drop out.

    Args:
        contour: Of the speaker.
        turns: The speaker's, in time order.
    """
    if contour is None:
        return ()
    taken = [(t, raw) for t in turns if (raw := raw_figures(contour, t)) is not None]
    spoken_ms = sum(turn.duration_ms for turn, _ in taken)
    if len(taken) < MIN_TURNS or spoken_ms < MIN_SPEECH_MS:
        return ()
    off = deviations(np.array([raw for _, raw in taken]))
    return tuple(
        VoicedTurn(
            span=turn,
            loudness_db=round(float(loudness), 2),
            pitch_semitones=round(float(pitch), 2),
            balance_db=None if math.isnan(balance) else round(float(balance), 2),
            activation=round(activation(loudness, pitch, balance), 4),
        )
        for (turn, _), (loudness, pitch, balance) in zip(taken, off, strict=True)
    )


def activation(loudness_db: float, pitch_semitones: float, balance_db: float) -> float:
    """Return the activation, 0 to 1: the logistic function of the weighted deviations.

    Args:
        loudness_db: Above the own median.
        pitch_semitones: Likewise.
        balance_db: Likewise; NaN counts as usual.
    """
    bright = 0.0 if math.isnan(balance_db) else balance_db
    logit = LOUDNESS * loudness_db + PITCH * pitch_semitones + BALANCE * bright + INTERCEPT
    return 1.0 / (1.0 + math.exp(-logit))


def deviations(raw: Floats) -> Floats:
    """Return each row's difference from the column's median, shape ``(turns, 3)``."""
    known = np.isfinite(raw).any(axis=0)
    middle = np.full(raw.shape[1], np.nan)
    middle[known] = np.nanmedian(raw[:, known], axis=0)
    return np.asarray(raw - middle)


def raw_figures(contour: Contour, turn: Span) -> tuple[float, float, float] | None:
    """Return level, top of the pitch in semitones, and balance; None where there is too little."""
    if turn.duration_ms < MIN_TURN_MS:
        return None
    part = slice(turn.start_ms // contour.step_ms, turn.end_ms // contour.step_ms)
    hertz = contour.pitch_hz[part].astype(np.float64)
    voiced = np.isfinite(hertz)
    if int(voiced.sum()) < MIN_VOICED:
        return None
    power = np.power(10.0, contour.loudness_db[part].astype(np.float64) / 10)
    level = 10.0 * math.log10(max(float(power.mean()), 1e-10))
    top = float(np.percentile(12.0 * np.log2(hertz[voiced]), PITCH_TOP))
    if contour.balance_db is None:
        return level, top, math.nan
    bright = contour.balance_db[part].astype(np.float64)
    bright = bright[np.isfinite(bright)]
    return level, top, float(bright.mean()) if len(bright) else math.nan
