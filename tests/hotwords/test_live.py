"""The current hour: a planted issue is told at once, a busy hour and two loud people are not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from hotwords.clumping import EXCESS, LEVELS, PRIOR, Clumping
from hotwords.counts import Contact
from hotwords.live import Live, LiveRise, Usual

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
WORDS = tuple(f"w{i:03}" for i in range(300))
RATE = np.exp(np.linspace(np.log(0.0005), np.log(0.05), len(WORDS)))
EVEN = np.where(EXCESS <= 1.5, PRIOR, 1e-7)  # what a centre learns whose words clump little
USUAL = Usual(
    contacts=100_000,
    terms={w: int(r * 100_000) for w, r in zip(WORDS, RATE, strict=True)},
    clumping=Clumping(np.tile(EVEN / EVEN.sum(), (len(LEVELS) + 1, 1))),
)


def stream(
    hours: int, *, planted: str = "", since: int = 0, customers: int = 10**6, a_minute: int = 4
) -> list[LiveRise]:
    """Contacts at a steady pace; from minute ``since`` on every third has the planted term."""
    random = np.random.default_rng(2)
    live = Live(USUAL)
    found = []
    for n in range(hours * 60 * a_minute):
        at = START + timedelta(minutes=n / a_minute)
        terms = {w for w, hit in zip(WORDS, random.random(len(WORDS)) < RATE, strict=True) if hit}
        if planted and n >= since * a_minute and n % 3 == 0:
            terms.add(planted)
        one = Contact(
            interaction_id=f"i{n}",
            day=date(2026, 3, 2),
            customer=f"c{n % customers}" if planted in terms else f"x{n}",
            terms=frozenset(terms),
        )
        found += live.add(one, at)
    return found


def test_a_planted_issue_is_told_within_minutes_and_once_an_hour() -> None:
    found = stream(3, planted="w010", since=60)
    assert {one.term for one in found} == {"w010"}
    first = found[0]
    assert timedelta(0) < first.at - (START + timedelta(hours=1)) < timedelta(minutes=12)
    assert first.contacts >= 5
    assert first.contacts > 10 * first.expected
    assert len(first.examples) == min(10, first.contacts)
    assert len(found) <= 3


def test_what_is_usual_in_the_morning_is_news_at_night() -> None:
    by_hour = (0,) * 8 + (9_000,) * 12 + (0,) * 4
    mornings = (0,) * 8 + (1_000,) * 3 + (0,) * 13
    usual = Usual(
        contacts=sum(by_hour), terms={"delivery": 3_000}, clumping=USUAL.clumping,
        contacts_by_hour=by_hour, terms_by_hour={"delivery": mornings},
    )  # fmt: skip
    assert usual.of("delivery", 9) == pytest.approx((3_000, 27_000 + 81_000 / 21))
    hits, contacts = usual.of("delivery", 16)
    assert hits / contacts < 0.01
    told = {}
    for hour in (9, 16):
        live, told[hour] = Live(usual), []
        for n in range(120):
            terms = frozenset({"delivery"}) if n % 10 == 0 else frozenset[str]()
            one = Contact(
                interaction_id=f"i{n}", day=date(2026, 3, 2), hour=hour, customer=f"c{n}",
                terms=terms,
            )  # fmt: skip
            told[hour] += live.add(one, START + timedelta(seconds=20 * n))
    assert told[9] == []
    assert {one.term for one in told[16]} == {"delivery"}


def test_a_new_word_is_told() -> None:
    assert {one.term for one in stream(1, planted="neverheard", since=30)} == {"neverheard"}


def test_quiet_and_busy_hours_tell_nothing() -> None:
    assert stream(24) == []
    assert stream(4, a_minute=30) == []


def test_two_loud_people_are_not_told() -> None:
    assert stream(2, planted="w010", since=30, customers=2) == []
