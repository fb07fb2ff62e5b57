"""Measures what weights cost on this machine, with the parts that transcribe.

One window of 30 s is encoded; then tokens are decoded as the engine does it, for several windows
side by side. What the window holds and which tokens are read does not change the work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import TypeVar

import torch
from torch import Tensor
from whisper.audio import N_FRAMES
from whisper.model import ModelDimensions, Whisper

from asr.costs import Cost
from asr.decoder import Decoder, Seats
from asr.encoder import Encoder
from asr.quantised import fastest
from asr.weights import Weights
from asr.whisper_model import read_model

T = TypeVar("T")

TOKENS = 108
"""Tokens in a window full of speech: 3.6 a second, as openai-whisper's tokenizer makes of
AISHELL-1's read Mandarin (1 926 tokens in 536 s)."""

_SIDE_BY_SIDE = 8
_STEPS = 12
_QUICK_S = 1.0
"""What takes less is measured again: the first time includes the machine's own preparations."""

_MULTILINGUAL, _MULTILINGUAL_V3 = 51_865, 51_866

_SIZES = MappingProxyType(
    {
        "tiny": (384, 6, 4, 4),
        "base": (512, 8, 6, 6),
        "small": (768, 12, 12, 12),
        "medium": (1024, 16, 24, 24),
        "large-v3": (1280, 20, 32, 32),
        "turbo": (1280, 20, 32, 4),
    }
)
"""Width, heads, encoder and decoder layers (Radford and others, 2022, table 1; turbo's decoder:
openai-whisper's release notes of 20240930)."""

ARCHITECTURES = tuple(_SIZES)


def measure(weights: Weights, *, device: str = "auto") -> Cost:
    """Load weights and measure them.

    Args:
        weights: On this machine: nothing is to be downloaded here.
        device: ``cpu``, ``cuda``, or ``auto``: a GPU where there is one.

    Raises:
        asr.weights.WeightsError: They are damaged, or of another model.
    """
    begun = time.perf_counter()
    model, _ = read_model(weights)
    return _measured(model, begun, device=device)


def measure_architecture(name: str, *, device: str = "auto") -> Cost:
    """Measure an architecture with random weights, which cost what trained ones do.

    Args:
        name: One of ``ARCHITECTURES``.
        device: As for ``measure``.
    """
    begun = time.perf_counter()
    model = Whisper(dimensions(name))
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.02)
    return _measured(model.eval(), begun, device=device)


def dimensions(name: str) -> ModelDimensions:
    """Return the dimensions of one of ``ARCHITECTURES``."""
    width, heads, layers, text_layers = _SIZES[name]
    is_v3 = name in {"large-v3", "turbo"}
    return ModelDimensions(
        n_mels=128 if is_v3 else 80,
        n_audio_ctx=1500,
        n_audio_state=width,
        n_audio_head=heads,
        n_audio_layer=layers,
        n_vocab=_MULTILINGUAL_V3 if is_v3 else _MULTILINGUAL,
        n_text_ctx=448,
        n_text_state=width,
        n_text_head=heads,
        n_text_layer=text_layers,
    )


def _measured(model: Whisper, begun: float, *, device: str) -> Cost:
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    model = model.to(device)
    arithmetic = fastest(device)
    encoder, decoder = Encoder(model.encoder, arithmetic), Decoder(model, arithmetic)
    loaded = time.perf_counter() - begun
    with torch.inference_mode(), _one_thread() as threads:
        mel = torch.zeros(1, model.dims.n_mels, N_FRAMES, device=device)
        seats, encode_s = _timed(lambda: _heard(encoder, decoder, mel), device)
        _, steps_s = _timed(lambda: _decoded(decoder, seats), device)
    return Cost(
        load_s=round(loaded, 3),
        encode_s=round(encode_s, 4),
        decode_s=round(steps_s / _STEPS / _SIDE_BY_SIDE * TOKENS, 4),
        tokens=TOKENS,
        cores=threads if device == "cpu" else 1,
    )


@contextmanager
def _one_thread() -> Iterator[int]:
    """Compute on one core, whose own time is counted: what else runs here then matters little."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield threads
    finally:
        torch.set_num_threads(threads)


def _heard(encoder: Encoder, decoder: Decoder, mel: Tensor) -> Seats:
    """Encode one window and let it take its seat; the others hear the same without work."""
    heard = encoder(mel)[0]
    seats = decoder.seats(_SIDE_BY_SIDE, frames=len(heard), room=2 * _STEPS)
    decoder.hear(seats, 0, heard)
    for memory in seats.heard:
        memory[:, 1:] = memory[:, :1]
    return seats


def _decoded(decoder: Decoder, seats: Seats) -> Tensor:
    """Decode a few tokens of all windows."""
    device = seats.heard[0].device
    tokens = torch.zeros(seats.count, 1, dtype=torch.long, device=device)
    for _ in range(_STEPS):
        scores = decoder.vocabulary.scores(decoder.read(tokens, seats)[:, -1])
    return scores


def _timed(work: Callable[[], T], device: str) -> tuple[T, float]:
    result, seconds = _once(work, device)
    if seconds < _QUICK_S:
        result, again = _once(work, device)
        seconds = min(seconds, again)
    return result, seconds


def _once(work: Callable[[], T], device: str) -> tuple[T, float]:
    if device == "cpu":
        begun = time.thread_time()
        return work(), time.thread_time() - begun
    begun = time.perf_counter()
    result = work()
    torch.cuda.synchronize()
    return result, time.perf_counter() - begun
