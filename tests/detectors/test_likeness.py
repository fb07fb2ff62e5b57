"""Likeness of texts: pairs and edits."""

from __future__ import annotations

import pytest

from detectors.likeness import clauses, edit_likeness, likeness, pairs, telling_pairs


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("怎么退订这个业务", "怎么退订这个业务", 1.0, 1.0),
        ("怎么退订这个业务", "这个业务怎么退订", 0.6, 0.99),
        ("怎么退订这个业务", "怎么退订啊这个业务", 0.7, 0.99),
        ("怎么退订这个业务", "我要查话费余额", 0.0, 0.0),
        ("我要你们", "我要他们", 0.0, 0.5),
        ("how do i cancel", "how do i cancel it", 0.8, 0.99),
        ("how do i cancel", "the weather is fine", 0.0, 0.2),
        ("", "退款", 0.0, 0.0),
    ],
)
def test_pairs(one: str, other: str, least: float, most: float) -> None:
    value = likeness(pairs(one), pairs(other))
    assert least <= value <= most
    assert value == likeness(pairs(other), pairs(one))


def test_pairs_of_function_characters_tell_nothing() -> None:
    assert pairs("我要退款") == {"我要", "要退", "退款"}
    assert telling_pairs("我要退款") == {"要退", "退款"}
    assert telling_pairs("我要你们") == {"我要", "要你", "你们"}
    assert telling_pairs("退") == {"退"}
    assert pairs("...") == frozenset()


def test_clauses() -> None:
    assert clauses("你好,怎么退订") == ["你好,怎么退订", "你好", "怎么退订"]
    assert clauses("怎么退订") == ["怎么退订"]


def test_edit_likeness() -> None:
    assert edit_likeness("", "") == 1.0
    assert edit_likeness("退款", "退货") == 0.5
    assert edit_likeness("退款", "") == 0.0
