"""Sound in a file is heard exactly as sound in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from asr.hearing import listen
from asr.stored import Laid, Stored, mean_of, parts
from interactions.sound import Party

RATE = 8_000
LONG = 150_000  # more than two frames of the file


@pytest.fixture
def sound() -> np.ndarray:
    """Two tracks of noise that tell every sample from every other."""
    return np.random.default_rng(4).normal(0, 0.1, (2, LONG)).astype(np.float32)


@pytest.mark.parametrize("block", [1_000, 16_384, 70_000, LONG])
@pytest.mark.parametrize("room", [10, LONG, 2 * LONG])
@pytest.mark.parametrize("memory", [0, 4 * LONG, 16 * LONG])
def test_what_is_laid_down_comes_back(
    sound: np.ndarray, block: int, room: int, memory: int
) -> None:
    laid = Laid(2, room, in_memory_bytes=memory)
    for start in range(0, LONG, block):
        laid.write(0, start, sound[:, start : start + block])

    samples = laid.done()

    is_stored = memory < 8 * LONG or (memory < 8 * room)
    assert isinstance(samples, Stored) == is_stored
    assert samples.shape == (2, LONG)
    for track, true in zip(samples, sound, strict=True):
        assert np.array_equal(track[:], true)
        assert np.array_equal(track[65_530:131_080], true[65_530:131_080])
        assert np.array_equal(track[LONG - 5 : LONG + 99], true[-5:])


@pytest.mark.parametrize("memory", [0, 1 << 20])
def test_of_two_sides_the_shorter_ends_in_silence(sound: np.ndarray, memory: int) -> None:
    laid = Laid(2, 10, in_memory_bytes=memory)
    laid.write(0, 0, sound[:1, :1_000])
    laid.write(1, 0, sound[1:, :70_000])

    short, long = laid.done()

    assert len(short) == len(long) == 70_000
    assert np.array_equal(short[:1_000], sound[0, :1_000])
    assert not short[1_000:].any()
    assert np.array_equal(long[:], sound[1, :70_000])


def test_the_mean_of_stored_tracks_is_that_of_the_array(sound: np.ndarray) -> None:
    laid = Laid(2, LONG, in_memory_bytes=0)
    laid.write(0, 0, sound)

    (mixed,) = mean_of(tuple(laid.done()), RATE)

    assert np.array_equal(mixed[:], sound.mean(axis=0, dtype=np.float32))


def test_a_track_is_looked_at_a_minute_at_a_time() -> None:
    assert [len(part) for part in parts(np.zeros(130 * RATE, np.float32), RATE)] == [
        60 * RATE,
        60 * RATE,
        10 * RATE,
    ]


def test_no_track_beyond_the_last() -> None:
    with pytest.raises(IndexError):
        Stored(2)[2]


@pytest.fixture(scope="module")
def long_call(spoken: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A call of over two minutes, one side after the other, so that every part has a neighbour."""
    quiet = np.zeros(len(spoken) + RATE // 2, np.float32)
    said = np.concatenate([spoken, np.zeros(RATE // 2, np.float32)])
    turns = np.stack([np.concatenate([said, quiet]), np.concatenate([quiet, 0.5 * said])])
    whole = np.tile(turns, -(-130 * RATE // turns.shape[1]))[:, : 130 * RATE]
    noise = np.random.default_rng(5).normal(0, 1e-3, whole.shape)
    path = tmp_path_factory.mktemp("long") / "call.wav"
    soundfile.write(path, (whole + noise).T, RATE, subtype="ULAW")
    return path


@pytest.mark.parametrize("is_mixed", [False, True])
def test_stored_sound_is_heard_to_the_last_bit_as_sound_in_memory(
    long_call: Path, tmp_path: Path, *, is_mixed: bool
) -> None:
    path = long_call
    if is_mixed:
        path = tmp_path / "mixed.wav"
        soundfile.write(path, soundfile.read(long_call)[0].mean(axis=1), RATE, subtype="ULAW")
    tracks = (Party.UNKNOWN,) if is_mixed else (Party.AGENT, Party.CUSTOMER)
    whole = listen([path], tracks=tracks, item="call")
    stored = listen([path], tracks=tracks, item="call", in_memory_bytes=0)

    assert isinstance(stored.waveform.samples, Stored)
    assert isinstance(whole.waveform.samples, np.ndarray)
    assert sum(map(len, whole.spoken)) > 10
    assert stored.regions == whole.regions
    assert stored.spoken == whole.spoken
    assert stored.recording == whole.recording
    assert stored.voices == whole.voices
    for one, other in zip(stored.track_contours, whole.track_contours, strict=True):
        assert np.array_equal(one.loudness_db, other.loudness_db)
        assert np.array_equal(one.pitch_hz, other.pitch_hz, equal_nan=True)
        assert np.array_equal(one.balance_db, other.balance_db, equal_nan=True)
    assert np.isfinite(whole.track_contours[0].pitch_hz).sum() > 500
