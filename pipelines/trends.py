"""Trends: days are counted once, compared with their past, corrected when something comes late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from hotwords.counts import Kind, TermCount, contact, count
from hotwords.spikes import Spike, SpikeOptions, rising_of
from hotwords.terms import TermFinder
from pipelines.keeping import keep_state
from pipelines.progress import current
from pipelines.settings import Settings
from warehouse.read import (
    compared_days,
    counted_days,
    counted_series,
    counting_batches,
    quiet_series,
    rule_hits,
    term_counts,
    uncounted_days,
)
from warehouse.rows import CountedDay, count_tables, spike_tables
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse, open_warehouse

# Raised when the same interactions would now be counted or compared differently.
COUNTING = "counting-4"
COMPARING = "comparing-4"
# Days after which a late recording corrects counts but is news to nobody.
COMPARED_DAYS = 92


def counting_stage(settings: Settings) -> str:
    """Return what counting depends on besides the interactions: its version and the term list."""
    terms = "\x1f".join(sorted(settings.hotwords.products))
    return f"{COUNTING}/{sha256(terms.encode()).hexdigest()[:12]}"


def count_days(settings: Settings) -> ShardRef | None:
    """Count every day whose interactions or findings changed since it was counted last."""
    timezone = settings.centre.timezone
    with open_warehouse(settings.warehouse) as warehouse:
        days = uncounted_days(warehouse, counting_stage(settings), timezone=timezone)
        current().stage("count", len(days))
        counts = [row for day in days for row in _counted(warehouse, day, settings)]
    if not days:
        return None
    return keep_state(Spool(settings.spool), "counts", count_tables(counts, counted=days))


def _counted(warehouse: Warehouse, day: CountedDay, settings: Settings) -> list[TermCount]:
    """Count one day's terms or rules; a new rule costs no look at the words."""
    timezone = settings.centre.timezone
    zone = ZoneInfo(timezone)
    rules: dict[str, set[str]] = {}
    if day.kind is Kind.RULE:
        for hit in rule_hits(warehouse, [day.day], timezone=timezone):
            rules.setdefault(hit.interaction_id, set()).add(hit.rule_id)
    contacts = [
        contact(
            one,
            terms=(
                _finder(settings.hotwords.products).terms(one)
                if day.kind is Kind.TERM
                else frozenset()
            ),
            rules=frozenset(rules.get(one.interaction_id, ())),
            timezone=zone,
        )
        for batch in counting_batches(warehouse, [day.day], timezone=timezone)
        for one in batch
    ]
    current().advance(1)
    return [row for row in count(contacts) if row.kind is day.kind]


@lru_cache(maxsize=2)
def _finder(products: tuple[str, ...]) -> TermFinder:
    return TermFinder(products)


@dataclass(frozen=True, slots=True)
class _Window:
    """A day's terms or rules, and a digest of everything that their comparison depends on."""

    day: date
    kind: Kind
    stage: str


def compare_days(settings: Settings) -> ShardRef | None:
    """Compare every recent day whose own counts or past changed since it was compared last."""
    options = SpikeOptions(
        false_discoveries=settings.hotwords.q,
        min_contacts=settings.hotwords.least_contacts,
        min_customers=settings.hotwords.least_customers,
    )
    spikes: list[Spike] = []
    with open_warehouse(settings.warehouse) as warehouse:
        windows = _changed(warehouse, options)
        current().stage("compare", len(windows))
        for window in windows:
            spikes += _rising(warehouse, window, options)
            current().advance(1)
    if not windows:
        return None
    tables = spike_tables(spikes, days={(w.day, w.kind): w.stage for w in windows})
    return keep_state(Spool(settings.spool), "spikes", tables)


def _rising(warehouse: Warehouse, window: _Window, options: SpikeOptions) -> list[Spike]:
    first = window.day - timedelta(days=options.days)
    # Rules are few enough to read all.
    least = options.min_contacts if window.kind is Kind.TERM else 0
    past = counted_series(warehouse, window.kind, first, window.day, at_least=least)
    today = term_counts(warehouse, window.kind, window.day, at_least=options.min_contacts)
    quiet = quiet_series(warehouse, first, window.day, below=least) if least else ()
    found = rising_of(past, today, options, quiet)
    return [spike for spike in found if spike.kind is window.kind]


def _changed(warehouse: Warehouse, options: SpikeOptions) -> Sequence[_Window]:
    counted = counted_days(warehouse)
    if not counted:
        return []
    compared = compared_days(warehouse)
    latest = max(day for day, _ in counted)
    recent = sorted(key for key in counted if (latest - key[0]).days < COMPARED_DAYS)
    windows = [_Window(day, kind, _stage(day, kind, counted, options)) for day, kind in recent]
    return [w for w in windows if compared.get((w.day, w.kind)) != w.stage]


def _stage(
    day: date, kind: Kind, counted: Mapping[tuple[date, Kind], str], options: SpikeOptions
) -> str:
    first = day - timedelta(days=options.days)
    kinds = {kind, Kind.TERM}  # the terms' counts hold all contacts, which rules are set against
    past = (
        f"{d}={k}={counted[d, k]}" for d, k in sorted(counted) if first <= d <= day and k in kinds
    )
    text = "\x1f".join((repr(options), *past))
    return f"{COMPARING}/{sha256(text.encode()).hexdigest()[:16]}"
