r"""Text and attributes in a form that Arrow, Parquet and DuckDB can all hold, and back.

Python text may hold lone surrogates: file names that are not UTF-8 (``os.fsdecode``) and JSON with
half an emoji. No database can store them, so each is written as ``\udcff``, six plain characters,
and becomes the surrogate again when it is read. Text that already looks like this keeps its
backslash as ``\u005c``, so nothing is ever read back as something else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from interactions.interaction import AttributeValue

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_UNSAFE = re.compile(r"[\ud800-\udfff]|\\(?=ud[89a-f][0-9a-f]{2}|u005c)")
_ESCAPE = re.compile(r"\\u(d[89a-f][0-9a-f]{2}|005c)")
_NOT_FINITE = "not_finite"  # JSON has no NaN and no infinity


def safe(text: str) -> str:
    """Return ``text`` without lone surrogates; ``restored`` gives back exactly the same."""
    if "\\u" not in text and _is_utf8(text):
        return text
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def restored(text: str) -> str:
    """Undo ``safe``."""
    if "\\u" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def safe_all(texts: Iterable[str | None]) -> list[str | None]:
    """``safe`` over a column; None stays None."""
    return [None if text is None else safe(text) for text in texts]


def restored_all(texts: Iterable[str]) -> tuple[str, ...]:
    """``restored`` over a list."""
    return tuple(restored(text) for text in texts)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def to_json(values: Mapping[str, AttributeValue]) -> str:
    """Return JSON with sorted keys. ``true``, ``1``, ``1.0`` and ``"1"`` stay apart."""
    plain = {safe(key): _plain(value) for key, value in values.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, allow_nan=False)


def from_json(text: str) -> Mapping[str, AttributeValue]:
    """Undo ``to_json``."""
    values: dict[str, Any] = json.loads(text)
    return MappingProxyType({restored(key): _attribute(value) for key, value in values.items()})


def _plain(value: AttributeValue) -> AttributeValue | dict[str, str]:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, float) and not math.isfinite(value):
        return {_NOT_FINITE: str(value)}
    return value


def _attribute(value: Any) -> AttributeValue:  # noqa: ANN401 - as JSON gave it
    if isinstance(value, str):
        return restored(value)
    if isinstance(value, dict):
        return float(value[_NOT_FINITE])
    plain: AttributeValue = value
    return plain


def microseconds(moment: datetime) -> int:
    """Return microseconds since 1970 of a timezone-aware moment."""
    return (moment - EPOCH) // _MICROSECOND


def moment(microseconds_: int) -> datetime:
    """Undo ``microseconds``; in UTC."""
    return EPOCH + timedelta(microseconds=microseconds_)


def local_day(day: date, timezone: str) -> datetime:
    """Return the first moment of a local day."""
    return datetime.combine(day, time(), ZoneInfo(timezone))
