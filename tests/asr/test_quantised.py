"""Linear layers in int8: near to the exact ones, and each row by itself."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from asr.quantised import Arithmetic, fastest, has_vnni, memory_type, row_layer, window_layer

LAYERS = {"window": window_layer, "row": row_layer}


@pytest.fixture(scope="module")
def parts():
    torch.manual_seed(0)
    rows = torch.randn(6, 96) * torch.tensor([0.01, 0.1, 1, 1, 10, 100])[:, None]
    return rows, torch.randn(40, 96) * 0.05, torch.randn(40)


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_fp32_is_exact(parts, make):
    rows, weight, bias = parts
    assert torch.equal(
        make(weight, bias, Arithmetic.FP32)(rows), functional.linear(rows, weight, bias)
    )


@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_int8_is_near(parts, make, with_bias):
    rows, weight, bias = parts
    given = bias if with_bias else None
    rows = rows / rows.norm(dim=1, keepdim=True)
    exact = functional.linear(rows, weight, given)
    found = make(weight, given, Arithmetic.INT8)(rows)
    plain = functional.linear(rows, weight)
    assert (found - exact).norm() / plain.norm() < 0.02
    assert not torch.equal(found, exact)


def test_a_row_is_as_exact_beside_a_loud_one_as_alone(parts):
    rows, weight, bias = parts
    layer = row_layer(weight, bias, Arithmetic.INT8)
    together = layer(rows)
    for i, row in enumerate(rows):
        assert torch.equal(layer(row[None])[0], together[i])
        exact = functional.linear(row, weight)
        assert (together[i] - bias - exact).norm() / exact.norm() < 0.02


def test_rows_keep_their_shape(parts):
    rows, weight, bias = parts
    layer = row_layer(weight, bias, Arithmetic.INT8)
    assert torch.equal(layer(rows.view(2, 3, 96)), layer(rows).view(2, 3, 40))
    assert torch.equal(layer(torch.zeros(1, 96))[0], bias)


def test_packing_leaves_the_engine_as_it_was(parts):
    _, weight, bias = parts
    before = torch.backends.quantized.engine
    window_layer(weight, bias, Arithmetic.INT8)
    assert torch.backends.quantized.engine == before


def test_the_arithmetic_follows_the_device():
    assert fastest("cuda") is Arithmetic.FP16
    assert fastest("cpu") is (Arithmetic.INT8 if has_vnni() else Arithmetic.FP32)
    assert memory_type(Arithmetic.FP32) is torch.float32
    assert memory_type(Arithmetic.FP16) is torch.float16
