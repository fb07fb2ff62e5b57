"""Speech goes into windows of 30 s and every time finds its way back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.packing import WINDOW_MS, pack
from interactions.sound import Span

RATE = 8000


def samples(seconds):
    return np.random.default_rng(0).normal(0, 0.1, int(seconds * RATE)).astype(np.float32)


def sources(windows):
    return [(p.source.start_ms, p.source.end_ms) for w in windows for p in w.pieces]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(1000, 2000)], [(700, 2300)]),
        ([(0, 2000)], [(0, 2300)]),
        ([(9000, 10000)], [(8700, 10000)]),
        ([(1000, 2000), (2500, 3000)], [(700, 3300)]),  # a pause within a turn
        ([(1000, 2000), (2600, 3000)], [(700, 2300), (2300, 3300)]),
    ],
)
def test_near_stretches_are_one_piece(spans, expected):
    found = pack(0, samples(10), RATE, [Span(*s) for s in spans])
    assert sources(found) == expected


def test_windows_are_filled_in_order():
    spans = [Span(at, at + 8000) for at in range(0, 100_000, 10_000)]
    windows = pack(3, samples(110), RATE, spans)
    assert [len(w.pieces) for w in windows] == [3, 3, 3, 1]
    assert {w.track for w in windows} == {3}
    assert [p.start_ms for p in windows[0].pieces] == [0, 8400, 17100]


def test_a_stretch_has_a_window_of_its_own_where_windows_need_not_be_filled():
    spans = [Span(0, 2000), Span(5000, 6000), Span(10_000, 22_000)]
    windows = pack(0, samples(30), RATE, spans, alone_ms=10_000)
    assert [len(w.pieces) for w in windows] == [1, 1, 1, 1]
    assert sources(windows)[:2] == [(0, 2300), (4700, 6300)]
    (start, cut), (again, end) = sources(windows)[2:]
    assert (start, end) == (9700, 22_300)
    assert cut == again
    assert 17_700 <= cut <= 19_700


def test_long_speech_is_cut_where_it_is_quiet():
    sound = samples(70)
    for at in (27.0, 52.0):
        sound[int(at * RATE) : int((at + 0.1) * RATE)] = 0
    cuts = sources(pack(0, sound, RATE, [Span(0, 70_000)]))
    assert len(cuts) == 3
    assert 27_000 <= cuts[0][1] <= 27_100
    assert 52_000 <= cuts[1][1] <= 52_100
    assert [a[1] for a in cuts[:-1]] == [b[0] for b in cuts[1:]]


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_sound_of_a_window(rate):
    t = np.arange(10 * rate) / rate
    track = np.where(t < 5, np.sin(2 * np.pi * 500 * t), np.sin(2 * np.pi * 900 * t))
    window = pack(0, track.astype(np.float32), rate, [Span(1000, 2000), Span(7000, 8000)])[0]
    sound = window.sound(track.astype(np.float32), rate)
    assert len(sound) == window.duration_ms * 16
    for piece, hz in zip(window.pieces, (500, 900), strict=True):
        part = sound[piece.start_ms * 16 + 800 : piece.end_ms * 16 - 800]
        peak = np.abs(np.fft.rfft(part * np.hanning(len(part)))).argmax() * 16000 / len(part)
        assert peak == pytest.approx(hz, abs=5)
    between = sound[window.pieces[0].end_ms * 16 : window.pieces[1].start_ms * 16]
    assert not between.any()


def test_times_find_back():
    window = pack(0, samples(10), RATE, [Span(1000, 2000), Span(7000, 8000)])[0]
    first, second = window.pieces
    assert first.in_recording(500) == 1200
    assert second.in_recording(second.start_ms + 500) == 7200
    assert second.in_recording(0) == second.source.start_ms
    assert second.in_recording(99_999) == second.source.end_ms
    assert [window.piece_at(at) for at in (0, 1600, 1640, 1660, 1900, 9999)] == [0, 0, 0, 1, 1, 1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200_000), st.integers(50, 60_000)), max_size=12))
def test_all_speech_is_in_exactly_one_piece(raw):
    spans, at = [], 0
    for gap, length in raw:
        start = at + gap % 3000
        spans.append(Span(start, start + length))
        at = start + length
    sound = np.zeros((at + 1000) * RATE // 1000, np.float32)
    windows = pack(0, sound, RATE, spans)
    pieces = [p for w in windows for p in w.pieces]
    assert all(w.duration_ms <= WINDOW_MS for w in windows)
    assert all(a.source.end_ms <= b.source.start_ms for a, b in pairwise(pieces))
    covered = np.zeros(at + 2000, np.int8)
    for piece in pieces:
        covered[piece.source.start_ms : piece.source.end_ms] += 1
    assert all((covered[s.start_ms : s.end_ms] == 1).all() for s in spans)
