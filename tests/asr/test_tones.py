"""Touch-tone keys are told from voices."""

from __future__ import annotations

import numpy as np
import pytest

from asr.tones import is_call_tone, is_touch_tone

RATE = 8000
LOW, HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)


def lines(*hz, seconds=0.4, rate=RATE, levels=(0.1, 0.1)):
    t = np.arange(int(seconds * rate)) / rate
    sound = sum(a * np.sin(2 * np.pi * f * t) for f, a in zip(hz, levels, strict=False))
    return (sound + np.random.default_rng(0).normal(0, 1e-3, len(t))).astype(np.float32)


@pytest.mark.parametrize("low", LOW)
@pytest.mark.parametrize("high", HIGH)
def test_every_key(low, high):
    assert is_touch_tone(lines(low, high), RATE)
    assert is_touch_tone(lines(low * 1.015, high * 0.985, rate=16000), 16000)


@pytest.mark.parametrize(
    "sound",
    [
        lines(450),
        lines(440, 480),
        lines(600, 1209),
        lines(770, 1100),
        lines(770, 1336, levels=(0.1, 0.01)),  # 20 dB apart
        np.random.default_rng(0).normal(0, 0.1, 4000).astype(np.float32),
        np.zeros(4000, np.float32),
        np.zeros(10, np.float32),
    ],
    ids=["one line", "ring", "low is none", "high is none", "unequal", "noise", "silence", "short"],
)
def test_what_is_no_key(sound):
    assert not is_touch_tone(sound, RATE)


def test_speech_is_no_key(spoken):
    assert not is_touch_tone(spoken, RATE)


@pytest.mark.parametrize("hz", [400, 425, 450, 480])
@pytest.mark.parametrize("rate", [8000, 16000])
def test_a_single_tone_of_the_network(hz, rate):
    assert is_call_tone(lines(hz, seconds=0.25, rate=rate), rate)
    cut = np.concatenate([np.zeros(rate // 10, np.float32), lines(hz, seconds=0.15, rate=rate)])
    assert is_call_tone(cut, rate)


@pytest.mark.parametrize(
    "sound",
    [
        lines(450, 900, levels=(0.1, 0.03)),
        lines(300),
        lines(1000),
        np.concatenate([lines(405, seconds=0.2), lines(470, seconds=0.2)]),
        np.random.default_rng(0).normal(0, 0.1, 4000).astype(np.float32),
        np.zeros(4000, np.float32),
        np.zeros(10, np.float32),
    ],
    ids=["harmonics", "low", "high", "moves", "noise", "silence", "short"],
)
def test_what_is_no_tone_of_the_network(sound, spoken):
    assert not is_call_tone(sound, RATE)
    assert not is_call_tone(spoken, RATE)
