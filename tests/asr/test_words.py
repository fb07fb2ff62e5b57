"""Tokens become words and characters with times that never run backwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.words import Timed, words_of


def timed(*parts):
    return [Timed(start, end, text, chance) for start, end, text, chance in parts]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(0, 400, "我们", 0.9)], [(0, 200, "我"), (200, 400, "们")]),
        ([(0, 300, "好,", 0.9), (300, 500, "的。", 0.9)], [(0, 150, "好"), (300, 400, "的")]),
        ([(0, 200, "Wi", 0.5), (200, 400, "Fi", 1.0)], [(0, 400, "WiFi")]),
        ([(0, 300, " don", 1), (300, 400, "'t", 1)], [(75, 400, "don't")]),
        ([(0, 500, " hello,", 1), (500, 900, " you", 1)], [(71, 429, "hello"), (600, 900, "you")]),
        ([(0, 100, "打", 1), (100, 400, "App", 1), (400, 500, "吧", 1)],
         [(0, 100, "打"), (100, 400, "App"), (400, 500, "吧")]),
        ([(0, 300, "3.5", 1), (300, 400, "元", 1)], [(0, 300, "3.5"), (300, 400, "元")]),
        ([(0, 300, "...", 1), (300, 400, "?", 1)], []),
        ([], []),
    ],
)  # fmt: skip
def test_words_of(parts, expected):
    found = words_of(timed(*parts))
    assert [(w.start_ms, w.end_ms, w.text) for w in found] == expected


def test_confidence_is_the_mean_over_characters():
    (word,) = words_of(timed((0, 200, "Wi", 0.5), (200, 400, "Fi", 1.0)))
    assert word.confidence == 0.75


@given(
    st.lists(
        st.tuples(st.integers(0, 5000), st.integers(0, 5000), st.text(max_size=5)), max_size=20
    )
)
def test_times_never_run_backwards_and_no_letter_is_lost(raw):
    parts = [Timed(min(a, b), max(a, b), text, 0.5) for a, b, text in raw]
    words = words_of(parts)
    ends = 0
    for word in words:
        assert ends <= word.start_ms <= word.end_ms
        ends = word.end_ms
    letters = [c for p in parts for c in p.text if c.isalnum()]
    assert [c for w in words for c in w.text if c.isalnum()] == letters
