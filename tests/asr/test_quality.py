"""What is wrong with a recording is found out before anyone believes it."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from asr.quality import assess, clipped, correlation
from asr.waveform import Waveform, read
from interactions.sound import Span

RATE = 8000


def noise(seconds, level=0.05, seed=0):
    return np.random.default_rng(seed).normal(0, level, int(seconds * RATE)).astype(np.float32)


def assessed(*tracks, regions=None):
    waveform = Waveform(np.stack(tracks), RATE, "pcm_s16le", RATE)
    return assess(waveform, regions or ((),) * len(tracks))


def sine(level, hz=200):
    return (level * np.sin(2 * np.pi * hz * np.arange(RATE * 2) / RATE)).astype(np.float32)


def test_a_clean_sine_at_full_scale_is_not_clipped():
    assert clipped(sine(0.999), 0.999) == 0.0


def test_an_overdriven_sine_is_clipped_where_it_is_flat():
    track = np.clip(sine(2.0), -1, 1)
    assert clipped(track, 1.0) == pytest.approx(2 / 3, abs=0.08)  # |sin| >= 0.5 two thirds of time


@pytest.mark.parametrize("subtype", ["ULAW", "ALAW", "PCM_16"])
def test_clipping_survives_the_codec(tmp_path, subtype):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.clip(sine(3.0), -1, 1), RATE, subtype=subtype)
    quality = assess(read([path], item="x"), ((),))
    assert quality.tracks[0].clipped > 0.5


def test_a_quiet_flat_top_is_no_clipping():
    track = np.clip(sine(1.0), -0.3, 0.3)
    assert clipped(track, 0.3) == 0.0


DEAD = {
    "silence": np.zeros(RATE * 3, np.float32),
    "a constant": np.full(RATE * 3, 0.5, np.float32),
    "A-law's smallest step": np.tile(np.float32([8 / 32768, -8 / 32768]), RATE),
    "two clicks": np.concatenate([np.zeros(RATE), [0.5], np.zeros(RATE), [0.5]]).astype("f4"),
}


@pytest.mark.parametrize("track", DEAD.values(), ids=DEAD)
def test_a_dead_track(track):
    found = assessed(track).tracks[0]
    assert found.is_dead
    assert found.snr_db is None


def test_a_quiet_voice_is_alive():
    assert not assessed(noise(3, 0.005)).tracks[0].is_dead


def test_peak_in_db():
    assert assessed(sine(0.5)).tracks[0].peak_db == pytest.approx(-6.02, abs=0.02)
    assert assessed(np.zeros(8000, np.float32)).tracks[0].peak_db == -100


def test_signal_to_noise():
    track = noise(4, 0.001)
    track[RATE : 2 * RATE] += noise(1, 0.1)
    found = assessed(track, regions=((Span(1000, 2000),),)).tracks[0]
    assert found.snr_db == pytest.approx(40, abs=1)
    assert assessed(track, regions=((Span(0, 4000),),)).tracks[0].snr_db is None


def test_identical_tracks_are_noticed_even_louder_or_delayed():
    one = noise(5)
    for other in (one, 0.5 * one, np.roll(one, 400), -one):
        found = assessed(one, other.astype(np.float32))
        assert found.identical_tracks
        assert found.correlation > 0.98


def test_identical_tracks_through_a_codec(tmp_path, spoken):
    path = tmp_path / "call.ogg"
    soundfile.write(path, np.stack([spoken, spoken], 1), RATE, format="OGG", subtype="OPUS")
    assert assess(read([path], item="x"), ((), ())).identical_tracks


def test_different_tracks_and_a_leak():
    agent, customer = noise(5, seed=1), noise(5, seed=2)
    apart = assessed(agent, customer)
    assert not apart.identical_tracks
    assert apart.correlation < 0.05
    leak = assessed(agent, customer + 0.5 * np.roll(agent, 800))
    assert not leak.identical_tracks
    assert leak.correlation == pytest.approx(0.447, abs=0.03)  # 0.5 / sqrt(1 + 0.25)


def test_a_dead_track_is_not_identical_to_another():
    silence = np.zeros(RATE, np.float32)
    found = assessed(silence, silence)
    assert not found.identical_tracks
    assert found.correlation == 0.0
    assert correlation(noise(1), silence, RATE) == 0.0


def test_mono_has_no_correlation():
    assert assessed(noise(1)).correlation is None
