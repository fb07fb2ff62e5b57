"""The watch: one look takes in what landed since the last, and tells what cannot wait.

Killed at any moment and begun again, nothing is lost and nothing is twice: recordings and whole
files go the way of the night (``pipelines.night``), under the same keys; running chats are read
again from their files, and come to the same ids and contents; an alert is the same alert however
often it is raised. Whoever has the warehouse meanwhile delays a look, and loses nothing: its shards
are in the spool.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipelines import inspection, keeping, night
from pipelines.alerts.alarms import failure
from pipelines.alerts.outbox import Sent, keep_alerts, patiently, send_due
from pipelines.alerts.raising import raise_kept, raise_these
from pipelines.inbox import name_of
from pipelines.known import file_of
from pipelines.known_error import hints
from pipelines.settings import Settings
from pipelines.watching.asked import Asked
from pipelines.watching.chats import Finished, RunningChat
from pipelines.watching.landing import Landing
from pipelines.watching.looks import Look, listener
from pipelines.watching.queues import Queues, write_now
from pipelines.watching.running import Running
from pipelines.watching.tail import SUFFIXES
from warehouse.alerting import Alert
from warehouse.holding import held_in
from warehouse.problems import CorruptShard, WarehouseBusy
from warehouse.read import interactions
from warehouse.rows import interaction_tables
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse

NS = 1_000_000_000
REFRESH_S = 5.0
"""Between two writings of ``live.json``. Ours: a third of the 15 s that are promised."""
ROUND_S = 60.0
"""Between two looks at what is not about one contact: spikes, runs, rules that changed. Ours."""
BEHIND_S = 15.0
"""A look that takes longer means that the watch does not keep up. Ours: as ``REFRESH_S``."""


@dataclass(slots=True)
class _Work:
    """What a look has still to do; it outlives a look that could not finish."""

    files: bool = True
    finished: list[Finished] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    leftovers: bool = True


class Watch:
    """Watches one centre.

    Args:
        settings: The centre.
        clock_ns: Nanoseconds since 1970.

    Raises:
        WarehouseBusy: Another process has the warehouse, and keeps it.
    """

    def __init__(self, settings: Settings, *, clock_ns: Callable[[], int] = time.time_ns) -> None:
        self._settings = settings
        self._clock_ns = clock_ns
        self._landing = Landing(settings.inbox, settings.watch, clock_ns=clock_ns)
        self._queues = Queues()
        self._work = _Work()
        self._rounds: dict[str, float] = {}
        inspection.plan_of(settings)  # a rule file that cannot be used stops the watch at once
        with patiently(settings) as warehouse:
            warehouse.commit_pending(Spool(settings.spool))
            demoted = hints(warehouse, settings)
        self._demoted = frozenset(demoted)
        self._running = Running(settings, self._asked(), clock_ns=clock_ns)

    @property
    def running(self) -> Iterable[RunningChat]:
        """The chats that run."""
        return self._running.chats

    def look(self) -> Look:
        """Take in what is new, and tell what cannot wait."""
        began = time.monotonic()
        landed = [one for one in self._landing.look() if not self._is_chat(one.path)]
        self._work.files = self._work.files or bool(landed)
        now = self._now()
        if self._is_time("rules", ROUND_S):
            self._running.ask(self._asked())
        others = len(self._running.others)
        heard = self._running.look(self._chat_files(), now)
        self._work.files = self._work.files or len(self._running.others) > others
        for chat in heard.added:
            self._queues.message(chat.queue, now)
        self._work.finished += heard.finished
        self._work.alerts += heard.alerts
        raised: list[Alert] = []
        sent: list[Sent] = []
        kept, is_waiting = 0, False
        leftovers, self._work.leftovers = self._work.leftovers, True  # unless it comes to its end
        try:
            kept = self._take_in(raised, sent, leftovers=leftovers)
            self._work.leftovers = False
        except WarehouseBusy:
            is_waiting = True
        except CorruptShard as problem:
            self._tell_corrupt(problem)
        for one in raised:
            self._queues.alert(one.queue, now)
        if self._is_time("live", REFRESH_S):
            write_now(self._settings.folder, self._queues.now(self.running, self._now()), now)
        self._tell_if_behind(time.monotonic() - began)
        return Look(
            landed=tuple(landed),
            lines=len(heard.added),
            kept=kept,
            raised=tuple(raised),
            sent=tuple(sent),
            is_waiting=is_waiting,
        )

    def _take_in(self, raised: list[Alert], sent: list[Sent], *, leftovers: bool) -> int:
        """Do what is to be done; what was done is taken off as it goes."""
        work = self._work
        if work.alerts:
            with patiently(self._settings) as warehouse:
                raised += keep_alerts(self._settings, warehouse, work.alerts)
            work.alerts = []
            sent += send_due(self._settings)  # at once: what follows takes longer
        if leftovers:
            self._inspect_leftovers()
        kept = len(work.finished)
        if work.finished:
            found = self._keep_finished(work.finished)
            work.finished = []
            raised += found
            sent += send_due(self._settings) if found else []
        if work.files:
            kept += self._take_files(raised, sent)
            work.files = False
        self._now_and_then(raised, sent)
        return kept

    def _inspect_leftovers(self) -> None:
        """Inspect what an earlier look, watch or night kept and could not inspect any more."""
        for part in inspection.parts_never_inspected(self._settings):
            inspection.inspect_part(self._settings, part)
        keeping.keep(self._settings)

    def _now_and_then(self, raised: list[Alert], sent: list[Sent]) -> None:
        if self._is_time("round", ROUND_S):
            raised += raise_kept(self._settings)
        if self._is_time("due", REFRESH_S):  # what failed, waited for quiet hours, or escalates
            sent += send_due(self._settings)

    def _keep_finished(self, finished: Sequence[Finished]) -> tuple[Alert, ...]:
        """Keep chats that ended, inspect them, and raise what was found."""
        spool = Spool(self._settings.spool)
        whole = {one.interaction.interaction_id: one for one in finished}
        ids = sorted(f"{name}={one.interaction.content_hash}" for name, one in whole.items())
        key = keeping.key_of(night.READING, "watch", *ids)
        shard = spool.write(
            "texts", key, interaction_tables([one.interaction for one in whole.values()])
        )
        landed = {name: _moment(one.landed_ns) for name, one in whole.items()}
        for name, one in whole.items():
            self._queues.finish(one.interaction.queue or "", landed[name])
        return self._inspected([shard], landed)

    def _take_files(self, raised: list[Alert], sent: list[Sent]) -> int:
        """Take recordings and whole files in, as a night does, a shard at a time."""
        settings = self._settings
        leave = self._landing.growing | frozenset(self._chat_files())
        arrivals = night.scan(settings, leave=leave)
        night.read_texts(settings, arrivals)
        raised += self._inspected(keeping.keep(settings), {})
        for shard in night.shards(settings, arrivals):
            night.hear_shard(settings, shard)
            raised += self._inspected(keeping.keep(settings), {})
            sent += send_due(settings)
        keeping.keep_sources(settings, arrivals.batch)
        keeping.keep(settings)
        return len(arrivals.calls) + len(arrivals.batch.texts)

    def _inspected(
        self, shards: Sequence[ShardRef], landed: dict[str, datetime]
    ) -> tuple[Alert, ...]:
        """Inspect what shards hold, keep it, and raise what was found."""
        settings = self._settings
        held = [shard for shard in shards if held_in(shard)]
        if not held:
            return ()
        made = [
            inspection.inspect_part(settings, part) for part in inspection.parts_in(settings, held)
        ]
        with patiently(settings) as warehouse:
            for shard in (*held, *made):
                warehouse.commit(shard)
            ids = [one for shard in held for one in held_in(shard)]
            now = self._now()
            if not landed:
                landed = self._landed(warehouse, ids, now)
            return raise_these(settings, warehouse, ids, landed=landed, now=now)

    def _landed(
        self, warehouse: Warehouse, ids: Sequence[str], now: datetime
    ) -> dict[str, datetime]:
        """Count what came from whole files, and return when each of them lay in the inbox."""
        landed = {}
        for one in interactions(warehouse, ids, with_contours=False):
            self._queues.finish(one.queue or "", now)
            at_ns = self._landing.at_ns(self._settings.inbox / file_of(one.source))
            if at_ns:
                landed[one.interaction_id] = _moment(at_ns)
        return landed

    def _chat_files(self) -> list[Path]:
        """Return the chat files that are written to."""
        since = self._clock_ns() - self._settings.watch.live_hours * 3600 * NS
        return [
            path
            for path in self._landing.paths
            if self._is_chat(path) and self._landing.at_ns(path) >= since
        ]

    def _is_chat(self, path: Path) -> bool:
        return _is_chat(path) and name_of(path, self._settings.inbox) not in self._running.others

    def _asked(self) -> Asked:
        return Asked(inspection.plan_of(self._settings), self._settings.alerts, self._demoted)

    def _tell_if_behind(self, seconds: float) -> None:
        if seconds < BEHIND_S or self._settings.alerts.failures == "off":
            return
        now = self._now()
        values = {"seconds": round(seconds)}
        about = f"watch {now:%Y-%m-%d %H}"
        self._work.alerts.append(failure("behind", about, values, self._settings.alerts, now=now))

    def _tell_corrupt(self, problem: CorruptShard) -> None:
        """Whole files wait until somebody mended it; chats that run do not."""
        if self._settings.alerts.failures == "off":
            return
        self._work.alerts.append(
            failure(
                "corrupt", problem.place, {"error": str(problem)}, self._settings.alerts,
                now=self._now(),
            )
        )  # fmt: skip

    def _is_time(self, what: str, every_s: float) -> bool:
        """Whether something that is done now and then is to be done again; it counts as done."""
        now = time.monotonic()
        if now - self._rounds.get(what, -1e9) < every_s:
            return False
        self._rounds[what] = now
        return True

    def _now(self) -> datetime:
        return _moment(self._clock_ns())


def watched(settings: Settings, *, every_s: float, looks: int = 0) -> int:
    """Look again and again, and tell whoever listens; return how many looks there were.

    Args:
        settings: The centre.
        every_s: Seconds from the end of one look to the next.
        looks: End after so many; 0: never.
    """
    watch = Watch(settings)
    hears = listener()
    done = 0
    while not looks or done < looks:
        if done:
            time.sleep(every_s)
        hears(watch.look())
        done += 1
    return done


def _is_chat(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.lower().startswith("manifest")


def _moment(ns: int) -> datetime:
    return datetime.fromtimestamp(ns / NS, UTC)
