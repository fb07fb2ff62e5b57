"""What rose, why we believe it, who is affected, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypedDict

import numpy as np

from hotwords.attribution import Attribution, attribute
from hotwords.bands import Band, band
from hotwords.counts import EVERYTHING, Slice, TermCount
from hotwords.exposure import CONTACTS, CUSTOMERS, DayOut, Rate, rates
from hotwords.followup import Daily, Effect, measure_effect
from hotwords.new_words import NewWord
from hotwords.rises import Rise, rises
from hotwords.spikes import Spike
from pipelines.keeping import key_of
from pipelines.served import out_of, served
from pipelines.settings import Settings
from pipelines.unlike import Unlike, unlike, unlisted
from warehouse.read import compared_days, spikes
from warehouse.read_rises import cells, counts_of, hours_of
from warehouse.rows import spike_action_tables
from warehouse.spike_actions import SpikeAction, spike_actions
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse, open_warehouse

PAST_DAYS = 28  # that a rise's parts are set against
BEFORE_DAYS = 56  # before a rise, for the follow-up
MOST_STORIES = 10
HOURS = 24
RECENT_DAYS = 7  # a rise of last week is still news to whoever was away at the weekend


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One rise with everything that is known of it.

    Attributes:
        band: Its surest series day by day; None where it has no past.
        action: Cause, owner and action, where someone named them.
        effect: What became of it since; None where nobody acted.
        rates: The day's rise over contacts, customers and what else the centre counts.
        hours: Its contacts by local hour on the day; ``usual_hours`` on an average day before.
    """

    rise: Rise
    attribution: Attribution
    band: Band | None
    action: SpikeAction | None
    effect: Effect | None
    rates: tuple[Rate, ...] = ()
    hours: tuple[int, ...] = ()
    usual_hours: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One page: what rose in the days up to ``day``; None where nothing was compared yet.

    Attributes:
        words: New words that nobody listed, those of most interactions first.
        unlike: What drifts, and what is unlike its peers; None where nothing was compared yet.
    """

    day: date | None
    stories: tuple[Story, ...]
    words: tuple[NewWord, ...] = ()
    unlike: Unlike | None = None


def digest(settings: Settings, day: date | None = None, *, days: int = RECENT_DAYS) -> Digest:
    """Return what rose in the ``days`` days up to ``day``, by default the latest, surest first."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        found = risen(warehouse, settings, day, days=days)
        return beside(warehouse, settings, found, days=days)


def risen(
    warehouse: Warehouse, settings: Settings, day: date | None = None, *, days: int = RECENT_DAYS
) -> Digest:
    """Return the rises of the ``days`` days up to ``day`` alone, by default the latest."""
    compared = sorted({one for one, _ in compared_days(warehouse)})
    last = day or (compared[-1] if compared else None)
    if last is None:
        return Digest(day=None, stories=())
    recent = [one for one in compared if last - timedelta(days=days) < one <= last]
    found = rises(spike for one in recent for spike in spikes(warehouse, one))
    acts = spike_actions(warehouse)
    latest = compared[-1] if compared else last
    told = tuple(_story(warehouse, rise, acts, latest, settings) for rise in found[:MOST_STORIES])
    return Digest(day=last, stories=told)


def beside(
    warehouse: Warehouse, settings: Settings, found: Digest, *, days: int = RECENT_DAYS
) -> Digest:
    """Return a digest with its new words and with what is unlike its past or its peers."""
    if found.day is None:
        return found
    words = unlisted(warehouse, found.day, settings, days=days)[:MOST_STORIES]
    return replace(found, words=words, unlike=unlike(warehouse, found.day, settings))


def _story(
    warehouse: Warehouse,
    rise: Rise,
    acts: Sequence[SpikeAction],
    latest: date,
    settings: Settings,
) -> Story:
    spike = rise.spike
    first = min(spike.since, spike.day) - timedelta(days=BEFORE_DAYS)
    counts = counts_of(warehouse, spike.kind, spike.term, first, latest)
    before = spike.since - timedelta(days=1)
    span = (spike.day, before - timedelta(days=PAST_DAYS - 1), before)
    parts = cells(warehouse, spike.kind, spike.term, days=span, timezone=settings.centre.timezone)
    action = next((one for one in acts if _is_about(one, rise)), None)
    return Story(
        rise=rise,
        attribution=attribute(
            (one for one in parts if _within(one.place, spike.slice)), past_days=PAST_DAYS
        ),
        band=band(counts, (spike.kind, spike.slice, spike.term), spike.day),
        action=action,
        effect=_effect(counts, spike, action, latest),
        rates=_rates(counts, spike, settings),
        **_hours(warehouse, spike),
    )


