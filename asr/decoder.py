"""Whisper's decoder on its own weights, for many windows side by side.

Differences from ``whisper.model.TextDecoder`` are of speed alone: query, key and value come from
one product; the keys and values of what was heard are computed once, when a window takes its
place; those of what was said are written into memory laid out beforehand; and a window that is
finished makes room without the others being copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional
from whisper.model import LayerNorm, ResidualAttentionBlock, Whisper

from asr.encoder import fused
from asr.quantised import Arithmetic, Layer, memory_type, row_layer, window_layer
from asr.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    own_norm: LayerNorm
    own_parts: Layer
    own_out: Layer
    heard_norm: LayerNorm
    heard_query: Layer
    heard_memory: Layer
    heard_out: Layer
    wide_norm: LayerNorm
    widen: Layer
    narrow: Layer
    watched: tuple[int, ...]
    """The heads whose attention tells the time of words."""


@dataclass(slots=True, eq=False)
class Seats:
    """Windows that are decoded side by side, and what the decoder keeps of each.

    Attributes:
        heard: Per layer keys and values of what was heard, ``(2, windows, heads, frames, size)``.
        own: Per layer keys and values of what was said, ``(2, windows, heads, tokens, size)``.
        queries: Per layer with watched heads, what they asked for at each token,
            ``(windows, heads, tokens, size)``; None for other layers.
        hidden: Added to what is asked of each frame: 0, or -inf where a window has ended before
            the longest, ``(windows, 1, 1, frames)``; None where all are of one length.
        count: How many windows there are; they sit on the first places.
        length: How many tokens each has been given.
    """

    heard: list[Tensor]
    own: list[Tensor]
    queries: list[Tensor | None]
    count: int
    hidden: Tensor | None = None
    length: int = 0

    def leave(self, seat: int) -> None:
        """Give up a seat; the last window moves onto it."""
        self.count -= 1
        if seat == self.count:
            return
        for memory in (*self.heard, *self.own):
            memory[:, seat] = memory[:, self.count]
        for held in (*self.queries, self.hidden):
            if held is not None:
                held[seat] = held[self.count]

    def hide(self, seat: int, start: int) -> None:
        """Hide the frames of a window from ``start`` on."""
        if self.hidden is None:
            like = self.heard[0]
            self.hidden = like.new_zeros((like.shape[1], 1, 1, like.shape[3]))
        self.hidden[seat, :, :, start:] = -torch.inf
        for memory in self.heard:
            memory[:, seat, :, start:] = 0.0  # what is hidden must still be a number

    def rearrange(self, sources: Sequence[int]) -> None:
        """Let each seat go on from what another one said; all heard the same."""
        order = torch.tensor(list(sources), device=self.own[0].device)
        for memory in self.own:
            memory[:, : self.count, :, : self.length] = memory[:, order, :, : self.length]


class Decoder:
    """What ``whisper.model.TextDecoder`` computes, from its weights."""

    def __init__(self, model: Whisper, arithmetic: Arithmetic) -> None:
        decoder, dims = model.decoder, model.dims
        self.frames, self.context = int(dims.n_audio_ctx), int(dims.n_text_ctx)
        self._heads, self._size = dims.n_text_head, dims.n_text_state // dims.n_text_head
        self._type = torch.float16 if arithmetic is Arithmetic.FP16 else torch.float32
        self._memory_type = memory_type(arithmetic)
        self._tokens = decoder.token_embedding.weight.detach().to(self._type)
        self._positions = decoder.positional_embedding.detach().to(self._type)
        watched: list[list[int]] = [[] for _ in decoder.blocks]
        for layer, head in model.alignment_heads.indices().T.tolist():
            watched[layer].append(head)
        self._blocks = [
            _block(block, tuple(heads), arithmetic)
            for block, heads in zip(decoder.blocks, watched, strict=True)
        ]
        self._norm = decoder.ln
        self.vocabulary = Vocabulary(decoder.token_embedding.weight.detach(), arithmetic)

    def bytes_each(self, frames: int) -> int:
        """Return how much memory the keys and values of one window take."""
        width = self._heads * self._size
        size: int = 2 * len(self._blocks) * frames * width * self._memory_type.itemsize
        return size

    def seats(self, count: int, *, frames: int, room: int) -> Seats:
        """Return empty seats.

        Args:
            count: How many windows.
            frames: Encoder positions of each.
            room: Tokens that each may be given.
        """
        return Seats(
            heard=[self._empty(2, count, frames=frames) for _ in self._blocks],
            own=[self._empty(2, count, frames=room, dtype=self._type) for _ in self._blocks],
            queries=[
                self._empty(count, frames=room, heads=len(block.watched)) if block.watched else None
                for block in self._blocks
            ],
            count=count,
        )

    def _empty(
        self,
        *first: int,
        frames: int,
        heads: int | None = None,
        dtype: torch.dtype | None = None,
    ) -> Tensor:
        shape = (*first, self._heads if heads is None else heads, frames, self._size)
        return torch.empty(shape, dtype=dtype or self._memory_type, device=self._tokens.device)

    def hear(self, seats: Seats, seat: int, heard: Tensor) -> None:
        """Let a window take its seat.

        Args:
            seats: The seats.
            seat: Which.
            heard: From the encoder, shape ``(frames, width)``; it may be shorter than the seat.
        """
        frames = len(heard)
        for block, memory in zip(self._blocks, seats.heard, strict=True):
            parts = block.heard_memory(heard).view(frames, 2, self._heads, self._size)
            memory[:, seat, :, :frames] = parts.permute(1, 2, 0, 3)
        if frames < seats.heard[0].shape[3]:
            seats.hide(seat, frames)

    def shared(self, heard: Tensor, *, count: int, room: int) -> Seats:
        """Return seats of windows that all hear the same, which is held once.

        Args:
            heard: From the encoder, shape ``(frames, width)``.
            count: How many windows.
            room: Tokens that each may be given.
        """
        one = self.seats(1, frames=len(heard), room=room)
        self.hear(one, 0, heard)
        seats = self.seats(count, frames=0, room=room)
        seats.heard = [memory.expand(-1, count, -1, -1, -1) for memory in one.heard]
        return seats

    def read(self, tokens: Tensor, seats: Seats) -> Tensor:
        """Read the next tokens of every window; return the states, ``(windows, tokens, width)``.

        Args:
            tokens: Shape ``(windows, n)``; n may be above 1 only when nothing was read before.
            seats: What was heard and read before; the tokens are added to it.
        """
        start, end = seats.length, seats.length + tokens.shape[1]
        # A token behind the last position is only ever asked for the time of the one before.
        positions = torch.arange(start, end, device=tokens.device).clamp_(max=self.context - 1)
        x = self._tokens[tokens] + self._positions[positions]
        seats.length = end
        for layer, block in enumerate(self._blocks):
            x = x + self._recalled(block, x, seats.own[layer][:, : seats.count], start)
            x = x + self._listened(block, x, seats, layer)
            x = x + block.narrow(torch.ops.aten.gelu_(block.widen(block.wide_norm(x))))
        states: Tensor = self._norm(x)
        return states

    def _recalled(self, block: _Block, x: Tensor, memory: Tensor, start: int) -> Tensor:
        count, many, _ = x.shape
        end = start + many
        parts = block.own_parts(block.own_norm(x)).view(count, many, 3, self._heads, self._size)
        query, *new = parts.permute(2, 0, 3, 1, 4)
        memory[0, :, :, start:end], memory[1, :, :, start:end] = new
        keys, values = memory[:, :, :, :end]
        found = functional.scaled_dot_product_attention(query, keys, values, is_causal=many > 1)
        return block.own_out(found.transpose(1, 2).reshape(x.shape))

    def _listened(self, block: _Block, x: Tensor, seats: Seats, layer: int) -> Tensor:
        count, many, _ = x.shape
        query = block.heard_query(block.heard_norm(x)).view(count, many, self._heads, self._size)
        query = query.transpose(1, 2).to(self._memory_type)
        asked = seats.queries[layer]
        if asked is not None:
            asked[:count, :, seats.length - many : seats.length] = query[:, block.watched]
        keys, values = seats.heard[layer][:, :count]
        hidden = None if seats.hidden is None else seats.hidden[:count]
        found = functional.scaled_dot_product_attention(query, keys, values, attn_mask=hidden)
        return block.heard_out(found.transpose(1, 2).reshape(x.shape).to(self._type))

    def watched(self, seats: Seats, seat: int, *, frames: int) -> Tensor:
        """Return how the watched heads score what was heard, ``(heads, tokens, frames)``.

        Args:
            seats: The seats.
            seat: Which window.
            frames: How many frames of it, from the first.
        """
        scores = []
        for block, asked, heard in zip(self._blocks, seats.queries, seats.heard, strict=True):
            if asked is not None:
                query = asked[seat, :, : seats.length].float()
                keys = heard[0, seat][list(block.watched), :frames].float()
                scores.append(query @ keys.transpose(-1, -2) * self._size**-0.5)
        return torch.cat(scores)


def _block(
    block: ResidualAttentionBlock, watched: tuple[int, ...], arithmetic: Arithmetic
) -> _Block:
    own, heard = block.attn, block.cross_attn
    widen, narrow = block.mlp[0], block.mlp[2]
    value = heard.value.bias.detach()
    memory_weight = torch.cat([heard.key.weight.detach(), heard.value.weight.detach()])
    memory_bias = torch.cat([torch.zeros_like(value), value])
    return _Block(
        own_norm=block.attn_ln,
        own_parts=row_layer(*fused(own), arithmetic),
        own_out=row_layer(own.out.weight, own.out.bias, arithmetic),
        heard_norm=block.cross_attn_ln,
        heard_query=row_layer(heard.query.weight, heard.query.bias, arithmetic),
        heard_memory=window_layer(memory_weight, memory_bias, arithmetic),
        heard_out=row_layer(heard.out.weight, heard.out.bias, arithmetic),
        wide_norm=block.mlp_ln,
        widen=row_layer(widen.weight, widen.bias, arithmetic),
        narrow=row_layer(narrow.weight, narrow.bias, arithmetic),
        watched=watched,
    )
