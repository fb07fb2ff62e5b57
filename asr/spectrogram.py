"""Whisper's log-mel spectrogram, computed where there is sound and filled up where there is not."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from whisper.audio import HOP_LENGTH, N_FFT, N_FRAMES, N_SAMPLES, mel_filters

_QUIETEST, _RANGE = 1e-10, 8.0
"""``whisper.audio.log_mel_spectrogram``: nothing is below 1e-10, nor 80 dB below the loudest."""


def spectrogram(sound: NDArray[np.float32], *, bands: int, frames: int = N_FRAMES) -> Tensor:
    """Return what ``log_mel_spectrogram`` gives for sound followed by silence, at less cost.

    Args:
        sound: At 16 kHz, shape ``(n,)``; what is beyond 30 s is cut off.
        bands: Mel bands: 80 or 128.
        frames: How many frames of 10 ms; those behind the sound are of silence.

    Returns:
        Shape ``(bands, frames)``.
    """
    # With so much silence behind it that what a frame sees mirrored at the end is silence too.
    length = min(len(sound) + 2 * N_FFT, N_SAMPLES) // HOP_LENGTH * HOP_LENGTH
    heard = np.zeros(length, dtype=np.float32)
    heard[: len(sound)] = sound[:length]
    mirrored = torch.from_numpy(np.pad(heard, N_FFT // 2, mode="reflect"))
    parts = mirrored.unfold(0, N_FFT, HOP_LENGTH)[:-1] * _window()
    waves = torch.view_as_real(torch.fft.rfft(parts))
    power = waves[..., 0].square().addcmul_(waves[..., 1], waves[..., 1])
    logs = (mel_filters("cpu", bands) @ power.T).clamp_(min=_QUIETEST).log10_()[:, :frames]
    floor = max(float(logs.max()) - _RANGE, float(np.log10(_QUIETEST)))
    logs = functional.pad(logs.clamp_(min=floor), (0, frames - logs.shape[1]), value=floor)
    return logs.add_(4.0).div_(4.0)


@lru_cache(maxsize=1)
def _window() -> Tensor:
    return torch.hann_window(N_FFT)
