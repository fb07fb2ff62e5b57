"""Places and distances: what is written, what is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.examples import Example, Line
from detectors.parameters import Unfit
from detectors.place import Distance, Place
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party, Span

A, C = Party.AGENT, Party.CUSTOMER


def talk() -> Interaction:
    """Ten messages of 1 s, customer first, in turn, each beginning 10 s after the one before."""
    says = tuple(Line((C, A)[i % 2], "一二三四", 10.0 * i) for i in range(10))
    return Example(says=says, seconds=100).interaction(Channel.VOICE, Language.ZH)


@pytest.mark.parametrize(
    ("text", "start_s", "end_s"),
    [
        ("first 30 s", 0, 30),
        ("last 30 s", 70, 100),
        ("first 20 %", 0, 20),
        ("last 20 %", 80, 100),
        ("first 500 s", 0, 100),
        ("between 30 and 90 s", 30, 90),
        ("between 30 and end s", 30, 100),
        ("between 10 and 60 s from end", 40, 90),
        ("between 25 and 50 %", 25, 50),
        ("first 3 messages", 0, 21),
        ("last 3 messages", 70, 100),
        ("between 2 and 4 messages", 10, 31),
        ("between 9 and end messages", 80, 100),
        ("between 2 and 3 messages from end", 70, 81),
        ("first 2 agent messages", 0, 31),
        ("last 1 customer message", 80, 100),
        ("between 2 and 3 agent messages", 30, 51),
        ("between 50 and 60 messages", 100, 100),
    ],
)
def test_window(text: str, start_s: int, end_s: int) -> None:
    interaction = talk()
    window = Place.parse("within", text).window(interaction, interaction.utterances)
    assert window == Span(start_s * 1000, end_s * 1000)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("first 3 messages", {0, 1, 2}),
        ("last 2 messages", {8, 9}),
        ("between 2 and 4 messages", {1, 2, 3}),
        ("between 2 and 3 messages from end", {7, 8}),
        ("first 2 agent messages", {0, 1, 2, 3}),
        ("between 30 and 50 s", {3, 4, 5}),
    ],
)
def test_which_messages_are_inside(text: str, inside: set[int]) -> None:
    interaction = talk()
    place = Place.parse("within", text)
    window = place.window(interaction, interaction.utterances)
    chosen = place.chosen(interaction.utterances)
    found = {
        u.seq
        for u in interaction.utterances
        if place.has(Span(u.start_ms, u.end_ms), u, window, chosen)
    }
    assert found == inside


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "first 0 s", "first 101 %", "first 1.5 messages", "between 5 and 4 s"),
        *("between 5 and 5 %", "between 3 and 2 messages", "first 3 nobody messages", "first s"),
        *("between 0 and 0 messages", "last 20 % from end"),
    ],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(Unfit) as caught:
        Place.parse("within", text)
    assert (caught.value.field_name, caught.value.code) == ("within", "bad_place")


numbers = st.integers(1, 90)


@given(numbers, numbers, st.sampled_from(["s", "%", "messages", "agent messages"]), st.booleans())
def test_a_place_reads_as_it_is_written(a: int, b: int, unit: str, behind: bool) -> None:
    low, high = sorted((a, b + a))
    behind_text = " from end" if behind else ""
    text = f"between {low} and {min(high, 100)} {unit}{behind_text}"
    try:
        place = Place.parse("within", text)
    except Unfit:
        assert low >= min(high, 100)
        return
    assert str(place) == text
    interaction = talk()
    window = place.window(interaction, interaction.utterances)
    assert 0 <= window.start_ms <= window.end_ms <= interaction.duration_ms


@pytest.mark.parametrize("text", ["30 s", "0 messages", "5 messages", "2 agent messages"])
def test_distance(text: str) -> None:
    assert str(Distance.parse("within", text)) == text


@pytest.mark.parametrize("text", ["far", "3 %", "1.5 messages", "-1 s", "first 3 s"])
def test_what_is_no_distance_is_refused(text: str) -> None:
    with pytest.raises(Unfit) as caught:
        Distance.parse("within", text)
    assert caught.value.code == "bad_distance"
