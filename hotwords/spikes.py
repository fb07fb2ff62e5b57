"""What rose today beyond chance: spikes, with the loud few named as such."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hotwords.baseline import FEWEST_DAYS, Baseline, expected_runs, learn, roughly
from hotwords.clumping import LEVELS
from hotwords.counts import Kind, Quiet, Slice, TermCount
from hotwords.designs import daily_design
from hotwords.discoveries import q_values
from hotwords.past import BaselineOptions, Past
from hotwords.regression import Floats
from hotwords.series import Key, Series, series
from hotwords.surprise import Surprise, surprise

Rows = NDArray[np.int64]

CHUNK = 10_000  # series fitted at once: about 200 MB of working arrays
SAMPLE = 3_000  # series per level that are enough to learn how counts clump
RUN_Z = 1.64  # a day above the 95th percentile belongs to a run of high days


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeOptions:
    """When a rise is called a spike.

    Attributes:
        false_discoveries: Share of false alarms among a day's spikes that is accepted, 0 to 1.
        min_contacts: Fewer contacts on the day are never a spike.
        min_customers: A rise with fewer different customers is named as one of few customers.
        top_customer_share: So is one of which a single customer makes this share or more.
        min_ratio: Observed over expected that a spike must reach: however sure, a rise of a tenth
            is not what anyone should hear interactions for.
        days: Length of the past that is learned from: eight weeks, which found most rises at the
            fewest false alarms among the windows compared.
        coverage: Of the interval of usual counts that is reported, 0 to 1.
        baseline: What the regression may believe.
    """

    false_discoveries: float = 0.05
    min_contacts: int = 5
    min_customers: int = 3
    top_customer_share: float = 0.5
    min_ratio: float = 1.2
    days: int = 56
    coverage: float = 0.95
    baseline: BaselineOptions = field(default_factory=BaselineOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """A term, or a rule's hits, more frequent in a slice on a day than its past explains.

    Attributes:
        contacts: Interactions with the term on the day; ``customers`` different customers of it.
        exposure: All contacts of the slice on the day; 0 where they were not counted.
        expected: Contacts expected, given the exposure.
        low: Lowest usual count; ``high`` the highest: ``coverage`` of quiet days lie within.
        p_value: Chance of a day like this, and of the days before it together, in quiet times.
        q_value: Share of false alarms among all spikes at least this sure.
        run_days: Length of the run of days, ending today, that is the most surprising; 1 where the
            day alone is.
        run_contacts: Contacts of these days together; ``run_expected`` were expected.
        since: First day of the unbroken run of days above usual that ends today.
        top_customer_share: Share of the contacts that the busiest known customer made; None
            where no contact names its customer.
        is_few_customers: The rise comes from few people: it has too few different customers, one
            customer makes most of it, or, each customer counted once, it is within chance.
        examples: Interactions to hear.
    """

    kind: Kind
    term: str
    slice: Slice
    day: date
    contacts: int
    customers: int
    exposure: int
    expected: float
    low: int
    high: int
    p_value: float
    q_value: float
    since: date
    top_customer_share: float | None
    is_few_customers: bool
    method: str
    examples: tuple[str, ...]
    run_days: int = 1
    run_contacts: int = 0
    run_expected: float = 0.0


def rising(
    counts: Iterable[TermCount], day: date, options: SpikeOptions | None = None
) -> list[Spike]:
    """Return the spikes of ``day``, surest first.

    Args:
        counts: Rows of ``day`` and of the days before it, in any order; other days do no harm.
        day: The day to be judged; its counts must be complete.
        options: When a rise is called a spike.

    Returns:
        Nothing where fewer than three earlier days were counted: there is nothing to compare with.
    """
    options = options or SpikeOptions()
    rows = list(counts)
    today = (row for row in rows if row.day == day)
    return rising_of(series(rows, day, options.days + 1), today, options)


def rising_of(
    window: Series,
    today: Iterable[TermCount],
    options: SpikeOptions | None = None,
    quiet: Iterable[Quiet] = (),
) -> list[Spike]:
    """Return the spikes of the last day of ``window``, surest first.

    Args:
        window: All series, or those with ``options.min_contacts`` on the last day and every
            slice's contacts altogether; then the rest must come as ``quiet``, because a choice of
            what is high today is full of chance.
        today: The last day's counts, for their examples; at least those that may be a spike.
        options: When a rise is called a spike.
        quiet: The series that ``window`` leaves out.
    """
    if window.days - 1 < FEWEST_DAYS:
        return []
    known = {(row.kind, row.slice, row.term): row for row in today}
    return _Search(window, known, options or SpikeOptions(), tuple(quiet)).spikes()


def called(window: Series, options: SpikeOptions) -> NDArray[np.bool_]:
    """Return which rows of ``window`` are spikes of its last day, shape ``(len(window.keys),)``."""
    search = _Search(window, {}, options)
    rates = search.rates()[1]
    return np.asarray(rates <= options.false_discoveries)


class _Search:
    """One day's search over all series."""

    def __init__(
        self,
        window: Series,
        today: Mapping[Key, TermCount],
        options: SpikeOptions,
        quiet: Sequence[Quiet] = (),
    ) -> None:
        self.quiet = quiet
        self.window = window
        self.today = today
        self.options = options
        self.contacts = window.contacts[:, -1]
        some = window.past(sample(window))
        design = daily_design(window.last, some, options.baseline)
        self.learned = learn(some, design, options.baseline)

    def rates(self) -> tuple[Floats, Floats]:
        """Return the p-value and the q-value of every row."""
        supported = np.flatnonzero(self.contacts >= self.options.min_contacts)
        p_values = np.ones(len(self.contacts))
        attainable = self._rough_chance_of_support()
        for rows in _chunks(supported):
            past, usual = self._usual(rows)
            p_values[rows] = self._surprise(rows, past, usual).p_value
            attainable[rows] = usual[0].tail(np.full(len(rows), self.options.min_contacts))
        quiet = self._quiet_chance_of_support()
        return p_values, q_values(p_values, np.concatenate([attainable, quiet]))

    def spikes(self) -> list[Spike]:
        p_values, rates = self.rates()
        called = np.flatnonzero((p_values < 1.0) & (rates <= self.options.false_discoveries))
        found: list[Spike] = []
        for rows in _chunks(called):
            found += self._described(rows, p_values, rates)
        return sorted(found, key=lambda s: (s.p_value, -s.contacts, s.kind, s.slice, s.term))

    def _usual(self, rows: Rows) -> tuple[Past, tuple[Baseline, ...]]:
        past = self.window.past(rows)
        design = daily_design(self.window.last, past, self.options.baseline)
        return past, expected_runs(past, design, self.options.baseline, self.learned)

    def _surprise(self, rows: Rows, past: Past, usual: tuple[Baseline, ...]) -> Surprise:
        return surprise(usual, past, self.contacts[rows], self.options.baseline.runs)

    def _rough_chance_of_support(self) -> Floats:
        chance = np.ones(len(self.contacts))
        past, today = self.window.exposures()
        total = self.window.contacts[:, :-1].sum(axis=1).astype(np.float64)
        for rows in _chunks(np.arange(len(chance))):
            usual = roughly(total[rows], past[rows], today[rows], self.learned.clumping)
            chance[rows] = usual.tail(np.full(len(rows), self.options.min_contacts))
        return chance

    def _quiet_chance_of_support(self) -> Floats:
        places = sorted({one.slice for one in self.quiet})
        past, today = self.window.exposure_of(places)
        where = np.array([places.index(one.slice) for one in self.quiet], dtype=np.int64)
        total = np.array([one.contacts for one in self.quiet], dtype=np.float64)
        usual = roughly(total, past[where], today[where], self.learned.clumping)
        chance = usual.tail(np.full(len(total), self.options.min_contacts))
        return np.repeat(chance, [one.series for one in self.quiet])

    def _described(self, rows: Rows, p_values: Floats, rates: Floats) -> Iterator[Spike]:
        past, runs = self._usual(rows)
        usual, told = runs[0], self._surprise(rows, past, runs)
        low, high = usual.interval(self.options.coverage)
        most_customers = self._most_customers(rows, usual)
        since = self._since(past, usual)
        exposure = self.window.exposure_today(rows)
        for i, row in enumerate(rows):
            one = self.today[self.window.keys[row]]
            if one.contacts < self.options.min_ratio * usual.mean[i]:
                continue
            yield Spike(
                kind=one.kind,
                term=one.term,
                slice=one.slice,
                day=one.day,
                contacts=one.contacts,
                customers=one.customers,
                exposure=int(exposure[i]),
                expected=float(usual.mean[i]),
                low=int(low[i]),
                high=int(high[i]),
                p_value=float(p_values[row]),
                q_value=float(rates[row]),
                since=since[i],
                top_customer_share=_top_share(one),
                is_few_customers=self._is_few(one, float(most_customers[i])),
                method=str(usual.method[i]),
                examples=one.examples,
                run_days=self.options.baseline.runs[told.run[i]],
                run_contacts=int(told.observed[i, told.run[i]]),
                run_expected=float(told.expected[i, told.run[i]]),
            )

    def _is_few(self, one: TermCount, most_customers: float) -> bool:
        return (
            one.customers < self.options.min_customers
            or one.top_customer >= self.options.top_customer_share * one.contacts
            or one.customers <= most_customers
        )

    def _most_customers(self, rows: Rows, usual: Baseline) -> Floats:
        """Return the highest usual number of different customers.

        The same prediction, scaled to the series' own customers per contact.
        """
        past = np.s_[rows, :-1]
        contacts, customers = self.window.contacts[past], self.window.customers[past]
        ratio = (customers.sum(axis=1) + 0.5) / (contacts.sum(axis=1) + 0.5)
        return replace(usual, mean=usual.mean * ratio).interval(self.options.coverage)[1]

    def _since(self, past: Past, usual: Baseline) -> list[date]:
        """Return the first day of each run of high days; days without contacts are passed over."""
        clump = (usual.share / usual.size).sum(axis=1)[:, None]
        limit = usual.fitted + RUN_Z * np.sqrt(usual.fitted + clump * usual.fitted**2)
        is_high = (past.counts > limit) & (past.counts > 1)
        starts = []
        for high, is_open in zip(is_high[:, ::-1], past.exposure[:, ::-1] > 0, strict=True):
            ends = np.flatnonzero(is_open & ~high)
            reach = int(ends[0]) if len(ends) else len(high)
            run = np.flatnonzero(high[:reach])
            starts.append(self.window.last - timedelta(days=int(run[-1]) + 1 if len(run) else 0))
        return starts


def _top_share(one: TermCount) -> float | None:
    if one.unnamed == one.contacts:
        return None
    return one.top_customer / one.contacts


def _chunks(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def sample(window: Series) -> Rows:
    """Return evenly spaced series of every level, the same on every run."""
    level = window.contacts[:, :-1].mean(axis=1)
    group = np.digitize(level, LEVELS)
    chosen = []
    for one in range(len(LEVELS) + 1):
        rows = np.flatnonzero((group == one) & (level > 0))
        step = max(1, -(-len(rows) // SAMPLE))
        chosen.append(rows[::step])
    return np.concatenate(chosen)
