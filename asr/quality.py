"""Can this recording be trusted? Clipping, dead tracks, identical tracks, leaks, noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from asr.contour import FLOOR_DB, STEP_MS, loudness
from asr.stored import Track, mean_of, parts
from asr.waveform import Waveform
from interactions.sound import Quality, Span, TrackQuality

_RAIL = 0.975
"""The topmost codes decode to 0.980 (mu-law) and 0.984 (A-law) of full scale (ITU-T G.711)."""

_FLAT = 0.995
"""Within half a per cent of the rail: a full-scale sine of 200 Hz has no three samples there."""

_RUN = 3
_DEAD_DB = -60.0
"""Below the quantisation noise of 8-bit linear sound (-50 dB for a full-scale sine) nothing said
can be understood."""

_DEAD_MS = 100
_IDENTICAL = 0.98
"""Two codings of the same sound correlate above 0.99, an open loudspeaker's leak below 0.9."""

_SHARED = 0.7
"""From here on both tracks hold both voices: each on the other at -8 dB gives 2g / (1 + g^2) = 0.69
for equally loud voices. Ours."""

_LAG_MS = 250
_BLOCK_S = 10
_CHUNK = 1 << 20


def assess(waveform: Waveform, regions: tuple[tuple[Span, ...], ...]) -> Quality:
    """Return what the checks find out about a recording.

    Args:
        waveform: The recording.
        regions: Where each track carries speech, for the signal-to-noise ratio.
    """
    tracks = tuple(
        _assess_track(track, waveform.sample_rate, spans)
        for track, spans in zip(waveform.samples, regions, strict=True)
    )
    if len(tracks) == 1:
        return Quality(tracks=tracks)
    shared = correlation(waveform.samples[0], waveform.samples[1], waveform.sample_rate)
    alive = not any(t.is_dead for t in tracks)
    return Quality(
        tracks=tracks, identical_tracks=alive and shared >= _IDENTICAL, correlation=shared
    )


def is_shared(quality: Quality) -> bool:
    """Tell whether both tracks hold both voices, so that they tell nobody apart."""
    if quality.identical_tracks:
        return True
    alive = not any(track.is_dead for track in quality.tracks)
    return alive and quality.correlation is not None and quality.correlation >= _SHARED


def one_track(waveform: Waveform) -> Waveform:
    """Return the mean of two tracks as one track; of identical ones that is the first."""
    mixed = mean_of(tuple(waveform.samples), waveform.sample_rate)
    return replace(waveform, samples=mixed)


def _assess_track(track: Track, rate: int, spans: tuple[Span, ...]) -> TrackQuality:
    levels = loudness(track, rate)
    peak = max((float(np.abs(part).max()) for part in parts(track, rate)), default=0.0)
    peak_db = max(FLOOR_DB, 20.0 * float(np.log10(max(peak, 1e-10))))
    return TrackQuality(
        peak_db=round(peak_db, 2),
        clipped=clipped(track, peak),
        snr_db=_snr_db(levels, spans),
        is_dead=int((levels > _DEAD_DB).sum()) * STEP_MS < _DEAD_MS,
    )


def clipped(track: Track, peak: float) -> float:
    """Return the share of samples at the rail in runs of three or more, 0 to 1.

    The rail is the track's own peak where that lies in the topmost codes of the narrowest codec
    (mu-law), at most full scale; below it nothing counts as clipped.

    Args:
        track: One track.
        peak: Its highest absolute sample.
    """
    if peak < _RAIL:
        return 0.0
    rail = max(_RAIL, _FLAT * min(peak, 1.0))
    total = 0
    for start in range(0, len(track), _CHUNK):
        at_rail = np.abs(track[start : start + _CHUNK]) >= rail
        edges = np.flatnonzero(np.diff(at_rail, prepend=False, append=False))
        runs = edges[1::2] - edges[::2]
        total += int(runs[runs >= _RUN].sum())
    return total / len(track)


def _snr_db(levels: NDArray[np.float32], spans: tuple[Span, ...]) -> float | None:
    """Median level of speech over median level of the rest, in dB."""
    speaks = np.zeros(len(levels), dtype=np.bool_)
    for span in spans:
        speaks[span.start_ms // STEP_MS : -(-span.end_ms // STEP_MS)] = True
    if not speaks.any() or speaks.all():
        return None
    return round(float(np.median(levels[speaks]) - np.median(levels[~speaks])), 1)


def correlation(one: Track, other: Track, rate: int) -> float:
    """Return the highest correlation of two tracks over delays up to 250 ms, 0 to 1.

    Normalised cross-correlation, summed over blocks of 10 s so that memory stays small; 0 where a
    track is silent. Identical tracks have 1, a voice leaking into the other side less.
    """
    size, lag = _BLOCK_S * rate, _LAG_MS * rate // 1000
    shared = np.zeros(2 * lag + 1)
    energy_one = energy_other = 0.0
    for start in range(0, len(one), size):
        a, b = (t[start : start + size] - t[start : start + size].mean() for t in (one, other))
        length = fft.next_fast_len(len(a) + lag, real=True)
        crossed = fft.irfft(fft.rfft(a, length) * np.conj(fft.rfft(b, length)), length)
        shared += np.concatenate([crossed[-lag:], crossed[: lag + 1]])
        energy_one += float(a @ a)
        energy_other += float(b @ b)
    if min(energy_one, energy_other) < 1e-12 * len(one):
        return 0.0
    return round(min(1.0, float(np.abs(shared).max() / np.sqrt(energy_one * energy_other))), 4)
