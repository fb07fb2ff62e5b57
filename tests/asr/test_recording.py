"""A recording's identity is its bytes."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import soundfile

from asr.recording import content_hash, describe, header_ms
from asr.waveform import read
from interactions.sound import Party, Quality


def test_content_hash_is_over_all_files_in_order(tmp_path):
    one, two = tmp_path / "a", tmp_path / "b"
    one.write_bytes(b"x" * (1 << 20) + b"1")  # more than one block
    two.write_bytes(b"2")
    both = sha256(one.read_bytes() + two.read_bytes()).hexdigest()
    assert content_hash([one, two]) == both
    assert content_hash([two, one]) != both


def test_describe(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.zeros((24000, 1), np.float32), 48000, subtype="ULAW")
    waveform = read([path], item="call")
    found = describe([path], waveform, tracks=[Party.UNKNOWN], quality=Quality())
    assert found.recording_id == content_hash([path])
    assert (found.duration_ms, found.sample_rate, found.codec) == (500, 48000, "pcm_mulaw")
    assert found.tracks == (Party.UNKNOWN,)
    known = describe(
        [path], waveform, tracks=[Party.UNKNOWN], quality=Quality(), recording_id="abc"
    )
    assert known.recording_id == "abc"


def test_header_tells_the_length_without_decoding(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.zeros((12_000, 2), np.float32), 8_000, subtype="ULAW")
    assert header_ms(path) == 1_500
    (tmp_path / "text.wav").write_text("no sound")
    assert header_ms(tmp_path / "text.wav") is None
    assert header_ms(tmp_path / "gone.wav") is None
