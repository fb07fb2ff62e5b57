"""Counts arranged as series."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from hotwords.counts import EVERYTHING, Kind, Slice, TermCount
from hotwords.series import series

DAY = date(2025, 3, 3)
QUEUE = Slice("queue", "refunds")


def row(back: int, term: str, contacts: int, place: Slice = EVERYTHING) -> TermCount:
    return TermCount(
        day=DAY - timedelta(days=back),
        kind=Kind.TERM,
        term=term,
        slice=place,
        contacts=contacts,
        customers=contacts - 1,
    )


def test_rows_are_sorted_and_days_without_counts_are_zero() -> None:
    counts = [row(0, "b", 3), row(3, "a", 5), row(0, "", 9), row(3, "", 8), row(90, "a", 7)]
    window = series(counts, DAY, 57)
    assert [key[2] for key in window.keys] == ["", "a", "b"]
    assert window.first == DAY - timedelta(days=3)
    assert window.last == DAY
    assert window.contacts.tolist() == [[8, 0, 0, 9], [5, 0, 0, 0], [0, 0, 0, 3]]
    assert window.customers[1].tolist() == [4, 0, 0, 0]


def test_terms_are_compared_with_their_own_slices_contacts() -> None:
    counts = [row(1, "", 8), row(1, "a", 2), row(1, "", 4, QUEUE), row(1, "a", 1, QUEUE)]
    counts += [row(0, "", 6), row(0, "a", 1)]
    window = series(counts, DAY, 57)
    by_key = {(key[1], key[2]): i for i, key in enumerate(window.keys)}
    rows = np.array([by_key[EVERYTHING, "a"], by_key[QUEUE, "a"], by_key[EVERYTHING, ""]])
    past = window.past(rows)
    assert past.exposure.tolist() == [[8.0], [4.0], [1.0]]
    assert past.exposure_today.tolist() == [6.0, 0.0, 1.0]
    assert past.has_exposure.tolist() == [True, True, False]
    assert window.exposure_today(rows).tolist() == [6, 0, 6]
    total, today = window.exposures()
    assert total[rows].tolist() == [8.0, 4.0, 1.0]
    assert today[rows].tolist() == [6.0, 0.0, 1.0]


def test_terms_without_a_total_are_plain_counts() -> None:
    window = series([row(2, "a", 5), row(0, "a", 6)], DAY, 57)
    past = window.past(np.array([0]))
    assert past.exposure.tolist() == [[1.0, 0.0]]  # the day without any count is unknown
    assert not past.has_exposure[0]
    assert window.exposure_today(np.array([0])).tolist() == [0]


def test_nothing_counted_is_no_series() -> None:
    assert series([], DAY, 57).keys == ()
