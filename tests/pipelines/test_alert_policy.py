"""Who is told what and when: levels, cool-down, caps, quiet hours, rota, answers, escalation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from pipelines.alert_settings import AlertSettings
from pipelines.alerts.duty import is_within, on_duty
from pipelines.alerts.policy import Due, Outbox, due
from warehouse.alerting import AlertMessage
from warehouse.read_alerts import StandingAlert

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 30, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Shanghai
ROBOT = {"name": "robot", "kind": "wecom", "address": "ROBOT"}
BOSS = {"name": "boss", "kind": "email", "address": "BOSS", "step": 1, "level": "critical"}


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def alert(name: str, **about: object) -> StandingAlert:
    values: dict[str, object] = {
        "alert_id": name, "source": "finding", "level": "critical", "about": f"call-{name}",
        "rule_id": "r1", "queue": "", "group_key": "g1", "details": {}, "ended_at": None,
        "landed_at": None, "raised_at": NOON, "told_at": None, "state": "open", "until": None,
        "note": "", "answered_by": "", "answered_at": None, "receipts": {},
    }  # fmt: skip
    return StandingAlert(**{**values, **about})  # type: ignore[arg-type]


def message(*ids: str, state: str = "delivered", at: datetime = NOON, **about: object):
    values: dict[str, object] = {"message_id": "m-" + "-".join(ids), "channel": "robot",
                                 "attempt": 1, "error": "", "said_by": "system"}  # fmt: skip
    return AlertMessage(**{**values, **about}, alert_ids=ids, state=state, said_at=at)  # type: ignore[arg-type]


def settings(**values: object) -> AlertSettings:
    return AlertSettings.model_validate({"channels": [ROBOT], **values})


def told(
    standing: list[StandingAlert], *messages: AlertMessage, now: datetime = NOON, **values: object
) -> list[tuple[str, tuple[str, ...]]]:
    outbox = Outbox(standing=standing, messages=messages)
    found = due(outbox, settings(**values), zone=ZONE, now=now)
    return [(one.channel, one.alert_ids) for one in found]


def test_an_alert_is_told_once_to_each_channel_of_its_level_source_and_queue() -> None:
    channels = [
        ROBOT,
        {**ROBOT, "name": "low", "level": "minor"},
        {**ROBOT, "name": "spikes", "sources": ["spike"]},
        {**ROBOT, "name": "sales", "queues": ["sales"]},
    ]
    minor = alert("a", level="minor", queue="sales")
    assert told([minor], channels=channels) == [("low", ("a",))]
    major = alert("b", level="major", queue="sales")
    names = [name for name, _ in told([major], channels=channels)]
    assert names == ["robot", "low", "sales"]
    assert told([alert("c", receipts={"robot": NOON})]) == []
    assert told([], channels=[]) == []


def test_a_group_goes_together_and_again_only_after_its_cool_down() -> None:
    first = alert("a", receipts={"robot": NOON})
    rest = [alert(name, raised_at=NOON + minutes(n)) for n, name in enumerate("bcd", 1)]
    log = message("a")
    standing = [first, *rest]
    assert told(standing, log, now=NOON + minutes(29)) == []
    assert told(standing, log, now=NOON + minutes(30)) == [("robot", ("b", "c", "d"))]
    assert told([first, alert("x", group_key="g2")], log, now=NOON) == [("robot", ("x",))]
    own = {"r1": {"cooldown_minutes": 0}}
    assert told(standing, log, now=NOON + minutes(4), rules=own) == [("robot", ("b", "c", "d"))]


def test_over_the_cap_the_last_message_takes_everything_and_nothing_is_dropped() -> None:
    standing = [alert(f"a{n}", group_key=f"g{n}", level="major") for n in range(6)]
    standing.append(alert("z", group_key="gz"))
    found = told(standing, hourly_cap=3)
    assert found == [
        ("robot", ("z",)),
        ("robot", ("a0",)),
        ("robot", ("a1", "a2", "a3", "a4", "a5")),
    ]
    log = [message(f"m{n}", at=NOON) for n in range(3)]
    assert told(standing, *log, now=NOON + minutes(59), hourly_cap=3) == []
    again = told(standing, *log, now=NOON + minutes(60), hourly_cap=3)
    assert sorted(one for _, ids in again for one in ids) == sorted(a.alert_id for a in standing)


@pytest.mark.parametrize(
    ("local", "level", "is_told"),
    [
        ("22:00", "major", False), ("07:59", "major", False), ("08:00", "major", True),
        ("21:59", "major", True), ("03:00", "critical", True),
    ],
)  # fmt: skip
def test_quiet_hours_hold_back_what_can_wait(local: str, level: str, *, is_told: bool) -> None:
    at = datetime.fromisoformat(f"2026-03-30T{local}").replace(tzinfo=ZONE).astimezone(UTC)
    one = alert("a", level=level, raised_at=at)
    assert bool(told([one], now=at, quiet="22:00-08:00")) is is_told


def test_hours_past_midnight_and_the_whole_day() -> None:
    at = datetime(2026, 3, 30, 23, 0, tzinfo=ZONE)
    assert is_within("22:00-08:00", at)
    assert not is_within("08:00-22:00", at)
    assert is_within("00:00-00:00", at)
    assert not is_within("", at)


def test_the_rota_tells_who_is_on_duty_and_everybody_where_nobody_is() -> None:
    day, night = {**ROBOT, "name": "day"}, {**ROBOT, "name": "night"}
    odd = {**ROBOT, "name": "odd"}
    options = settings(
        channels=[ROBOT, day, night, odd],
        shifts=[
            {"channels": ["day"], "days": ["mon", "tue"], "hours": "09:00-18:00"},
            {"channels": ["night"], "days": ["mon"], "hours": "22:00-06:00"},
            {"channels": ["odd"], "days": ["mon"], "hours": "12:00-13:00", "every_weeks": 2,
             "first": "2026-03-23"},
        ],
    )  # fmt: skip

    def duty(text: str, level: str = "critical") -> set[str]:
        return set(on_duty(options, level, datetime.fromisoformat(text).replace(tzinfo=ZONE)))  # type: ignore[arg-type]

    assert duty("2026-03-30T12:30") == {"robot", "day"}  # the other week's Monday
    assert duty("2026-04-06T12:30") == {"robot", "day", "odd"}
    assert duty("2026-03-31T05:59") == {"robot", "night"}  # began on Monday
    assert duty("2026-03-31T06:00") == {"robot", "day", "night", "odd"}  # nobody: everybody
    assert duty("2026-03-31T06:00", "major") == {"robot"}


def test_what_somebody_answers_counts() -> None:
    now = NOON + minutes(10)
    for state in ("acknowledged", "resolved"):
        assert told([alert("a", state=state, answered_at=NOON)], now=now) == []
    held = alert("a", state="snoozed", answered_at=NOON, until=NOON + minutes(60),
                 receipts={"robot": NOON})  # fmt: skip
    assert told([held], message("a"), now=NOON + minutes(59)) == []
    assert told([held], message("a"), now=NOON + minutes(60)) == [("robot", ("a",))]
    opened = alert("a", state="open", answered_at=NOON + minutes(40), receipts={"robot": NOON})
    assert told([opened], message("a"), now=NOON + minutes(40)) == [("robot", ("a",))]


def test_nobody_acknowledged_so_the_next_is_told() -> None:
    both = [ROBOT, BOSS]
    standing = [alert("a", receipts={"robot": NOON})]
    log = message("a")
    assert told(standing, log, now=NOON + minutes(14), channels=both) == []
    assert told(standing, log, now=NOON + minutes(15), channels=both) == [("boss", ("a",))]
    acknowledged = [alert("a", receipts={"robot": NOON}, state="acknowledged", answered_at=NOON)]
    assert told(acknowledged, log, now=NOON + minutes(15), channels=both) == []
    third = [ROBOT, {**BOSS, "step": 3}]  # there are two times for steps
    assert told(standing, log, now=NOON + minutes(999), channels=third) == []


def test_hits_within_a_time_before_anybody_is_told() -> None:
    own = {"r1": {"hits": 3, "within_minutes": 10}}
    standing = [alert("a"), alert("b", raised_at=NOON + minutes(4))]
    assert told(standing, now=NOON + minutes(5), rules=own) == []
    standing.append(alert("c", raised_at=NOON + minutes(9)))
    assert told(standing, now=NOON + minutes(9), rules=own) == [("robot", ("a", "b", "c"))]
    assert told(standing, now=NOON + minutes(11), rules=own) == []


def test_what_did_not_arrive_is_sent_again_the_same_and_with_patience() -> None:
    standing = [alert("a"), alert("b", group_key="g2")]
    failed = message("a", state="failed", error="status 500")
    outbox = Outbox(standing=standing, messages=[failed])

    def again(n: float, *messages: AlertMessage) -> list[Due]:
        one = Outbox(standing=standing[:1], messages=messages or outbox.messages)
        return due(one, settings(), zone=ZONE, now=NOON + timedelta(seconds=n))

    assert again(29) == []
    assert again(30) == [Due(message_id="m-a", channel="robot", alert_ids=("a",), attempt=2)]
    third = message("a", state="failed", attempt=3)
    assert again(119, third) == []
    assert again(120, third)[0].attempt == 4
    late = message("a", state="failed", attempt=40)
    assert again(3599, late) == []
    assert again(3600, late)[0].attempt == 41
    doubtful = message("a", state="begun")
    assert again(0, doubtful) == [
        Due(message_id="m-a", channel="robot", alert_ids=("a",), attempt=2, is_in_doubt=True)
    ]
    silent = message("a", state="failed", error="in_doubt: ReadTimeout")
    assert again(30, silent)[0].is_in_doubt
    resolved = Outbox(standing=[], messages=[failed])
    assert due(resolved, settings(), zone=ZONE, now=NOON + minutes(60)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"channels": [ROBOT, ROBOT]},
        {"shifts": [{"channels": ["nobody"]}]},
        {"quiet": "22-8"},
        {"channels": [{**ROBOT, "address": "https://qyapi.weixin.qq.com/key"}]},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)
