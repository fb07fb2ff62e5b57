"""The console under load: a large warehouse, many reviewers, and a night's batch arriving.

Warehouses of ten thousand, a hundred thousand and a million interactions, ten findings each, are
made one after another; the console serves each in a process of its own; reviewers page, filter,
search, open and judge, while shards of interactions and findings are taken in and, towards the end,
a new ranking of everything. In the middle of it the console is killed with SIGKILL and started
again, and at the end every verdict that it acknowledged is looked for. The peer is the same
worklist asked of the warehouse's views, as any SQL client would: without lines made beforehand and
without an index of words.
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import numpy as np
import pyarrow as pa

from benchmarks._console_load_centre import make
from benchmarks._console_load_night import arrived, arriving, ranked
from benchmarks._console_load_people import Seen, working
from benchmarks._report import Figures, options, show
from pipelines.desk import open_desk
from pipelines.settings import Settings
from warehouse.read import WorklistFilter, worklist
from warehouse.store import Warehouse

THINK_S = 12.0
"""At most between two steps. Ours: a round of five pages and a verdict takes twelve seconds, which
is several times as fast as anybody listens."""
_TRIES, _TRY_S = 3_000, 0.1


@dataclass(frozen=True)
class Plan:
    """How large and how long.

    Attributes:
        every_s: Between two shards of the night's batch.
        is_killed: Whether the console is killed in the middle.
        verdicts: So many end it before its time, half of them kill it.
    """

    interactions: int
    reviewers: int
    seconds: float
    think_s: float = THINK_S
    every_s: float = 5.0
    is_killed: bool = True
    verdicts: float = math.inf


class Console:
    """The console in a process of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.address = f"http://127.0.0.1:{settings.console.port}"
        self.start_s, self.cpu_s = 0.0, 0.0
        self._process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            TimeoutError: It does not.
        """
        begun = time.monotonic()
        command = [sys.executable, "-m", "console", "--centre", str(self._settings.folder)]
        self._process = subprocess.Popen([*command, "console"], stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        for _ in range(_TRIES):
            try:
                httpx.get(f"{self.address}/alive")
            except httpx.TransportError:
                time.sleep(_TRY_S)
            else:
                self.start_s = max(self.start_s, time.monotonic() - begun)
                return
        self.kill()
        msg = "the console does not answer"
        raise TimeoutError(msg)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        os.kill(self._process.pid, signal.SIGKILL)
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = status
        self.cpu_s += used.ru_utime + used.ru_stime


async def _night(settings: Settings, plan: Plan, ranking: pa.Table, seen: Seen) -> None:
    """Let shards arrive until the time is over; at three quarters everything is ranked anew."""
    until = time.monotonic() + plan.seconds
    rank_at, number = until - plan.seconds / 4, arrived(settings)
    while not seen.is_over(until):
        await asyncio.to_thread(arriving, settings, number)
        if rank_at and time.monotonic() >= rank_at:
            await asyncio.to_thread(ranked, settings, number, ranking)
            rank_at = 0.0
        number += 1
        await asyncio.sleep(min(plan.every_s, max(0.0, until - time.monotonic())))


async def _killed(console: Console, plan: Plan, seen: Seen) -> None:
    middle = time.monotonic() + plan.seconds / 2
    while time.monotonic() < middle and len(seen.acknowledged) < plan.verdicts / 2:
        await asyncio.sleep(_TRY_S)
    seen.is_down = True
    await asyncio.to_thread(console.kill)
    await asyncio.to_thread(console.start)
    seen.is_down = False


async def _all(console: Console, settings: Settings, plan: Plan, ranking: pa.Table) -> Seen:
    seen = Seen(enough=plan.verdicts)
    until = time.monotonic() + plan.seconds
    tasks = [
        working(console.address, n, until, seen, think_s=plan.think_s)
        for n in range(plan.reviewers)
    ]
    tasks.append(_night(settings, plan, ranking, seen))
    if plan.is_killed:
        tasks.append(_killed(console, plan, seen))
    await asyncio.gather(*tasks)
    return seen


def run(plan: Plan, folder: Path) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and what went wrong."""
    settings, ranking = make(folder, plan.interactions, plan.reviewers)
    console = Console(settings)
    console.start()
    try:
        seen = asyncio.run(_all(console, settings, plan, ranking))
    finally:
        console.kill()
    with open_desk(settings) as desk:
        with desk.warehouse.snapshot() as look:
            kept = {row[0] for row in look.rows("SELECT finding_id FROM verdicts")}
        peer = _peer(desk.warehouse)
    size = f"{plan.interactions:,}"
    figures: Figures = {
        f"{size} {kind}": {
            "ours": _figures(took) | {"heaviest_kb": round(seen.heaviest[kind] / 1000, 1)}
        }
        for kind, took in sorted(seen.took.items())
    }
    for kind, took in peer.items():
        figures.setdefault(f"{size} {kind}", {})["views"] = _figures(took)
    figures[f"{size} whole"] = {
        "ours": {
            "requests": float(sum(map(len, seen.took.values()))),
            "errors": float(len(seen.errors)),
            "cut_off": float(seen.cut),
            "acknowledged": float(len(seen.acknowledged)),
            "lost": float(len(seen.acknowledged - kept)),
            "start_s": round(console.start_s, 1),
            "cpu_s": round(console.cpu_s, 1),
        }
    }
    return figures, sorted({f"error: {one}" for one in seen.errors})


