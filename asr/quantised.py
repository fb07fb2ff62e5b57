"""Linear layers in the arithmetic that a machine does fastest: int8 on a CPU, fp16 on a GPU.

Weights are held in int8 with one scale for each output (symmetric: a weight is its integer times
the scale). What flows in is brought to 8 bits as it comes. PyTorch's ``quantize_dynamic`` uses only
7 of them, because without VNNI two products of 8 bits overflow the 16 bits that they are added in;
processors with VNNI add in 32 bits, so there all 8 are used (``reduce_range=False``).

Two ways to bring activations to 8 bits:

- ``window_layer``: one scale for a whole block of rows, found and applied within PyTorch's own
  operator. For the encoder, which sees one window at a time.
- ``row_layer``: one scale for each row, so that what is computed for a row does not depend on the
  rows beside it. For the decoder, whose rows belong to different recordings: the words of one must
  not change with the company it is decoded in. Its rounding error is also about half.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

import torch
from torch import Tensor
from torch.nn import functional

Layer = Callable[[Tensor], Tensor]
"""Rows in, shape ``(..., inputs)``, rows out, shape ``(..., outputs)``."""

_LARGEST = 127
_ZERO = 128
"""Activations become ``round(127 x / largest) + 128``, 1 to 255, with 128 standing for 0."""

_TINIEST = 1e-12


class Arithmetic(StrEnum):
    """What the linear layers compute in."""

    INT8 = "int8"
    FP16 = "fp16"
    FP32 = "fp32"


def has_vnni() -> bool:
    """Whether the processor adds products of 8 bits in 32 bits."""
    return bool(torch.cpu._is_vnni_supported())  # noqa: SLF001 - PyTorch's only way to ask


def fastest(device: str) -> Arithmetic:
    """Return the arithmetic for a device: fp16 on a GPU; int8 on a CPU that has VNNI, else fp32."""
    if torch.device(device).type == "cuda":
        return Arithmetic.FP16
    return Arithmetic.INT8 if has_vnni() else Arithmetic.FP32


def memory_type(arithmetic: Arithmetic) -> torch.dtype:
    """Return the type of the keys and values that a decoder attends to.

    Each token reads all of them, 1 500 positions in every layer: in batches that is most of a
    decoder's time, and it is spent on memory, not on arithmetic. In bfloat16 they are half as long
    and PyTorch's attention for one query is several times faster, where the processor knows the
    type.
    """
    if arithmetic is Arithmetic.FP16:
        return torch.float16
    fast = arithmetic is Arithmetic.INT8 and torch.cpu._is_avx512_bf16_supported()  # noqa: SLF001
    return torch.bfloat16 if fast else torch.float32


def window_layer(weight: Tensor, bias: Tensor | None, arithmetic: Arithmetic) -> Layer:
    """Return the layer for many rows of one window.

    Args:
        weight: Shape ``(outputs, inputs)``.
        bias: Shape ``(outputs,)``.
        arithmetic: What it computes in.
    """
    if arithmetic is Arithmetic.INT8:
        return _WindowLayer(weight, bias)
    return _plain(weight, bias, arithmetic)


def row_layer(weight: Tensor, bias: Tensor | None, arithmetic: Arithmetic) -> Layer:
    """Return the layer for rows that have nothing to do with each other.

    Args:
        weight: Shape ``(outputs, inputs)``.
        bias: Shape ``(outputs,)``.
        arithmetic: What it computes in.
    """
    if arithmetic is Arithmetic.INT8:
        return _RowLayer(weight, bias)
    return _plain(weight, bias, arithmetic)


def _plain(weight: Tensor, bias: Tensor | None, arithmetic: Arithmetic) -> Layer:
    dtype = torch.float16 if arithmetic is Arithmetic.FP16 else torch.float32
    held = weight.detach().to(dtype)
    added = None if bias is None else bias.detach().to(dtype)
    return lambda rows: functional.linear(rows, held, added)


class _WindowLayer:
    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        integers, scales = _integers(weight)
        with _packing():
            whole = torch._make_per_channel_quantized_tensor(  # noqa: SLF001 - its only maker
                integers, scales.double(), torch.zeros(len(scales), dtype=torch.long), 0
            )
            added = None if bias is None else bias.detach().float()
            self._packed = torch.ops.quantized.linear_prepack(whole, added)
        self._reduce_range = not has_vnni()

    def __call__(self, rows: Tensor) -> Tensor:
        result: Tensor = torch.ops.quantized.linear_dynamic(rows, self._packed, self._reduce_range)
        return result


class _RowLayer:
    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        integers, scales = _integers(weight)
        self._packed = torch.ops.onednn.qlinear_prepack(integers, None)
        self._largest = _LARGEST if has_vnni() else _LARGEST // 2
        self._scales = scales / self._largest
        self._zeros = torch.zeros(len(scales), dtype=torch.int32)
        self._bias = torch.zeros(len(scales)) if bias is None else bias.detach().float()
        # Added before the fraction is cut off, so that it rounds to the nearest.
        self._shift = torch.tensor(_ZERO + 0.5)

    def __call__(self, rows: Tensor) -> Tensor:
        flat = rows.reshape(-1, rows.shape[-1])
        largest = torch.linalg.vector_norm(flat, math.inf, dim=-1, keepdim=True)
        largest = largest.clamp_(min=_TINIEST)
        steps = torch.addcmul(self._shift, flat, self._largest / largest).to(torch.uint8)
        product = torch.ops.onednn.qlinear_pointwise(
            steps, 1.0, _ZERO, self._packed, self._scales, self._zeros, None,
            1.0, 0, torch.float32, "none", [], "",
        )  # fmt: skip
        result = torch.addcmul(self._bias, product, largest)
        return result.view(*rows.shape[:-1], -1)


def _integers(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return weights as integers from -127 to 127, and the scale of each output."""
    held = weight.detach().float()
    scales = held.abs().amax(dim=1).clamp_(min=_TINIEST) / _LARGEST
    return (held / scales[:, None]).round_().to(torch.int8), scales


@contextmanager
def _packing() -> Iterator[None]:
    """Pack for oneDNN, which is the fastest of PyTorch's engines for whole windows.

    PyTorch warns that tensors of quantised type will go; packing takes no other, and the version
    of PyTorch is fixed.
    """
    before = torch.backends.quantized.engine
    torch.backends.quantized.engine = "onednn"
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*quantized tensor creation.*")
            yield
    finally:
        torch.backends.quantized.engine = before
