"""Muon for the hidden matrices, AdamW for everything else.

Muon (Keller Jordan and others, 2024, https://kellerjordan.github.io/posts/muon/) orthogonalises
each matrix's momentum by a Newton–Schulz iteration; its step is scaled to AdamW's usual size as
in "Muon is Scalable for LLM Training" (Liu and others, 2025, arXiv:2502.16982, section 2.2), so
that one learning rate serves both.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

_QUINTIC = (3.4445, -4.7750, 2.0315)  # Jordan's coefficients
_STEPS = 5
_MOMENTUM = 0.95
_SCALE = 0.2  # Liu and others: root mean square of AdamW's step


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal, for matrices only."""

    def __init__(self, matrices: Iterable[Tensor], *, lr: float, weight_decay: float) -> None:
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One step from the gradients."""
        del closure
        for group in self.param_groups:
            by_shape: dict[tuple[int, ...], list[Tensor]] = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    by_shape.setdefault(tuple(matrix.shape), []).append(matrix)
            for shape, matrices in by_shape.items():
                directions = orthogonal(torch.stack([self._momentum(m) for m in matrices]))
                size = group["lr"] * _SCALE * max(shape) ** 0.5
                for matrix, direction in zip(matrices, directions, strict=True):
                    matrix.mul_(1 - group["lr"] * group["weight_decay"])
                    matrix.add_(direction, alpha=-size)

    def _momentum(self, matrix: Tensor) -> Tensor:
        gradient = matrix.grad
        if gradient is None:
            raise RuntimeError("a matrix without gradient has no momentum")
        state = self.state[matrix]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(matrix)
        state["momentum"].lerp_(gradient, 1 - _MOMENTUM)
        return torch.lerp(gradient, state["momentum"], _MOMENTUM)  # Nesterov's look ahead


def orthogonal(stack: Tensor) -> Tensor:
    """Nearly orthogonal matrices (n, rows, columns) with the singular vectors of those given."""
    a, b, c = _QUINTIC
    tall = stack.shape[1] > stack.shape[2]
    x = stack.transpose(1, 2) if tall else stack
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(_STEPS):
        square = x @ x.transpose(1, 2)
        x = a * x + (b * square + c * square @ square) @ x
    nearly: Tensor = x.transpose(1, 2) if tall else x
    return nearly
