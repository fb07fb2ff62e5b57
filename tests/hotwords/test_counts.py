"""Counts: contacts and customers per day, term and slice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hotwords.counts import EVERYTHING, Contact, Kind, Slice, TermCount, contact, count
from interactions.interaction import Channel, Interaction

DAY = date(2025, 3, 3)
REFUNDS = Slice("queue", "refunds")


def one(number: int, customer: str | None, *terms: str, rules: tuple[str, ...] = ()) -> Contact:
    return Contact(
        interaction_id=f"c{number:02d}",
        day=DAY,
        customer=customer,
        slices=(REFUNDS,) if number % 2 else (),
        terms=frozenset(terms),
        rules=frozenset(rules),
    )


def row(rows: list[TermCount], term: str, place: Slice, kind: Kind = Kind.TERM) -> TermCount:
    (found,) = [r for r in rows if (r.kind, r.term, r.slice) == (kind, term, place)]
    return found


def test_contacts_customers_and_the_busiest_customer() -> None:
    rows = count([one(1, "ann", "a"), one(2, "ann", "a", "b"), one(3, "bob", "a"), one(4, None)])
    assert row(rows, "", EVERYTHING).contacts == 4
    term = row(rows, "a", EVERYTHING)
    assert (term.contacts, term.customers, term.unnamed, term.top_customer) == (3, 2, 0, 2)
    assert row(rows, "a", REFUNDS).contacts == 2
    assert row(rows, "b", EVERYTHING).examples == ("c02",)
    everyone = row(rows, "", EVERYTHING)
    assert (everyone.customers, everyone.unnamed) == (3, 1)


def test_unnamed_contacts_are_customers_of_their_own() -> None:
    rows = count([one(2, None, "a"), one(4, None, "a")])
    term = row(rows, "a", EVERYTHING)
    assert (term.customers, term.unnamed, term.top_customer) == (2, 2, 0)


def test_a_single_contact_has_the_same_fields_as_many() -> None:
    named, unnamed = count([one(2, "ann", "a")])[1], count([one(2, None, "a")])[1]
    assert (named.customers, named.unnamed, named.top_customer) == (1, 0, 1)
    assert (unnamed.customers, unnamed.unnamed, unnamed.top_customer) == (1, 1, 0)


def test_rule_hits_are_counted_beside_terms() -> None:
    rows = count([one(2, "ann", rules=("promise",)), one(4, "bob", rules=("promise",))])
    assert row(rows, "promise", EVERYTHING, Kind.RULE).contacts == 2


def test_examples_show_different_customers_first() -> None:
    loud = [one(2 * n, "ann", "a") for n in range(20)]
    rows = count([*loud, one(90, "bob", "a"), one(92, None, "a"), one(94, None, "a")])
    examples = row(rows, "a", EVERYTHING).examples
    assert examples[:4] == ("c00", "c90", "c92", "c94")
    assert len(examples) == 10


def test_the_order_of_contacts_and_doubles_change_nothing() -> None:
    contacts = [one(n, f"k{n % 3}", "a", f"t{n % 4}") for n in range(30)]
    assert count([*contacts[10:], *contacts[::-1]]) == count(contacts)


def test_a_contact_belongs_to_its_local_day_and_its_slices() -> None:
    interaction = Interaction(
        interaction_id="i",
        channel=Channel.CHAT,
        started_at=datetime(2025, 3, 3, 17, 30, tzinfo=UTC),
        duration_ms=0,
        source="i",
        content_hash="i",
        queue="refunds",
        customer="",
    )
    found = contact(interaction, terms=frozenset({"a"}), timezone=ZoneInfo("Asia/Shanghai"))
    assert found.day == date(2025, 3, 4)
    assert found.slices == (Slice("channel", "chat"), REFUNDS)
    assert found.customer is None
