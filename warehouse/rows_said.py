"""What people do in the console, as Arrow tables, and back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

import pyarrow as pa

from warehouse.plain import microseconds, moment, restored_all, safe, to_json
from warehouse.rows_back import records
from warehouse.rows_interactions import MOMENT, TEXT, TEXTS, from_rows
from warehouse.said import TABLES, Said, event_id
from warehouse.store import Run

T = TypeVar("T")
_TYPES: Mapping[object, pa.DataType] = MappingProxyType(
    {
        str: TEXT,
        str | None: TEXT,
        int: pa.int64(),
        float | None: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: MOMENT,
        datetime | None: MOMENT,
        tuple[str, ...]: TEXTS,
    }
)


@cache
def _hints(kind: Hashable) -> dict[str, object]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}  # type: ignore[arg-type]


def hints_of(kind: type) -> dict[str, object]:
    """Return the fields of a kind with their types, in order."""
    return _hints(kind)


def said_tables(said: Iterable[Said]) -> dict[str, pa.Table]:
    """Return one table for each kind among ``said``; they are added to what is kept."""
    kinds: dict[type, list[Said]] = {}
    for one in said:
        kinds.setdefault(type(one), []).append(one)
    return {TABLES[kind]: _table(kind, rows) for kind, rows in kinds.items()}


def _table(kind: type, said: Iterable[Said]) -> pa.Table:
    hints = hints_of(kind)
    schema = pa.schema([("event_id", TEXT), *((n, _TYPES[h]) for n, h in hints.items())])
    rows = [(event_id(one), *(_plain(getattr(one, name)) for name in hints)) for one in said]
    return from_rows(rows, schema)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, tuple):
        return [safe(one) for one in value]
    return microseconds(value) if isinstance(value, datetime) else value


def said_from(kind: type[T], table: pa.Table) -> Iterator[T]:
    """Yield the values of ``kind`` that a table holds."""
    hints = hints_of(kind)
    for row in records(table):
        yield kind(**{name: _back(row[name], hint) for name, hint in hints.items()})


def _back(value: Any, hint: object) -> Any:  # noqa: ANN401 - as Arrow gave it
    if hint in (datetime, datetime | None):
        return None if value is None else moment(value)
    return restored_all(value) if hint == tuple[str, ...] else value


def run_tables(run: Run) -> dict[str, pa.Table]:
    """Return the table ``runs``; what is told of a run later replaces what was told earlier."""
    schema = pa.schema(
        [
            *((name, TEXT) for name in ("run_id", "flow", "state", "summary")),
            *((name, MOMENT) for name in ("started_at", "ended_at")),
        ]
    )
    ended = None if run.ended_at is None else microseconds(run.ended_at)
    row = (safe(run.run_id), safe(run.flow), run.state, to_json(run.summary))
    return {"runs": from_rows([(*row, microseconds(run.started_at), ended)], schema)}


def plan_tables(plan: str, *, at_ns: int) -> dict[str, pa.Table]:
    """Return the table ``plans``: this plan was put in force, nanoseconds since 1970."""
    schema = pa.schema([("plan", TEXT), ("place", pa.int64())])
    return {"plans": from_rows([(plan, at_ns)], schema)}
