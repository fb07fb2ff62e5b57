"""What benchmarks of speech recognition share: sound, random weights, the machine's rates."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import torch
import whisper
from numpy.typing import NDArray
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import get_tokenizer

from asr import hearing
from asr.measuring import dimensions
from asr.quantised import Arithmetic, window_layer
from asr.speech import regions
from asr.waveform import Waveform
from interactions.interaction import Language
from interactions.sound import Party
from samples.calls import Oddity, plan_calls
from samples.recorder import record

DAY = date(2026, 3, 30)
SEED = 7
RATE = 8_000
WINDOW_S = 30.0
_SPREAD, _SIGNAL = 0.02, 4.0
_START = 4
"""``<|startoftranscript|>``, language, task, ``<|notimestamps|>``."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """A two-track call of the sample centre.

    Attributes:
        sound: Both tracks.
        said: All that each of the two parties says, in the order of their first words.
    """

    sound: Waveform
    said: tuple[str, ...]


@cache
def told_calls(language: Language, count: int) -> tuple[Call, ...]:
    """Return two-track calls of the sample centre with what is said in them."""
    found: list[Call] = []
    with tempfile.TemporaryDirectory() as folder:
        for plan in plan_calls(SEED, 8 * count, DAY):
            if plan.contact.language is not language or plan.oddity is not Oddity.NONE:
                continue
            recorded = record(plan, Path(folder), SEED)
            files = [Path(folder) / name for name in recorded.files]
            said: dict[Party, list[str]] = {}
            for one in recorded.layout.spoken:
                said.setdefault(one.line.party, []).append(one.line.text)
            sound = hearing.listen(files, item=plan.stem).waveform
            found.append(Call(sound=sound, said=tuple(" ".join(texts) for texts in said.values())))
            if len(found) == count:
                break
    return tuple(found)


def calls(count: int) -> tuple[Waveform, ...]:
    """Return two-track calls of the sample centre, in Mandarin."""
    return tuple(call.sound for call in told_calls(Language.ZH, count))


@cache
def dense(windows: int) -> Waveform:
    """Return one track on which the speakers of sample calls speak without a pause."""
    spoken: list[Floats] = []
    for call in calls(4):
        for track, spans in enumerate(regions(call)):
            spoken += [call.whole()[track, call.sample_at(s.start_ms) : call.sample_at(s.end_ms)]
                       for s in spans]  # fmt: skip
    sound = np.concatenate(spoken)
    length = int(windows * WINDOW_S * RATE)
    return Waveform(np.resize(sound, (1, length)), RATE, "pcm_s16le", RATE)


def forced(name: str, tokens: int) -> Whisper:
    """Return an architecture with random weights that writes ``tokens`` tokens in every window.

    One dimension of the stream carries the position alone: it speaks against the end before the
    wanted place and for it from there on. So every engine writes as much, without being told.

    Args:
        name: One of ``asr.measuring.ARCHITECTURES``.
        tokens: In a window.
    """
    torch.manual_seed(len(name))
    model = Whisper(dimensions(name)).eval()
    decoder = model.decoder
    last = _START - 1 + tokens
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "ln" not in key:
                parameter.normal_(std=_SPREAD)
        decoder.positional_embedding[:last, 0] = -_SIGNAL
        decoder.positional_embedding[last:, 0] = _SIGNAL
        decoder.token_embedding.weight[:, 0] = 0.0
        decoder.token_embedding.weight[get_tokenizer(multilingual=True).eot, 0] = 1.0
        for block in decoder.blocks:
            for layer in (block.attn.out, block.cross_attn.out, block.mlp[2]):
                layer.weight[0], layer.bias[0] = 0.0, 0.0
    # As if they were the published ones.
    model.set_alignment_heads(whisper._ALIGNMENT_HEADS[name])  # noqa: SLF001
    return model


def operations(dims: ModelDimensions, tokens: int) -> tuple[float, float]:
    """Return multiplications of a window in linear layers, and in attention and convolutions."""
    frames, width, wide = dims.n_audio_ctx, dims.n_audio_state, dims.n_text_state
    encoder = 12 * width**2 * frames * dims.n_audio_layer
    memory = 2 * wide**2 * frames * dims.n_text_layer
    decoder = (14 * wide**2 * dims.n_text_layer + wide * dims.n_vocab) * tokens
    heard = 2 * frames * wide * tokens * dims.n_text_layer
    own = tokens**2 * wide * dims.n_text_layer
    looks = 2 * frames**2 * width * dims.n_audio_layer
    convolutions = 3 * width * (2 * dims.n_mels + width) * frames
    return encoder + memory + decoder, looks + heard + own + convolutions


@cache
def rates() -> tuple[float, float]:
    """Return the multiplications per second of a core in large products, in int8 and in fp32."""
    size, rounds = 2048, 3
    x, weight = torch.randn(size, size), torch.randn(size, size)
    layer = window_layer(weight, None, Arithmetic.INT8)
    rates = []
    products: tuple[Callable[[], object], ...] = (lambda: layer(x), lambda: x @ weight)
    for product in products:
        product()
        best = min(cpu_s(product) for _ in range(rounds))
        rates.append(size**3 / best)
    return rates[0], rates[1]


def cpu_s(work: Callable[[], object]) -> float:
    """Return the CPU seconds of all threads that a piece of work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun
