"""``tingjian worklist``: what to hear first, filtered and paged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]


def listed(tingjian: Call, ran: Path, *options: str) -> list[dict[str, Any]]:
    answer = tingjian("--centre", ran, "worklist", "--json", *options)
    assert (answer.status, answer.err) == (0, "")
    return json.loads(answer.out)


def test_a_line_says_what_was_found_and_where_to_begin(tingjian: Call, ran: Path) -> None:
    answer = tingjian("--centre", ran, "worklist")
    assert answer.status == 0
    assert "chat-angry" in answer.folded
    assert "Customer announces a complaint" in answer.folded
    assert "00:20 The customer said “我要投诉”" in answer.folded
    assert "2026-03-02 09:00 · chat" in answer.folded
    assert "Team 北区" in answer.folded
    zh = tingjian("--centre", ran, "--lang", "zh", "worklist").folded
    assert "客户说了“我要投诉”" in zh
    assert "· 00:20 │ 一般 │" in zh
    assert "客户表示要投诉" in zh


def test_hostile_names_are_shown_as_text(tingjian: Call, ran: Path) -> None:
    out = tingjian("--centre", ran, "worklist").out
    assert "[bold]not markup[/bold]" in out
    assert not set(out) & set("\x1b\x07\u202e")


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ("", {"chat-angry", "chat-hostile"}),
        ("--severity major", {"chat-angry", "chat-hostile"}),
        ("--severity critical", set()),
        ("--rule example-threatens-to-complain", {"chat-angry", "chat-hostile"}),
        ("--rule nix", set()),
        ("--queue 维修", {"chat-angry"}),
        ("--team 北区", {"chat-angry"}),
        ("--agent A1", {"chat-angry"}),
        ("--channel chat --queue billing", {"chat-hostile"}),
        ("--channel voice", set()),
        ("--day 2026-03-02", {"chat-angry", "chat-hostile"}),
        ("--day 2026-03-01", set()),
    ],
)
def test_filters_narrow_the_list(tingjian: Call, ran: Path, options: str, ids: set[str]) -> None:
    lines = listed(tingjian, ran, *options.split())
    assert {line["interaction_id"] for line in lines if line["rules"]} == ids


def test_pages_follow_each_other(tingjian: Call, ran: Path) -> None:
    whole = listed(tingjian, ran)
    first = listed(tingjian, ran, "-n", "1")
    rest = listed(tingjian, ran, "--after", str(first[-1]["position"]))
    assert [line["position"] for line in first + rest] == [line["position"] for line in whole]
    told = tingjian("--centre", ran, "worklist", "-n", "1").out
    assert f"`--after {first[0]['position']}`" in told
    last = tingjian("--centre", ran, "worklist", "-n", "99").out
    assert "There are no more." in last
    assert "--after" not in last


def test_nobody_learns_which_lines_were_drawn_at_random(tingjian: Call, ran: Path) -> None:
    assert all("is_control" not in line for line in listed(tingjian, ran))


def test_the_json_has_the_evidence_in_words(tingjian: Call, ran: Path) -> None:
    (line,) = listed(tingjian, ran, "--agent", "A1")
    (finding,) = line["findings"]
    (evidence,) = finding["evidence"]
    assert (evidence["start_ms"], evidence["quote"], evidence["party"]) == (
        20_000, "我要投诉", "customer",
    )  # fmt: skip
    assert evidence["in_words"] == "The customer said “我要投诉”"
    assert line["started_at"] == "2026-03-02T01:00:00+00:00"


def test_no_line_that_fits_and_no_night_are_different_things(
    tingjian: Call, ran: Path, centre: Path
) -> None:
    assert (
        "No line of the worklist fits" in tingjian("--centre", ran, "worklist", "--queue", "x").out
    )
    never = tingjian("--centre", centre, "worklist")
    assert never.status == 1
    assert "there is no warehouse yet; run `tingjian run` first" in never.err
    assert never.err.count("\n") == 1
