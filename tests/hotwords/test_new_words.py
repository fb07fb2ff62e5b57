"""New words: planted ones are found whole, listed and old ones are not new."""

from __future__ import annotations

import numpy as np

from hotwords.new_words import new_words

BEFORE = (
    "我想问一下{}的事情",
    "你们的{}坏了怎么办",
    "昨天买了{}没有送到",
    "请问{}可以换吗",
    "{}一直漏水",
)
OLD = ("冰箱", "空调", "洗衣机", "热水器")


def texts(words: tuple[str, ...], each: int, seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    return [
        BEFORE[random.integers(len(BEFORE))].format(word) + f"，订单{random.integers(1000)}"
        for word in words
        for _ in range(each)
    ]


def test_a_planted_word_is_found_whole_and_old_ones_are_not() -> None:
    found = new_words(texts((*OLD, "星瀚净饮机"), 20, 1), texts(OLD, 20, 2))
    assert [one.word for one in found] == ["星瀚净饮机"]
    assert found[0].texts == 20
    assert found[0].cohesion > 4
    assert found[0].entropy > 1.5


def test_a_string_that_does_not_stand_freely_is_no_word() -> None:
    # Always within the same longer string: only that one is told.
    found = new_words(texts((*OLD, "伊景园滨河苑"), 12, 3), texts(OLD, 12, 4))
    assert [one.word for one in found] == ["伊景园滨河苑"]


def test_too_few_texts_and_words_seen_before_are_not_told() -> None:
    assert new_words(texts((*OLD, "星瀚净饮机"), 4, 1), texts(OLD, 20, 2)) == []
    assert (
        new_words(texts((*OLD, "星瀚净饮机"), 20, 1), [*texts(OLD, 9, 2), "有星瀚净饮机吗"]) == []
    )
    assert new_words([], []) == []


def test_said_often_in_one_text_is_one_text() -> None:
    once = ["星瀚净饮机，" * 30, *texts(OLD, 20, 1)]
    assert new_words(once, texts(OLD, 20, 2)) == []
