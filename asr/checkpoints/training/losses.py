"""What the model is trained towards."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from asr.checkpoints.training import labels
from asr.checkpoints.training.model import Decoded, Trainee
from asr.checkpoints.training.tokens import LANGUAGE_WEIGHT, tokenizer
from asr.checkpoints.training.windows import Batch

_FRAME_WEIGHTS = (0.7, 0.7, 6.0, 0.25)
"""Initials and finals are soon right (98 and 99 syllables in 100 after 4 600 steps, the tones of
78): a telephone cuts off the fundamental, and tones have to be read from the harmonics. The ordinal
cannot be told exactly; it only helps."""


@dataclass(frozen=True, slots=True)
class Losses:
    """The parts of the loss, each a scalar tensor (text and guide None without a decoder pass)."""

    frames: Tensor
    text: Tensor | None = None
    guide: Tensor | None = None


def frame_loss(model: Trainee, heard: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of the frame labels, the kinds weighted and summed."""
    total = heard.new_zeros(())
    for kind, logits in enumerate(model.frame_logits(heard)):
        wanted = batch.frames[:, kind]
        loss = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=labels.UNKNOWN)
        total = total + _FRAME_WEIGHTS[kind] * loss.nan_to_num()
    return total


def text_loss(
    model: Trainee, decoded: Decoded, batch: Batch, *, negatives: int | None = None
) -> Tensor:
    """Cross-entropy of the next token over the rows of positive weight.

    Args:
        model: What is trained.
        decoded: Its decoder's outputs for the batch.
        batch: The batch.
        negatives: Wrong tokens that the softmax is taken over, drawn anew each time beside all
            tokens of the batch (sampled softmax: Jean and others, 2015, ACL); None: all of them.
    """
    wanted = batch.tokens[:, 1:].clone()
    weights = batch.weights
    silent = weights < 0  # nobody speaks: "no speech" is read after start of transcript
    wanted[silent] = tokenizer("zh").no_speech
    weights = weights.masked_fill(silent, LANGUAGE_WEIGHT)
    rows = weights > 0
    targets = model.index[wanted[rows]]
    if negatives is None:
        logits = model.token_logits(decoded.states[rows])
    else:
        logits, targets = _sampled(model, decoded.states[rows], targets, negatives)
    each = F.cross_entropy(logits, targets, reduction="none")
    return (each * weights[rows]).sum() / weights.sum()


def _sampled(
    model: Trainee, states: Tensor, targets: Tensor, negatives: int
) -> tuple[Tensor, Tensor]:
    present, targets = torch.unique(targets, return_inverse=True)
    absent = torch.ones(len(model.embedding), dtype=torch.bool, device=states.device)
    absent[present] = False
    others = absent.nonzero()[:, 0]
    drawn = others[torch.randperm(len(others), device=states.device)[:negatives]]
    # those drawn stand for all others, so that the sum is right on average
    stands_for = math.log(len(others) / len(drawn))
    drawn_logits = model.token_logits(states, drawn) + stands_for
    return torch.cat([model.token_logits(states, present), drawn_logits], dim=1), targets


def guide_loss(decoded: Decoded, batch: Batch) -> Tensor:
    """How far the cross-attention is from the times at which the tokens are said.

    Kullback–Leibler divergence of the attention from a uniform one over each token's own span,
    averaged over guided rows, heads and layers: zero when every head looks exactly there.
    """
    guided = batch.guide.sum(-1) > 0
    if not guided.any():
        return batch.guide.new_zeros(())
    target = batch.guide[guided]
    entropy = -(target * target.clamp_min(1e-9).log()).sum(-1).mean()
    total = target.new_zeros(())
    for score in decoded.scores:
        log_attention = score.transpose(1, 2)[guided].log_softmax(-1)
        total = total - (target[:, None] * log_attention).sum(-1).mean()
    return total / len(decoded.scores) - entropy
