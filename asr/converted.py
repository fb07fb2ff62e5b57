"""Whisper's weights as CTranslate2 and faster-whisper read them: a folder made from a checkpoint.

CTranslate2's own converter reads the copies on the Hugging Face hub; this one reads what
openai-whisper saves, so that one file serves both engines and nothing has to be downloaded.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.converters.utils import fuse_linear
from ctranslate2.specs.common_spec import LinearSpec
from ctranslate2.specs.whisper_spec import WhisperSpec
from numpy.typing import NDArray
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from torch import nn
from whisper.model import MultiHeadAttention, ResidualAttentionBlock, Whisper
from whisper.tokenizer import get_tokenizer

from asr.costs import cache_folder
from asr.weights import CONVERTED, WeightsError, find
from asr.whisper_model import quietly, read_model

Weights = NDArray[np.float32]


def folder_of(path: Path) -> Path:
    """Return the folder made from a checkpoint, made now where it is not there.

    It is kept in ``~/.cache/tingjian``, by the checkpoint's bytes.

    Args:
        path: As openai-whisper saves it.

    Raises:
        asr.weights.WeightsError: It cannot be read, or is no checkpoint.
    """
    place = cache_folder() / "converted" / f"{path.stem}-{file_digest(path)[:16]}"
    if not (place / CONVERTED).is_file():
        model, _ = read_model(find(str(path)))
        convert(model, place)
    return place


def file_digest(path: Path) -> str:
    """Return the SHA-256 (hexadecimal) of a file.

    Raises:
        asr.weights.WeightsError: It cannot be read.
    """
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror}); check its rights") from error


def convert(model: Whisper, folder: Path, *, quantization: str = "float16") -> None:
    """Write a model as a folder; it is there whole or not at all.

    Args:
        model: On the CPU in fp32, as ``asr.whisper_model.read_model`` gives it.
        folder: To be made; one that is there is left as it is.
        quantization: The type on disk; the engine chooses its own when it loads.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        made = Path(name) / folder.name
        made.mkdir()
        _write(model, made, quantization)
        if not folder.exists():
            shutil.move(made, folder)


def _write(model: Whisper, folder: Path, quantization: str) -> None:
    with quietly():
        tokenizer = get_tokenizer(model.is_multilingual, num_languages=model.num_languages)
    encoding = tokenizer.encoding
    size = model.dims.n_vocab
    ranks: Mapping[bytes, int] = encoding._mergeable_ranks  # noqa: SLF001 - tiktoken's only way
    special: Mapping[str, int] = encoding._special_tokens  # noqa: SLF001
    plain = {_printable(token): rank for token, rank in ranks.items()}
    by_id = {rank: token for token, rank in (plain | dict(special)).items()}
    spec = _spec(model)
    spec.register_vocabulary([by_id.get(i, f"<|unused{i}|>") for i in range(size)])
    spec.config.suppress_ids = sorted({*tokenizer.non_speech_tokens, *_control(tokenizer)})
    spec.config.suppress_ids_begin = [*tokenizer.encode(" "), tokenizer.eot]
    spec.config.lang_ids = sorted(tokenizer.all_language_tokens) if model.is_multilingual else []
    spec.config.alignment_heads = model.alignment_heads.indices().T.tolist()
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(folder))
    _tokenizer_file(plain, ranks, special).save(str(folder / "tokenizer.json"))
    about = {"feature_size": model.dims.n_mels}
    (folder / "preprocessor_config.json").write_text(json.dumps(about), encoding="utf-8")


def _control(tokenizer: Any) -> tuple[int, ...]:  # noqa: ANN401 - openai-whisper is not typed
    """What openai-whisper never lets a model say (``DecodingTask._get_suppress_tokens``)."""
    return (
        tokenizer.transcribe, tokenizer.translate, tokenizer.sot, tokenizer.sot_prev,
        tokenizer.sot_lm, tokenizer.no_speech,
    )  # fmt: skip


