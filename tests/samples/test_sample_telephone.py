from __future__ import annotations

import av
import numpy as np
import pytest
import soundfile

from samples.sounds import RATE, hold_music, line_noise, ring_back, scaled
from samples.telephone import FORMS, limited, narrowed, write

CODECS = {
    "alaw": ("pcm_alaw", 8_000),
    "mulaw": ("pcm_mulaw", 8_000),
    "pcm": ("pcm_s16le", 8_000),
    "pcm16k": ("pcm_s16le", 16_000),
    "ima_adpcm": ("adpcm_ima_wav", 8_000),
    "gsm": ("gsm_ms", 8_000),
    "flac": ("flac", 8_000),
    "mp3": ("mp3float", 16_000),
    "opus": ("opus", 48_000),
    "aac": ("aac", 16_000),
}


def _level_db(sound):
    return 10 * np.log10(np.mean(np.asarray(sound, np.float64) ** 2))


def _tone(hz, seconds=2.0):
    return (0.1 * np.sin(2 * np.pi * hz * np.arange(int(RATE * seconds)) / RATE)).astype(np.float32)


def test_every_form_is_tested():
    assert set(CODECS) == set(FORMS)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_form_has_its_codec_and_length_and_the_same_bytes(tmp_path, name):
    form = FORMS[name]
    tracks = np.stack([_tone(500), _tone(1_200) / 4])
    tracks = tracks[:1] if form.file_per_side else tracks
    paths = [tmp_path / f"{take}{form.suffix}" for take in "ab"]
    for path in paths:
        write(path, tracks, form)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with av.open(str(paths[0])) as container:
        stream = container.streams.audio[0]
        context = stream.codec_context
        assert (context.name, context.sample_rate) == CODECS[name]
        assert context.channels == len(tracks)
        frames = [frame.to_ndarray() for frame in container.decode(stream)]
        seconds = sum(frame.shape[-1] for frame in frames)
        seconds /= 1 if context.format.is_planar else context.channels
        assert seconds / context.sample_rate == pytest.approx(2.0, abs=0.07)


@pytest.mark.parametrize("name", ["alaw", "mulaw", "pcm", "mp3", "opus"])
def test_tracks_stay_apart(tmp_path, name):
    form = FORMS[name]
    path = tmp_path / f"x{form.suffix}"
    write(path, np.stack([_tone(700), np.zeros(2 * RATE, np.float32)]), form)
    samples, _ = soundfile.read(path)
    loud, silent = samples[1_000:-1_000].T
    assert _level_db(loud) == pytest.approx(-23, abs=1)
    assert _level_db(silent + 1e-9) < -60


@pytest.mark.parametrize(
    ("hz", "least_db", "most_db"),
    [(80, -90, -40), (150, -60, -20), (500, -1, 1), (1_000, -1, 1), (3_000, -2, 1)],
)
def test_line_passes_the_telephone_band(hz, least_db, most_db):
    tone = _tone(hz)
    change = _level_db(narrowed(tone, RATE)[RATE // 2 :]) - _level_db(tone)
    assert least_db <= change <= most_db


def test_loud_speech_is_rounded_off_and_quiet_speech_left_alone():
    ramp = np.linspace(-3, 3, 1_001, dtype=np.float32)
    out = limited(ramp)
    assert np.abs(out).max() < 0.9
    assert np.all(np.diff(out) >= 0)
    quiet = np.abs(ramp) < 0.6
    assert np.array_equal(out[quiet], ramp[quiet])


def test_ring_back_is_a_second_of_450_hz_every_five():
    ring = ring_back(2, -22)
    assert len(ring) == int(6.5 * RATE)
    on = np.abs(np.fft.rfft(ring[:RATE]))
    assert int(on.argmax()) == 450
    assert _level_db(ring[:RATE]) == pytest.approx(-22, abs=0.5)
    assert not ring[RATE : 5 * RATE].any()
    assert ring[5 * RATE : 6 * RATE].any()


def test_hold_music_has_several_voices_and_no_silence():
    music = hold_music(10 * RATE, -28, np.random.default_rng(1))
    assert _level_db(music) == pytest.approx(-28, abs=0.1)
    seconds = music.reshape(10, RATE)
    assert all(_level_db(second) > -36 for second in seconds)
    strong = [int((s > s.max() / 10).sum()) for s in np.abs(np.fft.rfft(seconds, axis=1))]
    assert min(strong) > 6


def test_noise_falls_with_frequency_and_can_be_set():
    noise = line_noise(20 * RATE, np.random.default_rng(1))
    power = np.abs(np.fft.rfft(noise)) ** 2
    hz = np.fft.rfftfreq(len(noise), 1 / RATE)
    low = power[(hz > 500) & (hz < 700)].mean()
    high = power[(hz > 2_000) & (hz < 2_800)].mean()
    assert 10 * np.log10(low / high) == pytest.approx(6, abs=1)
    assert _level_db(scaled(noise, -50)) == pytest.approx(-50, abs=0.01)
