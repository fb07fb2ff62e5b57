"""``tingjian hotwords``: a planted rise is told with its reasons, its part and its fix."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.risen_centre import ACTION, RISE, make


@pytest.fixture(scope="module")
def risen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("rise") / "centre")


def test_the_page_tells_why_where_and_what_to_hear(
    risen: Path, tingjian: Callable[..., Any], tmp_path: Path
) -> None:
    page = tmp_path / "rises.html"
    day = RISE + timedelta(days=2)
    answer = tingjian(
        "--centre", risen, "--lang", "en", "hotwords", "show", "--day", day, "--html", page
    )
    assert answer.status == 0, answer.err
    assert "漏水" in answer.folded
    assert "product 冰箱" in answer.folded
    assert "region 华东" in answer.folded
    assert "different customers" in answer.folded
    assert "Hear these: c" in answer.folded
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") >= 1
    for shown in (answer.folded, html):
        assert "Out of 500 orders: " in shown
        assert " different customers: " in shown
        assert "By the hour: ▁▁▁▁▁▁▁▁▁▁▁▁█" in shown  # noon in Shanghai
    assert 'class="high"' in html
    assert "<script" not in html
    assert "http" not in html


def test_the_carrier_is_the_planted_part(risen: Path, tingjian: Callable[..., Any]) -> None:
    day = RISE + timedelta(days=2)
    answer = tingjian("--centre", risen, "hotwords", "show", "--day", day, "--json")
    stories = json.loads(answer.out)["stories"]
    (story,) = [one for one in stories if one["rise"]["spike"]["slice"]["dimension"] == "all"] or [
        stories[0]
    ]
    assert story["rise"]["spike"]["term"] == "漏水"
    places = {one["dimension"]: one["value"] for one in story["attribution"]["carrier"]["place"]}
    assert places.items() <= {"product": "冰箱", "region": "华东"}.items()
    assert len(story["band"]["contacts"]) == 57
    assert story["action"] is None


def test_a_fix_is_kept_and_measured(risen: Path, tingjian: Callable[..., Any]) -> None:
    answer = tingjian(
        "--centre", risen, "--lang", "en", "hotwords", "act", "漏水", "--cause", "process",
        "--owner", "王敏", "--action", "换密封圈", "--from", ACTION, "--by", "li",
    )  # fmt: skip
    assert answer.status == 0, answer.err
    assert "The fix worked" in answer.folded
    shown = tingjian(
        "--centre", risen, "--lang", "zh", "hotwords", "show", "--day", RISE + timedelta(days=2)
    )
    assert "负责人：王敏" in shown.folded
    assert "措施有效" in shown.folded


@pytest.mark.parametrize(
    ("command", "said"),
    [("words", "No new words"), ("drift", "compared, 0 with too few interactions")],
)
def test_what_is_new_or_drifts_is_told(
    risen: Path, tingjian: Callable[..., Any], command: str, said: str
) -> None:
    answer = tingjian("--centre", risen, "--lang", "en", "hotwords", command)
    assert answer.status == 0, answer.err
    assert said in answer.folded
    data = tingjian("--centre", risen, "hotwords", command, "--json")
    assert json.loads(data.out) is not None


def test_watching_an_inbox_where_nothing_comes_ends_quietly(
    risen: Path, tingjian: Callable[..., Any]
) -> None:
    answer = tingjian(
        "--centre", risen, "--lang", "en", "hotwords", "watch", "--every", "1", "--looks", "1"
    )
    assert answer.status == 0, answer.err
    assert "Watching the inbox, a look every 1 s" in answer.folded


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ("act", "没有", "--cause", "process", "--owner", "a", "--action", "b"),
            1,
            "没有 没有 的突增",
        ),
        (
            ("act", "漏水", "--cause", "bad", "--owner", "a", "--action", "b"),
            2,
            "--cause 不能是 bad",
        ),
        (("show", "--day", "yesterday"), 2, "yesterday 不是日期"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    risen: Path, tingjian: Callable[..., Any], arguments: tuple[str, ...], status: int, said: str
) -> None:
    answer = tingjian("--centre", risen, "--lang", "zh", "hotwords", *arguments)
    assert answer.status == status
    assert said in " ".join(answer.err.split())
