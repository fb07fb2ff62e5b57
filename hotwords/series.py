"""Counts as series: one row per term and slice, one column per day, for the search over all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hotwords.counts import ALL_CONTACTS, Kind, Slice, TermCount
from hotwords.past import Past
from hotwords.regression import Floats

Key = tuple[Kind, Slice, str]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Every counted series of a window of days.

    Attributes:
        keys: Kind, slice and term of each row, sorted.
        first: The day of column 0; the last column is the day in question.
        contacts: Shape ``(len(keys), days)``; 0 where nothing was counted.
        customers: Different customers of each day, shape as ``contacts``.
        exposure_row: Row of all contacts of the same slice, shape ``(len(keys),)``; -1 where
            the counts do not hold it.
    """

    keys: tuple[Key, ...]
    first: date
    contacts: NDArray[np.int32]
    customers: NDArray[np.int32]
    exposure_row: NDArray[np.int64]

    @property
    def days(self) -> int:
        """Number of columns."""
        return int(self.contacts.shape[1])

    @property
    def last(self) -> date:
        """The day in question."""
        return self.first + timedelta(days=self.days - 1)

    def has_exposure(self) -> NDArray[np.bool_]:
        """Return which rows are compared as a share of their slice's contacts, shape ``(n,)``.

        All but the slices' contacts themselves, and rows whose slice's contacts were not counted.
        """
        own = np.arange(len(self.keys))
        return np.asarray((self.exposure_row >= 0) & (self.exposure_row != own))

    def past(self, rows: NDArray[np.int64]) -> Past:
        """Return the days before the last one of some rows.

        A day without any contact in the slice is closed or missing, and teaches nothing.
        """
        exposure = self._exposure(rows)
        return Past(
            self.contacts[rows, :-1],
            exposure[:, :-1],
            exposure[:, -1],
            self.has_exposure()[rows],
        )

    def exposure_today(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return all contacts of each row's slice on the last day; 0 where not counted."""
        total = self.contacts[self.exposure_row[rows], -1].astype(np.int64)
        return np.where(self.exposure_row[rows] >= 0, total, 0)

    def exposures(self) -> tuple[Floats, Floats]:
        """Return every row's exposure of the past altogether, and of the last day."""
        _, first, back = np.unique(
            np.column_stack([self.exposure_row, self.has_exposure()]),
            axis=0,
            return_index=True,
            return_inverse=True,
        )
        exposure = self._exposure(first)
        return exposure[:, :-1].sum(axis=1)[back], exposure[:, -1][back]

    def exposure_of(self, places: Sequence[Slice]) -> tuple[Floats, Floats]:
        """Return all contacts of each slice in the past altogether, and on the last day.

        A slice whose contacts were not counted has one contact a day.
        """
        totals = {self.keys[row][1]: row for row in set(self.exposure_row.tolist()) - {-1}}
        table = np.ones((len(places), self.days))
        for place, one in enumerate(places):
            if one in totals:
                table[place] = self.contacts[totals[one]]
        return np.asarray(table[:, :-1].sum(axis=1)), table[:, -1]

    def _exposure(self, rows: NDArray[np.int64]) -> Floats:
        place = self.exposure_row[rows]
        counted = np.where(
            (place >= 0)[:, None],
            self.contacts[place],
            np.asarray(self.contacts.any(axis=0))[None, :],
        ).astype(np.float64)
        is_plain = ~self.has_exposure()[rows]
        counted[is_plain] = counted[is_plain] > 0
        return counted


def series(counts: Iterable[TermCount], day: date, days: int) -> Series:
    """Arrange ``counts`` of the ``days`` days up to and with ``day``; other days are left out.

    The window begins with the first day on which anything was counted, if that is later.
    """
    first = day - timedelta(days=days - 1)
    numbers: dict[tuple[str, str, str, str], int] = {}
    keys: list[Key] = []
    table: list[tuple[int, int, int, int]] = []
    for one in counts:
        if not first <= one.day <= day:
            continue
        # Strings hash and compare several times faster than the values they come from.
        name = (one.kind.value, one.slice.dimension, one.slice.value, one.term)
        row = numbers.setdefault(name, len(keys))
        if row == len(keys):
            keys.append((one.kind, one.slice, one.term))
        table.append((row, (one.day - first).days, one.contacts, one.customers))
    order = [numbers[name] for name in sorted(numbers)]
    cells = np.array(table, dtype=np.int64).reshape(-1, 4)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    cells[:, 0] = place[cells[:, 0]]
    return arranged([keys[row] for row in order], cells, first, days)


def arranged(keys: Sequence[Key], cells: NDArray[np.int64], first: date, days: int) -> Series:
    """Put counts in place.

    Args:
        keys: Kind, slice and term of each row, sorted by their texts.
        cells: Row, day after ``first``, contacts and customers of each count, shape ``(n, 4)``.
        first: The first day; the window begins with the first that has a count.
        days: Length of the window.
    """
    contacts = np.zeros((len(keys), days), dtype=np.int32)
    customers = np.zeros_like(contacts)
    where = (cells[:, 0], cells[:, 1])
    contacts[where] = cells[:, 2]
    customers[where] = cells[:, 3]
    empty = int(cells[:, 1].min()) if len(cells) else days - 1
    totals = {key[1]: row for row, key in enumerate(keys) if key[2] == ALL_CONTACTS}
    exposure_row = np.array([totals.get(key[1], -1) for key in keys], dtype=np.int64)
    return Series(
        tuple(keys),
        first + timedelta(days=empty),
        contacts[:, empty:],
        customers[:, empty:],
        exposure_row,
    )
