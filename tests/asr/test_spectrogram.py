"""Whisper's spectrogram, computed only where there is sound."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from whisper.audio import log_mel_spectrogram, pad_or_trim

from asr.spectrogram import spectrogram


@pytest.mark.parametrize("bands", [80, 128])
@pytest.mark.parametrize("samples", [1, 150, 8_000, 100_001, 479_700, 479_999, 480_000, 500_000])
def test_is_that_of_whisper(samples, bands):
    sound = np.random.default_rng(0).normal(0, 0.1, samples).astype(np.float32)
    wanted = log_mel_spectrogram(pad_or_trim(torch.from_numpy(sound)), n_mels=bands)
    found = spectrogram(sound, bands=bands)
    assert found.shape == wanted.shape == (bands, 3000)
    assert torch.allclose(found, wanted, atol=1e-5)


def test_silence():
    sound = np.zeros(16_000, np.float32)
    wanted = log_mel_spectrogram(pad_or_trim(torch.from_numpy(sound)))
    assert torch.equal(spectrogram(sound, bands=80), wanted)


def test_a_shorter_window_is_the_beginning_of_the_whole_one():
    sound = np.random.default_rng(0).normal(0, 0.1, 50_000).astype(np.float32)
    whole = spectrogram(sound, bands=80)
    assert torch.equal(spectrogram(sound, bands=80, frames=350), whole[:, :350])
    assert torch.equal(spectrogram(sound, bands=80, frames=200), whole[:, :200])
