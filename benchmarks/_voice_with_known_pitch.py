"""A made voice whose every pitch period is known: pulses through formants, over a telephone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from samples.sounds import RATE, line_noise, scaled
from samples.telephone import narrowed

STEP_MS = 20
_MADE_HZ = 16_000
_VOWELS = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (300, 870, 2240),
    (530, 1840, 2480),
    (570, 840, 2410),
)
"""Formants of five vowels (Peterson and Barney, 1952, JASA 24, table 2: men)."""

_WIDTHS = (80.0, 100.0, 140.0)
_OPEN = 0.6
"""Share of the period in which the glottis is open (Rosenberg, 1971, JASA 49, pulse C: 0.4 to 0.6
of it rises)."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A telephone track and its true pitch per 20 ms, NaN where it is not voiced throughout."""

    track: NDArray[np.float32]
    pitch_hz: Floats


def known_voice(seed: int, *, base_hz: float, noise_db: float, syllables: int = 60) -> Known:
    """Return a voice that says vowels with gliding pitch, and breathes and hisses in between.

    Args:
        seed: Of what it says.
        base_hz: Its middle pitch; it goes from a fourth below to a fifth above.
        noise_db: Line noise against the speech, in dB.
        syllables: How many; a second holds about four.
    """
    random = np.random.default_rng(seed)
    parts: list[Floats] = []
    tracks: list[Floats] = []
    for number in range(syllables):
        length = int(_MADE_HZ * random.uniform(0.14, 0.32))
        edges = base_hz * 2 ** (random.uniform(-5, 7, 3) / 12)
        hertz = np.interp(np.arange(length), [0, length / 2, length], edges)
        scale = random.uniform(1.0, 1.2) if base_hz > 160 else 1.0
        formants = np.array(_VOWELS[number % len(_VOWELS)]) * scale
        parts.append(_vowel(hertz, formants) * random.uniform(0.5, 1.0))
        tracks.append(hertz)
        gap = int(_MADE_HZ * random.uniform(0.03, 0.15))
        hiss = np.diff(random.normal(0, 1.0, gap + 1)) * 0.02 * (number % 2)
        parts.append(hiss)
        tracks.append(np.full(gap, np.nan))
    sound = scaled(np.concatenate(parts).astype(np.float32), -26.0)
    track = narrowed(sound, _MADE_HZ)
    noise = scaled(narrowed(line_noise(len(track), random), RATE), -26.0 + noise_db)
    return Known(mulaw(track + noise), _per_step(np.concatenate(tracks)))


def _vowel(hertz: Floats, formants: Floats) -> Floats:
    phase = np.cumsum(hertz / _MADE_HZ) % 1.0
    rise, fall = _OPEN * 2 / 3, _OPEN / 3
    rising = 0.5 * (1 - np.cos(np.pi * phase / rise))
    falling = np.cos(np.pi / 2 * (phase - rise) / fall)
    pulse = np.where(phase < rise, rising, np.where(phase < rise + fall, falling, 0.0))
    sound = np.diff(pulse, prepend=pulse[0])
    for hz, width in zip(formants, _WIDTHS, strict=True):
        radius = np.exp(-np.pi * width / _MADE_HZ)
        a = [1.0, -2 * radius * np.cos(2 * np.pi * hz / _MADE_HZ), radius**2]
        sound = lfilter([sum(a)], a, sound)
    edge = np.minimum(1.0, np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / 240)
    return np.asarray(sound / max(1e-9, np.abs(sound).max()) * edge)


def mulaw(track: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the track as G.711 mu-law keeps it (ITU-T G.711, the continuous law in 8 bits)."""
    law = np.sign(track) * np.log1p(255 * np.minimum(1, np.abs(track))) / np.log(256)
    steps = np.round(law * 127) / 127
    kept = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    return np.asarray(kept, dtype=np.float32)


def _per_step(hertz: Floats) -> Floats:
    step = _MADE_HZ * STEP_MS // 1000
    frames = hertz[: len(hertz) // step * step].reshape(-1, step)
    # One value at the step's centre, where the whole step and its neighbourhood are voiced.
    return np.where(np.isfinite(frames).all(axis=1), frames[:, step // 2], np.nan)
