"""The desk: one process owns the console's warehouse, and all that people say goes through it.

The console keeps a DuckDB file of its own, ``console.duckdb``, made from the same spool as the
night's. So the night and the command line never wait for the console, nor it for them: what either
says is a shard, and the other takes it in.

What people say is written to the spool first, flushed to the disk, then committed, then
acknowledged: whatever was acknowledged is there after ``kill -9``. Things said at the same moment
share a shard (group commit: D. Gawlick and D. Kinkade, *Varieties of concurrency control in
IMS/VS Fast Path*, 1985), so that fifty people cost little more than one.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, TypeVar

import pyarrow as pa

from pipelines.encryption import is_encrypted
from pipelines.settings import Settings
from warehouse.holding import inspected_in
from warehouse.problems import CorruptShard
from warehouse.read import interactions, known_ids, renew_lines
from warehouse.rows import interactions_from
from warehouse.search import TextIndex
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse, open_warehouse

LOG = logging.getLogger("tingjian.desk")
KIND = "desk"
LOOK_S = 2.0
"""How often the spool is looked at. Ours: well under the 15 s that the first page promises."""
REMEMBERED_S = 10.0
"""Ours, as ``LOOK_S``: new rules and new queues show soon enough."""
_TOGETHER = 200
_RERANKS = {"worklist", "plans"}

T = TypeVar("T")
Tables = Mapping[str, pa.Table]
Objection = Callable[[], str]
"""Asked at the last moment: why something cannot be said any more; empty where it can."""


class Overtaken(Exception):  # noqa: N818 - somebody was faster, nothing is wrong
    """Somebody else said something about the same thing meanwhile; nothing was written."""


@dataclass(frozen=True, slots=True)
class _Saying:
    tables: Tables
    about: str
    objection: Objection | None
    done: Future[None] = field(default_factory=Future)


class Desk:
    """The owner of the console's warehouse; made by ``open_desk``.

    Attributes:
        warehouse: To read from, by any thread.
        index: To search in.
    """

    def __init__(self, settings: Settings, warehouse: Warehouse) -> None:
        self.settings = settings
        self.warehouse = warehouse
        self.spool = Spool(settings.spool)
        self.index = TextIndex(None if is_encrypted(settings) else settings.search_index)
        self._sayings: SimpleQueue[_Saying | None] = SimpleQueue()
        self._ending = Event()
        self._seen: dict[str, tuple[int, set[str]]] = {}
        self._taking = Lock()
        self._memory: dict[str, tuple[float, Any]] = {}
        self._threads = [
            Thread(target=self._write, name="desk-writer", daemon=True),
            Thread(target=self._watch, name="desk-watcher", daemon=True),
        ]

    def start(self) -> None:
        """Take in what is there, and go on taking in what comes."""
        self._fill_index()
        self._seen = {kind: (-1, keys) for kind, keys in self.warehouse.committed().items()}
        self.take_in()
        for thread in self._threads:
            thread.start()

    def _fill_index(self) -> None:
        """Put into the index what the warehouse holds and it does not: it was lost, or is new."""
        lacking = sorted(set(known_ids(self.warehouse)) - self.index.held())
        for start in range(0, len(lacking), _TOGETHER):
            ids = lacking[start : start + _TOGETHER]
            kept = interactions(self.warehouse, ids, with_contours=False)
            self.index.add((one.interaction_id, [u.text for u in one.spoken()]) for one in kept)

    def stop(self) -> None:
        """Finish what is being said and stop."""
        self._ending.set()
        self._sayings.put(None)
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def say(self, *tables: Tables, about: str = "", objection: Objection | None = None) -> None:
        """Keep what a person says; return once it is on the disk and can be read back.

        Args:
            *tables: From the functions of ``warehouse.rows``.
            about: What it is about. Two things about one are never said at once.
            objection: Asked when nobody else can say anything any more.

        Raises:
            Overtaken: ``objection`` had something to say; nothing was written.
        """
        saying = _Saying(_together(tables), about, objection)
        self._sayings.put(saying)
        saying.done.result()

    def remembered(self, name: str, make: Callable[[], T]) -> T:
        """Return what ``make`` returned a few seconds ago, or makes now.

        For what every page shows and few things change: the rules in force, what there is to filter
        by.
        """
        made = self._memory.get(name)
        now = time.monotonic()
        if made is None or now - made[0] > REMEMBERED_S:
            made = (now, make())
            self._memory[name] = made
        value: T = made[1]
        return value

    def renew(self, ids: Collection[str]) -> None:
        """Bring the worklist's lines of these interactions up to date."""
        with self._taking:
            renew_lines(self.warehouse, ids)

    def take_in(self) -> int:
        """Take in the shards that came since; return how many."""
        with self._taking:
            taken = [shard for shard in self._unseen() if self._commit(shard)]
            changed: set[str] = set()
            for shard in taken:
                changed |= self._changed(shard)
            if any(_RERANKS & _tables_of(shard) for shard in taken):
                renew_lines(self.warehouse)
            elif changed:
                renew_lines(self.warehouse, changed)
        return len(taken)

    def _unseen(self) -> Iterator[ShardRef]:
        for kind, names in self.spool.new_since(self._seen):
            for name in names:
                yield ShardRef(kind, name, self.spool.root / kind / name)

    def _commit(self, shard: ShardRef) -> bool:
        try:
            return self.warehouse.commit(shard)
        except CorruptShard as problem:
            LOG.warning("%s", problem)
            return False

    def _changed(self, shard: ShardRef) -> set[str]:
        """Return the interactions that a shard changes; put what is said in them into the index."""
        names = _tables_of(shard)
        changed: set[str] = set()
        if "interactions" in names:
            kept = interactions_from(self.spool.read(shard))
            self.index.add((one.interaction_id, [u.text for u in one.spoken()]) for one in kept)
            changed |= {one.interaction_id for one in kept}
        if "inspections" in names:
            changed |= inspected_in(shard)
        return changed

    def _watch(self) -> None:
        while not self._ending.wait(LOOK_S):
            self.take_in()

    def _write(self) -> None:
        while True:
            first = self._sayings.get()
            if first is None:
                return
            waiting = [first]
            while True:
                try:
                    more = self._sayings.get_nowait()
                except Empty:
                    break
                if more is None:
                    self._sayings.put(None)
                    break
                waiting.append(more)
            while waiting:
                now, waiting = _apart(waiting)
                self._write_together(now)

    def _write_together(self, sayings: Sequence[_Saying]) -> None:
        allowed = [one for one in sayings if _is_allowed(one)]
        if not allowed:
            return
        try:
            tables = _together([one.tables for one in allowed])
            shard = self.spool.write(KIND, f"{time.time_ns():020d}-{os.getpid()}", tables)
            self.warehouse.commit(shard)
        except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
            for one in allowed:
                one.done.set_exception(error)
            return
        for one in allowed:
            one.done.set_result(None)


