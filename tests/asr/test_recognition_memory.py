"""However long a call is, recognising it takes little memory besides its sound."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from whisper.model import ModelDimensions, Whisper

MEASURE = """
import resource, sys
import numpy as np
from asr.transcriber import Job
from asr.waveform import Waveform
from asr.whisper_engine import Options, load
from interactions.interaction import Language
from interactions.sound import Span

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

path, minutes = sys.argv[1], int(sys.argv[2])
engine = load(path, options=Options(device="cpu", threads=1, beam=1))
loaded = peak()
random = np.random.default_rng(0)
second = random.normal(0, 0.05, 8000).astype(np.float32)
sound = Waveform(np.tile(second, (2, minutes * 60)), 8000, "pcm_mulaw", 8000)
talk = [tuple(Span(at, at + 9000) for at in range(start, minutes * 60_000 - 9000, 20_000))
        for start in (0, 10_000)]
done = []
job = Job(sound, tuple(talk), Language.MIXED)
engine.transcribe_many([job], advance=done.append)
assert sum(done) > sum(span.duration_ms for spans in talk for span in spans)
print(peak() - loaded)
"""


def peak_bytes(weights, minutes):
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(weights), str(minutes)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(run.stdout)


@pytest.mark.slow
def test_memory_grows_with_the_sound_alone(tmp_path):
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=64, n_audio_head=1, n_audio_layer=1,
        n_vocab=51865, n_text_ctx=48, n_text_state=64, n_text_head=1, n_text_layer=2,
    )  # fmt: skip
    torch.manual_seed(0)
    weights = tmp_path / "small.pt"
    torch.save({"dims": vars(dims), "model_state_dict": Whisper(dims).state_dict()}, weights)
    short, long = peak_bytes(weights, 10), peak_bytes(weights, 70)
    sound = 60 * 60 * 8000 * 2 * 4
    assert long - short < 1.5 * sound
    assert long < 2 << 30
