"""What a night did, as values that the console shows and Prefect keeps as an artifact.

Two readers: the console shows all of it, Prefect's artifact only the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from uuid import uuid4

from hotwords.rises import Rise, rises
from interactions.problems import explain
from pipelines.settings import Settings
from warehouse.problems import WarehouseProblem
from warehouse.read import Totals, WorklistRow, compared_days, spikes, totals, worklist
from warehouse.store import Run, Warehouse, open_warehouse

FIRST_LINES = 10  # of the worklist, in a summary
RECENT_DAYS = 7  # a rise of last week is still news to whoever was away at the weekend


@dataclass(frozen=True, slots=True)
class SetAsideItem:
    """An item that was not inspected: which, and why (a code of ``interactions.problems``)."""

    item: str
    code: str
    values: Mapping[str, str | int | float]

    def explain(self, language: str) -> str:
        """Return the reason and what to do about it."""
        return explain(self.code, self.values, language)


@dataclass(frozen=True, slots=True)
class Done:
    """One finished piece of reading or hearing: how much was kept, what was set aside."""

    kept: int = 0
    set_aside: tuple[SetAsideItem, ...] = ()
    sound_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NightSummary:
    """One run of ``nightly`` or ``reinspect``.

    Attributes:
        flow: ``nightly`` or ``reinspect``.
        found: Calls and records that were new or changed; equals ``kept`` + ``set_aside``.
        unchanged: Files skipped because nothing about them changed since an earlier night.
        inspected: Interactions inspected in this run.
        sound_ms: Length of the recordings heard.
        weights: The recogniser's weights as the settings name them; ``none`` without any.
        wall_ms: How long the run took.
        totals: The whole warehouse after the run.
        rises: What rose in the latest week that has contacts, surest first.
        worklist: Its first lines.
    """

    flow: str
    found: int = 0
    kept: int = 0
    set_aside: tuple[SetAsideItem, ...] = ()
    unchanged: int = 0
    inspected: int = 0
    sound_ms: int = 0
    weights: str = "none"
    wall_ms: int = 0
    totals: Totals
    rises: tuple[Rise, ...] = ()
    worklist: tuple[WorklistRow, ...] = ()


class RunLog:
    """Enters a run in the warehouse when it begins and when it ends, however it ends."""

    def __init__(self, settings: Settings, flow: str) -> None:
        self._settings = settings
        self._run = Run(run_id=uuid4().hex, flow=flow, started_at=datetime.now(UTC))

    def __enter__(self) -> Self:
        self._record(self._run)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            ended = replace(self._run, ended_at=datetime.now(UTC), state="failed")
            with suppress(WarehouseProblem):  # what stopped the run is the news, not this
                self._record(replace(ended, summary={"error": kind.__name__}))

    def summary(
        self,
        done: Sequence[Done],
        *,
        inspected: int,
        unchanged: int = 0,
    ) -> NightSummary:
        """Enter the run as completed and return what it did.

        Args:
            done: The pieces of work that read or heard something.
            inspected: Interactions inspected.
            unchanged: Files skipped.
        """
        ended_at = datetime.now(UTC)
        kept = sum(one.kept for one in done)
        aside = tuple(item for one in done for item in one.set_aside)
        figures = {
            "found": kept + len(aside),
            "kept": kept,
            "set_aside": len(aside),
            "unchanged": unchanged,
            "inspected": inspected,
            "sound_ms": sum(one.sound_ms for one in done),
            "wall_ms": round((ended_at - self._run.started_at).total_seconds() * 1000),
        }
        with open_warehouse(self._settings.warehouse) as warehouse:
            warehouse.record_run(
                replace(self._run, ended_at=ended_at, state="completed", summary=figures)
            )
            return NightSummary(
                flow=self._run.flow,
                set_aside=aside,
                weights=self._settings.speech.weights,
                totals=totals(warehouse),
                rises=_recent_rises(warehouse),
                worklist=tuple(worklist(warehouse, limit=FIRST_LINES)),
                **{name: n for name, n in figures.items() if name != "set_aside"},
            )

    def _record(self, run: Run) -> None:
        with open_warehouse(self._settings.warehouse) as warehouse:
            warehouse.record_run(run)


def _recent_rises(warehouse: Warehouse) -> tuple[Rise, ...]:
    days = sorted({day for day, _ in compared_days(warehouse)})
    recent = [day for day in days if (days[-1] - day).days < RECENT_DAYS]
    return tuple(rises(spike for day in recent for spike in spikes(warehouse, day)))


def markdown(summary: NightSummary) -> str:
    """Return the night as Markdown for Prefect: counts and rule names, no text and no ids."""
    lines = [
        f"# {summary.flow}",
        "",
        "| | |",
        "|---|--:|",
        f"| 新到或有变 new or changed | {summary.found} |",
        f"| 入库 kept | {summary.kept} |",
        f"| 搁置 set aside | {len(summary.set_aside)} |",
        f"| 未变的文件 unchanged files | {summary.unchanged} |",
        f"| 检查 inspected | {summary.inspected} |",
        f"| 录音分钟 minutes of sound | {summary.sound_ms / 60_000:.1f} |",
        f"| 用时秒 seconds | {summary.wall_ms / 1000:.1f} |",
        f"| 库内合计 kept in all | {summary.totals.kept} |",
        "",
        "| 规则 rule | 版本 version | 互动 interactions | 未测量 not measured |",
        "|---|---|--:|--:|",
    ]
    lines += [
        f"| {rule.title_zh} {rule.title_en} | {rule.rule_version} | {rule.interactions} "
        f"| {rule.not_measured} |"
        for rule in summary.totals.rules
    ]
    reasons = Counter(item.code for item in summary.set_aside)
    if reasons:
        lines += ["", "| 搁置原因 set aside because | |", "|---|--:|"]
        lines += [f"| {code} | {count} |" for code, count in sorted(reasons.items())]
    return "\n".join(lines) + "\n"
