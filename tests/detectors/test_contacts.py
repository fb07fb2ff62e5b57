"""Repeat contacts, first-contact resolution by window, and which issue follows which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from detectors.effort.contacts import Contact, following, hot_spots, repeats, resolutions

START = datetime(2026, 3, 1, tzinfo=UTC)


def contact(name: str, customer: str, day: float, issue: str = "leak") -> Contact:
    return Contact(name, customer, START + timedelta(days=day), issue)


CONTACTS = [
    contact("a1", "anna", 0),
    contact("a2", "anna", 5),
    contact("a3", "anna", 30),
    contact("b1", "ben", 0),
    contact("b2", "ben", 0.5, "refund"),
    contact("c1", "cora", 29),
]


@pytest.mark.parametrize(
    ("window", "expected"),
    [(1, {}), (4, {}), (5, {"a2": "a1"}), (25, {"a2": "a1", "a3": "a2"})],
)
def test_repeats_are_of_one_customer_about_one_issue(window: int, expected: dict[str, str]) -> None:
    assert repeats(CONTACTS, window=window) == expected
    assert repeats(reversed(CONTACTS), window=window) == expected


def test_resolution_depends_on_the_window_and_waits_until_it_is_over() -> None:
    day, week, fortnight, month = resolutions(CONTACTS, until=START + timedelta(days=31))
    assert (day.contacts, day.resolved, day.repeats) == (6, 6, 0)
    assert (week.contacts, week.resolved, week.repeats) == (4, 3, 1)  # a3 and c1 are too young
    assert (fortnight.contacts, fortnight.resolved) == (4, 3)
    assert (month.contacts, month.resolved, month.repeats) == (3, 2, 2)
    assert week.rate == 0.75


def test_nothing_is_resolved_before_a_window_is_over() -> None:
    assert [one.rate for one in resolutions(CONTACTS, until=START)] == [None] * 4


def test_what_follows_what() -> None:
    contacts = [contact(f"i{n}", f"c{n}", 0, "install") for n in range(10)]
    contacts += [contact(f"l{n}", f"c{n}", 3, "leak") for n in range(6)]
    contacts += [contact(f"o{n}", f"other{n}", 0, "bill") for n in range(30)]
    found = following(contacts)
    assert [(one.first, one.then, one.support) for one in found] == [("install", "leak", 6)]
    assert found[0].confidence == pytest.approx(0.6)
    assert found[0].lift == pytest.approx(0.6 / (6 / 40))
    assert following(contacts, least=7) == []
    assert following(contacts, window=2) == []


def test_hot_spots_leave_out_what_was_not_measured() -> None:
    found = hot_spots(CONTACTS, {"a1": 3, "a2": 6, "b2": 4})
    assert found == [("leak", 2, 4.5), ("refund", 1, 4.0)]
