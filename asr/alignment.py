"""When each word was said: where a decoder's attention was while it wrote the word.

The method is that of ``whisper.timing.find_alignment``: the scores of the alignment heads become
weights over the window's frames, each frame is standardised over the tokens, a median filter takes
out single frames, and dynamic time warping finds the path through the mean of the heads. Here the
scores are those of the decoding itself, where whisper runs the decoder once more; the median comes
from a few comparisons of whole arrays, where whisper sorts; and the warping goes row by row in
NumPy, where whisper compiles a loop over single cells.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from whisper.tokenizer import Tokenizer

from asr.words import Timed

FRAME_MS = 20
"""One encoder position (``whisper.audio.TOKENS_PER_SECOND`` is 50)."""

_MEDIAN = 7
"""``find_alignment``'s ``medfilt_width``."""

Floats = NDArray[np.float64]


def timed(
    tokens: Sequence[int],
    chances: Sequence[float],
    scores: Tensor,
    tokenizer: Tokenizer,
) -> list[Timed]:
    """Return the words of a window with their times within it.

    Args:
        tokens: As decoded. Time tokens, which Whisper may write unasked, are passed over.
        chances: Each one's probability.
        scores: Of the alignment heads, before the softmax: shape ``(heads, n, frames)`` for the
            n tokens of the start sequence, ``<|notimestamps|>``, ``tokens`` and the end.
        tokenizer: That of the language.
    """
    said = [at for at, token in enumerate(tokens) if token < tokenizer.eot]
    text, sure = [tokens[at] for at in said], [chances[at] for at in said]
    words, parts = tokenizer.split_to_word_tokens([*text, tokenizer.eot])
    if len(parts) <= 1:
        return []
    first = len(tokenizer.sot_sequence) + 1
    rows = [*range(first), *(first + at for at in said), first + len(tokens)]
    scores = scores[:, rows]
    # Head by head, since one head's arrays stay near the processor.
    matrix = sum((attention(head) for head in scores), torch.zeros(())) / len(scores)
    starts = row_starts(-matrix[first - 1 : -1].double().cpu().numpy()) * FRAME_MS
    edges = np.cumsum([0, *(len(part) for part in parts[:-1])])
    return [
        Timed(float(starts[a]), float(starts[b]), word, float(np.mean(sure[a:b])))
        for word, a, b in zip(words[:-1], edges[:-1], edges[1:], strict=True)
    ]


def attention(scores: Tensor) -> Tensor:
    """Return one head's weights, standardised per frame and smoothed over time; shape as given."""
    weights = scores.softmax(dim=-1)
    apart = weights - weights.mean(dim=-2, keepdim=True)
    spread = apart.square().mean(dim=-2, keepdim=True).sqrt_()
    return median(apart.div_(spread))


def median(values: Tensor) -> Tensor:
    """Return the running median of seven along the last axis, mirrored at both ends.

    Seven in a row are two sorted triples and one more. The third and the fourth smallest of the
    six are found without sorting them (the k-th smallest of two sorted sets is the least, over
    i + j = k, of the larger of the i-th and the j-th), and the seventh is clamped between the two.
    """
    beyond = _MEDIAN // 2
    if values.shape[-1] <= beyond:
        return values
    x = functional.pad(values, (beyond, beyond), mode="reflect")
    low, middle, high = _sorted_triples(x)
    (a1, b1), (a2, b2), (a3, b3) = ((t[..., :-4], t[..., 3:-1]) for t in (low, middle, high))
    third = torch.minimum(a3, b3)
    third = torch.minimum(third, torch.maximum(a1, b2))
    third = torch.minimum(third, torch.maximum(a2, b1))
    fourth = torch.minimum(torch.maximum(a1, b3), torch.maximum(a3, b1))
    fourth = torch.minimum(fourth, torch.maximum(a2, b2))
    return torch.maximum(third, torch.minimum(fourth, x[..., 6:]))


def _sorted_triples(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return every three neighbours, sorted: three arrays, two shorter than ``x``."""
    low, high = torch.minimum(x[..., :-1], x[..., 1:]), torch.maximum(x[..., :-1], x[..., 1:])
    low, high, third = low[..., :-1], high[..., :-1], x[..., 2:]
    middle = torch.maximum(low, torch.minimum(high, third))
    return torch.minimum(low, third), middle, torch.maximum(high, third)


def row_starts(cost: Floats) -> NDArray[np.int64]:
    """Return the column at which the cheapest path enters each row.

    The path runs from the first cell to the last by steps right, down, or both. Within a row the
    cheapest way to a column is the cheapest entry at or before it and the sum of the cells from
    there, so a running minimum over entry minus sum-so-far does a row at once.

    Args:
        cost: Shape ``(rows, columns)``.
    """
    rows, columns = cost.shape
    came_straight = np.zeros((rows, columns), dtype=np.bool_)
    entered = np.zeros((rows, columns), dtype=np.int64)
    sums = np.cumsum(cost, axis=1)
    best = sums[0]
    for row in range(1, rows):
        diagonal = np.concatenate(([np.inf], best[:-1]))
        came_straight[row] = best < diagonal
        entry = np.minimum(best, diagonal)
        entry[1:] -= sums[row, :-1]
        least = np.minimum.accumulate(entry)
        # The last column at which the running minimum fell is where the row was entered.
        fell = np.flatnonzero(np.concatenate(([True], least[1:] < least[:-1])))
        entered[row, fell] = fell
        entered[row] = np.maximum.accumulate(entered[row])
        best = sums[row] + least
    return _traced(entered, came_straight)


def _traced(entered: NDArray[np.int64], came_straight: NDArray[np.bool_]) -> NDArray[np.int64]:
    rows, columns = entered.shape
    starts = np.zeros(rows, dtype=np.int64)
    column = columns - 1
    for row in range(rows - 1, 0, -1):
        column = starts[row] = entered[row, column]
        if not came_straight[row, column]:
            column -= 1
    return starts
