"""A language model is asked over real HTTP; what names no utterance is discarded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from detectors.examples import Example, Line
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party
from pipelines.asking import MOST_CHARACTERS, Answer, ChatServer, NoAnswer, ask, model_of
from pipelines.asking_settings import AskingSettings
from pipelines.redaction import masked, redaction_of
from pipelines.settings import SettingsError, load
from tests.chat_server import ChatServed, chat_server

C, A = Party.CUSTOMER, Party.AGENT
TALK = Example(
    says=(
        Line(A, "您好，请讲"),
        Line(C, "我要退款，电话13912345678"),
        Line(A, "三天内到账"),
    )
).interaction(Channel.CHAT, Language.ZH)


@pytest.fixture
def server() -> Iterator[ChatServed]:
    with chat_server() as told:
        yield told


def model(server: ChatServed) -> ChatServer:
    return ChatServer(server.url, "small", 10.0)


def shown() -> Interaction:
    return masked(TALK, redaction_of(TALK))


@pytest.mark.parametrize(
    "says",
    [
        '{"answer": "要退款", "utterances": [1]}',
        '好的：```json\n{"answer": "要退款", "utterances": [1, 1]}\n```',
        'so {this} is it {"answer": " 要退款 ", "utterances": [1]} done',
    ],
)
def test_an_answer_comes_with_its_utterances(server: ChatServed, says: str) -> None:
    server.says = says
    assert ask(model(server), shown(), "客户要什么？") == Answer("要退款", (shown().utterances[1],))
    assert server.paths == ["/v1/chat/completions"]


def test_what_is_sent_is_numbered_and_holds_nothing_personal(server: ChatServed) -> None:
    server.says = '{"answer": "是", "utterances": [2, 0]}'
    answer = ask(model(server), shown(), "处理了吗？")
    assert [one.seq for one in answer.utterances] == [0, 2]
    (asked,) = server.asked
    sent = asked["messages"][1]["content"]
    assert sent.splitlines()[0] == "[0] agent: 您好，请讲"
    assert "处理了吗？" in sent
    assert "13912345678" not in json.dumps(asked)
    assert (asked["model"], asked["temperature"], asked["stream"]) == ("small", 0, False)


@pytest.mark.parametrize(
    ("says", "because"),
    [
        ('{"answer": "要退款", "utterances": []}', "no_place"),
        ('{"answer": "要退款"}', "no_place"),
        ('{"answer": "要退款", "utterances": "1"}', "no_place"),
        ('{"answer": "要退款", "utterances": [1, 9]}', "no_such_place"),
        ('{"answer": "要退款", "utterances": [true]}', "no_such_place"),
        ('{"answer": "要退款", "utterances": [[1]]}', "no_such_place"),
        ('{"answer": "", "utterances": []}', "not_told"),
        ('{"answer": 3, "utterances": [1]}', "not_told"),
        ("客户要退款。", "unreadable"),
        ('{"answer": "要退款", "utterances": [1', "unreadable"),
        ("", "unreadable"),
    ],
)
def test_what_cannot_be_checked_is_discarded(server: ChatServed, says: str, because: str) -> None:
    server.says = says
    with pytest.raises(NoAnswer) as none:
        ask(model(server), shown(), "客户要什么？")
    assert none.value.because == because


@pytest.mark.parametrize(
    ("status", "body", "because"),
    [
        (404, b"no such model", "refused"),
        (302, b"", "refused"),  # nobody is followed elsewhere
        (200, b"<html>", "unreadable"),
        (200, b'{"choices": []}', "unreadable"),
        (200, b'{"choices": [{"message": {"content": null}}]}', "unreadable"),
    ],
)
def test_what_a_server_may_say(server: ChatServed, status: int, body: bytes, because: str) -> None:
    server.status, server.body = status, body
    with pytest.raises(NoAnswer) as none:
        ask(model(server), shown(), "客户要什么？")
    assert none.value.because == because


def test_nobody_there_and_too_long_are_said(server: ChatServed) -> None:
    with pytest.raises(NoAnswer) as none:
        ask(ChatServer("http://127.0.0.1:1/v1", "small", 5.0), shown(), "?")
    assert none.value.because == "unreachable"
    with pytest.raises(NoAnswer) as none:
        ask(model(server), shown(), "?" * MOST_CHARACTERS)
    assert none.value.because == "too_long"
    assert server.asked == []


def test_nobody_is_asked_by_default() -> None:
    assert model_of(AskingSettings()) is None


@pytest.mark.parametrize(
    ("line", "is_usable"),
    [
        ('url = "http://127.0.0.1:11434/v1"', True),
        ('url = "http://localhost:11434/v1"', True),
        ('url = "http://[::1]:8080/v1"', True),
        ('url = "http://192.168.1.5:11434/v1"', False),
        ('url = "https://api.example.com/v1"', False),
        ('url = "http://127.0.0.1.example.com/v1"', False),
        ('url = "http://127.0.0.1@example.com/v1"', False),
        ('url = "https://api.example.com/v1"\nelsewhere = true', True),
        ('url = "file:///etc/passwd"', False),
        ('url = ""', True),
    ],
)
def test_only_this_machine_unless_allowed(tmp_path: Path, line: str, is_usable: bool) -> None:
    (tmp_path / "tingjian.toml").write_text(f"[asking]\n{line}\n", "utf-8")
    if is_usable:
        assert load(tmp_path).asking.url == line.split('"')[1]
    else:
        with pytest.raises(SettingsError):
            load(tmp_path)
