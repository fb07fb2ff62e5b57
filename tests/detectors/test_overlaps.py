"""Overlaps of all utterances at once: the same as pairs of characters compared two by two."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.likeness import likeness, pairs, without_marks
from detectors.overlaps import REACH, overlaps

CHINESE = [
    "怎么退订这个业务",
    "怎么退订啊,这个业务",
    "好",
    "好的",
    "",
    "我要查话费余额!",
    "好",
    "退订业务",
]
ENGLISH = ["how do i cancel", "ok", "how do i cancel it?", "", "weather", "cancel: how do i"]
MIXED = ["iphone15怎么退", "iphone 15", "怎么退iphone15", "\U00020000\U00020001", "🙂", "12345678"]


@pytest.mark.parametrize("texts", [CHINESE, ENGLISH, MIXED, CHINESE + ENGLISH + MIXED, [], [""]])
def test_as_compared_two_by_two(texts: list[str]) -> None:
    found = overlaps(texts)
    grams = [pairs(text) for text in texts]
    assert found.letters.tolist() == [len(without_marks(text)) for text in texts]
    assert found.sizes.tolist() == [len(one) for one in grams]
    shared = {
        (later, earlier): len(grams[later] & grams[earlier])
        for later in range(len(texts))
        for earlier in range(later)
        if grams[later] & grams[earlier]
    }
    places = zip(found.later.tolist(), found.earlier.tolist(), strict=True)
    assert dict(zip(places, found.shared.tolist(), strict=True)) == shared
    everyone = np.ones(len(texts), np.bool_)
    assert found.alike(0.6, later=everyone, earlier=everyone) == {
        (later, earlier): likeness(grams[later], grams[earlier])
        for later, earlier in shared
        if likeness(grams[later], grams[earlier]) >= 0.6
    }


def test_repeating() -> None:
    found = overlaps(CHINESE)
    everyone = np.ones(len(CHINESE), np.bool_)
    assert found.repeating(everyone, share=0.6, pairs=3) == {1, 7}
    assert found.repeating(everyone, share=0.6, pairs=1) == {1, 6, 7}
    without_the_first = everyone.copy()
    without_the_first[0] = False
    assert found.repeating(without_the_first, share=0.6, pairs=3) == {7}


def test_looks_back_so_far_and_no_further() -> None:
    far = ["我要退订这个业务", *["嗯"] * (REACH - 1), "我要退订这个业务"]
    too_far = [far[0], "嗯", *far[1:]]
    for texts, found in ((far, {(REACH, 0)}), (too_far, set[tuple[int, int]]())):
        long = overlaps(texts).letters > 1
        assert overlaps(texts).alike(0.9, later=long, earlier=long).keys() == found


def test_only_those_asked_for() -> None:
    found = overlaps(CHINESE)
    first = np.arange(len(CHINESE)) == 0
    assert found.alike(0.6, later=~first, earlier=first).keys() == {(1, 0)}
    assert not found.alike(0.6, later=first, earlier=~first)
