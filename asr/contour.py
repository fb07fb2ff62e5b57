"""Loudness, pitch and spectral balance over time, per track.

Pitch comes from SwiftF0 (MIT, its ONNX model lies inside its wheel). In the telephone band the
fundamental itself is missing; trackers that look for it fail by half of all frames, this network
and those on the autocorrelation do not. It runs only where someone speaks.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from swift_f0 import SwiftF0

from asr.speech import joined
from asr.stored import PART_S, Track, parts
from asr.waveform import Waveform
from interactions.sound import Contour, Span

STEP_MS = 20
FLOOR_DB = -100.0

_LOWEST_HZ, _HIGHEST_HZ = 60.0, 600.0
"""A low man's voice to a woman's shout; children's screams go higher."""

_VOICED = 0.5
"""SwiftF0's own calibration: voiced from 0.5 on."""

_MARGIN_MS = 180
"""The network sees 176 ms on each side of a frame."""

_TOGETHER_MS = 2 * _MARGIN_MS
"""Stretches closer than both margins are cheaper in one call."""

_LOW_HZ, _MIDDLE_HZ, _HIGH_HZ = 300.0, 1_000.0, 3_400.0
"""The alpha ratio (Frokjaer-Jensen and Prytz, 1976: energy above 1 kHz over energy below) between
the edges of the telephone band (ITU-T G.712). It rises with vocal effort and, unlike loudness, does
not follow the gain of a line."""

_CHUNK = PART_S * 1000 // STEP_MS
_LONGEST_MS = PART_S * 1000
"""At most a minute at once, so that memory does not grow with the recording."""

_lock = Lock()


@lru_cache(maxsize=1)
def _tracker() -> SwiftF0:
    # spin=False: a pool that waits busily takes the core from the other workers.
    return SwiftF0(threads=1, spin=False)


def contours(waveform: Waveform, regions: tuple[tuple[Span, ...], ...]) -> tuple[Contour, ...]:
    """Return loudness, pitch and balance of each track in steps of 20 ms.

    Args:
        waveform: The recording.
        regions: Where each track carries speech (``edges.tightened``); pitch is NaN elsewhere.
    """
    return tuple(
        _contour(track, waveform.sample_rate, spans)
        for track, spans in zip(waveform.samples, regions, strict=True)
    )


def _contour(track: Track, rate: int, spans: tuple[Span, ...]) -> Contour:
    hertz = pitch(track, rate, spans)
    return Contour(
        step_ms=STEP_MS,
        loudness_db=loudness(track, rate),
        pitch_hz=hertz,
        balance_db=balance(track, rate, np.isfinite(hertz)),
    )


def balance(track: Track, rate: int, voiced: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the energy over 1 kHz against that below, in dB, for every 20 ms; else NaN.

    From the power spectrum of 40 ms around the step's centre (Hann window), 300 to 3 400 Hz.

    Args:
        track: One track, shape ``(n,)``.
        rate: Samples per second.
        voiced: Which steps have pitch, shape ``(steps,)``; the others have no balance.
    """
    step = rate * STEP_MS // 1000
    window = np.hanning(2 * step).astype(np.float32)
    hz = np.fft.rfftfreq(2 * step, 1 / rate)
    low = ((hz >= _LOW_HZ) & (hz < _MIDDLE_HZ)).astype(np.float32)
    high = ((hz >= _MIDDLE_HZ) & (hz < _HIGH_HZ)).astype(np.float32)
    result = np.full(len(voiced), np.nan, dtype=np.float32)
    inside = np.arange(2 * step) - step // 2
    for first in range(0, len(voiced), _CHUNK):
        some = first + np.flatnonzero(voiced[first : first + _CHUNK])
        if not len(some):
            continue
        at = np.clip(some[:, None] * step + inside, 0, max(0, len(track) - 1))
        start = int(at[0, 0])
        sound = track[start : int(at[-1, -1]) + 1]
        power = np.square(np.abs(np.fft.rfft(sound[at - start] * window, axis=1)))
        result[some] = 10.0 * np.log10((power @ high + 1e-10) / (power @ low + 1e-10))
    return result


def loudness(track: Track, rate: int) -> NDArray[np.float32]:
    """Return the level of every 20 ms in dB relative to full scale, shape ``(steps,)``.

    The level is ``20 log10`` of the standard deviation, so a constant offset counts as silence and
    a sine at full scale has -3.01 dB. Nothing is below -100 dB. A last step that is not full
    counts what there is of it.
    """
    found = [_level(part, rate * STEP_MS // 1000) for part in parts(track, rate)]
    return np.concatenate(found) if found else np.empty(0, dtype=np.float32)


def _level(sound: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    whole = len(sound) // step
    frames = sound[: whole * step].reshape(whole, step)
    power = np.einsum("ij,ij->i", frames, frames) / step - np.square(frames.mean(axis=1))
    if len(sound) > whole * step:
        power = np.append(power, sound[whole * step :].var())
    level = 10.0 * np.log10(np.maximum(power, 10.0 ** (FLOOR_DB / 10.0)))
    return np.asarray(np.maximum(level, FLOOR_DB), dtype=np.float32)


def pitch(track: Track, rate: int, spans: tuple[Span, ...]) -> NDArray[np.float32]:
    """Return the fundamental frequency in Hz for every 20 ms, NaN where there is none.

    Args:
        track: One track, shape ``(n,)``.
        rate: Samples per second.
        spans: Where to look, in time order.
    """
    steps = -(-len(track) * 1000 // (rate * STEP_MS))
    result = np.full(steps, np.nan, dtype=np.float32)
    for near in _grouped(spans):
        wide = Span(max(0, near[0].start_ms - _MARGIN_MS), near[-1].end_ms + _MARGIN_MS)
        sound = track[wide.start_ms * rate // 1000 : wide.end_ms * rate // 1000]
        with _lock:
            tracker = _tracker()
        found = tracker.detect(sound, rate, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ)
        values = np.where(found.confidence >= _VOICED, found.pitch_hz, np.nan)
        at_ms = wide.start_ms + found.timestamps * 1000.0
        for span in near:
            first, last = span.start_ms // STEP_MS, min(steps, -(-span.end_ms // STEP_MS))
            centres = (np.arange(first, last, dtype=np.float64) + 0.5) * STEP_MS
            result[first:last] = values[_nearest(at_ms, centres)]
    return result


def _grouped(spans: tuple[Span, ...]) -> list[list[Span]]:
    groups: list[list[Span]] = []
    for span in (part for whole in joined(list(spans)) for part in _short(whole)):
        near = groups and span.start_ms - groups[-1][-1].end_ms <= _TOGETHER_MS
        if near and span.end_ms - groups[-1][0].start_ms <= _LONGEST_MS:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _short(span: Span) -> list[Span]:
    """Cut a stretch of more than a minute at whole steps."""
    first = span.start_ms // STEP_MS * STEP_MS
    cuts = [*range(first + _LONGEST_MS, span.end_ms, _LONGEST_MS)]
    return [Span(a, b) for a, b in pairwise([span.start_ms, *cuts, span.end_ms])]


def _nearest(at_ms: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.intp]:
    after = np.clip(np.searchsorted(at_ms, centres), 0, len(at_ms) - 1)
    before = np.maximum(after - 1, 0)
    closer = np.abs(centres - at_ms[before]) <= np.abs(at_ms[after] - centres)
    return np.where(closer, before, after)
