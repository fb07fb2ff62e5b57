"""Whisper's encoder on its own weights: fused products, any arithmetic, any length."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional
from whisper.model import AudioEncoder, LayerNorm, MultiHeadAttention, ResidualAttentionBlock

from asr.quantised import Arithmetic, Layer, window_layer

_ROWS = 750
"""Rows that go through a block's wide layers at once, half a window: the wide result then stays
near the processor, and memory for it is taken from what was just freed, not from the system."""


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    heads: int
    attention_norm: LayerNorm
    query_key_value: Layer
    out: Layer
    wide_norm: LayerNorm
    widen: Layer
    narrow: Layer


class Encoder:
    """What ``whisper.model.AudioEncoder`` computes, from its weights.

    Sound shorter than 30 s may be given as it is. Whisper's own weights have only ever seen windows
    filled up with silence, and hear something else in windows that are not.
    """

    def __init__(self, encoder: AudioEncoder, arithmetic: Arithmetic) -> None:
        self._type = torch.float16 if arithmetic is Arithmetic.FP16 else torch.float32
        self._convolutions = [
            (c.weight.detach().to(self._type), c.bias.detach().to(self._type), c.stride)
            for c in (encoder.conv1, encoder.conv2)
        ]
        self._positions = encoder.positional_embedding.detach().to(self._type)
        self._blocks = [_block(block, arithmetic) for block in encoder.blocks]
        self._norm = encoder.ln_post
        self._whole = arithmetic is not Arithmetic.INT8

    def __call__(self, mel: Tensor) -> Tensor:
        """Return what is heard, shape ``(windows, frames / 2, width)``.

        Args:
            mel: Log-mel spectrograms, shape ``(windows, bands, frames)``.
        """
        x = mel.to(self._type)
        for weight, bias, stride in self._convolutions:
            x = functional.gelu(functional.conv1d(x, weight, bias, stride=stride, padding=1))
        x = x.permute(0, 2, 1) + self._positions[: x.shape[-1]]
        for block in self._blocks:
            x = x + _attended(block, x)
            x = self._widened(block, x)
        heard: Tensor = self._norm(x)
        return heard

    def _widened(self, block: _Block, x: Tensor) -> Tensor:
        if self._whole:
            return x + _mlp(block, x)
        rows = torch.split(x, _ROWS, dim=1)
        return torch.cat([part + _mlp(block, part) for part in rows], dim=1)


def _block(block: ResidualAttentionBlock, arithmetic: Arithmetic) -> _Block:
    widen, narrow = block.mlp[0], block.mlp[2]
    weight, bias = fused(block.attn)
    return _Block(
        heads=block.attn.n_head,
        attention_norm=block.attn_ln,
        query_key_value=window_layer(weight, bias, arithmetic),
        out=window_layer(block.attn.out.weight, block.attn.out.bias, arithmetic),
        wide_norm=block.mlp_ln,
        widen=window_layer(widen.weight, widen.bias, arithmetic),
        narrow=window_layer(narrow.weight, narrow.bias, arithmetic),
    )


def fused(attention: MultiHeadAttention) -> tuple[Tensor, Tensor]:
    """Return weight and bias of one layer that gives queries, keys and values side by side."""
    parts = (attention.query, attention.key, attention.value)
    weight = torch.cat([part.weight.detach() for part in parts])
    query, value = attention.query.bias.detach(), attention.value.bias.detach()
    return weight, torch.cat([query, torch.zeros_like(query), value])  # Whisper's keys have none


def _attended(block: _Block, x: Tensor) -> Tensor:
    windows, frames, width = x.shape
    parts = block.query_key_value(block.attention_norm(x))
    parts = parts.view(windows, frames, 3, block.heads, width // block.heads)
    query, key, value = parts.permute(2, 0, 3, 1, 4)
    seen = functional.scaled_dot_product_attention(query, key, value)
    return block.out(seen.permute(0, 2, 1, 3).reshape(windows, frames, width))


def _mlp(block: _Block, x: Tensor) -> Tensor:
    # In place: the wide result is the largest thing here, and nobody else holds it.
    wide = torch.ops.aten.gelu_(block.widen(block.wide_norm(x)))
    return block.narrow(wide)
