"""Tracks become one conversation."""

from __future__ import annotations

import pytest

from asr.turns import clip, merge
from interactions.interaction import Utterance, Word
from interactions.sound import Party, Span


def said(start, end, text="x", words=()):
    return Utterance(9, Party.AGENT, start, end, text, tuple(words))


def test_merge_orders_by_start_then_end_then_track():
    agent = [said(0, 900, "a"), said(2000, 3000, "b")]
    customer = [said(0, 500, "c"), said(2000, 3000, "d"), said(1000, 1500, "e")]
    merged = merge([agent, customer])
    assert [u.text for u in merged] == ["c", "a", "e", "b", "d"]
    assert [u.seq for u in merged] == [0, 1, 2, 3, 4]


def test_merge_of_nothing():
    assert merge([[], []]) == ()


SPEECH = [Span(1000, 2000), Span(3000, 4000)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([(1100, 1300)], [(1100, 1300)]),
        ([(1900, 2900)], [(1900, 2000)]),  # stretched over the pause behind it
        ([(2500, 3400)], [(3000, 3400)]),
        ([(1500, 3900)], [(3000, 3900)]),  # most of it lies in the second stretch
        ([(2200, 2600)], [(2200, 2600)]),  # touches none: keeps its place
        ([(1100, 2500), (1900, 2600)], [(1100, 2000), (2000, 2000)]),
    ],
)
def test_clip(words, expected):
    given = [Word(a, b, "字") for a, b in words]
    found = clip(said(0, 9000, words=given), SPEECH)
    assert [(w.start_ms, w.end_ms) for w in found.words] == expected
    assert (found.start_ms, found.end_ms) == (expected[0][0], expected[-1][1])


def test_clip_without_words_changes_nothing():
    utterance = said(0, 9000)
    assert clip(utterance, SPEECH) is utterance
