"""The shipped checkpoint, driven our way, says what openai-whisper says with it."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
import torch
import whisper

from asr.checkpoints.training.evaluate import cases, characters, error_rate
from asr.transcriber import Job
from asr.waveform import Waveform
from asr.weights import CHECKPOINTS, available
from asr.whisper_engine import Options, load
from asr.whisper_model import quietly
from interactions.interaction import Language
from interactions.sound import Span

RATE = 8000
PAUSE = np.zeros(RATE, np.float32)

pytestmark = pytest.mark.skipif(
    not available(CHECKPOINTS), reason="no checkpoint comes with this version"
)


def engine(**options):
    return load("", options=Options(device="cpu", threads=1, **options))


def track(sentences):
    """The sentences one after the other, and where each is."""
    sounds = [np.asarray(one.sound, np.float32) for one in sentences]
    starts = np.cumsum([0, *(len(sound) + len(PAUSE) for sound in sounds)])
    spans = tuple(
        Span(int(start) * 1000 // RATE, int(start + len(sound)) * 1000 // RATE)
        for start, sound in zip(starts, sounds, strict=False)
    )
    whole = np.concatenate([part for sound in sounds for part in (sound, PAUSE)])
    return Waveform(whole[None], RATE, "pcm_mulaw", RATE), spans


def text(transcription):
    return "".join(one.text for one in transcription.tracks[0])


def percent_wrong(sentences, found):
    said = "".join(one.utterance.text for one in sentences)
    return 100 * error_rate([characters(said)], [characters(found)])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_window_changes_with_its_company(language):
    sentences = cases(language, 6)
    waveform, spans = track(sentences)
    jobs = [Job(waveform, (spans[first:],), Language(language)) for first in range(3)]
    found = []
    for batch in (1, 3, 16):
        with quietly():
            side_by_side = engine(first_beam=1, batch=batch)
            found.append([text(one) for one in side_by_side.transcribe_many(jobs)])
    assert found[0] == found[1] == found[2]
    assert all(found[0])


@pytest.mark.slow
@pytest.mark.parametrize("beam", [1, 5])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_error_rate_is_that_of_whisper(language, beam):
    """Packing, int8 and batches cost at most 0.3 points against ``whisper.transcribe``."""
    sentences = cases(language)
    waveform, spans = track(sentences)
    ours = text(engine(first_beam=beam).transcribe(waveform, (spans,), language=Language(language)))
    weights = available(CHECKPOINTS)[0].path
    with quietly(), torch.inference_mode():
        model = whisper.load_model(str(weights), device="cpu")
        wide = soxr.resample(waveform.samples[0], RATE, 16_000).astype(np.float32)
        plain = whisper.transcribe(
            model,
            wide,
            language=language,
            beam_size=None if beam == 1 else beam,
            fp16=False,
            condition_on_previous_text=False,
        )["text"]
    assert percent_wrong(sentences, ours) <= percent_wrong(sentences, plain) + 0.3
