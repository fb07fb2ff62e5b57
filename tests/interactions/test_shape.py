"""What kind of character stands where."""

from __future__ import annotations

import pytest

from interactions.personal.shape import MARKS, OTHER, shape_of
from interactions.personal.sheet import Sheet


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("", ""),
        ("我的 phone: 138", "?? aaaaa: 000"),
        ("京a·幺三", "pa?cc"),
        ("江苏省3号楼\n一直", "?ph0uu\nct"),
        ("\ud800@艾特", "?@@?"),
        ("😀三个零", "?cgc"),
    ],
)
def test_each_character_has_one_mark(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def test_no_character_has_two_marks() -> None:
    every = "".join(MARKS.values())
    assert len(set(every)) == len(every)
    assert OTHER not in MARKS


def test_a_sheet_makes_what_it_is_asked_for_once() -> None:
    sheet = Sheet([("agent", "我叫 John Smith"), ("customer", "好")])
    made: list[Sheet] = []
    assert sheet.once(made.append) is sheet.once(made.append) is None
    assert made == [sheet]


@pytest.mark.parametrize(
    ("text", "has"),
    [("my name", True), ("i am", True), ("a b", False), ("iPhone 12", False), ("#E-s #E-s", False)],
)
def test_words_follow_each_other(text: str, has: bool) -> None:
    assert Sheet([("", text)]).has_words is has