def _rates(counts: Sequence[TermCount], spike: Spike, settings: Settings) -> tuple[Rate, ...]:
    own = [one for one in counts if one.slice == spike.slice]
    all_of = {one.day: one for one in own if not one.term}
    hits = {one.day: one for one in own if (one.kind, one.term) == (spike.kind, spike.term)}
    first = spike.since - timedelta(days=PAST_DAYS)
    days = [
        DayOut(
            day=day,
            contacts=hits[day].contacts if day in hits else 0,
            customers=hits[day].customers if day in hits else 0,
            exposure=whole.contacts,
            all_customers=whole.customers,
        )
        for day, whole in sorted(all_of.items())
        if first <= day < spike.since or day == spike.day
    ]
    found = rates(days, spike.day, out_of(served(settings), spike.slice))
    if spike.term:
        return found
    # all contacts: out of themselves they are always all
    return tuple(one for one in found if one.name not in {CONTACTS, CUSTOMERS})


class _Hours(TypedDict):
    hours: tuple[int, ...]
    usual_hours: tuple[float, ...]


def _hours(warehouse: Warehouse, spike: Spike) -> _Hours:
    first = spike.since - timedelta(days=PAST_DAYS)
    days = hours_of(warehouse, spike.kind, spike.term, spike.slice, first, spike.day)
    table = np.zeros((2, HOURS))
    for day, hours in days.items():
        if day == spike.day or day < spike.since:
            table[int(day < spike.since), : len(hours)] += hours
    return _Hours(
        hours=tuple(int(one) for one in table[0]),
        usual_hours=tuple(round(float(one) / PAST_DAYS, 2) for one in table[1]),
    )


def _within(place: Iterable[Slice], part: Slice) -> bool:
    return part == EVERYTHING or part in place


def _is_about(action: SpikeAction, rise: Rise) -> bool:
    spike = rise.spike
    named = {spike.term, *rise.terms}
    return action.term in named and action.kind is spike.kind and action.day in rise.days


def effect_of(settings: Settings, spike: Spike, action: SpikeAction) -> Effect | None:
    """Return what became of a spike since someone acted; None where the action has not begun."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        latest = max((day for day, _ in compared_days(warehouse)), default=spike.day)
        first = min(spike.since, spike.day) - timedelta(days=BEFORE_DAYS)
        counts = counts_of(warehouse, spike.kind, spike.term, first, latest)
    return _effect(counts, spike, action, latest)


def _effect(
    counts: Sequence[TermCount], spike: Spike, action: SpikeAction | None, latest: date
) -> Effect | None:
    if action is None or action.acts_from is None:
        return None
    first = min((one.day for one in counts), default=spike.day)
    daily = _daily(counts, spike, first, (latest - first).days + 1)
    return measure_effect(daily, since=spike.since, acts_from=action.acts_from)


def _daily(counts: Sequence[TermCount], spike: Spike, first: date, days: int) -> Daily:
    """Return the spike's slice, and the rest of the centre as its control."""
    table = np.zeros((4, days), dtype=np.int64)  # own, own exposure, whole, whole exposure
    for one in counts:
        column = (one.day - first).days
        is_exposure = int(not one.term)
        if one.term not in ("", spike.term):
            continue
        if one.slice == spike.slice:
            table[is_exposure, column] = one.contacts
        if one.slice == EVERYTHING:
            table[2 + is_exposure, column] = one.contacts
    rest = np.maximum(table[2:] - table[:2], 0)
    has_control = spike.slice != EVERYTHING and bool(rest[1].any())
    return Daily(
        first=first,
        contacts=table[0],
        exposure=table[1],
        control=rest[0] if has_control else None,
        control_exposure=rest[1] if has_control else None,
    )


def keep_action(settings: Settings, action: SpikeAction) -> ShardRef:
    """Keep what a person says of a spike; the same twice is one."""
    shard = Spool(settings.spool).write(
        "spike_actions",
        key_of("spike_action", action.action_id),
        spike_action_tables([action]),
    )
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.commit(shard)
    return shard
