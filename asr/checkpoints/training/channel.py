"""What a telephone does to speech: level, band, noise, G.711."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

RATE = 8000

_BAND = butter(4, (300, 3400), "bandpass", fs=RATE, output="sos")  # ITU-T G.712's band
_MU = 255.0  # ITU-T G.711, continuous form
_A = 87.6
_LEVELS = 127.5
_BAND_SHARE = 0.6  # of the windows; G.711 alone passes 0 to 4 kHz
_WHITE_SHARE, _COLOURED_SHARE = 0.5, 0.35  # of the noises; the rest has mains hum
_SILENCE = 1e-3

Sound = NDArray[np.float32]


def telephone(
    speech: Sound, noise_db: float, chance: np.random.Generator, *, coded: bool = True
) -> Sound:
    """Speech at 8 kHz as it arrives: band-limited, with noise, through G.711.

    Args:
        speech: samples in −1…1, silence between utterances included.
        noise_db: speech level over noise level (root mean square of the speech where it is on).
        chance: source of the noise and the choices.
        coded: whether G.711 (mu-law or A-law) is applied.
    """
    if chance.random() < _BAND_SHARE:
        speech = sosfilt(_BAND, speech).astype(np.float32)
    active = speech[np.abs(speech) > _SILENCE]
    level = float(np.sqrt(np.mean(active**2))) if len(active) else 0.05
    sound = speech + noise(len(speech), chance) * (level * 10 ** (-noise_db / 20))
    if not coded:
        return sound.astype(np.float32)
    law = (mu_law, a_law)[chance.integers(2)]
    return law(np.clip(sound, -1, 1))


def noise(count: int, chance: np.random.Generator) -> Sound:
    """Noise of unit power: white, low-passed, or with mains hum."""
    white = chance.standard_normal(count).astype(np.float32)
    kind = chance.random()
    if kind < _WHITE_SHARE:
        return white
    if kind < _WHITE_SHARE + _COLOURED_SHARE:
        colour = chance.uniform(0.3, 0.95)
        coloured = lfilter([1.0], [1.0, -colour], white) * np.sqrt(1 - colour**2)
        return np.asarray(coloured, np.float32)
    hum = np.sin(2 * np.pi * chance.choice((50, 60, 100)) * np.arange(count) / RATE)
    return np.asarray(0.7 * white + hum, np.float32)


def mu_law(sound: Sound) -> Sound:
    """Through the continuous mu-law of ITU-T G.711 in 256 steps and back."""
    pressed = np.log1p(_MU * np.abs(sound)) / np.log1p(_MU)
    pressed = np.round(pressed * _LEVELS) / _LEVELS
    return np.asarray(np.sign(sound) * np.expm1(pressed * np.log1p(_MU)) / _MU, np.float32)


def a_law(sound: Sound) -> Sound:
    """Through the continuous A-law of ITU-T G.711 in 256 steps and back."""
    size = np.abs(sound)
    scale = 1 + np.log(_A)
    pressed = np.where(size < 1 / _A, _A * size, 1 + np.log(np.maximum(_A * size, 1))) / scale
    pressed = np.round(pressed * _LEVELS) / _LEVELS
    back = np.where(pressed < 1 / scale, pressed * scale / _A, np.exp(pressed * scale - 1) / _A)
    return np.asarray(np.sign(sound) * back, np.float32)


def signalling(count: int, chance: np.random.Generator) -> Sound:
    """What is not speech: silence, noise, ring-back, music-like chords."""
    time = np.arange(count) / RATE
    makers: tuple[Callable[[], NDArray[np.floating[Any]]], ...] = (
        lambda: np.zeros(count),
        lambda: noise(count, chance) * 10 ** chance.uniform(-4, -1.2),
        lambda: 0.2 * np.sin(2 * np.pi * 450 * time) * ((time % 5) < 1),
        lambda: 0.1 * (np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 480 * time)),
        lambda: _chords(time, chance),
    )
    return makers[chance.integers(len(makers))]().astype(np.float32)


def _chords(time: NDArray[np.float64], chance: np.random.Generator) -> NDArray[np.float64]:
    beat = chance.uniform(0.2, 0.6)
    roots = 220 * 2 ** (chance.integers(0, 24, 200) / 12)
    root = roots[(time / beat).astype(int) % len(roots)]
    phase = 2 * np.pi * np.cumsum(root) / RATE
    tones = np.sin(phase) + 0.6 * np.sin(1.26 * phase) + 0.5 * np.sin(1.5 * phase)
    return np.asarray(0.08 * tones * np.exp(-3 * (time % beat)))
