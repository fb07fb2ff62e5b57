"""Which part of the centre carries a rise: product × region × queue × team, smallest first.

A rise of the whole centre that is one product's in one region is told as that. A part is named
where it holds nearly all of the rise, clearly more than its share of what was expected, and what is
left elsewhere is within chance; among such parts the one described by the fewest words, and of
those the smallest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, betaincinv
from scipy.stats import nbinom

from hotwords.counts import Slice

LEAST_SHARE = 0.8  # of the rise: less leaves a second story untold
MOST_WORDS = 3
SURE = 0.01  # that a part's share of today is not its share of what was expected
SMOOTH = 20.0  # contacts at the centre's own rate, added to a cell's past
CAMPAIGN = 0.5  # share of a rise that the centre brought about, to call it so
MORE = 1.5  # times as large as usual
NARROWER = 0.7  # of the expected contacts: a further word must cut away at least the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Contacts of one combination of slices, today and in the past.

    Attributes:
        place: One slice a dimension.
        contacts: Contacts today, of any term; ``hits`` of them have the term.
        past_contacts: The same of the past days together; ``past_hits`` likewise.
        proactive: Hits today that the centre itself brought about (outbound calls, campaigns);
            ``past_proactive`` likewise.
    """

    place: tuple[Slice, ...]
    contacts: int
    hits: int
    past_contacts: int
    past_hits: int
    proactive: int = 0
    past_proactive: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A part of the centre and its share of a rise.

    Attributes:
        place: The slices that describe it; empty: no part, the whole centre.
        hits: Contacts with the term today; ``expected`` were expected there.
        share: Its share of all contacts with the term today, 0 to 1; ``low`` to ``high`` is the
            95 % interval (Clopper & Pearson, Biometrika 26, 1934).
        expected_share: Its share of what was expected.
        of_rise: Its share of the rise; above 1 where the rest fell.
    """

    place: tuple[Slice, ...]
    hits: int
    expected: float
    share: float
    low: float
    high: float
    expected_share: float
    of_rise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What carries a rise.

    Attributes:
        carrier: The smallest explanation; of the whole centre where no part explains the rise.
        others: Parts of one word that hold more than their share, the largest share of the rise
            first.
        proactive_share: Share of today's contacts with the term that the centre brought about;
            ``usual_proactive_share`` in the past. None without any contact.
    """

    carrier: Carrier
    others: tuple[Carrier, ...]
    proactive_share: float | None
    usual_proactive_share: float | None

    @property
    def is_campaign(self) -> bool:
        """Whether most of the rise is the centre's own calling, not its customers'."""
        today = self.proactive_share or 0.0
        return today >= CAMPAIGN and today > MORE * (self.usual_proactive_share or 0.0)


def attribute(cells: Iterable[Cell], *, past_days: int = 28) -> Attribution:
    """Return which part of the centre carries the rise that ``cells`` hold.

    Args:
        cells: Every combination of slices that had a contact.
        past_days: Days of the past; asked where every contact is a hit, so that there is nothing
            to set the hits against.
    """
    rows = [one for one in cells if one.contacts or one.past_contacts]
    table = _table(rows, past_days)
    whole = _carrier((), table)
    singles = [_carrier((place,), table) for place in sorted(table.within)]
    leading = [one for one in singles if _is_over(one, whole)]
    leading.sort(key=lambda one: (-one.of_rise, one.expected, one.place))
    return Attribution(
        carrier=_smallest(leading, whole, table),
        others=tuple(leading[:5]),
        proactive_share=_ratio(sum(c.proactive for c in rows), sum(c.hits for c in rows)),
        usual_proactive_share=_ratio(
            sum(c.past_proactive for c in rows), sum(c.past_hits for c in rows)
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The cells as columns, shape ``(n,)`` each.

    Attributes:
        hits: Contacts with the term today; ``usual`` were expected.
        within: Which cells lie in a slice.
    """

    hits: NDArray[np.int64]
    usual: NDArray[np.float64]
    within: Mapping[Slice, NDArray[np.bool_]]


def _table(rows: Sequence[Cell], past_days: int) -> _Table:
    cells: dict[Slice, list[int]] = {}
    for i, one in enumerate(rows):
        for place in one.place:
            cells.setdefault(place, []).append(i)
    within = {place: np.zeros(len(rows), dtype=np.bool_) for place in cells}
    for place, there in cells.items():
        within[place][there] = True
    hits = np.array([one.hits for one in rows], dtype=np.int64)
    return _Table(hits, np.array(_expected(rows, past_days), dtype=np.float64), within)


def _smallest(leading: Sequence[Carrier], whole: Carrier, table: _Table) -> Carrier:
    """Add words while each cuts away much of what was expected and nothing of the rise."""
    best = whole
    words = [one.place[0] for one in leading]
    for count in range(1, MOST_WORDS + 1):
        found = [
            _carrier(place, table)
            for place in combinations(sorted(words), count)
            if len({word.dimension for word in place}) == count
        ]
        fit = [one for one in found if _explains(one, whole)]
        if not fit:
            continue
        first = min(fit, key=lambda one: (one.expected, -one.of_rise, one.place))
        if first.expected < NARROWER * best.expected:
            best = first
    return best


def _explains(one: Carrier, whole: Carrier) -> bool:
    if one.of_rise < LEAST_SHARE or not _is_over(one, whole):
        return False
    left, usual_left = whole.hits - one.hits, max(whole.expected - one.expected, 1e-9)
    # What is left clumps like counts do: variance 1.5 times the mean, the middle of the prior.
    return bool(nbinom.sf(left - 1, usual_left / 0.5, 1 / 1.5) > SURE)


def _is_over(one: Carrier, whole: Carrier) -> bool:
    if one.hits <= one.expected or not whole.hits:
        return False
    share = min(max(one.expected_share, 1e-9), 1 - 1e-9)
    chance = bdtrc(one.hits - 1, whole.hits, share)  # of so many and more: a binomial test
    return bool(chance < SURE)


def _expected(rows: Sequence[Cell], past_days: int) -> list[float]:
    """Return what was expected of each cell, from the contacts without the term.

    Those with it are the rise itself, and would make a rise expect itself.
    """
    if all(one.hits == one.contacts for one in rows):  # all contacts: there are no others
        return [one.past_hits / past_days for one in rows]
    hits = sum(one.past_hits for one in rows)
    odds = hits / max(1, sum(one.past_contacts for one in rows) - hits)
    return [
        (one.past_hits + SMOOTH * odds)
        / (one.past_contacts - one.past_hits + SMOOTH)
        * (one.contacts - one.hits)
        for one in rows
    ]


def _carrier(place: tuple[Slice, ...], table: _Table) -> Carrier:
    inside = np.ones(len(table.hits), dtype=np.bool_)
    for word in place:
        inside &= table.within[word]
    hits, total = int(table.hits[inside].sum()), int(table.hits.sum())
    own, all_usual = float(table.usual[inside].sum()), float(table.usual.sum())
    rise = total - all_usual
    return Carrier(
        place=place,
        hits=hits,
        expected=own,
        share=hits / total if total else 0.0,
        low=float(betaincinv(hits, total - hits + 1, 0.025)) if hits else 0.0,
        high=float(betaincinv(hits + 1, total - hits, 0.975)) if hits < total else 1.0,
        expected_share=own / all_usual if all_usual else 0.0,
        of_rise=(hits - own) / rise if rise > 0 else 0.0,
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
