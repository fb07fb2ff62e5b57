"""When people may be told: the duty rota and the quiet hours, by the centre's clock. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from pipelines.alert_settings import LEVELS, WEEKDAYS, AlertSettings, Level, ShiftSettings

WEEK = 7


def is_within(hours: str, local: datetime) -> bool:
    """Whether a moment lies in daily hours.

    Args:
        hours: ``HH:MM-HH:MM``, half-open; past midnight where the end is not after the start (the
            same twice is the whole day); empty: never.
        local: By the centre's clock.
    """
    if not hours:
        return False
    start, end = _ends(hours)
    at = local.time()
    return start <= at < end if start < end else (at >= start or at < end)


def is_quiet(alerts: AlertSettings, level: Level, local: datetime) -> bool:
    """Whether an alert of this level has to wait for the end of the quiet hours."""
    is_low = LEVELS.index(level) < LEVELS.index(alerts.quiet_level)
    return is_low and is_within(alerts.quiet, local)


def on_duty(alerts: AlertSettings, level: Level, local: datetime) -> frozenset[str]:
    """Return the channels that may be told now.

    A channel of no shift is always on duty. Where no shift is on at all, a critical alert goes to
    everybody of the rota rather than to nobody; others wait for the next shift.
    """
    rota = {name for shift in alerts.shifts for name in shift.channels}
    now = {name for shift in alerts.shifts if _is_on(shift, local) for name in shift.channels}
    always = {one.name for one in alerts.channels} - rota
    is_urgent = level == LEVELS[-1]
    return frozenset(always | (now or (rota if is_urgent else set())))


def _is_on(shift: ShiftSettings, local: datetime) -> bool:
    start, end = _ends(shift.hours)
    for back in (0, 1):  # a shift that began yesterday may go on past midnight
        day = local.date() - timedelta(days=back)
        begins = datetime.combine(day, start, local.tzinfo)
        ends = datetime.combine(day + timedelta(days=0 if start < end else 1), end, local.tzinfo)
        if begins <= local < ends and _is_day_of(shift, day):
            return True
    return False


def _is_day_of(shift: ShiftSettings, day: date) -> bool:
    weeks = (_monday(day) - _monday(shift.first)).days // WEEK
    return WEEKDAYS[day.weekday()] in shift.days and weeks % shift.every_weeks == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _ends(hours: str) -> tuple[time, time]:
    start, _, end = hours.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)
