"""``tingjian ask``, called as a person calls it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.chat_server import chat_server


@pytest.fixture
def asking(ran: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ran, tmp_path / "centre"))


def point_at(folder: Path, url: str) -> None:
    path = folder / "tingjian.toml"
    head = path.read_text("utf-8").split("[asking]")[0]
    path.write_text(f'{head}[asking]\nurl = "{url}"\nmodel = "small"\n', "utf-8")


def test_nobody_is_asked_until_a_centre_names_a_model(tingjian: Any, asking: Path) -> None:
    answer = tingjian("--centre", asking, "ask", "chat-angry", "what do they want?")
    assert answer.status == 2
    assert "No language model is set" in answer.err


def test_an_answer_is_shown_with_its_utterances(tingjian: Any, asking: Path) -> None:
    with chat_server() as server:
        point_at(asking, server.url)
        server.says = '{"answer": "They threaten a complaint.", "utterances": [1]}'
        told = tingjian("--centre", asking, "ask", "chat-a", "what do they want?")
        assert told.status == 0
        assert "They threaten a complaint." in told.out
        assert re.search(r"00:20\s+customer\s+再不处理我要投诉了", told.out)
        assert "您好" not in told.out  # only what it is said by
        told = tingjian("--centre", asking, "ask", "chat-angry", "why?", "--json")
        document = json.loads(told.out)
        assert document["text"] == "They threaten a complaint."
        assert [one["seq"] for one in document["utterances"]] == [1]


def test_without_a_place_there_is_no_answer(tingjian: Any, asking: Path) -> None:
    with chat_server() as server:
        point_at(asking, server.url)
        server.says = '{"answer": "They are happy.", "utterances": []}'
        told = tingjian("--centre", asking, "ask", "chat-angry", "are they happy?")
        assert told.status == 1
        assert "They are happy." not in told.out
        assert "discarded" in told.err
    told = tingjian("--centre", asking, "ask", "chat-angry", "still there?")
    assert told.status == 1
    assert "cannot be reached" in told.err


def test_another_machine_is_refused(tingjian: Any, asking: Path) -> None:
    point_at(asking, "https://api.example.com/v1")
    told = tingjian("--centre", asking, "ask", "chat-angry", "anything")
    assert told.status == 2
    assert "asking" in told.err
