"""Back-test: what a new or changed rule would find in all that is kept. No finding is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256

from detectors.evidence import Finding
from detectors.inspection import compile_plan, inspect
from detectors.rules import Rule
from interactions.interaction import Language
from pipelines.keeping import keep_state
from pipelines.known_error import Share, share
from pipelines.reasons import taxonomy_of
from pipelines.redaction import masked_findings, redaction_of, redactions
from pipelines.scanning import Scan, Words, scan
from pipelines.sentiment import mood_of
from pipelines.settings import Settings
from warehouse.judged import BacktestRow
from warehouse.read import (
    HistoryScope,
    LiveRule,
    Place,
    findings_of,
    interactions,
    latest_day,
    live_rule,
    places,
)
from warehouse.rows import backtest_tables
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse, open_warehouse

EXAMPLES = 5
DIMENSIONS = ("channel", "queue", "team", "product")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One part of the centre: what the rule finds there, and how many interactions it has."""

    dimension: str
    value: str
    found: Share


@dataclass(frozen=True, slots=True)
class Example:
    """An interaction that a person can look at, with what is found in it.

    Attributes:
        finding: The new rule's, or, for what is lost, the live one's.
    """

    interaction_id: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a version of a rule would find.

    Attributes:
        live_version: What it is set against; None for a new rule.
        first_day: Of what was looked at; None of nothing.
        interactions: How many the rule is for.
        found: In how many it finds something.
        findings: How many findings those are.
        gained: Found by it and not by the live version, of those that the live version inspected;
            all for a new rule.
        lost: Found by the live version and not by it.
        unseen: Found, in interactions that the live version never inspected.
        silent: Why it could not be answered, and for how many interactions.
        days: Local days with interactions.
        by_day: Day → interactions in which it finds something.
        slices: By channel, queue, team, product and party, most found first.
        rebuilt: Interactions that had to be rebuilt and inspected; for all others the words alone
            say that there is nothing.
    """

    rule_id: str
    rule_version: str
    live_version: str | None
    first_day: date | None
    last_day: date | None
    interactions: int
    found: int
    findings: int
    gained: int
    lost: int
    unseen: int
    silent: Mapping[str, int]
    days: int
    by_day: Mapping[date, int]
    slices: tuple[Slice, ...]
    gained_examples: tuple[Example, ...]
    lost_examples: tuple[Example, ...]
    rebuilt: int

    @property
    def share(self) -> Share:
        """Share of interactions in which it finds something."""
        return share(self.found, self.interactions)

    @property
    def alerts_a_day(self) -> float:
        """Interactions found a day, over days that have interactions."""
        return self.found / self.days if self.days else 0.0

    @property
    def worst(self) -> tuple[date, int] | None:
        """The day with most; the first of several."""
        if not self.by_day:
            return None
        return min(self.by_day.items(), key=lambda one: (-one[1], one[0]))


def backtest(
    settings: Settings,
    rule: Rule,
    *,
    days: int | None = None,
    workers: int = 2,
) -> Backtest:
    """Return what ``rule`` would find in everything that is kept, and how that differs from today.

    Args:
        settings: The centre's.
        rule: New, or changed under the id of a live one.
        days: Only so many last days; counted back from the last day that has an interaction, not
            from today.
        workers: Processes at most.

    Raises:
        WarehouseProblem: There is no warehouse yet, or another process writes it.
    """
    rule = replace(rule, enabled=True)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        scope = _scope(warehouse, settings, rule, days)
        kept = places(warehouse, scope)
        live = live_rule(warehouse, rule.rule_id)
    words = Words(mood_of(settings), taxonomy_of(settings))
    said = scan(settings.warehouse, rule, kept, words=words, workers=workers)
    asked = [one for one in kept if one.interaction_id not in said.not_for]
    return _result(settings, rule, asked, said, live)


def keep_backtest(settings: Settings, result: Backtest) -> ShardRef:
    """Keep the figures, so that publishing knows of them. Works while another process writes."""
    worst = result.worst
    row = BacktestRow(
        rule_id=result.rule_id,
        rule_version=result.rule_version,
        live_version=result.live_version,
        interactions=result.interactions,
        found=result.found,
        gained=result.gained,
        lost=result.lost,
        not_measured=sum(result.silent.values()),
        days=result.days,
        worst_day=worst[0] if worst else None,
        worst_count=worst[1] if worst else 0,
    )
    return keep_state(Spool(settings.spool), "backtests", backtest_tables([row]))


def _scope(warehouse: Warehouse, settings: Settings, rule: Rule, days: int | None) -> HistoryScope:
    timezone = settings.centre.timezone
    first = None
    if days is not None and (last := latest_day(warehouse, timezone=timezone)) is not None:
        first = last - timedelta(days=days - 1)
    spoken = (rule.language, Language.MIXED, Language.UNKNOWN) if rule.language else ()
    when = rule.when
    return HistoryScope(
        channels=when.channels,
        queues=when.queues,
        teams=when.teams,
        agents=when.agents,
        products=when.products,
        languages=tuple(one.value for one in spoken),
        first_day=first,
        timezone=timezone,
    )


def _result(
    settings: Settings, rule: Rule, asked: Sequence[Place], said: Scan, live: LiveRule
) -> Backtest:
    found = said.hits.keys()
    compared = live.asked & {one.interaction_id for one in asked}
    gained = found & compared - live.found if live.rule_version else set(found)
    lost = (live.found & compared) - found
    days = {one.day for one in asked}
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        new = _new_examples(warehouse, settings, rule, gained)
        old = _old_examples(warehouse, rule.rule_id, lost)
    return Backtest(
        rule_id=rule.rule_id,
        rule_version=rule.rule_version,
        live_version=live.rule_version,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        interactions=len(asked),
        found=len(found),
        findings=sum(hit.findings for hit in said.hits.values()),
        gained=len(gained),
        lost=len(lost),
        unseen=len(found - live.asked) if live.rule_version else 0,
        silent=dict(sorted(said.silent.items())),
        days=len(days),
        by_day=dict(sorted(Counter(o.day for o in asked if o.interaction_id in found).items())),
        slices=_slices(asked, said),
        gained_examples=new,
        lost_examples=old,
        rebuilt=said.rebuilt,
    )


def _slices(asked: Sequence[Place], said: Scan) -> tuple[Slice, ...]:
    whole: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for one in asked:
        keys = [(name, value) for name in DIMENSIONS if (value := getattr(one, name))]
        whole.update(keys)
        if one.interaction_id in said.hits:
            found.update(keys)
    for hit in said.hits.values():
        found.update(("party", party) for party in hit.parties)
    names = (*DIMENSIONS, "party")
    return tuple(
        Slice(dimension=key[0], value=key[1], found=share(count, whole.get(key, len(asked))))
        for key, count in sorted(
            found.items(), key=lambda one: (names.index(one[0][0]), -one[1], one[0])
        )
    )


def _new_examples(
    warehouse: Warehouse, settings: Settings, rule: Rule, ids: Collection[str]
) -> tuple[Example, ...]:
    """Inspected again with all that is known, so that the evidence has its own times."""
    plan = compile_plan([rule], mood_of(settings), taxonomy_of(settings))
    shown = [
        (one.interaction_id, finding)
        for one in interactions(warehouse, _drawn(ids))
        for finding in masked_findings(inspect(one, plan).findings, redaction_of(one))
    ]
    return tuple(Example(*one) for one in _first_of_each(shown))


def _old_examples(warehouse: Warehouse, rule_id: str, ids: Collection[str]) -> tuple[Example, ...]:
    drawn = _drawn(ids)
    hidden = redactions(warehouse, drawn)
    shown = [
        (one, finding)
        for one in drawn
        for finding in masked_findings(findings_of(warehouse, one), hidden[one])
        if finding.rule_id == rule_id
    ]
    return tuple(Example(*one) for one in _first_of_each(shown))


def _first_of_each(shown: Iterable[tuple[str, Finding]]) -> list[tuple[str, Finding]]:
    first: dict[str, Finding] = {}
    for one, finding in shown:
        first.setdefault(one, finding)
    return list(first.items())


def _drawn(ids: Collection[str]) -> list[str]:
    """As good as random, and the same every time: the first by id may all be of one day."""
    return sorted(ids, key=lambda one: sha256(one.encode("utf-8", "replace")).digest())[:EXAMPLES]
