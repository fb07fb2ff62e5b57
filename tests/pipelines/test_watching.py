"""The watch: what lands is taken in and told within a look, however often it is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from detectors.inspection import compile_plan
from detectors.rules import load_rules
from interactions.sound import Party
from pipelines import night
from pipelines.alert_settings import AlertSettings, MissingSettings, WatchSettings
from pipelines.keeping import keep
from pipelines.settings import Settings, load
from pipelines.watching.asked import Asked
from pipelines.watching.landing import Landing
from pipelines.watching.queues import read_now
from pipelines.watching.timers import Said, missed
from pipelines.watching.watch import Watch
from tests.alert_receivers import Receiver, receiving
from tests.pipelines.test_live import fill as quiet_weeks
from tests.pipelines.test_live import line as contact_line
from warehouse.read import interactions, known_ids
from warehouse.read_alerts import standing_alerts
from warehouse.store import open_warehouse

NS = 1_000_000_000
TOML = """
[rules]
packs = []
[alerts]
spikes = "off"
cooldown_minutes = 0
hourly_cap = 1000
[[alerts.channels]]
name = "hook"
kind = "webhook"
address = "TINGJIAN_TEST_HOOK"
level = "minor"
[watch]
settle_seconds = 1
chat_idle_seconds = 60
[[watch.missing]]
name = "greeting"
within_seconds = 10
any_of = ["您好", "你好"]
"""
RULES = """
rules:
  - id: threat
    version: 1
    title: {zh: 要投诉, en: Threatens}
    severity: critical
    find:
      phrase: {party: customer, any: [投诉]}
  - id: no-goodbye
    version: 1
    title: {zh: 没有结束语, en: No goodbye}
    severity: critical
    find:
      missing_phrase: {party: agent, any: [再见]}
  - id: dead-air
    version: 1
    title: {zh: 静默, en: Dead air}
    severity: critical
    find:
      silence: {min_s: 2}
"""


@pytest.fixture
def centre(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "tingjian.toml").write_text(TOML, "utf-8")
    (tmp_path / "rules" / "own.yaml").write_text(RULES, "utf-8")
    return load(tmp_path)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as receiver:
        monkeypatch.setenv("TINGJIAN_TEST_HOOK", receiver.address)
        yield receiver


class Clock:
    """The machine's clock, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> int:
        return time.time_ns() + round(self.ahead_s * NS)


def say(path: Path, chat: str, role: str, text: str, *, ago_s: float = 0, **more: object) -> None:
    at = datetime.now(UTC) - timedelta(seconds=ago_s)
    line = {"conversation": chat, "role": role, "text": text, "time": at.isoformat(),
            "queue": "在线", **more}  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def alerts(settings: Settings) -> list[tuple[str, str]]:
    with open_warehouse(settings.warehouse) as warehouse:
        return sorted((one.rule_id, one.about) for one in standing_alerts(warehouse))


def kept(settings: Settings) -> set[str]:
    with open_warehouse(settings.warehouse) as warehouse:
        return set(known_ids(warehouse))


def record(path: Path, spoken: NDArray[np.float32], gap_s: float = 4.0) -> None:
    """A call in which both say something and nobody does for a while in between."""
    quiet = np.zeros(int(gap_s * 8000), np.float32)
    silent = np.zeros_like(spoken)
    agent, customer = [spoken, quiet, silent], [silent, quiet, spoken]
    sound = np.stack([np.concatenate(agent), np.concatenate(customer)], axis=1)
    about = {"started_at": (datetime.now(UTC) - timedelta(seconds=30)).isoformat(), "queue": "热线"}
    path.with_suffix(".meta.json").write_text(json.dumps(about), "utf-8")
    soundfile.write(path, sound, 8000, subtype="PCM_16")


def test_a_rule_is_told_while_the_chat_runs_and_never_again(
    centre: Settings, hook: Receiver
) -> None:
    clock = Clock()
    watch = Watch(centre, clock_ns=clock)
    path = centre.inbox / "now.jsonl"
    say(path, "c1", "agent", "您好，请讲")
    say(path, "c1", "customer", "我的电话是13800138000，再不处理我要投诉")
    look = watch.look()
    assert [one.rule_id for one in look.raised] == ["threat"]  # "no goodbye" has to wait
    assert look.lines == 2
    assert [one.about for one in watch.look().raised] == []
    (got,) = hook.got
    (one,) = got.said["alerts"]  # type: ignore[misc]
    assert one["about"] == "c1"  # type: ignore[index]
    assert one["landed_at"] is not None  # type: ignore[index]
    assert "13800138000" not in got.body.decode()
    assert kept(centre) == set()
    say(path, "c1", "customer", "我说要投诉")
    assert watch.look().raised == ()
    clock.ahead_s = 61
    ended = watch.look()
    assert ended.kept == 1
    assert [one.rule_id for one in ended.raised] == ["no-goodbye"]
    assert alerts(centre) == [("no-goodbye", "c1"), ("threat", "c1")]
    arrivals = night.scan(centre)
    night.read_texts(centre, arrivals)  # the night reads the same file and finds nothing new
    assert keep(centre) == []
    assert kept(centre) == {"c1"}


