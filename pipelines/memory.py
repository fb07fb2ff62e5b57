"""What every page shows and few things change, remembered between pages."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

LOG = logging.getLogger("tingjian.desk")
RENEWED_S = 10.0
"""How old something may be before it is made again. Ours: new queues show soon enough."""
FORGOTTEN_S = 600.0
"""How long something is kept that nobody asks for. Ours."""

T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    value: Any
    make: Callable[[], Any]
    at: float
    is_wanted: bool = False


class Memory:
    """Values by name; threads may share it."""

    def __init__(self) -> None:
        self._lately: dict[str, _Kept] = {}
        self._steady: dict[str, tuple[tuple[int, ...], Any]] = {}
        self._writes: dict[str, int] = {}

    def lately(self, name: str, make: Callable[[], T]) -> T:
        """Return the value as ``renew`` made it last; only the first one to ask waits."""
        kept = self._lately.get(name)
        if kept is None:
            kept = self._lately[name] = _Kept(make(), make, time.monotonic())
        kept.is_wanted, kept.make = True, make
        value: T = kept.value
        return value

    def renew(self) -> None:
        """Make again what is old and was asked for since; forget what nobody asks for."""
        for name, kept in list(self._lately.items()):
            age_s = time.monotonic() - kept.at
            if not kept.is_wanted and age_s > FORGOTTEN_S:
                del self._lately[name]
            if not kept.is_wanted or age_s < RENEWED_S:
                continue
            try:
                self._lately[name] = _Kept(kept.make(), kept.make, time.monotonic())
            except BaseException:
                LOG.warning("%s could not be made again", name, exc_info=True)
                del self._lately[name]

    def written(self, tables: Iterable[str]) -> None:
        """Note that these tables hold something new."""
        for table in tables:
            self._writes[table] = self._writes.get(table, 0) + 1

    def unless_written(self, name: str, tables: Collection[str], make: Callable[[], T]) -> T:
        """Return the value as it was made, unless one of ``tables`` was written to since."""
        now = tuple(self._writes.get(table, 0) for table in tables)
        known = self._steady.get(name)
        if known is None or known[0] != now:
            # What is written while it is made counts as later: then it is made once more.
            known = (now, make())
            self._steady[name] = known
        value: T = known[1]
        return value
