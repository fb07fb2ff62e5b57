from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.moments import clock, day, moment, zone_of

SHANGHAI = zone_of("Asia/Shanghai")
EXPECTED = datetime(2026, 1, 31, 1, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-31 09:05:07",
        "2026-01-31T09:05:07",
        "2026-01-31T09:05:07+08:00",
        "2026-01-31T09:05:07+0800",
        "2026-01-31T01:05:07Z",
        "2026/1/31 9:05:07",
        "2026.01.31 09:05:07",
        "2026年1月31日 9时5分7秒",
        "2026年1月31日 上午9点05分07秒",
        "2026/1/31 上午 9:05:07",
        "2026-01-31 09:05:07 AM",
        "2026-01-31 星期六 09:05:07",
        "２０２６-01-31 09：05：07",
        "20260131090507",
        "20260131_090507",
        "20260131T090507",
        20260131090507,
        "Sat, 31 Jan 2026 09:05:07 +0800",
        1769821507,
        "1769821507",
        1769821507000,
        1769821507.0,
        datetime(2026, 1, 31, 9, 5, 7),  # noqa: DTZ001 - as a spreadsheet has it
        datetime(2026, 1, 31, 2, 5, 7, tzinfo=timezone(timedelta(hours=1))),
        46053.37855324,
    ],
)
def test_every_way_of_writing_one_moment(value: object) -> None:
    assert abs(moment(value, zone=SHANGHAI) - EXPECTED) < timedelta(milliseconds=5)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-31", datetime(2026, 1, 30, 16, tzinfo=UTC)),
        (date(2026, 1, 31), datetime(2026, 1, 30, 16, tzinfo=UTC)),
        ("20260131", datetime(2026, 1, 30, 16, tzinfo=UTC)),
        ("2026-01-31 下午3:05", datetime(2026, 1, 31, 7, 5, tzinfo=UTC)),
        ("2026-01-31 12:05 AM", datetime(2026, 1, 30, 16, 5, tzinfo=UTC)),
        ("2026-01-31 12:05 PM", datetime(2026, 1, 31, 4, 5, tzinfo=UTC)),
        ("2026-01-31 09:05:07.123456789", datetime(2026, 1, 31, 1, 5, 7, 123456, tzinfo=UTC)),
        (1769821507123, datetime(2026, 1, 31, 1, 5, 7, 123000, tzinfo=UTC)),
    ],
)
def test_parts_of_a_moment(value: object, expected: datetime) -> None:
    assert moment(value, zone=SHANGHAI) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "now", "yesterday", "09:05", "5", "0", "1970-01-01", "2026-02-30", "03/04/2026"),
        *("31.01.2026", "2026-01-31 25:00", "9999-12-31", "0001-01-01T00:00:00+08:00"),
        *(None, True, 0, -1, float("nan"), float("inf"), 10**400, [], {}, "2026-01-31 09:05 lunch"),
    ],
)
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(value, zone=SHANGHAI)


def test_a_written_form_is_the_only_one() -> None:
    assert moment("31/01/2026 09:05:07", zone=SHANGHAI, written_as="%d/%m/%Y %H:%M:%S") == EXPECTED
    with pytest.raises(ValueError, match="does not match"):
        moment("2026-01-31 09:05:07", zone=SHANGHAI, written_as="%d/%m/%Y %H:%M:%S")


def test_an_hour_that_comes_twice_is_its_first() -> None:
    zone = zone_of("Europe/Berlin")
    assert moment("2025-10-26 02:30", zone=zone) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "hours"),
    [("Asia/Shanghai", 8), ("UTC", 0), ("+08:00", 8), ("UTC+8", 8), ("-0330", -3.5)],
)
def test_zones(name: str, hours: float) -> None:
    assert zone_of(name).utcoffset(EXPECTED.replace(tzinfo=None)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "+99:00", "Asia"]
)
def test_no_such_zone(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        zone_of(name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("09:05:07", time(9, 5, 7)),
        ("下午3:05", time(15, 5)),
        (time(1, 2), time(1, 2)),
        (0.5, time(12)),
        ("2026-01-31", None),
        ("25:00", None),
        (7, None),
        (None, None),
    ],
)
def test_time_of_day(value: object, expected: time | None) -> None:
    assert clock(value) == expected


def test_day_is_that_of_the_zone() -> None:
    assert day("2026-01-30T20:00:00Z", zone=SHANGHAI) == date(2026, 1, 31)


@given(st.integers(min_value=0, max_value=10**9))
def test_iso_goes_round(seconds: int) -> None:
    when = EXPECTED + timedelta(seconds=seconds)
    assert moment(when.isoformat(), zone=SHANGHAI) == when


@given(st.text(max_size=30) | st.integers() | st.floats())
def test_any_value_is_a_moment_or_a_value_error(value: object) -> None:
    with contextlib.suppress(ValueError):
        assert moment(value, zone=UTC).tzinfo is UTC
