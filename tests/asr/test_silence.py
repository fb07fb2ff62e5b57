"""Where nobody speaks nothing is written, by a recogniser that would write a word everywhere."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from asr import hearing
from asr.transcriber import Transcription
from asr.waveform import read
from interactions.interaction import Language, Utterance, Word
from interactions.sound import Party
from samples.sounds import RATE, hold_music, line_noise, ms_to_samples, ring_back, scaled

NOISE_DB, MUSIC_DB, RING_DB, RING_S = -43.0, -28.0, -22.0, 5
KINDS = ("digital silence", "line noise", "ring-back", "hold music")


class Talkative:
    """Writes a word into every stretch that it is given."""

    name = "whisper-talkative@00000000"

    def transcribe_many(self, jobs, *, advance=None):  # noqa: ARG002 - the protocol's
        return tuple(Transcription(tuple(map(said, job.regions)), Language.ZH) for job in jobs)


def said(spans):
    return tuple(
        Utterance(
            seq, Party.UNKNOWN, span.start_ms, span.end_ms, "喂",
            (Word(span.start_ms, span.end_ms, "喂", 0.9),), 0.9,
        )
        for seq, span in enumerate(spans)
    )  # fmt: skip


def quiet(kind, seconds):
    length, random = ms_to_samples(seconds * 1000), np.random.default_rng(11)
    noise = scaled(line_noise(length, random), NOISE_DB)
    return {
        "digital silence": lambda: np.zeros(length, np.float32),
        "line noise": lambda: noise,
        "ring-back": lambda: ring_back(seconds // RING_S + 2, RING_DB)[:length] + noise,
        "hold music": lambda: hold_music(length, MUSIC_DB, random) + noise,
    }[kind]()


def words_in(path):
    heard = hearing.listen([path], tracks=(), item=path.name)
    found = hearing.transcribe(heard, Talkative(), language=Language.ZH)
    return [(one.start_ms, one.end_ms) for one in found.utterances]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "seconds", [60, pytest.param(900, marks=pytest.mark.slow)], ids=["a minute", "a quarter hour"]
)
def test_no_words(tmp_path, kind, seconds):
    """Four quarters of an hour are the hour that the slow run hears."""
    path = tmp_path / "quiet.wav"
    sound = quiet(kind, seconds)
    soundfile.write(path, np.stack([sound, np.roll(sound, RATE * 7)], axis=1), RATE, subtype="ULAW")
    assert words_in(path) == []


def test_the_same_recogniser_writes_where_someone_speaks(tmp_path, spoken):
    path = tmp_path / "spoken.wav"
    sound = quiet("line noise", 10)
    sound[RATE : RATE + len(spoken)] += spoken
    soundfile.write(path, sound, RATE, subtype="ULAW")
    assert words_in(path) != []


@pytest.mark.eval
def test_real_recordings_without_speech(eval_folder, tmp_path):
    folder = eval_folder / "speech" / "speech_regions"
    empty = [*folder.glob("pyannote_tests/t*.flac"), *folder.glob("pyannote_tests/dev*.flac")]
    empty += [folder / "pyannote_tests" / "empty.flac", folder / "ina_media" / "silence2sec.flac"]
    assert len(empty) > 10
    assert {path.name: words_in(path) for path in empty if words_in(path)} == {}
    mix = folder / "ina_media" / "musanmix.flac"
    waveform = read([mix], item=mix.name)
    # Of its two label files the one without noise: the other calls a voice noise.
    labels = (folder / "ina_media" / "musanmix-sm-gender.csv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader(labels, delimiter="\t"))
    for number, row in enumerate(row for row in rows if row["labels"] == "music"):
        first, last = (round(float(row[key]) * waveform.sample_rate) for key in ("start", "stop"))
        path = tmp_path / f"{number}.wav"
        part = replace(waveform, samples=waveform.samples[:, first:last])
        soundfile.write(path, part.samples.T, part.sample_rate)
        assert words_in(path) == [], row