def test_a_chat_ends_when_it_says_so_and_whole_chats_at_once(centre: Settings) -> None:
    watch = Watch(centre)
    path = centre.inbox / "now.jsonl"
    say(path, "c1", "agent", "您好")
    say(path, "c1", "customer", "谢谢", ended=True)
    at = datetime.now(UTC).isoformat()
    whole = {"id": "w1", "messages": [{"role": "customer", "text": "我要投诉", "time": at}]}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(whole, ensure_ascii=False) + "\n")
        file.write('{"conversation": "c2", "ro')  # half a line
    assert watch.look().kept == 2
    assert kept(centre) == {"c1", "w1"}
    assert ("threat", "w1") in alerts(centre)
    assert ("no-goodbye", "c1") in alerts(centre)


def test_a_chat_that_goes_on_after_its_end_keeps_its_beginning(centre: Settings) -> None:
    clock = Clock()
    watch = Watch(centre, clock_ns=clock)
    path = centre.inbox / "now.jsonl"
    say(path, "c1", "agent", "您好")
    say(path, "c2", "agent", "您好")
    say(path, "c1", "customer", "谢谢")
    watch.look()
    clock.ahead_s = 61
    assert watch.look().kept == 2
    say(path, "c1", "customer", "我要投诉", ago_s=-62)
    look = watch.look()  # by the test's clock the line is old enough for the chat to be over
    assert look.kept == 1
    assert {one.rule_id for one in look.raised} == {"threat"}
    with open_warehouse(centre.warehouse) as warehouse:
        (whole,) = interactions(warehouse, ["c1"])
    assert [one.text for one in whole.utterances] == ["您好", "谢谢", "我要投诉"]


