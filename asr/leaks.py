"""One side's voice on the other side's track: an open loudspeaker, a hybrid's echo."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from asr.speech import joined
from asr.stored import PART_S, Track
from asr.waveform import Waveform
from interactions.sound import Span

_QUIETER_DB = 6.0
"""A leak is weaker than what leaks. The weakest loss a telephone set may have from receiver to
microphone is over 6 dB; own speech over a leak is louder than that."""

_ALIKE = 0.6
"""What leaks correlates above 0.9 with its source after G.711; two voices at once stay below 0.4
over any delay of 250 ms. Ours, halfway between."""

_LAG_MS = 250


def without_leaks(
    waveform: Waveform, regions: tuple[tuple[Span, ...], ...]
) -> tuple[tuple[Span, ...], ...]:
    """Return the regions of two tracks without those that are the other side's voice.

    A stretch goes where the other track is at least 6 dB louder at that time and the two sounds
    correlate above 0.6 at some delay up to 250 ms. A recording of one track is returned as it is.

    Args:
        waveform: The recording.
        regions: From ``speech.regions``.
    """
    if len(regions) == 1:
        return regions
    one, other = waveform.samples
    return (
        _own(one, other, regions[0], waveform),
        _own(other, one, regions[1], waveform),
    )


def _own(
    track: Track, other: Track, spans: tuple[Span, ...], waveform: Waveform
) -> tuple[Span, ...]:
    own = (p for s in spans for p in _minutes(s) if not _is_leak(track, other, p, waveform))
    return joined(list(own))


def _minutes(span: Span) -> list[Span]:
    """Cut a stretch evenly into a minute at most, so that memory stays bounded."""
    count = -(-span.duration_ms // (PART_S * 1000))
    cuts = [span.start_ms + span.duration_ms * at // count for at in range(count + 1)]
    return [Span(a, b) for a, b in pairwise(cuts)]


def _is_leak(track: Track, other: Track, span: Span, waveform: Waveform) -> bool:
    start, end = waveform.sample_at(span.start_ms), waveform.sample_at(span.end_ms)
    here, there = track[start:end], other[start:end]
    if not len(here) or float(there.var()) < float(here.var()) * 10 ** (_QUIETER_DB / 10):
        return False
    lag = _LAG_MS * waveform.sample_rate // 1000
    around = other[max(0, start - lag) : end + lag]
    return _likeness(here - here.mean(), around - around.mean()) >= _ALIKE


def _likeness(part: NDArray[np.float32], around: NDArray[np.float32]) -> float:
    """Return the highest correlation of ``part`` with any stretch of ``around``, 0 to 1."""
    length = fft.next_fast_len(len(part) + len(around), real=True)
    crossed = fft.irfft(fft.rfft(around, length) * np.conj(fft.rfft(part, length)), length)
    lags = crossed[: max(1, len(around) - len(part) + 1)]
    sums = np.concatenate([[0.0], np.cumsum(np.square(around, dtype=np.float64))])
    energy = sums[len(part) : len(part) + len(lags)] - sums[: len(lags)]
    whole = np.sqrt(np.maximum(energy[: len(lags)], 1e-12) * float(part @ part) + 1e-20)
    return float((np.abs(lags[: len(whole)]) / whole).max())
