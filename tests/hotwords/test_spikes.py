"""Spikes: planted rises are found the same day, quiet days stay quiet, the loud few are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from hotwords.counts import EVERYTHING, Kind, Quiet, Slice, TermCount
from hotwords.past import BaselineOptions
from hotwords.series import series
from hotwords.spikes import Spike, SpikeOptions, rising, rising_of

START = date(2025, 1, 6)  # a Monday
WEEK = np.array([1.1, 1.05, 1.0, 1.0, 0.95, 0.5, 0.4])
Table = NDArray[np.int64]


def centre(series: int, days: int, seed: int) -> tuple[Table, Table]:
    """All contacts per day, and contacts per word and day, without any rise."""
    random = np.random.default_rng(seed)
    weekday = np.arange(days) % 7
    total = random.poisson(600 * WEEK[weekday] * np.exp(random.normal(0, 0.08, days)))
    share = np.clip(np.exp(random.normal(np.log(0.005), 1.6, series)), 1e-5, 0.3)[:, None]
    own_week = np.exp(random.normal(0, 0.1, (series, 7)))[:, weekday]
    wobble = random.uniform(0.05, 0.3, (series, 1))
    clumps = random.gamma(1 / wobble**2, wobble**2, (series, days))
    return total, random.poisson(share * total * own_week * clumps)


def rows(total: Table, words: Table, *, until: int) -> Iterator[TermCount]:
    """Rows as ``counts.count`` makes them, every contact from another customer."""
    table = np.vstack([total[None], words])[:, : until + 1]
    for place, column in zip(*np.nonzero(table), strict=True):
        contacts = int(table[place, column])
        yield TermCount(
            day=START + timedelta(days=int(column)),
            kind=Kind.TERM,
            term=f"w{place:04d}" if place else "",
            slice=EVERYTHING,
            contacts=contacts,
            customers=contacts,
            top_customer=1,
            examples=(f"e{place}-{column}",),
        )


def judge(total: Table, words: Table, day: int) -> list[Spike]:
    recent = rows(total, words, until=day)
    return rising(recent, START + timedelta(days=day))


def test_thirty_quiet_days_of_500_series_bring_hardly_a_spike() -> None:
    total, words = centre(500, 86, seed=1)
    counts = list(rows(total, words, until=85))
    found = [s for day in range(56, 86) for s in rising(counts, START + timedelta(days=day))]
    # At 5 % false discoveries a day without any true rise has a spike with 5 % chance: 1.5 days.
    assert len(found) <= 3


def test_planted_rises_are_found_the_same_day() -> None:
    found = planted = false = 0
    for seed in range(8):
        total, words = centre(500, 60, seed=seed)
        words = words[words[:, :59].mean(axis=1) > 1]
        risen = np.arange(0, len(words), 40)
        usual = words[risen, :59].mean(axis=1)
        words[risen, 59] += np.ceil(8 + 2 * usual).astype(np.int64)
        names = {f"w{place + 1:04d}" for place in risen}
        spikes = {s.term for s in judge(total, words, 59) if s.term}
        found, planted = found + len(names & spikes), planted + len(names)
        false += len(spikes - names)
    assert found / planted >= 0.85
    assert false <= 0.1 * found


def test_a_new_word_is_found_on_its_first_day() -> None:
    total, words = centre(600, 60, seed=3)
    words[7] = 0
    words[7, 59] = 9
    (spike,) = [s for s in judge(total, words, 59) if s.term == "w0008"]
    assert spike.contacts == 9
    assert spike.expected < 0.1
    assert (spike.low, spike.high) == (0, 0)
    assert spike.since == spike.day == START + timedelta(days=59)
    assert spike.examples == ("e8-59",)
    assert spike.exposure == total[59]
    assert not spike.is_few_customers


def test_a_rise_within_chance_each_day_is_found_in_the_sum_of_its_days() -> None:
    total, words = centre(300, 60, seed=3)
    words[7] = np.random.default_rng(1).poisson(0.035 * total)
    words[7, 55:] = np.rint(1.65 * 0.035 * total[55:]).astype(np.int64)
    (spike,) = [s for s in judge(total, words, 59) if s.term == "w0008"]
    alone = SpikeOptions(baseline=BaselineOptions(runs=(1,)))
    day = START + timedelta(days=59)
    assert "w0008" not in {s.term for s in rising(rows(total, words, until=59), day, alone)}
    assert spike.run_days == 5
    assert spike.run_contacts == words[7, 55:].sum()
    assert spike.run_contacts / spike.run_expected == pytest.approx(1.65, rel=0.1)


def test_since_is_the_first_day_of_the_run() -> None:
    total, words = centre(300, 60, seed=3)
    words[7] = np.random.default_rng(1).poisson(10, 60)
    words[7, 56:] += 40
    (spike,) = [s for s in judge(total, words, 59) if s.term == "w0008"]
    assert spike.since == START + timedelta(days=56)


def test_a_busy_day_alone_is_a_spike_of_all_contacts_not_of_every_word() -> None:
    total, words = centre(300, 60, seed=5)
    total[59] *= 3
    share = words[:, :59].sum(axis=1) / total[:59].sum()
    words[:, 59] = np.random.default_rng(6).poisson(share * total[59])
    assert {s.term for s in judge(total, words, 59)} == {""}


@pytest.mark.parametrize(
    ("customers", "top", "is_few"),
    [(20, 1, False), (2, 10, True), (12, 9, False), (11, 10, True), (1, 20, True)],
)
def test_the_loud_few_are_named(customers: int, top: int, is_few: bool) -> None:
    total, words = centre(100, 60, seed=7)
    words[4] = 0
    counts = [row for row in rows(total, words, until=59) if row.term != "w0005"]
    loud = TermCount(
        day=START + timedelta(days=59),
        kind=Kind.RULE,
        term="complaint",
        slice=EVERYTHING,
        contacts=20,
        customers=customers,
        top_customer=top,
    )
    (spike,) = rising([*counts, loud], loud.day)
    assert spike.kind is Kind.RULE
    assert spike.is_few_customers == is_few
    assert spike.top_customer_share == top / 20


def test_customers_within_chance_are_few_even_if_nobody_dominates() -> None:
    """Thirty contacts where ten are usual, by as many customers as usual: they call again."""
    total, words = centre(100, 60, seed=7)
    words[4] = np.random.default_rng(2).poisson(10, 60)
    words[4, 59] = 60
    counts = list(rows(total, words, until=59))
    last = START + timedelta(days=59)
    again = [
        replace(row, customers=14, top_customer=8)
        if (row.term, row.day) == ("w0005", last)
        else row
        for row in counts
    ]
    spikes = {s.term: s for s in rising(counts, last)}
    assert not spikes["w0005"].is_few_customers
    repeated = {s.term: s for s in rising(again, last)}["w0005"]
    assert repeated.is_few_customers
    assert repeated.top_customer_share == pytest.approx(8 / 60)


def test_a_rise_of_unnamed_customers_has_no_top_customer() -> None:
    total, words = centre(100, 60, seed=7)
    words[4] = 0
    words[4, 59] = 20
    counts = [
        replace(row, unnamed=row.contacts, top_customer=0) for row in rows(total, words, until=59)
    ]
    (spike,) = rising(counts, START + timedelta(days=59))
    assert spike.top_customer_share is None
    assert not spike.is_few_customers


def test_support_and_ratio_are_needed() -> None:
    total, words = centre(100, 60, seed=9)
    words[4] = 0
    words[4, 59] = 4
    assert "w0005" not in {s.term for s in judge(total, words, 59)}
    words[4, 59] = 30
    day = START + timedelta(days=59)
    counts = list(rows(total, words, until=59))
    assert "w0005" in {s.term for s in rising(counts, day)}
    assert rising(counts, day, SpikeOptions(min_contacts=31)) == []
    assert rising(counts, day, SpikeOptions(min_ratio=1e6)) == []


@pytest.mark.parametrize("day", [0, 1, 2])
def test_without_a_past_nothing_is_a_spike(day: int) -> None:
    total, words = centre(50, 60, seed=1)
    assert judge(total, words, day) == []
    assert rising([], START) == []


def test_a_short_past_still_finds_a_clear_rise() -> None:
    total, words = centre(300, 60, seed=11)
    words[7, :10] = np.random.default_rng(1).poisson(4, 10)
    words[7, 10] = 60
    spikes = {s.term: s for s in judge(total, words, 10)}
    assert spikes["w0008"].method == "rate"
    assert len(spikes) <= 2


def test_leaving_out_small_series_needs_them_as_quiet_ones() -> None:
    total, words = centre(2000, 60, seed=17)
    day = START + timedelta(days=59)
    words[4, 59] = 3 * words[4, :59].max() + 30
    counts = list(rows(total, words, until=59))
    large = {row.term for row in counts if row.day == day and row.contacts >= 5}
    first = day - timedelta(days=56)
    sums = Counter[str]()
    for row in counts:
        if row.term and row.term not in large and first <= row.day:
            sums[row.term] += row.contacts * (row.day < day)
    quiet = [
        Quiet(slice=EVERYTHING, contacts=contacts, series=series)
        for contacts, series in sorted(Counter(sums.values()).items())
    ]
    chosen = [row for row in counts if row.term in large]
    whole, window = rising(counts, day), series(chosen, day, 57)
    part = rising_of(window, (row for row in chosen if row.day == day), quiet=quiet)
    assert [s.term for s in part] == [s.term for s in whole] == ["w0005"]
    assert part[0].q_value == pytest.approx(whole[0].q_value, rel=0.5)
    assert rising(chosen, day)[0].q_value < part[0].q_value


def test_slices_rise_on_their_own_and_order_changes_nothing() -> None:
    total, words = centre(200, 60, seed=13)
    words[4, 59] = 3 * words[4, :59].max() + 30
    day = START + timedelta(days=59)
    whole = list(rows(total, words, until=59))
    queue = Slice("queue", "refunds")
    both = whole + [replace(row, slice=queue) for row in whole]
    spikes = rising(both, day)
    assert {(s.slice, s.term) for s in spikes} >= {(EVERYTHING, "w0005"), (queue, "w0005")}
    assert rising(both[::-1], day) == spikes
    assert [s.p_value for s in spikes] == sorted(s.p_value for s in spikes)
    for spike in spikes:
        assert spike.low <= spike.expected <= spike.high < spike.contacts
        assert spike.p_value <= spike.q_value <= 0.05
