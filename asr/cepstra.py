"""The timbre of a voice: mel-frequency cepstra of telephone sound."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from asr.stored import Track

HOP_MS = 10
_FRAME_MS = 25
_BANDS, _COUNT = 24, 19
_EDGES_HZ = (200.0, 3_600.0)
"""The telephone band (ITU-T G.712: 300 to 3 400 Hz) and its skirts."""

_EMPHASIS = 0.97
_CHUNK = 6_000
"""Frames at once (1 min), so that memory does not grow with the recording."""


def cepstra(track: Track, rate: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the shape of the spectrum and the level of every 10 ms.

    Davis and Mermelstein (1980, IEEE ASSP 28): logarithms of 24 mel bands between 200 and
    3 600 Hz, cosine transform, coefficients 1 to 19. Coefficient 0 is left out: level is no timbre.

    Args:
        track: Shape ``(n,)``.
        rate: Samples per second.

    Returns:
        Cepstra of shape ``(frames, 19)``, and the mean logarithm of the bands, ``(frames,)``.
    """
    hop, length = rate * HOP_MS // 1000, rate * _FRAME_MS // 1000
    count = len(track) // hop
    found = np.empty((count, _COUNT), dtype=np.float32)
    level = np.empty(count, dtype=np.float32)
    for first in range(0, count, _CHUNK):
        last = min(count, first + _CHUNK)
        bands = _bands(_part(track, first * hop - length // 2, last * hop + length), rate)
        found[first:last] = dct(bands, axis=1, norm="ortho")[: last - first, 1 : _COUNT + 1]
        level[first:last] = bands[: last - first].mean(axis=1)
    return found, level


def _part(track: Track, start: int, end: int) -> NDArray[np.float32]:
    """Return samples with the high ones raised, and silence outside of the track."""
    inside = track[max(0, start) : max(0, end)]
    before, after = max(0, -start), max(0, end - max(start, 0) - len(inside))
    sound = np.pad(inside, (before, after))
    sound[1:] -= _EMPHASIS * sound[:-1].copy()
    return sound


def _bands(sound: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    length, hop = rate * _FRAME_MS // 1000, rate * HOP_MS // 1000
    size = 1 << (length - 1).bit_length()
    window = np.hamming(length).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, length)[::hop]
    power = np.square(np.abs(np.fft.rfft(frames * window, size, axis=1)))
    return np.asarray(np.log(power @ _filters(rate, size).T + 1e-9), dtype=np.float32)


@lru_cache(maxsize=4)
def _filters(rate: int, size: int) -> NDArray[np.float64]:
    low, high = (2595.0 * np.log10(1.0 + hz / 700.0) for hz in _EDGES_HZ)
    edges = 700.0 * (10.0 ** (np.linspace(low, high, _BANDS + 2) / 2595.0) - 1.0)
    hz = np.fft.rfftfreq(size, 1 / rate)
    rising = (hz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hz) / (edges[2:] - edges[1:-1])[:, None]
    return np.asarray(np.clip(np.minimum(rising, falling), 0.0, None))