def _is_allowed(saying: _Saying) -> bool:
    if saying.objection is None:
        return True
    try:
        why = saying.objection()
    except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
        saying.done.set_exception(error)
        return False
    if why:
        saying.done.set_exception(Overtaken(why))
    return not why


def _apart(waiting: Sequence[_Saying]) -> tuple[list[_Saying], list[_Saying]]:
    """Split into what can be said at once and what is about the same things."""
    now: list[_Saying] = []
    later: list[_Saying] = []
    about: set[str] = set()
    for one in waiting:
        if one.about and one.about in about:
            later.append(one)
        else:
            about.add(one.about)
            now.append(one)
    return now, later


def _together(parts: Sequence[Tables]) -> dict[str, pa.Table]:
    """Put tables of the same name behind one another."""
    found: dict[str, list[pa.Table]] = {}
    for tables in parts:
        for name, table in tables.items():
            found.setdefault(name, []).append(table)
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


def _tables_of(shard: ShardRef) -> set[str]:
    return {path.stem for path in shard.path.glob("*.parquet")}


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """Own the console's warehouse while the ``with`` block runs.

    Raises:
        WarehouseBusy: Another console has it.
    """
    with open_warehouse(settings.console_warehouse) as warehouse:
        desk = Desk(settings, warehouse)
        desk.start()
        try:
            yield desk
        finally:
            desk.stop()