def test_json_lines_of_something_else_are_read_when_they_are_whole(centre: Settings) -> None:
    clock = Clock()
    watch = Watch(centre, clock_ns=clock)
    at = datetime.now(UTC).isoformat()
    mails = [{"id": f"m{n}", "title": "退货", "text": "我要投诉", "time": at} for n in range(2)]
    lines = (json.dumps(one, ensure_ascii=False) for one in mails)
    (centre.inbox / "mails.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert watch.look().kept == 0
    clock.ahead_s = 1.5
    assert watch.look().raised
    assert kept(centre) == {"m0", "m1"}
    arrivals = night.scan(centre)
    assert (arrivals.batch.unchanged, arrivals.batch.texts) == (1, ())


def test_a_line_longer_than_a_look_stops_nothing(
    centre: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.watching.tail.MOST_BYTES", 400)
    watch = Watch(centre)
    path = centre.inbox / "now.jsonl"
    say(path, "c0", "agent", "长" * 2_000)
    say(path, "c1", "customer", "我要投诉", ended=True)
    looks = [watch.look() for _ in range(40)]
    assert [one.about for look in looks for one in look.raised] == ["c1"]
    assert kept(centre) == {"c1"}


def test_what_was_not_said_in_time_is_told_and_what_was_is_not(centre: Settings) -> None:
    clock = Clock()
    watch = Watch(centre, clock_ns=clock)
    path = centre.inbox / "now.jsonl"
    say(path, "late", "customer", "在吗")
    say(path, "good", "customer", "在吗")
    watch.look()
    say(path, "good", "agent", "您好，请问有什么可以帮您")
    clock.ahead_s = 9
    assert watch.look().raised == ()
    clock.ahead_s = 12
    assert [(one.rule_id, one.about) for one in watch.look().raised] == [("greeting", "late")]
    say(path, "late", "agent", "您好，久等了", ago_s=-12)
    assert watch.look().raised == ()


SAID = [
    Said(Party.CUSTOMER, datetime(2026, 3, 30, 1, 0, 0, tzinfo=UTC), "在吗"),
    Said(Party.AGENT, datetime(2026, 3, 30, 1, 0, 8, tzinfo=UTC), "請稍等"),
    Said(Party.CUSTOMER, datetime(2026, 3, 30, 1, 1, 0, tzinfo=UTC), "还在吗"),
    Said(Party.CUSTOMER, datetime(2026, 3, 30, 1, 1, 30, tzinfo=UTC), "人呢"),
]


@pytest.mark.parametrize(
    ("timer", "said", "after_s", "since_s"),
    [
        ({"within_seconds": 10}, SAID, 60, None),
        ({"within_seconds": 5}, SAID, 60, 0),
        ({"within_seconds": 10, "any_of": ["您好"]}, SAID, 60, 0),
        ({"within_seconds": 10, "any_of": ["请稍等"]}, SAID, 60, None),  # traditional is the same
        ({"within_seconds": 60, "after": "customer"}, SAID, 120, None),
        ({"within_seconds": 60, "after": "customer"}, SAID, 122, 60),
        ({"within_seconds": 10}, [], 60, None),
        ({"within_seconds": 10}, SAID[:1], 10, None),
        ({"within_seconds": 10}, SAID[:1], 11, 0),
    ],
)
def test_timers(
    timer: dict[str, object], said: list[Said], after_s: int, since_s: int | None
) -> None:
    start = SAID[0].at
    found = missed(
        MissingSettings.model_validate({"name": "t", **timer}),
        said,
        start + timedelta(seconds=after_s),
    )
    assert found == (None if since_s is None else start + timedelta(seconds=since_s))


def test_a_recording_is_taken_in_when_it_is_whole(
    centre: Settings,
    hook: Receiver,
    spoken: NDArray[np.float32],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipelines.watching.watch.REFRESH_S", 0.0)
    clock = Clock()
    watch = Watch(centre, clock_ns=clock)
    watch.look()
    path = centre.inbox / "call.wav"
    record(path, spoken)
    assert watch.look().kept == 0  # it might still be written
    clock.ahead_s = 1.5
    look = watch.look()
    assert {(one.path.name, one.because) for one in look.landed} >= {("call.wav", "settled")}
    assert look.kept == 1
    assert [one.rule_id for one in look.raised] == ["dead-air"]
    assert len(hook.got) == 1
    found = read_now(centre.folder)
    assert found is not None
    assert [(one.queue, one.finished, one.alerts) for one in found[1]] == [("热线", 1, 1)]


def test_words_of_the_running_hour_are_told(centre: Settings) -> None:
    quiet_weeks(centre)
    values = centre.alerts.model_dump() | {"spikes": "major"}
    alerts_on = AlertSettings.model_validate(values)
    watch = Watch(centre.model_copy(update={"alerts": alerts_on}))
    watch.look()
    with (centre.inbox / "now.jsonl").open("a", encoding="utf-8") as file:
        for number in range(20):
            file.write(contact_line(number, "付款页面白屏了"))
    raised = [one for one in watch.look().raised if one.source == "spike"]
    assert any("白屏" in one.about for one in raised)
    assert {one.level for one in raised} == {"major"}


def test_which_files_are_whole(tmp_path: Path) -> None:
    clock = Clock()
    settled = Landing(tmp_path, WatchSettings(settle_seconds=2), clock_ns=clock)
    marked = Landing(tmp_path, WatchSettings(complete="marker"), clock_ns=clock)
    soundfile.write(tmp_path / "a.wav", np.zeros(8000), 8000)
    (tmp_path / "b.csv.part").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    assert settled.look() == []
    assert settled.growing == {tmp_path / "a.wav"}
    (tmp_path / "b.csv.part").rename(tmp_path / "b.csv")
    assert [(one.path.name, one.because) for one in settled.look()] == [("b.csv", "renamed")]
    clock.ahead_s = 2.5
    assert [(one.path.name, one.because) for one in settled.look()] == [("a.wav", "settled")]
    assert settled.look() == []
    assert marked.look() == []
    (tmp_path / "a.wav.done").touch()
    assert [(one.path.name, one.because) for one in marked.look()] == [("a.wav", "marker")]
    head = (tmp_path / "a.wav").read_bytes()[:4000]  # a copy that paused
    (tmp_path / "c.wav").write_bytes(head)
    settled.look()
    clock.ahead_s = 60
    assert settled.look() == []
    clock.ahead_s = 700
    assert [one.path.name for one in settled.look()] == ["c.wav"]


def test_a_rule_is_asked_early_only_where_nothing_later_can_undo_it(tmp_path: Path) -> None:
    own = """
  - id: {id}
    version: 1
    title: {{zh: 规则, en: Rule}}
    severity: critical
    find: {find}
"""
    finds = {
        "phrase": "{phrase: {any: [退款]}}",
        "none": "{phrase: {any: [退款], none: [谢谢]}}",
        "both": "{all: [{phrase: {any: [退款]}}, {phrase: {any: [投诉]}}]}",
        "but": "{all: [{phrase: {any: [退款]}}, {not: {phrase: {any: [投诉]}}}]}",
        "missing": "{missing_phrase: {party: agent, any: [您好]}}",
        "near": "{near: {within: 3 messages, parts: [{phrase: {any: [退款]}}, "
        "{phrase: {any: [钱]}}]}}",
        "start": "{phrase: {any: [退款], within: first 2 messages}}",
    }
    path = tmp_path / "rules.yaml"
    path.write_text("rules:" + "".join(own.format(id=f"r-{n}", find=f) for n, f in finds.items()))
    plan = compile_plan(load_rules([path]).rules)
    assert set(Asked(plan, AlertSettings()).rules) == {"r-phrase", "r-both", "r-near"}
    assert Asked(plan, AlertSettings(findings="off")).rules == ()
    only = {"r-phrase": {"level": "off"}}
    assert "r-phrase" not in Asked(plan, AlertSettings.model_validate({"rules": only})).rules


KILLED = """
import os, sys, threading, time
from pathlib import Path
from pipelines.settings import load
from pipelines.watching.watch import Watch
wait = float(sys.argv[2])
threading.Thread(target=lambda: (time.sleep(wait), os.kill(os.getpid(), 9)), daemon=True).start()
watch = Watch(load(Path(sys.argv[1])))
while True:
    watch.look()
    time.sleep(0.05)
"""


@pytest.mark.slow
def test_killed_again_and_again_nothing_is_lost_and_nothing_twice(
    centre: Settings, hook: Receiver, spoken: NDArray[np.float32]
) -> None:
    path = centre.inbox / "now.jsonl"
    folder = str(Path(__file__).resolve().parents[2])
    for number in range(8):
        for chat in range(5):
            name = f"c{number}-{chat}"
            say(path, name, "agent", "您好")
            say(path, name, "customer", "我要投诉" if chat % 2 else "谢谢", ended=True)
        record(centre.inbox / f"call-{number}.wav", spoken, 4 + number)
        command = [sys.executable, "-c", KILLED, str(centre.folder), str(3.0 + 0.4 * number)]
        done = subprocess.run(
            command, check=False, cwd=folder, env={**os.environ, "PYTHONPATH": folder}
        )
        assert done.returncode == -signal.SIGKILL
    clock = Clock()
    clock.ahead_s = 3
    watch = Watch(centre, clock_ns=clock)
    for _ in range(3):
        watch.look()
    assert len(kept(centre)) == 40 + 8
    found = alerts(centre)
    assert len(found) == len(set(found))
    assert sum(rule == "threat" for rule, _ in found) == 16
    assert sum(rule == "no-goodbye" for rule, _ in found) == 40
    assert sum(rule == "dead-air" for rule, _ in found) == 8
    numbers = [one.headers["webhook-id"] for one in hook.got]
    told = [a["alert_id"] for one in hook.got for a in one.said["alerts"]]  # type: ignore[attr-defined,index]
    assert len(set(told)) == len(found)
    repeated = len(numbers) - len(set(numbers))
    assert len(told) == len(set(told)) or repeated  # only under a number already seen


def test_another_process_has_the_warehouse_and_nothing_is_lost(
    centre: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.alerts import outbox

    watch = Watch(centre)
    watch.look()
    monkeypatch.setattr(outbox, "PATIENCE_S", 0.1)
    hold = (
        "import sys, time; from pathlib import Path; from warehouse.store import open_warehouse\n"
        "with open_warehouse(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    folder = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", hold, str(centre.warehouse)]
    say(centre.inbox / "now.jsonl", "c1", "customer", "我要投诉", ended=True)
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert watch.look().is_waiting
        holder.kill()
    look = watch.look()
    assert look.kept == 1
    assert {one.rule_id for one in look.raised} == {"threat"}


def test_a_copied_centre_needs_no_warehouse(centre: Settings) -> None:
    say(centre.inbox / "now.jsonl", "c1", "customer", "我要投诉", ended=True)
    Watch(centre).look()
    centre.warehouse.unlink()
    shutil.rmtree(centre.folder / "spool" / "inspections")
    watch = Watch(centre)
    watch.look()
    assert kept(centre) == {"c1"}
    assert ("threat", "c1") in alerts(centre)
