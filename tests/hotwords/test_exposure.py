"""Three denominators side by side: the same rise may be news of one and not of another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hotwords.exposure import DayOut, rates

DAY = date(2026, 3, 2)
PAST = [
    DayOut(
        day=DAY - timedelta(days=n), contacts=10 + n % 3, customers=9, exposure=1000,
        all_customers=900,
    )
    for n in range(1, 29)
]  # fmt: skip
TODAY = DayOut(day=DAY, contacts=40, customers=12, exposure=1200, all_customers=1000)


def test_each_denominator_has_its_own_rate_and_interval() -> None:
    orders = {one.day: 5000.0 for one in PAST} | {DAY: 20_000.0}
    found = {one.name: one for one in rates([*PAST, TODAY], DAY, {"orders": orders})}
    assert list(found) == ["contacts", "customers", "orders"]
    contacts, customers, by_orders = found.values()
    assert contacts.per_1000 == pytest.approx(1000 * 40 / 1200)
    assert contacts.usual_per_1000 == pytest.approx(11, rel=0.01)
    assert contacts.times is not None
    assert contacts.times.value == pytest.approx(3.03, rel=0.01)
    assert 1 < contacts.times.low < 3.03 < contacts.times.high
    assert not contacts.explains
    assert customers.times is not None
    assert customers.times.value == pytest.approx(1.2, rel=0.01)
    assert customers.explains  # the people did not rise
    assert by_orders.per_1000 == pytest.approx(2)
    assert by_orders.explains  # four times the orders


def test_without_a_past_or_a_denominator_nothing_is_compared() -> None:
    (contacts, _) = rates([TODAY], DAY, {"orders": {DAY - timedelta(days=1): 5.0}})
    assert contacts.times is None
    assert not contacts.explains
    assert rates(PAST, DAY, {}) == ()
    closed = DayOut(day=DAY, contacts=0, customers=0, exposure=0, all_customers=0)
    assert rates([closed], DAY, {}) == ()
