"""After redaction a second recognition of the passage, on either track, finds no digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import soundfile

from asr.transcriber import Job
from asr.waveform import Waveform, read
from asr.weights import CHECKPOINTS, available
from asr.whisper_engine import Options, load
from asr.whisper_model import quietly
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.personal.digits import runs
from interactions.personal.sheet import Sheet
from interactions.sound import Party, Span
from pipelines.redaction import cover, hidden_times, redaction_of
from samples.telephone import narrowed
from samples.voices import Voice, speak

RATE = 8000
VOICE = Voice("cmn-latn-pinyin", "", 200, 50, 50)

pytestmark = pytest.mark.skipif(
    not available(CHECKPOINTS), reason="no checkpoint comes with this version"
)


def recorded(text: str) -> Waveform:
    """The customer's track, and the agent's with an echo of it 20 dB below."""
    speech = speak(VOICE, text)
    quiet = np.zeros(speech.sample_rate // 2, np.float32)
    said = np.concatenate([quiet, speech.samples, quiet])
    line = narrowed(said.astype(np.float32), speech.sample_rate)
    line = 0.5 * line / np.abs(line).max()
    noise = np.random.default_rng(7).normal(0, 0.002, (2, len(line)))
    tracks = np.stack([0.1 * line, line]) + noise
    return Waveform(tracks.astype(np.float32), RATE, "pcm_s16le", RATE)


def heard(waveform: Waveform) -> list[tuple[Utterance, ...]]:
    whole = (Span(0, waveform.samples.shape[1] * 1000 // RATE),)
    engine = load("", options=Options(device="cpu", threads=1))
    with quietly():
        (found,) = engine.transcribe_many([Job(waveform, (whole, whole), Language.ZH)])
    return list(found.tracks)


def digits_in(text: str) -> str:
    return "".join(run.digits for run in runs(Sheet([("", text)])))


@pytest.mark.slow  # ten seconds of recognition
def test_a_second_recognition_finds_no_digit(tmp_path) -> None:
    waveform = recorded("我的手机号是13912345678，麻烦您快一点处理")
    before = heard(waveform)
    echo, said = ("".join(u.text for u in track) for track in before)
    assert "1391234567" in digits_in(said)
    assert len(digits_in(echo)) >= 7  # the echo alone would tell it

    utterances = tuple(replace(u, seq=seq, party=Party.CUSTOMER) for seq, u in enumerate(before[1]))
    one = Interaction(
        interaction_id="x", channel=Channel.VOICE, started_at=datetime(2026, 1, 1, tzinfo=UTC),
        duration_ms=waveform.samples.shape[1] * 1000 // RATE, source="x.wav", content_hash="0",
        language=Language.ZH, utterances=utterances,
    )  # fmt: skip
    times = hidden_times(one, redaction_of(one))
    assert len(times) == 1
    plain, covered = tmp_path / "plain.wav", tmp_path / "covered.wav"
    soundfile.write(plain, waveform.samples.T, RATE, subtype="PCM_16")
    for tone in (True, False):
        cover(plain, covered, times, tone=tone)
        for track in heard(read([covered], item="covered.wav")):
            text = "".join(u.text for u in track)
            assert digits_in(text) == "", (tone, text)
