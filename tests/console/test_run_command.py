"""``tingjian run`` and ``reinspect`` on a real Prefect server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]
ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.flow,
    # Prefect's own, about its event loop and its database.
    pytest.mark.filterwarnings("ignore"),
]
CHAT = {
    "conversation_id": "chat-1",
    "messages": [
        {"role": "agent", "text": "您好", "time": "2026-03-02T09:00:00+08:00"},
        {"role": "customer", "text": "我要投诉", "time": "2026-03-02T09:00:09+08:00"},
    ],
}
HOLD = """
import sys
from pathlib import Path
from warehouse.store import open_warehouse
with open_warehouse(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
TAKEN = """
import sys
from console.cli import main
from pipelines import keeping
from warehouse.problems import WarehouseBusy
def taken(settings, batch=None):
    raise WarehouseBusy("the warehouse", "warehouse_busy", pid=7, program="python")
keeping.keep_sources = taken
sys.exit(main(["--centre", sys.argv[1], "run"]))
"""
RULE = """rules:
  - id: greets
    version: 1
    title: {zh: 问好, en: Greets}
    severity: minor
    find: {phrase: {party: agent, any: [您好]}}
"""


@pytest.fixture(scope="module", autouse=True)
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep Prefect's runs apart from those of a person."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        patch.delenv("PREFECT_API_URL", raising=False)
        yield


def test_a_night_from_inbox_to_worklist_and_again(tingjian: Call, centre: Path) -> None:
    (centre / "inbox" / "chats.jsonl").write_text(json.dumps(CHAT) + "\n")
    (centre / "inbox" / "empty.wav").touch()
    (centre / "inbox" / "page.wav").write_text("<html>no sound</html>" * 99)
    (centre / "inbox" / "page.meta.json").write_text('{"started_at": "2026-03-02 09:00:00"}')

    first = tingjian("--centre", centre, "run")
    assert first.status == 0
    for words in ("Kept 1", "Set aside 2", "empty.wav", "00:09 The customer said “我要投诉”"):
        assert words in first.folded
    for stage in ("Looking through the inbox", "Inspecting", "Ranking"):
        assert stage in first.err

    again = tingjian("--centre", centre, "run", "--json")
    assert again.status == 0
    summary = json.loads(again.out)
    assert (summary["kept"], summary["unchanged"], summary["inspected"]) == (0, 2, 0)
    assert summary["totals"]["kept"] == 1
    assert [one["item"] for one in summary["set_aside"]] == ["empty.wav"]
    listed = json.loads(tingjian("--centre", centre, "intake", "--json").out)["set_aside"]
    assert [(one["item"], one["code"]) for one in listed] == [
        ("empty.wav", "empty_file"), ("page.wav", "not_audio"),
    ]  # fmt: skip
    assert summary["set_aside"][0]["in_words"].startswith("the file is empty (0 bytes);")

    (centre / "rules" / "mine.yaml").write_text(RULE)
    page = tingjian("--centre", centre, "--lang", "zh", "reinspect").folded
    assert "重新质检" in page
    assert "问好" in page
    assert "问好" in tingjian("--centre", centre, "--lang", "zh", "show", "chat-1").folded


def test_rules_that_cannot_be_used_stop_the_night_before_it_begins(
    tingjian: Call, centre: Path
) -> None:
    (centre / "rules" / "wrong.yaml").write_text("rules: 3\n")
    for command in ("run", "reinspect"):
        answer = tingjian("--centre", centre, command)
        assert (answer.status, answer.out) == (2, "")
        assert "wrong.yaml:1: rules: found '3'" in answer.err
        assert "errors in the rules: 1." in answer.err
    assert not (centre / "warehouse.duckdb").exists()


def test_a_warehouse_that_another_process_holds_is_told(tingjian: Call, centre: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(centre / "warehouse.duckdb")],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as owner:  # fmt: skip
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        answer = tingjian("--centre", centre, "run")
        owner.communicate("")
    assert (answer.status, answer.out) == (1, "")
    assert str(owner.pid) in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.slow  # a Prefect server of its own
def test_a_failure_within_the_night_is_told_without_a_traceback(centre: Path) -> None:
    """The warehouse is taken by another process once the night has begun."""
    (centre / "inbox" / "chats.jsonl").write_text(json.dumps(CHAT) + "\n")
    answer = subprocess.run(
        [sys.executable, "-c", TAKEN, str(centre)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Traceback" not in answer.stderr
    assert "✗ the warehouse: another process has the warehouse open (PID 7" in answer.stderr
    assert "The night stopped in the stage “Hearing calls”." in answer.stderr
