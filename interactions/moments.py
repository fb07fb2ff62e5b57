"""When something happened: every way that exports write a point in time, to UTC.

A time that cannot be read is an error for a person to mend, never "now". Day and month are never
guessed apart: ``03/04/2026`` needs a format in the settings.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

DEFAULT_TIMEZONE = "Asia/Shanghai"

# Serial days of spreadsheets count from here (1900 system, with its leap-year mistake; ECMA-376
# part 1, 18.17.4.1).
_SERIAL_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day has no zone
# What is taken for a serial day: 1990-01-01 to 2100-01-01. Seconds since 1970 are far above.
_SERIAL_DAYS = (32_874, 73_051)
# Contact centres keep nothing older, and a zero or a typing mistake falls outside.
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# Seconds, milliseconds, microseconds, nanoseconds since 1970: told apart by size, without overlap
# for the years above.
_UNIX_SCALES = (1, 1_000, 1_000_000, 1_000_000_000)

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[T _-]?([0-9]{2})([0-9]{2})([0-9]{2})?")
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})\s*[-/.年]\s*(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})\s*日?"
    r"(?:\s*(?:星期|周)[一二三四五六日天])?"
    r"(?:[T,\s]*(?P<half_before>上午|下午|中午|晚上|凌晨|早上|[AaPp]\.?[Mm]\.?)?\s*"
    r"(?P<hour>[0-9]{1,2})\s*[::时點点]\s*(?P<minute>[0-9]{1,2})\s*(?:[:分]\s*"
    r"(?:(?P<second>[0-9]{1,2})(?:[.,](?P<fraction>[0-9]{1,9}))?\s*秒?)?)?"
    r"\s*(?P<half_after>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])([0-9]{1,2}):?([0-9]{2})?")
_AFTERNOON = frozenset({"下午", "晚上", "pm"})
_MORNING = frozenset({"上午", "凌晨", "早上", "am"})
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How a centre's exports write times.

    Attributes:
        timezone: The zone of times that name none.
        written_as: A format of ``datetime.strptime``, where the usual forms do not do.
    """

    timezone: str = DEFAULT_TIMEZONE
    written_as: str | None = None


DEFAULT_TIMES = Times()


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """Return the time zone called ``name``: ``Asia/Shanghai``, ``UTC`` or ``+08:00``.

    Raises:
        ValueError: There is no such zone.
    """
    plain = name.strip()
    offset = _OFFSET.fullmatch(plain)
    if offset:
        sign, hours, minutes = offset.groups()
        span = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-span if sign == "-" else span)
    try:
        return ZoneInfo(plain)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def moment(value: object, *, zone: tzinfo, written_as: str | None = None) -> datetime:
    """Return the point in time that ``value`` says, in UTC.

    Args:
        value: A date and time as a spreadsheet, JSON or a person writes it: ISO 8601,
            ``2026/1/31 9:05``, ``2026年1月31日 下午3点05分``, ``20260131090500``, an e-mail's date,
            seconds to nanoseconds since 1970, a spreadsheet's serial day. A day alone is its
            midnight.
        zone: The zone of values that name none. Of the two readings of an hour that the clocks go
            through twice, the first is taken.
        written_as: A format of ``datetime.strptime``; text is then read in no other way.

    Raises:
        ValueError: The value is none of these, or lies outside 1990 to 2100.
    """
    try:
        found = _found(value, written_as)
    except (OverflowError, TypeError) as error:
        raise ValueError(f"no point in time: {value!r}") from error
    if found is None:
        raise ValueError(f"no point in time: {value!r}")
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    try:
        instant = aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"no point in time: {value!r}") from error
    if not _FIRST <= instant < _LAST:
        raise ValueError(f"outside 1990 to 2100: {value!r}")
    return instant


def clock(value: object) -> time | None:
    """Return the time of day that ``value`` says, or None where it says more or something else.

    Exports that keep date and time in two columns have it.
    """
    if isinstance(value, time):
        return value
    if isinstance(value, float) and 0 <= value < 1:  # a spreadsheet's fraction of a day
        return (_SERIAL_DAY_0 + timedelta(seconds=round(value * 86_400))).time()
    if not isinstance(value, str):
        return None
    found = _WRITTEN.fullmatch(f"2000-01-01 {unicodedata.normalize('NFKC', value).strip()}")
    if not found or not found["hour"] or found["zone"]:
        return None
    try:
        return _from_fields(found).time()
    except ValueError:
        return None


def day(value: object, *, zone: tzinfo) -> date:
    """Return the calendar day in ``zone`` that ``value`` says; see ``moment``."""
    return moment(value, zone=zone).astimezone(zone).date()


def _found(value: object, written_as: str | None) -> datetime | None:
    match value:
        case datetime():
            found: datetime | None = value
        case date():
            found = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - zone comes after
        case bool():
            found = None
        case int() | float():
            found = _from_number(value)
        case str() if written_as is not None:
            found = datetime.strptime(value.strip(), written_as)  # noqa: DTZ007 - zone comes after
        case str():
            found = _from_text(unicodedata.normalize("NFKC", value).strip())
        case _:
            found = None
    return found


def _from_number(value: float) -> datetime | None:
    if not math.isfinite(value):
        return None
    if _SERIAL_DAYS[0] <= value < _SERIAL_DAYS[1]:
        # Spreadsheets keep a double; a millisecond is what it can tell.
        return _SERIAL_DAY_0 + timedelta(milliseconds=round(value * 86_400_000))
    for scale in _UNIX_SCALES:
        if _FIRST.timestamp() <= value / scale < _LAST.timestamp():
            whole, part = divmod(value, scale)
            return datetime.fromtimestamp(whole, UTC) + timedelta(seconds=part / scale)
    # 20260131090500 in a column that a spreadsheet took for numbers.
    return _from_compact(str(value)) if isinstance(value, int) else None


def _from_text(text: str) -> datetime | None:
    compact = _from_compact(text)
    if compact:
        return compact
    if _NUMBER.fullmatch(text):
        return _from_number(float(text) if "." in text else int(text))
    written = _WRITTEN.fullmatch(text)
    if written:
        return _from_fields(written)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)


def _from_compact(text: str) -> datetime | None:
    found = _COMPACT.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    if not found:
        return None
    year, month, on_day, hour, minute, second = (
        int(part or 0) for part in (*found.groups(), None, None, None)[:6]
    )
    return datetime(year, month, on_day, hour, minute, second)  # noqa: DTZ001 - zone comes after


def _from_fields(found: re.Match[str]) -> datetime:
    hour = int(found["hour"] or 0)
    half = (found["half_before"] or found["half_after"] or "").lower().replace(".", "")
    if half in _AFTERNOON and hour < _NOON:
        hour += _NOON
    elif half in _MORNING and hour == _NOON:
        hour = 0
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    written = datetime(  # noqa: DTZ001 - the zone comes after
        int(found["year"]),
        int(found["month"]),
        int(found["day"]),
        hour,
        int(found["minute"] or 0),
        int(found["second"] or 0),
        micro,
    )
    if not found["zone"]:
        return written
    zone = UTC if found["zone"] in {"Z", "UTC", "GMT"} else zone_of(found["zone"])
    return written.replace(tzinfo=zone)