def _spec(model: Whisper) -> WhisperSpec:
    dims, encoder, decoder = model.dims, model.encoder, model.decoder
    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    for target, source in (
        (spec.encoder.conv1, encoder.conv1),
        (spec.encoder.conv2, encoder.conv2),
    ):
        target.weight, target.bias = _array(source.weight), _array(source.bias)
    spec.encoder.position_encodings.encodings = _array(encoder.positional_embedding)
    _set_norm(spec.encoder.layer_norm, encoder.ln_post)
    for layer, block in zip(spec.encoder.layer, encoder.blocks, strict=True):
        _set_block(layer, block)
    spec.decoder.embeddings.weight = _array(decoder.token_embedding.weight)
    spec.decoder.position_encodings.encodings = _array(decoder.positional_embedding)
    spec.decoder.projection.weight = _array(decoder.token_embedding.weight)
    _set_norm(spec.decoder.layer_norm, decoder.ln)
    for layer, block in zip(spec.decoder.layer, decoder.blocks, strict=True):
        _set_block(layer, block)
        _set_attention(layer.attention, block.cross_attn, parts=(1, 2))
        _set_norm(layer.attention.layer_norm, block.cross_attn_ln)
    return spec


def _set_block(layer: Any, block: ResidualAttentionBlock) -> None:  # noqa: ANN401 - not typed
    _set_attention(layer.self_attention, block.attn, parts=(3,))
    _set_norm(layer.self_attention.layer_norm, block.attn_ln)
    _set_linear(layer.ffn.linear_0, block.mlp[0])
    _set_linear(layer.ffn.linear_1, block.mlp[2])
    _set_norm(layer.ffn.layer_norm, block.mlp_ln)


def _set_attention(target: Any, source: MultiHeadAttention, *, parts: Sequence[int]) -> None:  # noqa: ANN401 - not typed
    """Fuse query, key and value: all three of self-attention, the last two of cross-attention."""
    layers = [LinearSpec() for _ in range(3)]
    for layer, linear in zip(layers, (source.query, source.key, source.value), strict=True):
        _set_linear(layer, linear)
    start = 0
    for place, count in enumerate(parts):
        fuse_linear(target.linear[place], layers[start : start + count])
        start += count
    _set_linear(target.linear[-1], source.out)


def _set_linear(target: Any, source: nn.Linear) -> None:  # noqa: ANN401 - not typed
    target.weight = _array(source.weight)
    if source.bias is not None:
        target.bias = _array(source.bias)


def _set_norm(target: Any, source: nn.LayerNorm) -> None:  # noqa: ANN401 - not typed
    target.gamma, target.beta = _array(source.weight), _array(source.bias)


def _array(tensor: Any) -> Weights:  # noqa: ANN401 - a parameter or a buffer
    return np.ascontiguousarray(tensor.detach().float().numpy().copy())


def _tokenizer_file(
    plain: Mapping[str, int], ranks: Mapping[bytes, int], special: Mapping[str, int]
) -> Tokenizer:
    """Return tiktoken's vocabulary as the tokenizer that faster-whisper reads.

    A token longer than a byte was merged from the two parts that the merges before it leave.
    """
    merged = [
        _parts(token, ranks, below=rank)
        for token, rank in sorted(ranks.items(), key=lambda pair: pair[1])
        if len(token) > 1
    ]
    merges = [(_printable(left), _printable(right)) for left, right in merged]
    tokenizer = Tokenizer(models.BPE(vocab=dict(plain), merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    ordered = sorted(special, key=lambda name: special[name])
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in ordered])
    return tokenizer


def _parts(token: bytes, ranks: Mapping[bytes, int], *, below: int) -> list[bytes]:
    parts = [bytes([one]) for one in token]
    while True:
        joined = [ranks.get(a + b, below) for a, b in pairwise(parts)]
        least = min(joined)
        if least >= below:
            return parts
        at = joined.index(least)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


def _printable(token: bytes) -> str:
    """Return a token as GPT-2 writes bytes: each as one visible character."""
    return "".join(_VISIBLE[one] for one in token)


def _visible() -> tuple[str, ...]:
    shown = {*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAC + 1), *range(0xAE, 0xFF + 1)}
    spare = iter(range(0x100, 0x200))
    return tuple(chr(one) if one in shown else chr(next(spare)) for one in range(256))


_VISIBLE = _visible()
