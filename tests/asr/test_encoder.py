"""The encoder on Whisper's weights."""

from __future__ import annotations

import pytest
import torch
from whisper.model import AudioEncoder

from asr.encoder import Encoder
from asr.quantised import Arithmetic


@pytest.fixture(scope="module")
def whole():
    torch.manual_seed(0)
    return AudioEncoder(n_mels=80, n_ctx=900, n_state=64, n_head=2, n_layer=2).eval()


@pytest.fixture(scope="module")
def mel():
    torch.manual_seed(1)
    return torch.randn(2, 80, 1800) * 0.3


@torch.inference_mode()
def test_fp32_is_that_of_whisper(whole, mel):
    assert torch.allclose(Encoder(whole, Arithmetic.FP32)(mel), whole(mel), atol=1e-5)


@torch.inference_mode()
def test_int8_is_near(whole, mel):
    wanted = whole(mel)
    found = Encoder(whole, Arithmetic.INT8)(mel[:1])
    assert float((found - wanted[:1]).norm() / wanted[:1].norm()) < 0.05


@torch.inference_mode()
@pytest.mark.parametrize("arithmetic", [Arithmetic.FP32, Arithmetic.INT8])
def test_shorter_sound_begins_at_the_first_position(whole, mel, arithmetic):
    """What a shorter window is given is what the whole one would compute of it alone."""
    found = Encoder(whole, arithmetic)(mel[:1, :, :300])
    assert found.shape == (1, 150, 64)
    short = AudioEncoder(n_mels=80, n_ctx=150, n_state=64, n_head=2, n_layer=2).eval()
    state = whole.state_dict() | {"positional_embedding": whole.positional_embedding[:150]}
    short.load_state_dict(state)
    wanted = short(mel[:1, :, :300])
    assert float((found - wanted).norm() / wanted.norm()) < 0.05
