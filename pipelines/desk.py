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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import TypeVar

import pyarrow as pa

from interactions.interaction import Interaction
from pipelines.encryption import is_encrypted
from pipelines.memory import Memory
from pipelines.settings import Settings
from warehouse.held_texts import number_texts, texts_extent, unnumbered
from warehouse.holding import inspected_in
from warehouse.indexes import keep_indexes
from warehouse.problems import CorruptShard
from warehouse.read import forget_lines, note_lines, renew_lines, unfinished, written_interactions
from warehouse.rows import interactions_from
from warehouse.search import TextIndex
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse, open_warehouse

LOG = logging.getLogger("tingjian.desk")
KIND = "desk"
LOOK_S = 2.0
"""How often the spool is looked at. Ours: well under the 15 s that the first page promises."""
_HEALED = 5_000
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
        self._memory = Memory()
        self._threads = [
            Thread(target=self._write, name="desk-writer", daemon=True),
            Thread(target=self._watch, name="desk-watcher", daemon=True),
            Thread(target=self._remember, name="desk-memory", daemon=True),
        ]

    def start(self) -> None:
        """Take in what is there, and go on taking in what comes."""
        keep_indexes(self.warehouse)
        self._seen = {kind: (-1, keys) for kind, keys in self.warehouse.committed().items()}
        self.heal()
        self.take_in()
        for thread in self._threads:
            thread.start()

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
        """Return what ``make`` returned a few seconds ago; it is made again when nobody waits.

        For what every page shows and few things change: the rules in force, what there is to filter
        by.
        """
        return self._memory.lately(name, make)

    def unchanged(self, name: str, tables: Collection[str], make: Callable[[], T]) -> T:
        """Return what ``make`` returned, unless one of ``tables`` was written to since."""
        return self._memory.unless_written(name, tables, make)

    def renew(self, ids: Collection[str]) -> None:
        """Bring the worklist's lines of these interactions up to date."""
        with self._taking:
            renew_lines(self.warehouse, ids)

    def take_in(self) -> int:
        """Take in the shards that came since; return how many."""
        with self._taking:
            taken = [shard for shard in self._unseen() if self._commit(shard)]
            if taken:
                self._finish(taken)
        return len(taken)

    def _finish(self, taken: Sequence[ShardRef]) -> None:
        """Bring the index and the lines to what these shards say."""
        changed: set[str] = set()
        numbers: dict[str, int] = {}
        for shard in taken:
            names = _tables_of(shard)
            if "interactions" in names:
                numbers |= self.index.add(_texts(interactions_from(self.spool.read(shard))))
            if "inspections" in names:
                changed |= inspected_in(shard)
        if numbers:
            number_texts(self.warehouse, numbers)
        if any(_RERANKS & _tables_of(shard) for shard in taken):
            renew_lines(self.warehouse)
        elif changed or numbers:
            renew_lines(self.warehouse, changed | numbers.keys())
        note_lines(self.warehouse, besides=KIND)

    def heal(self) -> None:
        """Bring the index and the warehouse together: either may be new, old, or cut off."""
        if self.index.extent() != texts_extent(self.warehouse):
            forget_lines(self.warehouse)
            number_texts(self.warehouse, self.index.held(), anew=True)
        missing = unnumbered(self.warehouse)
        for start in range(0, len(missing), _HEALED):
            kept = written_interactions(self.warehouse, missing[start : start + _HEALED])
            number_texts(self.warehouse, self.index.add(_texts(kept)))
        left = unfinished(self.warehouse, besides=KIND)
        if left is None:
            renew_lines(self.warehouse)
            note_lines(self.warehouse, besides=KIND)
        elif left:
            self._finish([ShardRef(kind, key, self.spool.root / kind / key) for kind, key in left])

    def _unseen(self) -> Iterator[ShardRef]:
        for kind, names in self.spool.new_since(self._seen):
            for name in names:
                yield ShardRef(kind, name, self.spool.root / kind / name)

    def _commit(self, shard: ShardRef) -> bool:
        try:
            is_new = self.warehouse.commit(shard)
        except CorruptShard as problem:
            LOG.warning("%s", problem)
            return False
        self._memory.written(_tables_of(shard))
        return is_new

    def _watch(self) -> None:
        while not self._ending.wait(LOOK_S):
            self.take_in()

    def _remember(self) -> None:
        while not self._ending.wait(LOOK_S):
            self._memory.renew()

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
            self._memory.written(tables)
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


def _texts(kept: Iterable[Interaction]) -> Iterator[tuple[str, list[str]]]:
    return ((one.interaction_id, [u.text for u in one.spoken()]) for one in kept)


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
