"""The current hour: contacts one by one as they come in, each set against what is usual.

Between two nights a rise of all customers at once should not wait for the morning. The last hour's
contacts are kept; a term that a new contact brings is compared with its share of the past weeks'
contacts, those of this time of day above all. Many terms are looked at all day, so a single look
must be very sure (Bonferroni over all terms and hours of a day): the hour says little, loudly; the
night says the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from hotwords.baseline import roughly
from hotwords.clumping import Clumping
from hotwords.counts import EXAMPLES, Contact

HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What the past weeks hold of the whole centre.

    Attributes:
        contacts: All contacts.
        terms: Contacts of each term.
        clumping: How much the counts clump.
        contacts_by_hour: Of the contacts, those of each local hour; empty where that is not known.
        terms_by_hour: Likewise of each term.
    """

    contacts: int
    terms: Mapping[str, int]
    clumping: Clumping = field(default_factory=Clumping)
    contacts_by_hour: tuple[int, ...] = ()
    terms_by_hour: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def of(self, term: str, hour: int) -> tuple[float, float]:
        """Return a term's past contacts and all past contacts, as far as they tell of an hour.

        The hour and its neighbours in full, all others together as one more hour: deliveries are
        asked for in the morning, but three hours of a rare word say little.
        """
        total = self.terms.get(term, 0)
        if not any(self.contacts_by_hour):
            return float(total), float(self.contacts)
        near = [(hour + step) % HOURS for step in (-1, 0, 1)]
        hits = self.terms_by_hour.get(term, (0,) * HOURS)
        there, all_there = (sum(one[at] for at in near) for one in (hits, self.contacts_by_hour))
        rest = len(near) - HOURS  # as one hour: the mean of the others
        return there + (there - total) / rest, all_there + (all_there - self.contacts) / rest


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOptions:
    """When a rise of the hour is told.

    Attributes:
        false_alarms: Accepted in a day, over all terms.
        min_contacts: In the hour; fewer are never told. ``min_customers`` likewise.
        window: Length of the current hour.
    """

    false_alarms: float = 0.05
    min_contacts: int = 5
    min_customers: int = 3
    window: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRise:
    """A term that came up in the current hour far more often than usual.

    Attributes:
        at: When the contact that made it sure came in.
        contacts: In the hour; ``expected`` were expected of its ``exposure`` contacts.
        examples: The latest interactions, different customers first to come.
    """

    term: str
    at: datetime
    contacts: int
    customers: int
    exposure: int
    expected: float
    p_value: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    at: datetime
    contact: Contact


class Live:
    """Looks at contacts as they come in.

    Args:
        usual: The past weeks.
        options: When a rise is told.
    """

    def __init__(self, usual: Usual, options: LiveOptions | None = None) -> None:
        self._usual = usual
        self._options = options or LiveOptions()
        self._heard: deque[_Heard] = deque()
        self._of_term: dict[str, deque[_Heard]] = defaultdict(deque)
        self._told: dict[str, datetime] = {}

    def add(self, contact: Contact, at: datetime) -> list[LiveRise]:
        """Take in a contact and return what it makes sure, the surest first.

        A term is told once an hour. Contacts come in the order of ``at``.
        """
        self._forget(at)
        one = _Heard(at, contact)
        self._heard.append(one)
        for term in contact.terms:
            self._of_term[term].append(one)
        found = self._sure(sorted(contact.terms), at, contact.hour)
        for rise in found:
            self._told[rise.term] = at
        return found

    def _forget(self, at: datetime) -> None:
        start = at - self._options.window
        while self._heard and self._heard[0].at <= start:
            old = self._heard.popleft()
            for term in old.contact.terms:
                self._of_term[term].popleft()
                if not self._of_term[term]:
                    del self._of_term[term]
        for term in [term for term, when in self._told.items() if when <= start]:
            del self._told[term]

    def _sure(self, terms: list[str], at: datetime, hour: int) -> list[LiveRise]:
        large = [
            term
            for term in terms
            if term not in self._told and len(self._of_term[term]) >= self._options.min_contacts
        ]
        if not large:
            return []
        hits = np.array([len(self._of_term[term]) for term in large])
        past, exposure = np.array([self._usual.of(term, hour) for term in large]).T
        today = np.full(len(large), float(len(self._heard)))
        usual = roughly(past, exposure, today, self._usual.clumping)
        chance = usual.tail(hits)
        level = self._options.false_alarms / (HOURS * max(1, len(self._usual.terms)))
        rises = [
            self._rise(term, at, float(usual.mean[i]), float(chance[i]))
            for i, term in enumerate(large)
            if chance[i] <= level
        ]
        enough = [one for one in rises if one.customers >= self._options.min_customers]
        return sorted(enough, key=lambda one: (one.p_value, -len(one.term), one.term))

    def _rise(self, term: str, at: datetime, expected: float, chance: float) -> LiveRise:
        heard = self._of_term[term]
        named = Counter(one.contact.customer for one in heard if one.contact.customer)
        latest = [one.contact.interaction_id for one in reversed(heard)]
        return LiveRise(
            term=term,
            at=at,
            contacts=len(heard),
            customers=len(named) + len(heard) - named.total(),
            exposure=len(self._heard),
            expected=expected,
            p_value=chance,
            examples=tuple(latest[:EXAMPLES]),
        )
