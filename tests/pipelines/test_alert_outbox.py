"""From findings to messages: raised once, sent once, written down, whatever is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.alerts import outbox
from pipelines.alerts.answering import answer
from pipelines.alerts.outbox import send_due, send_test
from pipelines.alerts.raising import failures_told, raise_drifts, raise_kept
from pipelines.keeping import keep
from pipelines.settings import Settings, load
from tests.alert_receivers import Receiver, receiving
from tests.desk_centre import make
from warehouse.alerting import AlertAnswer
from warehouse.read_alerts import alert_latencies, standing_alerts
from warehouse.rows import run_tables
from warehouse.spool import Spool
from warehouse.store import Run, open_warehouse

NOW = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)
ALERTS = """
[alerts]
findings = "{least}"
cooldown_minutes = 0
[[alerts.channels]]
name = "hook"
kind = "webhook"
address = "TINGJIAN_TEST_HOOK"
level = "minor"
"""


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)  # two things never happen at once
        return self.now


def with_alerts(settings: Settings, least: str = "critical") -> Settings:
    path = settings.folder / "tingjian.toml"
    path.write_text(path.read_text("utf-8") + ALERTS.format(least=least), "utf-8")
    return load(settings.folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("alarmed") / "centre", calls=1, chats=8).folder


@pytest.fixture
def plain(made: Path, tmp_path: Path) -> Settings:
    return load(Path(shutil.copytree(made, tmp_path / "centre")))


@pytest.fixture
def alarmed(plain: Settings) -> Settings:
    return with_alerts(plain)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as receiver:
        monkeypatch.setenv("TINGJIAN_TEST_HOOK", receiver.address)
        yield receiver


def standing(settings: Settings):
    with open_warehouse(settings.warehouse) as warehouse:
        return standing_alerts(warehouse)


def told(hook: Receiver) -> list[str]:
    return [one["alert_id"] for got in hook.got for one in got.said["alerts"]]  # type: ignore[attr-defined,index]


def test_critical_findings_are_raised_once_masked_and_sent_once(
    alarmed: Settings, hook: Receiver
) -> None:
    clock = Clock()
    raised = raise_kept(alarmed, now=NOW)
    assert raised
    assert {one.source for one in raised} <= {"finding", "score"}
    assert raise_kept(alarmed, now=NOW) == ()
    assert "13800138000" not in json.dumps([one.details for one in raised])
    assert all(one.ended_at is not None for one in raised)
    sent = send_due(alarmed, clock=clock)
    assert [one.error for one in sent] == [""] * len(sent)
    assert sorted(told(hook)) == sorted(one.alert_id for one in raised)
    assert send_due(alarmed, clock=clock) == []
    assert all(set(one.receipts) == {"hook"} for one in standing(alarmed))
    with open_warehouse(alarmed.warehouse) as warehouse:
        latencies = {one.source: one for one in alert_latencies(warehouse)}
    assert latencies["finding"].alerts == sum(one.source == "finding" for one in raised)
    median, p95 = latencies["finding"].end_to_raised
    assert median is not None
    assert p95 is not None
    assert 0 < median <= p95


def test_what_is_old_alarms_nobody(alarmed: Settings) -> None:
    assert raise_kept(alarmed, now=NOW + timedelta(days=30)) == ()


def test_a_rule_can_be_off_or_louder(plain: Settings, tmp_path: Path) -> None:
    other = load(Path(shutil.copytree(plain.folder, tmp_path / "other")))
    assert raise_kept(_with(plain, findings="off"), now=NOW) == ()
    rules = {one.rule_id for one in raise_kept(_with(plain, findings="minor"), now=NOW)}
    rule = min(rules)
    louder = _with(other, findings="off", rules={rule: {"level": "critical"}})
    raised = raise_kept(louder, now=NOW)
    assert {(one.rule_id, one.level) for one in raised} == {(rule, "critical")}
    quieter = _with(other, findings="minor", rules={rule: {"level": "off"}})
    assert {one.rule_id for one in raise_kept(quieter, now=NOW)} == rules - {rule}


def _with(settings: Settings, **alerts: object) -> Settings:
    values = settings.alerts.model_dump(mode="python") | alerts
    return settings.model_copy(update={"alerts": type(settings.alerts).model_validate(values)})


def test_a_warehouse_made_anew_knows_what_was_sent(alarmed: Settings, hook: Receiver) -> None:
    raise_kept(alarmed, now=NOW)
    send_due(alarmed, clock=Clock())
    before, got = standing(alarmed), len(hook.got)
    alarmed.warehouse.unlink()
    keep(alarmed)
    assert standing(alarmed) == before
    assert raise_kept(alarmed, now=NOW) == ()
    assert send_due(alarmed, clock=Clock(NOW + timedelta(hours=1))) == []
    assert len(hook.got) == got


def test_a_channel_that_fails_is_tried_again_and_others_are_told(
    alarmed: Settings, hook: Receiver
) -> None:
    raised = raise_kept(alarmed, now=NOW)
    hook.status = 503
    clock = Clock()
    attempts = 0
    while attempts < 5:
        sent = send_due(alarmed, clock=clock)
        attempts = max([attempts, *(one.attempt for one in sent)])
        clock.now += timedelta(seconds=10)
    assert {one.error for one in sent} == {"status 503"}
    failing = [one for one in standing(alarmed) if one.rule_id == "undelivered"]
    assert [one.details["channel"] for one in failing] == ["hook"]
    hook.status = 200
    hook.got.clear()
    clock.now += timedelta(hours=1)
    send_due(alarmed, clock=clock)
    assert {one.alert_id for one in raised} <= set(told(hook))
    assert all(one.receipts for one in standing(alarmed))


KILLED = """
import os, sys
from pathlib import Path
from pipelines.alerts import outbox
from pipelines.settings import load
from tests.pipelines.test_alert_outbox import Clock
if sys.argv[2] == "before":
    outbox.send = lambda *_, **__: os.kill(os.getpid(), 9)
