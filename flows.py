"""Prefect flows, tasks and deployments; nothing else knows Prefect.

A flow says what runs after what, a task is one shard of work, and the work itself is in
``pipelines``. Prefect caches nothing: a finished shard lies in the spool under the hash of all that
it depends on, which holds on every machine and after every kill. No text and no name reaches
Prefect's database.
"""

from __future__ import annotations

import os

# Before Prefect is imported: it would otherwise report its use over the network.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
# Its own server takes longer than its 20 s to start on a busy machine: seen on 2 shared cores.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Task, flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from pipelines import inspection, keeping, night, scoring, trends, triage
from pipelines.alerts import raising
from pipelines.discretion import Discreet, discreet_logs
from pipelines.inspection import Part
from pipelines.intake import Call
from pipelines.night import Arrivals
from pipelines.progress import current
from pipelines.reports import Done, NightSummary, RunLog, markdown
from pipelines.settings import load
from pipelines.watching import watch as watching
from warehouse.problems import WarehouseBusy

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

# Retries are for what passes by itself: a share that comes back, someone else in the warehouse.
RETRIES = 2
RETRY_DELAYS_S = [2.0, 20.0]


def passes_by_itself(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failure may be gone in a while; broken rules, weights and shards stay broken."""
    return isinstance(state.result(raise_on_failure=False), OSError | WarehouseBusy)


def stage(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Return the decorator for one stage of a night; its errors name no identifier."""
    made = task(
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=RETRIES,
        retry_delay_seconds=RETRY_DELAYS_S,
        retry_condition_fn=passes_by_itself,
    )
    return lambda work: made(Discreet()(work))


def as_it_is(value: T) -> T:
    """Hand a value to a task without Prefect looking through it for futures."""
    return cast("T", quote(value))


def side_by_side(workers: int) -> TaskRunner[PrefectFuture[Any]]:
    """Return the runner that works on so many shards at once, in threads of this process."""
    return cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=workers))


SIDE_BY_SIDE = side_by_side(os.cpu_count() or 1)


@stage("scan")
def scan(centre: str) -> Arrivals:
    """Find out what is new or changed, and what is set aside at once."""
    return night.scan(load(Path(centre)))


@stage("read")
def read(centre: str, arrivals: Arrivals) -> Done:
    """Read chats, e-mails and tickets into shards."""
    return night.read_texts(load(Path(centre)), arrivals)


@stage("hear")
def hear(centre: str, calls: Sequence[Call]) -> Done:
    """Hear one shard of calls."""
    return night.hear_shard(load(Path(centre)), calls)


@stage("keep")
def keep(centre: str) -> int:
    """Take finished shards into the warehouse."""
    current().stage("keep", None)
    return len(keeping.keep(load(Path(centre))))


@stage("inspect")
def inspect(centre: str, part: Part) -> int:
    """Inspect one part of what is kept."""
    inspection.inspect_part(load(Path(centre)), part)
    return len(part.ids)


@stage("count")
def count(centre: str) -> None:
    """Count the days that changed."""
    trends.count_days(load(Path(centre)))
    keeping.keep(load(Path(centre)))


@stage("compare")
def compare(centre: str) -> None:
    """Compare the days whose counts or past changed."""
    trends.compare_days(load(Path(centre)))
    keeping.keep(load(Path(centre)))


@stage("score")
def score(centre: str) -> None:
    """Fill the score sheets."""
    scoring.score_kept(load(Path(centre)))
    keeping.keep(load(Path(centre)))


@stage("rank")
def rank(centre: str) -> None:
    """Order the worklist."""
    current().stage("rank", None)
    triage.rank_kept(load(Path(centre)))
    keeping.keep(load(Path(centre)))


@stage("alert")
def alert(centre: str) -> None:
    """Tell people what cannot wait."""
    raising.tell(load(Path(centre)))


@flow(name="nightly", task_runner=SIDE_BY_SIDE, persist_result=False)
def nightly(centre: str = ".") -> NightSummary:
    """Inspect what came in since the last night, from recording to worklist.

    Args:
        centre: The centre's folder, with ``tingjian.toml``.
    """
    settings = load(Path(centre))
    inspection.plan_of(settings)  # a rule file that cannot be used stops the night before it begins
    scoring.sheets_of(settings)  # so does a score sheet
    discreet_logs()
    with raising.failures_told(settings), Discreet(), RunLog(settings, "nightly") as log:
        arrivals = scan(centre)
        texts = read(centre, as_it_is(arrivals))
        shards = night.shards(settings, arrivals)
        night.tell_forecast(settings, arrivals)
        current().stage("hear", len(arrivals.calls))
        futures = [hear.submit(centre, as_it_is(shard)) for shard in shards]
        heard = [future.result() for future in futures]
        keeping.keep_sources(settings, arrivals.batch)
        keep(centre)
        inspected = _inspected(centre, inspection.parts_never_inspected(settings))
        _conclude(centre)
        summary = log.summary(
            [texts, *heard], inspected=inspected, unchanged=arrivals.batch.unchanged
        )
    create_markdown_artifact(markdown(summary), key="night-summary", description="The night")
    return summary


@flow(name="reinspect", task_runner=SIDE_BY_SIDE, persist_result=False)
def reinspect(centre: str = ".") -> NightSummary:
    """Inspect everything that is kept under the rules as they are now; no recording is opened.

    Args:
        centre: The centre's folder, with ``tingjian.toml``.
    """
    settings = load(Path(centre))
    inspection.plan_of(settings)
    scoring.sheets_of(settings)
    discreet_logs()
    with raising.failures_told(settings), Discreet(), RunLog(settings, "reinspect") as log:
        keep(centre)
        inspected = _inspected(centre, inspection.parts_for_plan(settings))
        inspection.put_in_force(settings)
        _conclude(centre)
        summary = log.summary([], inspected=inspected)
    create_markdown_artifact(markdown(summary), key="night-summary", description="Re-inspection")
    return summary


@flow(name="watch", persist_result=False)
def watch(centre: str = ".", every: float = 1.0, looks: int = 0) -> int:
    """Take in what lands in the inbox within seconds, and tell what cannot wait.

    One run for as long as it watches, and no task for a look: a task costs rows in Prefect's own
    database, and a look is over before it would be noted.

    Args:
        centre: The centre's folder, with ``tingjian.toml``.
        every: Seconds between two looks.
        looks: End after so many; 0: never.

    Returns:
        How many looks there were.
    """
    discreet_logs()
    with Discreet():
        return watching.watched(load(Path(centre)), every_s=every, looks=looks)


def _inspected(centre: str, parts: Sequence[Part]) -> int:
    """Inspect the parts side by side and keep what was found; return how many interactions."""
    current().stage("inspect", sum(len(part.ids) for part in parts))
    futures = [inspect.submit(centre, as_it_is(part)) for part in parts]
    done = 0
    for future in as_completed(futures):
        current().advance(future.result())
        done += future.result()
    keep(centre)
    return done


def _conclude(centre: str) -> None:
    """Draw from findings and words what the centre needs to know next morning."""
    count(centre)
    compare(centre)
    score(centre)
    rank(centre)
    alert(centre)
