"""``tingjian intake``: what lies in the inbox, counted; nothing is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Call = Callable[..., Any]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def chat(number: int, text: str) -> str:
    said = {"role": "customer", "text": text, "time": f"2026-03-02T09:00:{number:02}+08:00"}
    return json.dumps({"conversation_id": f"chat-{number}", "messages": [said]}) + "\n"


def test_an_empty_inbox_says_where_to_put_things(tingjian: Call, centre: Path) -> None:
    answer = tingjian("--centre", centre, "intake")
    assert answer.status == 0
    assert f"Put recordings, chats and manifests into {centre / 'inbox'}" in answer.folded


def test_what_is_new_is_counted_and_what_is_set_aside_is_explained(
    tingjian: Call, centre: Path
) -> None:
    inbox = centre / "inbox"
    (inbox / "chats.jsonl").write_text(chat(1, "你好") + chat(2, "再见") + "{broken\n")
    (inbox / "empty.wav").touch()
    (inbox / "notes.xyz").write_text("what is this")
    (inbox / "[red]\x1b[2J.xyz").write_text("hostile")
    before = contents(centre)
    answer = tingjian("--centre", centre, "intake")
    assert answer.status == 0
    assert contents(centre) == before
    assert "│ Records in these files │ 2 │ 0 │" in answer.folded
    assert "│ Calls │ 0 │ 0 │" in answer.folded
    assert "Set aside: 4" in answer.out
    assert "[red]\ufffd[2J.xyz" in answer.out
    assert "\x1b" not in answer.out
    assert "This centre has run no night yet" in answer.out
    zh = tingjian("--centre", centre, "--lang", "zh", "intake").out
    assert "搁置：4" in zh


def test_the_same_for_scripts(tingjian: Call, centre: Path) -> None:
    inbox = centre / "inbox"
    (inbox / "chats.jsonl").write_text(chat(1, "你好"))
    (inbox / "empty.wav").touch()
    report = json.loads(tingjian("--centre", centre, "intake", "--json").out)
    (aside,) = report.pop("set_aside")
    assert aside["item"] == "empty.wav"
    assert aside["in_words"].count(";") == 1
    assert report == {
        "calls": {"new": 0, "changed": 0},
        "texts": {"new": 1, "changed": 0},
        "records": {"new": 1, "changed": 0},
        "unchanged": 0,
        "is_first": True,
    }


def test_after_a_night_only_what_is_new_or_changed_is_counted(
    tingjian: Call, ran: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(ran, folder)
    report = json.loads(tingjian("--centre", folder, "intake", "--json").out)
    assert (report["texts"], report["unchanged"], report["is_first"]) == (
        {"new": 0, "changed": 0}, 1, False,
    )  # fmt: skip
    path = folder / "inbox" / "chats.jsonl"
    text = path.read_text("utf-8").replace("just a question", "just two questions")
    path.write_text(text + chat(9, "新的"), "utf-8")
    (folder / "inbox" / "more.jsonl").write_text(chat(10, "更多"))
    before = contents(folder)
    report = json.loads(tingjian("--centre", folder, "intake", "--json").out)
    assert report["texts"] == {"new": 1, "changed": 1}
    assert report["records"] == {"new": 2, "changed": 1}
    assert contents(folder) == before
