"""What a night did, as values that the console shows and Prefect keeps as an artifact.

Two readers: the console shows all of it, Prefect's artifact only the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Self
from uuid import uuid4

from hotwords.rises import Rise, rises
from interactions.interaction import AttributeValue
from interactions.problems import explain
from pipelines.forecast import recogniser_key
from pipelines.recogniser import Busy, busy_ms
from pipelines.settings import Settings
from warehouse.problems import WarehouseProblem
from warehouse.read import Totals, WorklistRow, compared_days, spikes, totals, worklist
from warehouse.rows import run_tables
from warehouse.spool import Spool
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
    """One finished piece of reading or hearing: how much was kept, what was set aside.

    Attributes:
        sound_ms: Length of the recordings kept.
        recognised_ms: Length of those whose words were found now, not in an earlier attempt.
        busy: When the recogniser was at work on them, from and to, in milliseconds.
        dropped: Utterances that are not believed, by reason.
        doubted: Terms that the sound does not bear out, with how often.
    """

    kept: int = 0
    set_aside: tuple[SetAsideItem, ...] = ()
    sound_ms: int = 0
    recognised_ms: int = 0
    busy: tuple[Busy, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    doubted: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


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
        recognised_ms: Length of the recordings whose words were found in this run.
        recognition_ms: How long the recogniser was at work on them, by the clock.
        dropped: Utterances that are not believed, by reason, among what was kept now.
        doubted: Terms that the sound does not bear out, with how often, likewise.
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
    recognised_ms: int = 0
    recognition_ms: int = 0
    dropped: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    doubted: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    wall_ms: int = 0
    totals: Totals
    rises: tuple[Rise, ...] = ()
    worklist: tuple[WorklistRow, ...] = ()

    @property
    def real_time_factor(self) -> float | None:
        """Seconds that recognition took for a second of sound; None where nothing was recognised.

        By the clock, so it falls as more shards are worked on side by side.
        """
        if not self.recognised_ms:
            return None
        return self.recognition_ms / self.recognised_ms


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

    def summary(self, done: Sequence[Done], *, inspected: int, unchanged: int = 0) -> NightSummary:
        """Enter the run as completed and return what it did.

        Args:
            done: The pieces of work that read or heard something.
            inspected: Interactions inspected.
            unchanged: Files skipped.
        """
        ended_at = datetime.now(UTC)
        aside = tuple(item for one in done for item in one.set_aside)
        dropped, doubted = _sum(one.dropped for one in done), _sum(one.doubted for one in done)
        figures = _figures(done) | {
            "unchanged": unchanged,
            "inspected": inspected,
            "wall_ms": round((ended_at - self._run.started_at).total_seconds() * 1000),
        }
        counts = {
            "set_aside": len(aside),
            "dropped": sum(dropped.values()),
            "doubted": sum(doubted.values()),
        }
        noted: dict[str, AttributeValue] = {
            **figures,
            **counts,
            "recogniser": recogniser_key(self._settings),
        }
        run = replace(self._run, ended_at=ended_at, state="completed", summary=noted)
        with open_warehouse(self._settings.warehouse) as warehouse:
            warehouse.record_run(run)
            _tell_others(self._settings, run)
            return NightSummary(
                flow=self._run.flow,
                set_aside=aside,
                weights=self._settings.speech.weights,
                dropped=dropped,
                doubted=doubted,
                totals=totals(warehouse),
                rises=recent_rises(warehouse),
                worklist=tuple(worklist(warehouse, limit=FIRST_LINES)),
                **figures,
            )

    def _record(self, run: Run) -> None:
        with open_warehouse(self._settings.warehouse) as warehouse:
            warehouse.record_run(run)
        _tell_others(self._settings, run)


def _tell_others(settings: Settings, run: Run) -> None:
    """Write a run down for whoever keeps another warehouse of the same spool: the console."""
    key = f"{run.run_id}-{run.state}"
    Spool(settings.spool).write("runs", key, run_tables(run))


def _figures(done: Sequence[Done]) -> dict[str, int]:
    kept = sum(one.kept for one in done)
    return {
        "found": kept + sum(len(one.set_aside) for one in done),
        "kept": kept,
        "sound_ms": sum(one.sound_ms for one in done),
        "recognised_ms": sum(one.recognised_ms for one in done),
        "recognition_ms": busy_ms(spell for one in done for spell in one.busy),
    }


def _sum(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """Add up counts by name, the most frequent first."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


def recent_rises(warehouse: Warehouse) -> tuple[Rise, ...]:
    """Return what rose in the latest week that has contacts, surest first."""
    days = sorted({day for day, _ in compared_days(warehouse)})
    recent = [day for day in days if (days[-1] - day).days < RECENT_DAYS]
    return tuple(rises(spike for day in recent for spike in spikes(warehouse, day)))


def _factor(summary: NightSummary) -> str:
    factor = summary.real_time_factor
    return "—" if factor is None else f"{factor:.3f}"


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
        f"| 识别时间 / 录音时间 real-time factor | {_factor(summary)} |",
        f"| 不采信的话 utterances not believed | {sum(summary.dropped.values())} |",
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