else:
    kept = outbox._note
    def note(settings, step):
        if step.state == "delivered":
            os.kill(os.getpid(), 9)
        kept(settings, step)
    outbox._note = note
outbox.send_due(load(Path(sys.argv[1])), clock=Clock())
"""


@pytest.mark.parametrize(("moment", "got"), [("before", 0), ("after", 1)])
def test_killed_between_sending_and_receipt_it_goes_again_under_the_same_number(
    alarmed: Settings, hook: Receiver, moment: str, got: int
) -> None:
    raise_kept(alarmed, now=NOW)
    command = [sys.executable, "-c", KILLED, str(alarmed.folder), moment]
    folder = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        command, check=False, env={**os.environ, "PYTHONPATH": folder}, cwd=folder
    )
    assert done.returncode == -signal.SIGKILL
    assert len(hook.got) == got
    sent = send_due(alarmed, clock=Clock(NOW + timedelta(minutes=1)))
    assert [one.error for one in sent] == [""] * len(sent)
    numbers = [one.headers["webhook-id"] for one in hook.got]
    assert len(set(numbers)) == len(numbers) - got  # one of them twice, under its own number
    assert [one.said["may_be_repeated"] for one in hook.got[got:]].count(True) == 1
    assert sorted(set(told(hook))) == sorted(one.alert_id for one in standing(alarmed))
    assert send_due(alarmed, clock=Clock(NOW + timedelta(minutes=2))) == []


def test_only_one_process_sends_at_a_time(alarmed: Settings, hook: Receiver) -> None:
    raise_kept(alarmed, now=NOW)
    hold = (
        "import fcntl, sys, time; file = open(sys.argv[1], 'a'); "
        "fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)"
    )
    lock = str(alarmed.folder / "alerts.lock")
    with subprocess.Popen([sys.executable, "-c", hold, lock], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert send_due(alarmed, clock=Clock()) == []
        holder.kill()
    assert send_due(alarmed, clock=Clock())
    assert hook.got


def test_an_answer_stops_the_telling(alarmed: Settings, hook: Receiver) -> None:
    raised = raise_kept(alarmed, now=NOW)
    first, *rest = [one.alert_id for one in raised]
    answer(
        alarmed,
        AlertAnswer(
            alert_id=first, act="acknowledged", until=None, note="", said_by="rui", said_at=NOW
        ),
    )
    send_due(alarmed, clock=Clock(NOW + timedelta(seconds=1)))
    assert sorted(told(hook)) == sorted(rest)
    states = {one.alert_id: one.state for one in standing(alarmed)}
    assert states[first] == "acknowledged"


def test_a_failed_night_is_an_alert(alarmed: Settings, hook: Receiver) -> None:
    now = datetime.now(UTC)
    run = Run(run_id="r1", flow="nightly", started_at=now, ended_at=now, state="failed")
    Spool(alarmed.spool).write("runs", "r1-failed", run_tables(run))
    keep(alarmed)
    with pytest.raises(ZeroDivisionError), failures_told(alarmed):
        _ = 1 / 0
    (got,) = hook.got
    (one,) = got.said["alerts"]  # type: ignore[misc]
    assert (one["source"], one["rule_id"], one["level"]) == ("pipeline", "run_failed", "critical")  # type: ignore[index]


def test_a_night_that_never_came_is_an_alert(alarmed: Settings) -> None:
    run = Run(
        run_id="r0", flow="nightly", started_at=NOW, ended_at=NOW, state="completed",
        summary={"found": 10, "set_aside": 6},
    )  # fmt: skip
    Spool(alarmed.spool).write("runs", "r0-completed", run_tables(run))
    keep(alarmed)
    codes = [one.rule_id for one in raise_kept(alarmed, now=NOW) if one.source == "pipeline"]
    assert codes == ["much_set_aside"]
    later = raise_kept(alarmed, now=NOW + timedelta(hours=30))
    assert [one.rule_id for one in later if one.source == "pipeline"] == ["night_missing"]
    assert raise_drifts(alarmed, now=NOW) == ()


def test_a_test_message_arrives_and_is_not_kept(alarmed: Settings, hook: Receiver) -> None:
    (channel,) = alarmed.alerts.channels
    assert send_test(alarmed, channel).is_delivered
    assert [one["rule_id"] for one in hook.got[0].said["alerts"]] == ["test"]  # type: ignore[attr-defined]
    assert standing(alarmed) == []


def test_a_busy_warehouse_is_waited_for(alarmed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "PATIENCE_S", 20.0)
    hold = (
        "import sys, time; from pathlib import Path; from warehouse.store import open_warehouse\n"
        "with open_warehouse(Path(sys.argv[1])): print('held', flush=True); time.sleep(1)"
    )
    command = [sys.executable, "-c", hold, str(alarmed.warehouse)]
    folder = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        began = time.monotonic()
        assert raise_kept(alarmed, now=NOW)
        assert time.monotonic() - began < 20


def test_two_raisers_make_one_alert(alarmed: Settings) -> None:
    raised = raise_kept(alarmed, now=NOW)
    later = [replace(one, said_at=NOW + timedelta(minutes=1)) for one in raised]
    from warehouse.rows import said_tables

    Spool(alarmed.spool).write("alerts", "another", said_tables(later))
    keep(alarmed)
    kept = standing(alarmed)
    assert [one.alert_id for one in kept] == sorted(one.alert_id for one in raised)
    assert {one.raised_at for one in kept} == {NOW}
