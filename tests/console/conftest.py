"""A centre made by the command itself, and the command called as a person calls it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.cli import main
from pipelines import inspection, keeping, night, triage
from pipelines.settings import load

HOSTILE = "\x1b[31m红\x1b]0;title\x07 [bold]not markup[/bold] \u202egnp.exe"
VARIABLES = ("TINGJIAN_CENTRE", "TINGJIAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class Answer:
    """What a call of the command left behind."""

    status: int
    out: str
    err: str

    @property
    def folded(self) -> str:
        """Standard output without line breaks and runs of blanks, as tables fold text."""
        return " ".join(self.out.split())


Call = Callable[..., Answer]


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wide terminal without colours, in no particular language."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "220")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def tingjian(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command and return what came back."""

    def call(*arguments: object) -> Answer:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return Answer(status, written.out, written.err)

    return call


def with_the_example_alone(folder: Path) -> Path:
    """Switch the shipped packs off and the example rule on."""
    settings, rule = folder / "tingjian.toml", folder / "rules" / "example.yaml"
    text = re.sub(r"(?m)^packs = .*$", "packs = []", settings.read_text("utf-8"))
    settings.write_text(text, "utf-8")
    rule.write_text(rule.read_text("utf-8").replace("enabled: false", "enabled: true"), "utf-8")
    return folder


@pytest.fixture
def centre(tmp_path: Path, tingjian: Call) -> Path:
    """A new centre whose language is English."""
    folder = tmp_path / "centre"
    assert tingjian("init", folder, "--lang", "en").status == 0
    return with_the_example_alone(folder)


def message(party: str, text: str, second: int) -> dict[str, object]:
    return {"role": party, "text": text, "time": f"2026-03-02T09:00:{second:02}+08:00"}


CHATS = [
    {
        "conversation_id": "chat-angry",
        "agent": "A1",
        "queue": "维修",
        "team": "北区",
        "messages": [
            message("agent", "您好,请问有什么可以帮您", 0),
            message("customer", "再不处理我要投诉了", 20),
        ],
    },
    {
        "conversation_id": "chat-hostile",
        "agent": HOSTILE,
        "queue": "billing",
        "messages": [
            message("agent", "Hello, how can I help", 0),
            message("customer", f"I will file a complaint {HOSTILE}", 20),
        ],
    },
    {
        "conversation_id": "chat-calm",
        "queue": "billing",
        "messages": [
            message("agent", "Hello, how can I help", 0),
            message("customer", "just a question", 20),
        ],
    },
]


def put_chats(folder: Path) -> None:
    lines = (json.dumps(chat, ensure_ascii=False) for chat in CHATS)
    (folder / "inbox" / "chats.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre whose night was run, stage by stage, without Prefect; read only."""
    folder = tmp_path_factory.mktemp("ran") / "centre"
    assert main(["--lang", "en", "init", str(folder)]) == 0
    with_the_example_alone(folder)
    put_chats(folder)
    (folder / "inbox" / "empty.wav").touch()
    settings = load(folder)
    arrivals = night.scan(settings)
    night.read_texts(settings, arrivals)
    keeping.keep_sources(settings, arrivals.batch)
    keeping.keep(settings)
    for part in inspection.parts_never_inspected(settings):
        inspection.inspect_part(settings, part)
    keeping.keep(settings)
    triage.rank_kept(settings)
    keeping.keep(settings)
    return folder
