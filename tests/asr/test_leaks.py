"""One side's voice on the other's track."""

from __future__ import annotations

import numpy as np
import pytest

from asr.leaks import without_leaks
from asr.quality import assess, is_shared, one_track
from asr.waveform import Waveform
from interactions.sound import Span

RATE = 8000
FIRST, SECOND = Span(1000, 4000), Span(6000, 9000)


def voices(seconds: int = 10) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    quiet = random.normal(0, 1e-3, (2, seconds * RATE))
    for track, span in zip(quiet, (FIRST, SECOND), strict=True):
        part = slice(span.start_ms * 8, span.end_ms * 8)
        track[part] += np.convolve(random.normal(0, 0.1, 3 * RATE), np.ones(8) / 3, "same")
    return quiet[0], quiet[1]


def mixed(gain: float, *, delay_ms: int = 0) -> Waveform:
    one, other = voices()
    late = [np.roll(track, delay_ms * 8) for track in (one, other)]
    tracks = np.stack([one + gain * late[1], other + gain * late[0]])
    return Waveform(tracks.astype(np.float32), RATE, "pcm_s16le", RATE)


@pytest.mark.parametrize(("gain_db", "delay_ms"), [(-12, 0), (-20, 100), (-9, 30)])
def test_a_leak_is_nobodys_speech(gain_db, delay_ms):
    waveform = mixed(10 ** (gain_db / 20), delay_ms=delay_ms)
    heard = ((FIRST, SECOND), (FIRST, SECOND))
    assert without_leaks(waveform, heard) == ((FIRST,), (SECOND,))


def test_both_at_once_are_both_kept():
    one, _ = voices()
    other = np.random.default_rng(5).normal(0, 0.3, len(one))
    waveform = Waveform(np.stack([one, other]).astype(np.float32), RATE, "pcm_s16le", RATE)
    assert without_leaks(waveform, ((FIRST,), (FIRST,))) == ((FIRST,), (FIRST,))


def test_one_track_has_no_leaks():
    waveform = mixed(0.0)
    single = Waveform(waveform.samples[:1], RATE, "pcm_s16le", RATE)
    assert without_leaks(single, ((FIRST, SECOND),)) == ((FIRST, SECOND),)


@pytest.mark.parametrize(("gain_db", "shared"), [(-60, False), (-12, False), (-4, True), (0, True)])
def test_tracks_that_hold_both_voices_are_one(gain_db, shared):
    waveform = mixed(10 ** (gain_db / 20))
    quality = assess(waveform, ((FIRST,), (SECOND,)))
    assert is_shared(quality) is shared
    assert one_track(waveform).samples.shape == (1, waveform.samples.shape[1])


def test_a_dead_track_shares_nothing():
    one, _ = voices()
    waveform = Waveform(np.stack([one, 0 * one]).astype(np.float32), RATE, "pcm_s16le", RATE)
    assert not is_shared(assess(waveform, ((FIRST,), ())))
