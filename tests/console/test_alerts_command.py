"""``tingjian alerts``: listed, answered, sent, tested, as a person calls it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.alerts.alarms import failure
from pipelines.alerts.outbox import keep_alerts
from pipelines.settings import load
from tests.alert_receivers import receiving
from tests.console.conftest import Call
from warehouse.store import open_warehouse

CHANNEL = """
[[alerts.channels]]
name = "duty"
kind = "webhook"
address = "TINGJIAN_TEST_DUTY"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A centre with one alert."""
    (tmp_path / "tingjian.toml").write_text("[centre]\nlanguage = 'en'\n" + CHANNEL, "utf-8")
    settings = load(tmp_path)
    now = datetime.now(UTC)
    values = {"flow": "nightly", "started_at": (now - timedelta(minutes=5)).isoformat()}
    with open_warehouse(settings.warehouse) as warehouse:
        keep_alerts(
            settings, warehouse, [failure("run_failed", "r1", values, settings.alerts, now=now)]
        )
    return tmp_path


def test_an_alert_is_listed_sent_answered_and_gone(
    tingjian: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ("--centre", folder, "alerts")
    listed = tingjian(*here, "list", "--json")
    (one,) = json.loads(listed.out)["alerts"]
    begun = one["alert_id"][:8]
    shown = tingjian(*here, "list").folded
    assert begun in shown
    assert "nightly failed" in shown
    assert "told: nobody yet" in shown
    with receiving() as duty:
        monkeypatch.setenv("TINGJIAN_TEST_DUTY", duty.address)
        assert "1 messages sent, with 1 alerts" in tingjian(*here, "send").out
        assert "0 messages sent" in tingjian(*here, "send").out
        assert "duty: arrived" in tingjian(*here, "test").out
        duty.status = 500
        failed = tingjian(*here, "test", "duty")
        assert failed.status == 1
        assert "status 500" in failed.out
    assert "told: duty" in tingjian(*here, "list").folded
    assert f"{begun}: acknowledged." in tingjian(*here, "ack", begun, "--by", "rui").out
    assert "acknowledged; told: duty" in tingjian(*here, "list").folded
    assert "snoozed." in tingjian(*here, "snooze", begun, "--minutes", "5").out
    assert "open again." in tingjian(*here, "reopen", begun).out
    assert "resolved." in tingjian(*here, "resolve", begun, "--note", "restarted").out
    assert "No alert is open." in tingjian(*here, "list").out
    assert "resolved" in tingjian(*here, "list", "--all").out


def test_what_cannot_be_meant_is_refused_with_the_remedy(tingjian: Call, folder: Path) -> None:
    here = ("--centre", folder, "alerts")
    unknown = tingjian(*here, "ack", "zz")
    assert unknown.status == 1
    assert "alerts list --all" in unknown.err
    assert tingjian(*here, "test", "nobody").status == 2
    unset = tingjian(*here, "send")
    assert unset.status == 1
    assert "no_address: TINGJIAN_TEST_DUTY" in unset.out


def test_without_channels_nothing_is_sent_and_that_is_said(tingjian: Call, tmp_path: Path) -> None:
    (tmp_path / "tingjian.toml").write_text("", "utf-8")
    here = ("--centre", tmp_path, "--lang", "en", "alerts")
    sent = tingjian(*here, "send")
    assert sent.status == 0
    assert "no channel is set" in sent.out
    assert tingjian(*here, "test").status == 2
