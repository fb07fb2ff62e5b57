"""Answers for scripts: ``--json`` writes one JSON document to standard output, nothing else."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

# JSON escapes C0 by itself; the rest of what acts on a terminal is escaped here (see
# console.messages.texts), and lone surrogates, which UTF-8 cannot hold.
_UNSAFE = re.compile(
    "[\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def as_json(value: object) -> str:
    """Return ``value`` as JSON text that is safe to show on a terminal.

    Dataclasses become objects of their fields, times ISO 8601, NaN and infinity null.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def write(value: object) -> None:
    """Write ``value`` to standard output."""
    sys.stdout.write(as_json(value) + "\n")


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [
            _plain(one) for one in (value if isinstance(value, list | tuple) else sorted(value))
        ]
    return _scalar(value)


def _scalar(value: object) -> str | int | float | bool | None:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):  # datetime is one
        return value.isoformat()
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    msg = f"{type(value).__name__} has no form in JSON"
    raise TypeError(msg)
