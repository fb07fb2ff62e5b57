"""What people did in the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from warehouse.plain import safe
from warehouse.rows_said import hints_of, said_from
from warehouse.said import TABLES
from warehouse.store import Warehouse

T = TypeVar("T")


def said(
    warehouse: Warehouse,
    kind: type[T],
    /,
    *,
    last_per: Sequence[str] = (),
    limit: int | None = None,
    **where: str,
) -> list[T]:
    """Return what was said of one kind, the first said first.

    Args:
        warehouse: Where from.
        kind: One of ``warehouse.said``.
        last_per: Fields that name a thing: only what was said last of each. None: everything.
        limit: Only so many, the last said.
        **where: Field and the text that it must have.

    Raises:
        KeyError: ``kind`` has no such field.
    """
    hints = hints_of(kind)
    for name in (*last_per, *where):
        hints[name]  # a name that is no field never reaches the query
    among = " AND ".join(f"{name} = ${name}" for name in where) or "true"
    last = f"PARTITION BY {', '.join(last_per)} ORDER BY said_at DESC, event_id DESC"
    only = f"QUALIFY row_number() OVER ({last}) = 1" if last_per else ""
    names = ", ".join(hints)
    with warehouse.snapshot() as look:
        table = look.table(
            f"SELECT {names} FROM (SELECT * FROM {TABLES[kind]} WHERE {among} {only} "  # noqa: S608 - fields
            "ORDER BY said_at DESC, event_id DESC LIMIT $most::BIGINT) one "
            "ORDER BY said_at, event_id",
            most=limit,
            **{name: safe(value) for name, value in where.items()},
        )
    return list(said_from(kind, table))
