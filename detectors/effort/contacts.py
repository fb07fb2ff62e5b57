"""Effort over many interactions: who had to come again about the same thing, and what came next.

A contact *repeats* an earlier one of the same customer about the same issue, on whatever channel,
at most ``window`` days after it (from moment to moment). A contact is *resolved at once* where no
repeat follows it within the window; contacts whose window is not over by ``until`` are not counted,
neither way: nobody knows yet. What the issue is the caller says: product and queue where nothing
better is known. Common practice takes seven days; the answer depends on it, so four windows are
told together.

Next issues: for the issues A and B of one customer's neighbouring contacts within the window,
``support`` is the number of customers who went from A to B, ``confidence`` their share of those who
had A and came again or not, and ``lift`` that share over the share of all customers who had B
(Agrawal et al., *Mining association rules between sets of items in large databases*, 1993).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

WINDOWS = (1, 7, 14, 30)
"""Days."""
LEAST_SUPPORT = 5
"""Customers from which a following issue is told; ours."""
LEAST_LIFT = 1.5
"""How much likelier than by chance; ours."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One interaction of a known customer.

    Attributes:
        at: UTC.
        issue: What it was about.
    """

    interaction_id: str
    customer: str
    at: datetime
    issue: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """How many contacts were the last ones about their issue.

    Attributes:
        window: Days.
        contacts: Those whose window is over; ``resolved`` of them without a repeat.
        repeats: Contacts, of all, that repeat an earlier one.
    """

    window: int
    contacts: int
    resolved: int
    repeats: int

    @property
    def rate(self) -> float | None:
        """First-contact resolution, 0 to 1; None where nothing can be counted yet."""
        return self.resolved / self.contacts if self.contacts else None


@dataclass(frozen=True, slots=True)
class Following:
    """Issue ``then`` follows ``first``: if ``first``, also tell them ``then``."""

    first: str
    then: str
    support: int
    confidence: float
    lift: float


def repeats(contacts: Iterable[Contact], *, window: int) -> dict[str, str]:
    """Return, for each contact that repeats another, the last one that it repeats."""
    found: dict[str, str] = {}
    for same in _by(contacts, lambda one: (one.customer, one.issue)).values():
        for before, after in pairwise(same):
            if after.at - before.at <= timedelta(days=window):
                found[after.interaction_id] = before.interaction_id
    return found


def resolutions(
    contacts: Sequence[Contact], *, until: datetime, windows: Sequence[int] = WINDOWS
) -> list[Resolution]:
    """Return first-contact resolution for each window, so that its sensitivity is seen."""
    found = []
    for window in windows:
        again = repeats(contacts, window=window)
        repeated = set(again.values())
        over = [one for one in contacts if one.at + timedelta(days=window) <= until]
        resolved = sum(one.interaction_id not in repeated for one in over)
        found.append(Resolution(window, len(over), resolved, len(again)))
    return found


def following(
    contacts: Iterable[Contact], *, window: int = 30, least: int = LEAST_SUPPORT
) -> list[Following]:
    """Return which other issue follows which, the highest lift first."""
    had: dict[str, set[str]] = defaultdict(set)
    went: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_customer = _by(contacts, lambda one: (one.customer, ""))
    for (customer, _), own in by_customer.items():
        for one in own:
            had[one.issue].add(customer)
        for before, after in pairwise(own):
            is_near = after.at - before.at <= timedelta(days=window)
            if is_near and after.issue != before.issue:
                went[before.issue, after.issue].add(customer)
    found = []
    for (first, then), customers in went.items():
        confidence = len(customers) / len(had[first])
        lift = confidence * len(by_customer) / len(had[then])
        if len(customers) >= least and lift >= LEAST_LIFT:
            found.append(Following(first, then, len(customers), confidence, lift))
    return sorted(found, key=lambda one: (-one.lift, -one.support, one.first, one.then))


def hot_spots(
    contacts: Iterable[Contact], efforts: Mapping[str, float]
) -> list[tuple[str, int, float]]:
    """Return each issue with its contacts and their mean effort, the largest sum first.

    Contacts whose effort was not measured are left out.
    """
    sums: dict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    for one in contacts:
        if one.interaction_id in efforts:
            counts[one.issue] += 1
            sums[one.issue] += efforts[one.interaction_id]
    return sorted(
        ((issue, counts[issue], sums[issue] / counts[issue]) for issue in counts),
        key=lambda spot: (-spot[1] * spot[2], spot[0]),
    )


def _by(
    contacts: Iterable[Contact], key: Callable[[Contact], tuple[str, str]]
) -> dict[tuple[str, str], list[Contact]]:
    found: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for one in sorted(contacts, key=lambda one: (one.at, one.interaction_id)):
        found[key(one)].append(one)
    return found
