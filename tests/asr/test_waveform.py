"""Every codec telephone systems write, and every broken file an inbox has seen."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.containers import recognise
from asr.waveform import read
from interactions.problems import PROBLEMS, Unreadable, explain

SECONDS = 4.0
LEFT_HZ, RIGHT_HZ = 400, 900


def tones(rate, channels, seconds=SECONDS):
    """One sine per track, so that swapped or mixed tracks are noticed."""
    t = np.arange(round(rate * seconds)) / rate
    tracks = [0.4 * np.sin(2 * np.pi * hz * t) for hz in (LEFT_HZ, RIGHT_HZ)[:channels]]
    return np.stack(tracks, axis=1).astype(np.float32)


def encode(path, container, codec, rate, channels, *, seconds=SECONDS, bit_rate=None):
    layout = "mono" if channels == 1 else "stereo"
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        if bit_rate:
            stream.bit_rate = bit_rate
        samples = (tones(rate, channels, seconds) * 32767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate = rate
        shaper = av.AudioResampler(stream.format.name, layout, rate)
        for piece in [*shaper.resample(frame), *shaper.resample(None)]:
            for packet in stream.encode(piece):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)


def strongest_hz(track, rate):
    middle = track[len(track) // 4 : 3 * len(track) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return spectrum.argmax() * rate / len(middle)


def problem(files, **options):
    with pytest.raises(Unreadable) as caught:
        read(files, item="x.wav", **options)
    error = caught.value
    assert error.code in PROBLEMS
    for language in ("zh", "en"):
        assert "{" not in explain(error.code, error.values, language)
    return error


PLAIN = [
    ("WAV", "PCM_U8", "pcm_u8"),
    ("WAV", "PCM_16", "pcm_s16le"),
    ("WAV", "PCM_24", "pcm_s24le"),
    ("WAV", "PCM_32", "pcm_s32le"),
    ("WAV", "FLOAT", "pcm_f32le"),
    ("WAV", "DOUBLE", "pcm_f64le"),
    ("WAV", "ULAW", "pcm_mulaw"),
    ("WAV", "ALAW", "pcm_alaw"),
    ("WAV", "IMA_ADPCM", "adpcm_ima_wav"),
    ("WAV", "MS_ADPCM", "adpcm_ms"),
    ("AU", "ULAW", "pcm_mulaw"),
    ("AU", "ALAW", "pcm_alaw"),
    ("FLAC", "PCM_16", "flac"),
    ("OGG", "VORBIS", "vorbis"),
    ("RF64", "PCM_16", "pcm_s16le"),
]


@pytest.mark.parametrize(("container", "subtype", "codec"), PLAIN)
@pytest.mark.parametrize("channels", [1, 2])
def test_reads_what_soundfile_writes(tmp_path, container, subtype, codec, channels):
    path = tmp_path / "call.bin"  # the name says nothing
    soundfile.write(path, tones(8000, channels), 8000, format=container, subtype=subtype)
    waveform = read([path], item="call")
    assert waveform.codec == codec
    assert (waveform.sample_rate, waveform.recorded_rate) == (8000, 8000)
    assert waveform.samples.shape[0] == channels
    assert waveform.samples.dtype == np.float32
    assert abs(waveform.duration_ms - 4000) <= 150  # ADPCM pads its last block
    for track, hz in zip(waveform.samples, (LEFT_HZ, RIGHT_HZ), strict=False):
        assert strongest_hz(track, 8000) == pytest.approx(hz, abs=2)
        assert np.sqrt(np.mean(track**2)) == pytest.approx(0.4 / np.sqrt(2), abs=0.02)


CODED = [
    ("wav", "adpcm_ima_wav", 8000, 2, "adpcm_ima_wav", None),
    ("wav", "adpcm_ms", 8000, 2, "adpcm_ms", None),
    ("wav", "g722", 16000, 1, "adpcm_g722", None),
    ("wav", "g723_1", 8000, 1, "g723_1", 6300),
    ("amr", "amr_nb", 8000, 1, "amr_nb", 12200),
    ("3gp", "amr_nb", 8000, 1, "amr_nb", 12200),
    ("mp3", "libmp3lame", 8000, 1, "mp3", None),
    ("mp3", "libmp3lame", 44100, 2, "mp3", None),
    ("ipod", "aac", 16000, 2, "aac", None),
    ("adts", "aac", 48000, 1, "aac", None),
    ("ogg", "libopus", 48000, 2, "opus", None),
    ("webm", "libopus", 48000, 1, "opus", None),
    ("flac", "flac", 48000, 2, "flac", None),
]


@pytest.mark.parametrize("case", CODED, ids=lambda case: f"{case[0]}-{case[4]}-{case[2]}")
def test_reads_what_ffmpeg_writes(tmp_path, case):
    container, encoder, rate, channels, codec, bits = case
    path = tmp_path / "call"
    encode(path, container, encoder, rate, channels, bit_rate=bits)
    waveform = read([path], item="call")
    assert waveform.codec == codec
    assert waveform.recorded_rate == rate
    assert waveform.sample_rate == (8000 if rate == 8000 else 16000)
    assert waveform.samples.shape[0] == channels
    assert abs(waveform.duration_ms - 4000) <= 150
    for track, hz in zip(waveform.samples, (LEFT_HZ, RIGHT_HZ), strict=False):
        assert strongest_hz(track, waveform.sample_rate) == pytest.approx(hz, rel=0.01)


@pytest.mark.parametrize("container", ["WAV", "RAW"])
def test_reads_gsm_in_wav49_and_bare(tmp_path, container):
    path = tmp_path / "call.gsm"
    soundfile.write(path, tones(8000, 1), 8000, format=container, subtype="GSM610")
    waveform = read([path], item="call")
    assert waveform.codec in {"gsm_ms", "gsm"}
    assert waveform.duration_ms == pytest.approx(4000, abs=40)
    assert strongest_hz(waveform.samples[0], 8000) == pytest.approx(LEFT_HZ, abs=4)


@pytest.mark.parametrize(
    ("rate", "becomes"),
    [(6000, 8000), (8000, 8000), (11025, 16000), (16000, 16000), (22050, 16000), (44100, 16000),
     (48000, 16000), (96000, 16000)],
)  # fmt: skip
def test_brings_every_rate_to_one_of_two(tmp_path, rate, becomes):
    path = tmp_path / "call.wav"
    soundfile.write(path, tones(rate, 2), rate)
    waveform = read([path], item="call")
    assert (waveform.sample_rate, waveform.recorded_rate) == (becomes, rate)
    assert waveform.duration_ms == pytest.approx(4000, abs=2)
    assert strongest_hz(waveform.samples[1], becomes) == pytest.approx(RIGHT_HZ, abs=2)


def test_joins_two_sides_and_pads_the_shorter(tmp_path):
    agent, customer = tmp_path / "agent.wav", tmp_path / "customer.wav"
    soundfile.write(agent, tones(8000, 1, 10.0), 8000)
    soundfile.write(customer, tones(8000, 1, 7.5), 8000, subtype="ULAW")
    waveform = read([agent, customer], item="call")
    assert waveform.samples.shape == (2, 80000)
    assert waveform.codec == "pcm_s16le+pcm_mulaw"
    assert not waveform.samples[1, 60000:].any()
    assert waveform.samples[1, 30000:60000].any()


def test_sides_of_different_rates_meet_at_the_higher(tmp_path):
    narrow, wide = tmp_path / "a.wav", tmp_path / "b.wav"
    soundfile.write(narrow, tones(8000, 1), 8000)
    soundfile.write(wide, tones(48000, 1), 48000)
    waveform = read([narrow, wide], item="call")
    assert (waveform.sample_rate, waveform.samples.shape) == (16000, (2, 64000))
    assert strongest_hz(waveform.samples[0], 16000) == pytest.approx(LEFT_HZ, abs=2)


def test_sides_that_differ_too_much_are_set_aside(tmp_path):
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for path, seconds in zip(paths, (12.0, 6.0), strict=True):
        soundfile.write(path, tones(8000, 1, seconds), 8000)
    error = problem(paths)
    assert (error.code, error.values) == ("sides_differ", {"seconds": 6.0, "other_seconds": 12.0})


def test_a_side_with_two_tracks_is_set_aside(tmp_path):
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for path in paths:
        soundfile.write(path, tones(8000, 2), 8000)
    assert problem(paths).code == "side_not_mono"


TRUNCATED = [
    ("wav", "pcm_s16le", 8000, 2),
    ("wav", "pcm_mulaw", 8000, 2),
    ("wav", "g722", 16000, 1),
    ("au", "pcm_alaw", 8000, 1),
    ("flac", "flac", 8000, 1),
    ("mp3", "libmp3lame", 16000, 1),
    ("webm", "libopus", 48000, 1),
]


@pytest.mark.parametrize(("container", "encoder", "rate", "channels"), TRUNCATED)
def test_a_file_cut_in_half_is_set_aside_with_both_lengths(
    tmp_path, container, encoder, rate, channels
):
    path = tmp_path / "call"
    encode(path, container, encoder, rate, channels, seconds=20.0)
    os.truncate(path, path.stat().st_size // 2)
    error = problem([path])
    assert error.code == "truncated"
    assert error.values["promised_seconds"] == pytest.approx(20, abs=0.5)
    assert error.values["seconds"] == pytest.approx(10, abs=2.5)


def test_a_truncated_mp4_is_damaged_since_its_index_is_gone(tmp_path):
    path = tmp_path / "call.m4a"
    encode(path, "ipod", "aac", 16000, 1)
    os.truncate(path, path.stat().st_size // 2)
    error = problem([path])
    assert error.code == "damaged"
    assert str(tmp_path) not in str(error)


def test_a_lost_second_is_accepted(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, tones(8000, 1, 20.0), 8000)
    os.truncate(path, path.stat().st_size - 8000)  # half a second
    assert read([path], item="call").duration_ms == 19500


def test_a_pipe_s_placeholder_promises_nothing(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, tones(8000, 1), 8000)
    data = bytearray(path.read_bytes())
    at = data.index(b"data")
    data[at + 4 : at + 8] = struct.pack("<I", 0xFFFFFFFF)
    path.write_bytes(data)
    assert read([path], item="call").duration_ms == 4000


NOT_SOUND = {
    "text": "坐席:您好,请问有什么可以帮您?\n".encode() * 50,
    "utf16": "agent: hello\n".encode("utf-16"),
    "playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n",
    "subtitles": b"1\n00:00:00,000 --> 00:00:04,000\nhello\n",
    "html": b"<!doctype html><title>404</title>",
    "zip": b"PK\x03\x04" + bytes(200),
    "zeros": bytes(5000),
    "one byte": b"R",
    "riff without sound": b"RIFF\x24\x00\x00\x00AVI LIST",
}


@pytest.mark.parametrize("content", NOT_SOUND.values(), ids=NOT_SOUND)
def test_what_is_no_sound_is_set_aside_whatever_its_name(tmp_path, content):
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    assert problem([path]).code == "not_audio"


def test_an_empty_file(tmp_path):
    path = tmp_path / "call.wav"
    path.touch()
    assert problem([path]).code == "empty_file"


def test_a_header_without_sound(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.empty((0, 1), np.float32), 8000)
    assert problem([path]).code == "no_sound"


def test_a_tenth_of_a_second(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, tones(8000, 1, 0.1), 8000)
    error = problem([path])
    assert (error.code, error.values["milliseconds"]) == ("too_short", 100)


def test_six_channels(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.zeros((8000, 6), np.float32), 8000)
    error = problem([path])
    assert (error.code, error.values) == ("too_many_tracks", {"tracks": 6})


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e4])
def test_samples_that_are_no_sound(tmp_path, bad):
    sound = tones(8000, 1)
    sound[12345] = bad
    path = tmp_path / "call.wav"
    soundfile.write(path, sound, 8000, subtype="FLOAT")
    error = problem([path])
    assert (error.code, error.values) == ("bad_samples", {"at_seconds": 1.543})


def test_a_recording_longer_than_allowed_stops_early(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.zeros((8000 * 130, 1), np.float32), 8000)
    error = problem([path], longest_ms=120_000)
    assert (error.code, error.values) == ("too_long", {"longest_minutes": 2})


def test_a_rate_that_makes_no_sense(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, tones(8000, 1), 8000)
    data = bytearray(path.read_bytes())
    data[24:28] = struct.pack("<I", 100)
    path.write_bytes(data)
    assert problem([path]).code == "strange_rate"


def test_what_cannot_be_opened(tmp_path):
    assert problem([tmp_path / "gone.wav"]).code == "cannot_open"
    assert problem([tmp_path]).code == "cannot_open"


@pytest.mark.parametrize("name", [b"\xff\xfe\x80.wav", b"-rf; rm.wav", "录音 1\n.wav".encode()])
@pytest.mark.parametrize("encoder", ["pcm_s16le", "g722"])
def test_names_that_are_no_text(tmp_path, name, encoder):
    plain = tmp_path / "plain.wav"
    encode(plain, "wav", encoder, 16000, 1)
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    plain.rename(path)
    assert read([path], item="call").samples.shape[0] == 1


def test_two_streams_in_one_file(tmp_path):
    path = tmp_path / "call.mka"
    with av.open(str(path), "w", format="matroska") as out:
        streams = [out.add_stream("pcm_s16le", rate=8000, layout="mono") for _ in range(2)]
        for stream in streams:
            samples = (tones(8000, 1) * 32767).astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate = 8000
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                out.mux(packet)
    error = problem([path])
    assert (error.code, error.values) == ("several_streams", {"streams": 2})


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=3000), st.sampled_from(
    [b"", b"RIFF\xff\x00\x00\x00WAVEfmt ", b"fLaC", b"OggS", b"#!AMR\n", b"ID3", b".snd",
     b"\x00\x00\x00\x20ftypM4A ", b"\x1a\x45\xdf\xa3", b"caff"]))  # fmt: skip
def test_any_bytes_are_read_or_set_aside(tmp_path_factory, noise, head):
    path = tmp_path_factory.getbasetemp() / "noise.wav"
    path.write_bytes(head + noise)
    try:
        finite = bool(np.isfinite(read([path], item="noise").samples).all())
    except Unreadable as problem_of_noise:
        finite = problem_of_noise.code in PROBLEMS
    assert finite


def test_the_same_file_gives_the_same_samples(tmp_path):
    path = tmp_path / "call.mp3"
    encode(path, "mp3", "libmp3lame", 44100, 2)
    one, two = read([path], item="x"), read([path], item="x")
    assert np.array_equal(one.samples, two.samples)


def test_recognise_leaves_the_file_at_its_beginning(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, tones(8000, 1), 8000)
    with path.open("rb") as handle:
        found = recognise(handle)
        assert handle.tell() == 0
    assert found is not None
    assert (found.name, found.share_present) == ("WAV", 1.0)


@pytest.mark.eval
def test_reads_the_real_calls(eval_folder):
    folder = eval_folder / "speech" / "calls_en"
    sides = [folder / f"Auto_Repairs_40_UTC_{side}.flac" for side in ("agent", "caller")]
    waveform = read(sides, item="call")
    assert waveform.samples.shape == (2, 1963040)
