"""A Whisper model from its weights, with the identity that every transcript carries."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from pickle import UnpicklingError  # noqa: TID251 - only the error; weights_only runs no code
from typing import Any
from urllib.error import URLError

import numpy as np
import torch
import whisper
from whisper.model import ModelDimensions, Whisper

from asr.weights import Weights, WeightsError

ANY_LENGTH = "any_length"
"""Key of a checkpoint that was trained on windows of every length, not only on windows filled up
with silence to 30 s, and therefore hears the same in a window that is not filled up."""

BEAM_SIZE = "beam_size"
"""Key of a checkpoint that is best decoded with so many beams; without it with one."""

_MOST_BEAMS = 16
_BLOCK = 1 << 20


def read_model(weights: Weights, *, cache: Path | None = None) -> tuple[Whisper, str]:
    """Return the model on the CPU in fp32, and ``<name>@<8 hex digits>``.

    The digits are the first of the SHA-256 over the parameters in the order of their names: name,
    type, shape and values. The same weights in another file, or under another name, keep them.

    Args:
        weights: Which weights (``weights.find``).
        cache: Where openai-whisper keeps what it downloads; its own default where None.

    Raises:
        WeightsError: They are missing, damaged or of another model.
    """
    model = _downloaded(weights.name, cache) if weights.path is None else _from_file(weights.path)
    model.eval()
    return model, f"{weights.name}@{state_digest(model.state_dict())[:8]}"


def state_digest(state: dict[str, torch.Tensor]) -> str:
    """Return the SHA-256 (hexadecimal) over a model's parameters."""
    digest = sha256()
    for name in sorted(state):
        values = np.ascontiguousarray(state[name].detach().cpu().numpy())
        digest.update(f"{name}\x1f{values.dtype}\x1f{values.shape}\x1f".encode())
        digest.update(values.data)
    return digest.hexdigest()


def _downloaded(name: str, cache: Path | None) -> Whisper:
    if name not in whisper.available_models():
        known = ", ".join(whisper.available_models())
        raise WeightsError(f"no weights are called {name}; openai-whisper knows {known}")
    root = str(cache) if cache is not None else None
    try:
        return whisper.load_model(name, device="cpu", download_root=root)
    except (URLError, OSError, RuntimeError) as error:
        raise WeightsError(
            f"the weights {name} are not on this machine and could not be downloaded ({error}); "
            "download them where there is a network and give the path of the file"
        ) from error


def _from_file(path: Path) -> Whisper:
    try:
        checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        model = Whisper(ModelDimensions(**checkpoint["dims"]))
        model.load_state_dict(checkpoint["model_state_dict"])
    except (OSError, EOFError, KeyError, TypeError, RuntimeError, UnpicklingError) as error:
        raise WeightsError(
            f"{path} is no Whisper checkpoint ({type(error).__name__}: {error}); it must hold dims "
            "and model_state_dict as openai-whisper saves them"
        ) from error
    _align(model, path, checkpoint)
    model.hears_any_length = checkpoint.get(ANY_LENGTH) is True
    model.beam_size = _beam_of(path, checkpoint)
    return model


def _beam_of(path: Path, checkpoint: Mapping[str, object]) -> int:
    beam = checkpoint.get(BEAM_SIZE, 1)
    if not isinstance(beam, int) or not 1 <= beam <= _MOST_BEAMS:
        raise WeightsError(f"{path} asks for beam_size {beam!r}; allowed is 1 to {_MOST_BEAMS}")
    return beam


def _align(model: Whisper, path: Path, checkpoint: dict[str, Any]) -> None:
    """Say which attention heads tell the time of words: the checkpoint's own, or the model's."""
    heads = checkpoint.get("alignment_heads")
    if heads is not None:
        mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
        for layer, head in heads:
            mask[layer, head] = True
        model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
        return
    known = _published_as(path)
    if known:
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[known])  # noqa: SLF001 - its one list


def _published_as(path: Path) -> str:
    """Return openai-whisper's name of a file, which it knows by its SHA-256; empty for others."""
    digest = sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    names = (name for name, url in whisper._MODELS.items() if digest.hexdigest() in url)  # noqa: SLF001
    return next(names, "")


@contextmanager
def quietly() -> Iterator[None]:
    """Pass over two warnings about openai-whisper 20250625 that its users can do nothing about.

    Its vocabulary's file is closed by the garbage collector, and its beam search sorts tensors
    with NumPy, which NumPy 2 calls an old way.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
