"""``tingjian sentiment`` and ``tingjian effort``, called as a person calls them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def ran_here(ran: Path, tmp_path: Path) -> Path:
    """A copy of the centre that may be written."""
    return Path(shutil.copytree(ran, tmp_path / "centre"))


def test_too_few_labels_are_refused_with_what_is_missing(tingjian: Any, ran_here: Path) -> None:
    labels = ran_here / "labels.csv"
    labels.write_text("interaction,dissatisfied\nchat-angry,1\nchat-calm,0\n", "utf-8")
    answer = tingjian("--centre", ran_here, "sentiment", "fit", labels)
    assert answer.status == 2
    assert "There are 1 dissatisfied and 1 other labelled cases" in answer.err


def test_labels_that_cannot_be_read_say_where(tingjian: Any, ran_here: Path) -> None:
    labels = ran_here / "labels.csv"
    labels.write_text("interaction,dissatisfied\nchat-angry,perhaps\n", "utf-8")
    answer = tingjian("--centre", ran_here, "sentiment", "fit", labels)
    assert (answer.status, "labels.csv:2: perhaps" in answer.err) == (2, True)


def test_history_and_use(tingjian: Any, ran_here: Path) -> None:
    centre = ("--centre", ran_here)
    assert "shipped (in force)" in tingjian(*centre, "sentiment", "history").out
    assert "no fitted version nothing" in tingjian(*centre, "sentiment", "use", "nothing").err
    assert tingjian(*centre, "sentiment", "use", "shipped").status == 0


def test_effort_without_customers_says_why(tingjian: Any, ran_here: Path) -> None:
    answer = tingjian("--centre", ran_here, "effort")
    assert answer.status == 0
    assert "No interaction kept here names its customer" in answer.out
