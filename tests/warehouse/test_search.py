"""Searching transcripts by words, characters and pinyin."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.search import TextIndex, match_of


@pytest.fixture
def index(tmp_path: Path) -> TextIndex:
    one = TextIndex(tmp_path / "search.sqlite")
    one.add(
        [
            ("a", ["我要申请退款", "谢谢"]), ("b", ["I want my REFUND now", "女儿去绿岛"]),
            ("c", ["退"]), ("d", ["退換貨", "安全"]),
        ]
    )  # fmt: skip
    return one


def named(index: TextIndex, query: str) -> set[str]:
    """Return the interactions that a query finds."""
    names = {number: name for name, number in index.held().items()}
    found = index.find(query)
    assert found is not None
    return {names[number] for number in found.tolist() if number in names}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("退款", {"a"}), ("退", {"a", "c", "d"}), ("申请退款", {"a"}), ("款谢", set()),
        ("refund", {"b"}),
        ("my refund", {"b"}), ("tuikuan", {"a"}), ("tui kuan", {"a"}), ("shenqingtuikuan", {"a"}),
        ("lvdao", {"b"}), ("nver", {"b"}), ("anquan", {"d"}), ("退换货", {"d"}), ("ref", set()),
        ("退款 谢谢", {"a"}), ("退款 refund", set()), ("没有", set()),
    ],
)  # fmt: skip
def test_what_is_found(index: TextIndex, query: str, found: set[str]) -> None:
    assert named(index, query) == found


@pytest.mark.parametrize("query", ["", "  ", "'\"*()", "。，", "\x00"])
def test_what_says_nothing(index: TextIndex, query: str) -> None:
    assert index.find(query) is None


@pytest.mark.parametrize(
    "query", ['退" OR words : "款', "NEAR(a b)", "words:退款", "a AND", "-x", "{a}"]
)
def test_no_query_is_taken_for_syntax(index: TextIndex, query: str) -> None:
    assert index.find(query) is not None
    assert "NEAR" not in match_of(query)


def test_what_is_taken_in_again_is_there_once(index: TextIndex) -> None:
    assert index.add([("a", ["我要换货"])]) == {"a": 5}
    assert named(index, "换货") == {"a", "d"}
    assert named(index, "退款") == set()  # what it said before
    assert index.held() == {"b": 2, "c": 3, "d": 4, "a": 5}
    assert index.extent() == (4, 5)


def test_the_last_taken_in_come_first(index: TextIndex) -> None:
    found = index.find("退")
    assert found is not None
    assert found.tolist() == [4, 3, 1]
