"""The sample centre: quiet days that must stay quiet, planted rises, and traps to be named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.special import gammainc
from scipy.stats import false_discovery_control

from hotwords.counts import TermCount, contact, count
from hotwords.series import series
from hotwords.spikes import SpikeOptions, rising
from hotwords.terms import TermFinder
from samples.centre import LAST_DAY
from samples.chats import contacts_of
from samples.contacts import CENTRE_TIME, as_interaction
from samples.waves import WAVES, Wave

PAST = 56
QUIET_DAYS = 30
SEED = 1
SWELLS = 14  # contacts on top, as many again as an ordinary queue's day: a wave's beginning
NEVER = LAST_DAY + timedelta(days=4_000)  # no wave reaches back so far


@dataclass(frozen=True, slots=True)
class Called:
    """A term that an engine calls on a day."""

    term: str
    is_few: bool


Engine = Callable[[Sequence[TermCount], date], list[Called]]


def sample(quiet_days: int = QUIET_DAYS) -> dict[str, dict[str, float]]:
    """Judge quiet days, and the days of the planted waves; return the metrics of every engine."""
    engines: Mapping[str, Engine] = {"ours": _ours, "poisson_bh": _poisson}
    quiet = _counted(LAST_DAY, PAST + quiet_days, waves_until=NEVER)
    loud = _counted(LAST_DAY, PAST + QUIET_DAYS + 10, waves_until=LAST_DAY)
    return {name: _metrics(engine, quiet, loud, quiet_days) for name, engine in engines.items()}


def _metrics(
    engine: Engine, quiet: Sequence[TermCount], loud: Sequence[TermCount], quiet_days: int
) -> dict[str, float]:
    days = [LAST_DAY - timedelta(days=back) for back in range(quiet_days)]
    alarms = [bool(engine(quiet, day)) for day in days]
    delays, named = [], []
    for wave in WAVES:
        delay, is_named = _met(engine, loud, wave)
        delays.append(delay)
        named += [is_named] if wave.kind == "trap" else []
    return {
        # Nothing rose: whatever is called is false, and the share of false ones is 1.
        "false_discoveries": round(sum(alarms) / len(alarms), 4),
        "detected": sum(delay is not None for delay in delays) / len(delays),
        "delay_days": float(max(delay for delay in delays if delay is not None)),
        "traps_named": sum(named) / len(named),
    }


def _met(engine: Engine, counts: Sequence[TermCount], wave: Wave) -> tuple[int | None, bool]:
    """Return how many days after it swelled a wave was called, and whether as one of few."""
    words = {term.lower() for term in wave.about().terms}
    swells = next(place for place, extra in enumerate(wave.extra) if extra >= SWELLS)
    for place in range(len(wave.extra)):
        day = wave.since(LAST_DAY) + timedelta(days=place)
        own = [one for one in engine(counts, day) if one.term in words]
        if own:
            return max(0, place - swells), all(one.is_few for one in own)
    return None, False


def _counted(last: date, days: int, *, waves_until: date) -> list[TermCount]:
    finder = TermFinder()
    return count(
        contact(one, terms=finder.terms(one), timezone=CENTRE_TIME)
        for back in reversed(range(days))
        for one in map(as_interaction, contacts_of(SEED, last - timedelta(days=back), waves_until))
    )


def _ours(counts: Sequence[TermCount], day: date) -> list[Called]:
    return [Called(one.term, one.is_few_customers) for one in rising(counts, day)]


def _poisson(counts: Sequence[TermCount], day: date) -> list[Called]:
    """Poisson tail of the share of the past, Benjamini & Hochberg over all series."""
    window = series(counts, day, PAST + 1)
    past, today = window.exposures()
    mean = (window.contacts[:, :-1].sum(axis=1) + 0.5) / np.maximum(past, 1) * today
    observed = window.contacts[:, -1].astype(np.float64)
    chance = np.where(observed > 0, gammainc(np.maximum(observed, 1e-9), mean), 1.0)
    passed = false_discovery_control(chance, method="bh") <= SpikeOptions().false_discoveries
    passed &= observed >= SpikeOptions().min_contacts
    return [Called(window.keys[row][2], is_few=False) for row in np.flatnonzero(passed)]
