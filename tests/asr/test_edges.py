"""Edges of speech lie where the sound has them."""

from __future__ import annotations

import numpy as np
import pytest

from asr.edges import tightened
from asr.waveform import Waveform
from interactions.sound import Span

RATE = 8000


def sound(*loud: tuple[int, int, float], noise: float = 1e-3, ms: int = 6000) -> Waveform:
    track = np.random.default_rng(0).normal(0, noise, ms * RATE // 1000)
    for start, end, level in loud:
        at = np.arange(start * RATE // 1000, end * RATE // 1000)
        track[at] += level * np.sin(2 * np.pi * 440 * at / RATE)
    return Waveform(track[None].astype(np.float32), RATE, "pcm_s16le", RATE)


@pytest.mark.parametrize(
    ("heard", "loud", "true"),
    [
        ((980, 2200), ((1000, 2000, 0.2),), (1000, 2000)),  # the end is heard late
        ((1040, 2200), ((1000, 2000, 0.2),), (1000, 2000)),  # and the start a little
        ((1000, 2600), ((1000, 2000, 0.2),), (1000, 2300)),  # no edge moves by more than 300 ms
        ((980, 2200), ((1000, 2000, 0.2), (2000, 2100, 0.02)), (1000, 2100)),  # a weak last sound
        ((980, 2200), ((1000, 2000, 0.2), (2000, 2100, 0.003)), (1000, 2000)),  # far below it
        ((980, 2200), (), (980, 2200)),  # nothing stands out: as heard
    ],
)
def test_edges(heard, loud, true):
    ((found,),) = tightened(sound(*loud), ((Span(*heard),),))
    assert abs(found.start_ms - true[0]) <= 20
    assert abs(found.end_ms - true[1]) <= 20


def test_without_speech_there_are_no_edges():
    assert tightened(sound(), ((),)) == ((),)


def test_a_track_that_is_speech_all_over_has_no_noise_to_compare_with():
    whole = sound((0, 6000, 0.2))
    assert tightened(whole, ((Span(0, 6000),),)) == ((Span(0, 6000),),)
