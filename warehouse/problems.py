"""What can be wrong with the warehouse itself, each with a remedy.

The texts are in ``interactions.problems.PROBLEMS``, in zh and en, like those of the items. These
are not ``Unreadable``: an unreadable item is set aside and the night goes on, without a warehouse
it cannot.
"""

from __future__ import annotations

import re
from pathlib import Path

from interactions.problems import explain

_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


class WarehouseProblem(Exception):  # noqa: N818 - the subclasses say what it is
    """The warehouse or its spool cannot be used.

    Args:
        place: The file or shard it is about.
        code: A key of ``interactions.problems.PROBLEMS``.
        values: What the explanation's ``{name}`` places stand for.
    """

    def __init__(self, place: str, code: str, **values: str | float) -> None:
        self.place = place
        self.code = code
        self.values = values
        super().__init__(f"{place}: {explain(code, values, 'en')}")


class WarehouseBusy(WarehouseProblem):
    """Another process (or this one, in another mode) has the file open."""


class CorruptShard(WarehouseProblem):
    """A shard is not what was written; it stays uncommitted."""


def problem_of(path: Path, error: str) -> WarehouseProblem:
    """Return what a complaint of DuckDB about a file means."""
    holder = _HOLDER.search(error)
    if holder is not None:
        return WarehouseBusy(
            str(path), "warehouse_busy", pid=int(holder["pid"]), program=holder["program"]
        )
    if "Could not set lock" in error:
        return WarehouseBusy(str(path), "warehouse_busy", pid=0, program="?")
    if "already attached" in error:
        return WarehouseBusy(str(path), "warehouse_open_here")
    if "not a valid DuckDB database" in error:
        return WarehouseProblem(str(path), "warehouse_foreign")
    return WarehouseProblem(str(path), "warehouse_closed", error=error.strip().splitlines()[0])
