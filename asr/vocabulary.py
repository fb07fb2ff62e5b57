"""From a decoder's state to the next token, without computing the same row twice.

A vocabulary of 51 865 rows costs a small model more than all its layers. Weights trained for few
words hold one row for all tokens that they never use: such rows are computed once and counted as
often as they stand for a token.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import Tensor

from asr.quantised import Arithmetic, row_layer

_SEED = 20_250_625
_ROWS = 4_096
"""Rows compared at once, so that a large vocabulary is not doubled in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The likeliest tokens of some rows, each shape ``(rows,)``.

    Attributes:
        tokens: The tokens.
        logprobs: Logarithm of each one's probability among all allowed tokens.
        chances: Its probability among the tokens of text, 0 to 1.
    """

    tokens: Tensor
    logprobs: Tensor
    chances: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Which tokens may be said.

    Attributes:
        barred: Indices of the vocabulary's rows that stand for no allowed token.
        tokens: Per row the first allowed token it stands for.
        counts: Per row how many allowed tokens, and how many tokens of text it stands for,
            shape ``(rows, 2)``.
    """

    barred: Tensor
    tokens: Tensor
    counts: Tensor


class Vocabulary:
    """The output layer."""

    def __init__(self, embedding: Tensor, arithmetic: Arithmetic) -> None:
        self.size = len(embedding)
        self._first, self._row_of = _distinct(embedding)
        self._layer = row_layer(embedding[self._first], None, arithmetic)
        counts = torch.bincount(self._row_of, minlength=len(self._first))
        self._all = counts.float()

    def scores(self, states: Tensor) -> Tensor:
        """Return the logits of the distinct rows, shape ``(..., rows)``, in fp32.

        Args:
            states: From the decoder, shape ``(..., width)``.
        """
        return self._layer(states).float()

    def logits(self, states: Tensor) -> Tensor:
        """Return the logits of all tokens, shape ``(..., tokens)``, in fp32.

        Args:
            states: From the decoder, shape ``(..., width)``.
        """
        scores = self.scores(states)
        return scores if len(self._first) == self.size else scores[..., self._row_of]

    def rules(self, barred: Collection[int], *, text: int) -> Rules:
        """Return what may be said.

        Args:
            barred: Tokens that may not.
            text: Tokens below this one are text.
        """
        device = self._first.device
        allowed = torch.ones(self.size, dtype=torch.bool, device=device)
        allowed[list(barred)] = False
        is_text = torch.arange(self.size, device=device) < text
        rows = len(self._first)
        counts = [
            torch.bincount(self._row_of[chosen], minlength=rows) for chosen in (allowed, is_text)
        ]
        ids = torch.arange(self.size, device=device)
        first = torch.full((rows,), self.size, device=device)
        first.scatter_reduce_(0, self._row_of[allowed], ids[allowed], "amin")
        return Rules(
            barred=(counts[0] == 0).nonzero()[:, 0],
            tokens=first,
            counts=torch.stack(counts, dim=1).float(),
        )

    def choose(self, scores: Tensor, rules: Rules) -> Choice:
        """Return the likeliest allowed token of each row of ``scores``, which is used up.

        Args:
            scores: Shape ``(n, rows)``.
            rules: What may be said.
        """
        highest = scores.amax(dim=1, keepdim=True)
        sums = (scores - highest).exp_() @ rules.counts
        scores.index_fill_(1, rules.barred, -torch.inf)
        best, rows = scores.max(dim=1)
        above = best - highest[:, 0]
        logs = sums.log_()
        return Choice(rules.tokens[rows], above - logs[:, 0], (above - logs[:, 1]).exp_())

    def judge(self, scores: Tensor, token: int, rules: Rules) -> tuple[float, float]:
        """Return a token's log probability among allowed tokens, and probability among text.

        Args:
            scores: Shape ``(1, rows)``.
            token: The token.
            rules: What may be said.
        """
        highest = scores.amax()
        logs = ((scores - highest).exp_() @ rules.counts).log_()[0]
        above = scores[0, self._row_of[token]] - highest
        return float(above - logs[0]), float((above - logs[1]).exp_())

    def chance(self, scores: Tensor, token: int) -> Tensor:
        """Return the probability of one token among all, shape ``(n,)``.

        Args:
            scores: Shape ``(n, rows)``.
            token: The token.
        """
        highest = scores.amax(dim=1, keepdim=True)
        total = (scores - highest).exp_() @ self._all
        return (scores[:, self._row_of[token]] - highest[:, 0]).exp() / total


def _distinct(embedding: Tensor) -> tuple[Tensor, Tensor]:
    """Return the first token of each distinct row, and for each token which of them it has."""
    maker = torch.Generator().manual_seed(_SEED)
    directions = torch.rand(embedding.shape[1], generator=maker, dtype=torch.float64)
    directions = directions.to(embedding.device)
    # Equal rows have equal products with anything; the converse is checked.
    keys = torch.cat(
        [(part.double() * directions).sum(dim=1) for part in torch.split(embedding, _ROWS)]
    )
    _, row_of = torch.unique(keys, return_inverse=True)
    ids = torch.arange(len(embedding), device=embedding.device)
    first = torch.full((int(row_of.max()) + 1,), len(ids), device=embedding.device)
    first.scatter_reduce_(0, row_of, ids, "amin")
    if len(first) == len(ids) or not torch.equal(embedding[first][row_of], embedding):
        return ids, ids
    return first, row_of
