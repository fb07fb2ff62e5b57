"""Spikes that tell one story are told once."""

from __future__ import annotations

import random
from datetime import date

from hotwords.counts import Kind, Slice
from hotwords.rises import rises
from hotwords.spikes import Spike

DAY, NEXT = date(2026, 3, 28), date(2026, 3, 29)


def spike(term: str, q: float, examples: str, *, day: date = DAY, place: Slice = Slice()) -> Spike:  # noqa: B008 - frozen
    return Spike(
        kind=Kind.TERM, term=term, slice=place, day=day, contacts=20, customers=18, exposure=100,
        expected=2.0, low=0, high=5, p_value=q / 100, q_value=q, since=DAY,
        top_customer_share=0.1, is_few_customers=False, method="regression",
        examples=tuple(examples),
    )  # fmt: skip


SPIKES = [
    spike("e6", 0.001, "abcd"),
    spike("e6", 0.001, "abcd", place=Slice("queue", "repair")),
    spike("e6", 0.01, "mnop", day=NEXT),
    spike("firmware", 0.002, "abcx"),
    spike("invoice", 0.02, "wxyz"),
    spike("", 0.03, "abcd"),
    spike("late", 0.04, "abcd", day=NEXT),
]


def test_words_of_the_same_interactions_are_one_story_over_its_days() -> None:
    first, *others = rises(SPIKES)
    assert (first.spike.term, first.terms, first.days) == ("e6", ("firmware",), (DAY, NEXT))
    assert first.spike.slice == Slice()
    assert [(one.spike.term, one.terms) for one in others] == [
        ("invoice", ()),
        ("", ()),
        ("late", ()),
    ]


def test_the_order_of_spikes_does_not_matter() -> None:
    shuffled = list(SPIKES)
    random.Random(7).shuffle(shuffled)
    assert rises(shuffled) == rises(SPIKES)


def test_nothing_rises_from_nothing() -> None:
    assert rises([]) == []
