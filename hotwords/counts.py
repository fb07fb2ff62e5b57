"""How many contacts, and how many different customers, spoke of what: per day, term and slice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum

from interactions.interaction import Interaction

EXAMPLES = 10  # as many as a person listens to before deciding what a rise is about
_ALONE = tuple((*[0] * hour, 1) for hour in range(24))  # one contact's hours
ALL_CONTACTS = ""  # the term that every contact has: the exposure of all other terms


class Kind(StrEnum):
    """What was counted: words of the customer, or hits of a rule."""

    TERM = "term"
    RULE = "rule"


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """A part of the centre's contacts; ``("all", "")`` is the whole."""

    dimension: str = "all"
    value: str = ""


EVERYTHING = Slice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What counting needs to know about one interaction.

    Attributes:
        day: The centre's local calendar day on which it started.
        customer: The same key for one customer on every channel; None where nobody knows.
        slices: The parts of the centre it belongs to, without the whole.
        terms: What the customer spoke of.
        rules: Ids of the rules that found something.
        hour: The local hour in which it started, 0 to 23.
    """

    interaction_id: str
    day: date
    customer: str | None = None
    slices: tuple[Slice, ...] = ()
    terms: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    hour: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCount:
    """One term in one slice on one day.

    Attributes:
        term: A term, a rule id, or ``""`` for all contacts (of kind ``term``).
        contacts: Interactions that have the term, each once.
        customers: Different customers among them. A contact whose customer nobody knows counts
            as a customer of its own: it cannot be shown to be one of the others.
        unnamed: Contacts whose customer nobody knows.
        top_customer: Contacts of the one customer who has the most; 0 where none is known.
        examples: Up to ten interaction ids, different customers first.
        hours: Contacts that started in each local hour from midnight, up to the last with any.
    """

    day: date
    kind: Kind
    term: str
    slice: Slice
    contacts: int
    customers: int
    unnamed: int = 0
    top_customer: int = 0
    examples: tuple[str, ...] = ()
    hours: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Series that were counted and are too small on a day to be a spike, summed up.

    They are no spikes, but they were looked at: false discoveries are held down over them too.

    Attributes:
        slice: Whose terms and rule hits.
        contacts: Contacts of such a series on all days of the past together.
        series: How many series have just that many.
    """

    slice: Slice
    contacts: int
    series: int


def contact(
    interaction: Interaction,
    *,
    terms: frozenset[str],
    rules: frozenset[str] = frozenset(),
    timezone: tzinfo,
) -> Contact:
    """Return what counting needs of ``interaction``; its day and hour are those in ``timezone``."""
    places = (
        ("channel", interaction.channel.value),
        ("product", interaction.product),
        ("queue", interaction.queue),
        ("team", interaction.team),
        ("region", _attribute(interaction, "region")),
        ("reason", _attribute(interaction, "reason")),
    )
    started_at = interaction.started_at.astimezone(timezone)
    return Contact(
        interaction_id=interaction.interaction_id,
        day=started_at.date(),
        hour=started_at.hour,
        customer=interaction.customer or None,
        slices=tuple(Slice(dimension, value) for dimension, value in places if value),
        terms=terms,
        rules=rules,
    )


def _attribute(interaction: Interaction, name: str) -> str:
    value = interaction.attributes.get(name)
    return "" if value is None else str(value)


def count(contacts: Iterable[Contact]) -> list[TermCount]:
    """Count whole days; the same contacts give the same rows in any order.

    Give all contacts of a day together: a late one means that its day is counted again and its
    rows replaced. An interaction id that comes twice counts once.

    Returns:
        Rows in the order of day, kind, slice and term; only what occurred.
    """
    by_id = {contact.interaction_id: contact for contact in contacts}
    days: dict[date, list[Contact]] = defaultdict(list)
    for interaction_id in sorted(by_id):
        days[by_id[interaction_id].day].append(by_id[interaction_id])
    return [row for day in sorted(days) for row in _day_counts(day, days[day])]


def _day_counts(day: date, contacts: list[Contact]) -> Iterator[TermCount]:
    postings: dict[tuple[Kind, Slice], dict[str, list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for index, one in enumerate(contacts):
        for place in (EVERYTHING, *sorted(set(one.slices))):
            of_terms = postings[Kind.TERM, place]
            of_terms[ALL_CONTACTS].append(index)
            for term in one.terms:
                of_terms[term].append(index)
            for rule in one.rules:
                postings[Kind.RULE, place][rule].append(index)
    for kind, place in sorted(postings):
        for term, indices in sorted(postings[kind, place].items()):
            yield _term_count(day, (kind, place, term), [contacts[i] for i in indices])


def _term_count(day: date, key: tuple[Kind, Slice, str], contacts: list[Contact]) -> TermCount:
    kind, place, term = key
    if len(contacts) == 1:  # most terms of a day, so worth its own line
        only = contacts[0]
        is_unnamed = only.customer is None
        return TermCount(
            day=day,
            kind=kind,
            term=term,
            slice=place,
            contacts=1,
            customers=1,
            unnamed=int(is_unnamed),
            top_customer=int(not is_unnamed),
            examples=(only.interaction_id,),
            hours=_ALONE[only.hour],
        )
    named = Counter(one.customer for one in contacts if one.customer is not None)
    unnamed = len(contacts) - named.total()
    return TermCount(
        day=day,
        kind=kind,
        term=term,
        slice=place,
        contacts=len(contacts),
        customers=len(named) + unnamed,
        unnamed=unnamed,
        top_customer=max(named.values(), default=0),
        examples=_examples(contacts),
        hours=_hours(contacts),
    )


def _hours(contacts: list[Contact]) -> tuple[int, ...]:
    each = [0] * (1 + max(one.hour for one in contacts))
    for one in contacts:
        each[one.hour] += 1
    return tuple(each)


def _examples(contacts: list[Contact]) -> tuple[str, ...]:
    """Different customers first, so that ten examples are not one customer's ten calls."""
    seen: set[str] = set()
    first: list[str] = []
    again: list[str] = []
    for one in contacts:
        if one.customer is not None and one.customer in seen:
            again.append(one.interaction_id)
        else:
            first.append(one.interaction_id)
            seen.add(one.customer or "")
        if len(first) == EXAMPLES:
            break
    return tuple((first + again)[:EXAMPLES])