def _figures(took: list[float]) -> dict[str, float]:
    middle, most = np.percentile(took, [50, 95])
    return {
        "p50_ms": round(float(middle), 1),
        "p95_ms": round(float(most), 1),
        "max_ms": round(max(took), 1),
    }


def _peer(warehouse: Warehouse) -> dict[str, list[float]]:
    """Ask the views alone, without a page around it and with nobody else about."""

    def timed(ask: Callable[[], object]) -> list[float]:
        took = []
        for _ in range(3):
            begun = time.perf_counter()
            ask()
            took.append((time.perf_counter() - begun) * 1000)
        return took

    def scan() -> None:
        with warehouse.snapshot() as look:
            look.rows(
                "SELECT * FROM ranked_interactions WHERE interaction_id IN ("
                "SELECT interaction_id FROM utterances WHERE text LIKE '%退款%') "
                "ORDER BY position LIMIT 50"
            )

    return {
        "worklist": timed(lambda: worklist(warehouse, limit=50)),
        "filter": timed(lambda: worklist(warehouse, limit=50, only=WorklistFilter(queue="Q3"))),
        "search": timed(scan),
    }


def _every(plans: Iterable[Plan], kept: Path | None) -> tuple[Figures, list[str]]:
    figures: Figures = {}
    said: list[str] = []
    for plan in plans:
        with ExitStack() as stack:
            folder = kept and kept / str(plan.interactions)
            if folder is None:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            folder.mkdir(parents=True, exist_ok=True)
            some, wrong = run(plan, folder)
        figures |= some
        said += wrong
    return figures, said


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    parser = options(__doc__, quick="a small warehouse and few reviewers, under a minute")
    parser.add_argument("--interactions", type=int, help="only this size")
    parser.add_argument("--reviewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600, help="of the largest size")
    parser.add_argument("--keep", type=Path, help="make the centres here, and use them again")
    chosen = parser.parse_args()
    last = Plan(chosen.interactions or 1_000_000, chosen.reviewers, chosen.seconds)
    before = replace(last, seconds=min(60.0, last.seconds), is_killed=False)
    plans = [replace(before, interactions=10_000), replace(before, interactions=100_000), last]
    if chosen.interactions:
        plans = [last]
    if chosen.quick:
        plans = [Plan(20_000, 4, 14.0, think_s=0.5)]
    figures, said = _every(plans, chosen.keep)
    columns = dict.fromkeys(("p50_ms", "p95_ms", "max_ms", "heaviest_kb"), ".1f")
    columns |= dict.fromkeys(("requests", "errors", "cut_off", "acknowledged", "lost"), ".0f")
    columns |= dict.fromkeys(("start_s", "cpu_s"), ".1f")
    show(figures, columns, title="The console under load", as_json=chosen.json, absent=said)


if __name__ == "__main__":
    main()
