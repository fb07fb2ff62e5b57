"""What the centre serves, by day: users, orders, whatever its own file counts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from hotwords.counts import EVERYTHING, Slice
from interactions.columns import ABOUT, key_of
from interactions.moments import day as day_of
from interactions.problems import Unreadable
from interactions.tables.reading import rows_of
from interactions.tables.row import Row
from pipelines.settings import Settings

DIMENSION, VALUE = "dimension", "value"
Served = Mapping[Slice, Mapping[str, Mapping[date, float]]]
"""Part of the centre → what is counted → day → how many."""


def served(settings: Settings) -> Served:
    """Read ``hotwords.served``, a CSV, JSONL or XLSX file; nothing where none is set.

    A row holds a day, any columns of numbers, and where it is about a part of the centre the
    columns ``dimension`` and ``value``. A day that comes twice is added up.

    Raises:
        Unreadable: The file is no table, a row's day is no day or its number none.
    """
    name = settings.hotwords.served
    if not name:
        return {}
    zone = ZoneInfo(settings.centre.timezone)
    found: dict[Slice, dict[str, dict[date, float]]] = {}
    rows = rows_of(settings.folder / name, item=name, is_header=_is_header)
    for row in rows():
        if isinstance(row, Unreadable):
            raise row
        place = Slice(
            str(row.cells.get(DIMENSION, EVERYTHING.dimension)), str(row.cells.get(VALUE, ""))
        )
        day, numbers = _read(row, zone, item=f"{name}#{row.number}")
        for column, number in numbers:
            days = found.setdefault(place, {}).setdefault(column, {})
            days[day] = days.get(day, 0.0) + number
    return found


def out_of(everything: Served, place: Slice) -> Mapping[str, Mapping[date, float]]:
    """Return the denominators of a part of the centre; the whole centre's where it has none."""
    return everything.get(place) or everything.get(EVERYTHING, {})


def _is_header(cells: Sequence[str]) -> bool:
    return any(_is_day(cell) for cell in cells)


def _is_day(name: str) -> bool:
    return key_of(name) in ABOUT["date"]


def _read(row: Row, zone: tzinfo, *, item: str) -> tuple[date, list[tuple[str, float]]]:
    column = next((name for name in row.cells if _is_day(name)), None)
    if column is None:
        raise Unreadable(item, "served_no_day", found="")
    try:
        day = day_of(row.cells[column], zone=zone)
    except ValueError:
        raise Unreadable(item, "served_no_day", found=str(row.cells[column])[:40]) from None
    return day, list(_numbers(row, column, item))


def _numbers(row: Row, day: str, item: str) -> Iterator[tuple[str, float]]:
    for column, cell in row.cells.items():
        if column in (day, DIMENSION, VALUE):
            continue
        try:
            number = float(str(cell).replace(",", ""))
        except ValueError:
            number = -1.0
        if not 0 <= number < math.inf:
            raise Unreadable(item, "served_no_number", column=column, found=str(cell)[:40])
        yield column, number
