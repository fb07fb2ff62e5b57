"""Many texts at once have the normal form that each has by itself."""

from __future__ import annotations

import pytest

from interactions.normal_texts import normal_texts
from interactions.text import normal

TEXTS = [
    "",
    "我要投诉,转 人工。",
    "ＡＢＣ　１２３",
    "電話妳好",
    "幺三八",
    "零零",
    "一二",
    "三四",
    "tab\there",
    "line\nbreak",
    "\n",
    "e\u0301te\u0301",
    "投\u200b诉",
    "…「好」——",
    "Don’t call",
    "①ﾊﾞ\U00020000",
    "\ue000",
    "\ud800x",
    "ﷺ",
    " 好 ",
    "\x1c好\x07",
    "\u1100\u1161",
]


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_one_text(text: str) -> None:
    assert tuple(normal_texts([text])) == (normal(text),)


def test_neighbours_do_not_touch() -> None:
    # 一二 | 三四 are two runs of two, which stay; joined they would be digits
    every = [*TEXTS, *reversed(TEXTS)]
    assert tuple(normal_texts(every)) == tuple(map(normal, every))
    assert [one.text for one in normal_texts(["一二", "三四"])] == ["一二", "三四"]


def test_nothing() -> None:
    assert tuple(normal_texts([])) == ()


def test_places_lead_back_to_the_original_texts() -> None:
    every = normal_texts(["我要投诉", "转 人工", ""])
    assert every.original(0, 2, 4) == (2, 4)
    assert every.original(1, 1, 3) == (2, 4)
    assert [one.original(0, 1) for one in every[:2]] == [(0, 1), (0, 1)]
