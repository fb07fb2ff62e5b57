"""Loudness is a level in dB, pitch the fundamental even where the telephone cut it off."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from asr.contour import STEP_MS, contours, loudness, pitch
from asr.waveform import Waveform
from interactions.sound import Span

RATE = 8000


def sine(hz, level, seconds, rate=RATE):
    return (level * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)).astype(
        np.float32
    )


def voice(hz, seconds=2.0):
    """Harmonics of a falling spectrum through the telephone band: no fundamental is left."""
    t = np.arange(int(seconds * RATE)) / RATE
    sound = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, int(3400 / hz)))
    band = butter(6, (300, 3400), "bandpass", fs=RATE, output="sos")
    return (0.2 * sosfilt(band, sound)).astype(np.float32)


@pytest.mark.parametrize(("level", "expected"), [(1.0, -3.01), (0.1, -23.01), (0.0, -100.0)])
@pytest.mark.parametrize("rate", [8000, 16000])
def test_loudness_of_a_sine(level, expected, rate):
    found = loudness(sine(500, level, 1.0, rate), rate)
    assert found.shape == (50,)
    assert found == pytest.approx(expected, abs=0.05)


def test_an_offset_is_silence():
    assert (loudness(np.full(8000, 0.25, np.float32), RATE) <= -60).all()


def test_a_last_step_that_is_not_full_counts():
    assert loudness(sine(500, 0.5, 0.111), RATE).shape == (6,)


@pytest.mark.parametrize("hz", [90, 150, 220, 350])
def test_pitch_of_a_telephone_voice(hz):
    found = pitch(voice(hz), RATE, (Span(0, 2000),))
    assert found.shape == (100,)
    voiced = found[5:-5]
    assert np.isfinite(voiced).mean() > 0.9
    assert np.nanmedian(voiced) == pytest.approx(hz, rel=0.02)


def test_pitch_only_inside_speech():
    track = np.tile(voice(200, 1.0), 4)
    found = pitch(track, RATE, (Span(500, 1000), Span(3000, 3500)))
    speaking = np.zeros(200, bool)
    speaking[25:50] = speaking[150:175] = True
    assert np.isnan(found[~speaking]).all()
    assert np.isfinite(found[speaking]).mean() > 0.8


def test_a_stretch_alone_has_the_pitch_it_has_among_others():
    track = np.concatenate([voice(180), np.zeros(8000, np.float32), voice(240)])
    both = pitch(track, RATE, (Span(0, 2000), Span(3000, 5000)))
    alone = pitch(track, RATE, (Span(3000, 5000),))
    assert np.nanmax(np.abs(both[150:] - alone[150:])) < 1.0


def test_contours_per_track():
    tracks = np.stack([voice(150), np.zeros(16000, np.float32)])
    waveform = Waveform(tracks, RATE, "pcm_mulaw", RATE)
    spoken, silent = contours(waveform, ((Span(0, 2000),), ()))
    assert spoken.step_ms == STEP_MS
    assert len(spoken.loudness_db) == len(spoken.pitch_hz) == 100
    assert (silent.loudness_db == -100).all()
    assert np.isnan(silent.pitch_hz).all()
