"""Many short texts searched in one go."""

from __future__ import annotations

from detectors.lines import Lines, line_pattern

TEXTS = ["退钱,我要退钱", "", "refund it", "prerefund", "退\n款", "你们要钱"]


def test_each_line_is_found_once() -> None:
    assert Lines(TEXTS).holding(line_pattern("退|钱", "(?<![a-z])refund")) == [0, 2, 4, 5]


def test_ends_are_those_of_a_text() -> None:
    assert Lines(TEXTS).holding(line_pattern("钱$")) == [0, 5]
    assert Lines(TEXTS).holding(line_pattern("退$")) == []  # its line break is a space
    assert Lines(TEXTS).holding(line_pattern("退", "^pre")) == [0, 3, 4]


def test_nothing_runs_over_a_line() -> None:
    assert Lines(["退", "款"]).holding(line_pattern("退.?款")) == []


def test_no_texts() -> None:
    assert Lines([]).holding(line_pattern("退", "refund")) == []
    assert Lines([""]).holding(line_pattern("退", "refund")) == []
