"""Figures about whole interactions."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.because import NOT_MEASURED
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.measures import UNITS, measures
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party, Span

A, C, U = Party.AGENT, Party.CUSTOMER, Party.UNKNOWN
DOCS = Path(__file__).resolve().parents[2] / "docs" / "measures.md"

CALL = Example(
    says=(Line(A, "您好,请问1件事", 0), Line(C, "太差了", 22), Line(A, "抱歉", 50)),
    speech={A: ((0, 20), (50, 56)), C: ((18, 40),)},
    pitches={A: ((0, 20, 200),)},
    seconds=60,
).interaction(Channel.VOICE, Language.ZH)
CHAT = Example(
    says=(Line(C, "在吗", 0), Line(A, "您好", 30), Line(C, "太慢了", 40), Line(A, "抱歉", 100)),
).interaction(Channel.CHAT, Language.ZH)


def taken(interaction: Interaction) -> dict[tuple[str, Party | None], float | str | None]:
    return {(m.name, m.party): m.because or m.value for m in measures(Features(interaction))}


@pytest.mark.parametrize(
    ("name", "party", "value"),
    [
        ("duration", None, 60.0),
        ("utterance_count", A, 2.0),
        ("utterance_count", C, 1.0),
        ("utterance_count", None, 3.0),
        ("talk_share", A, 0.4),
        ("talk_share", C, 0.3333),
        ("both_share", None, 0.0333),
        ("silence_share", None, 0.2333),
        ("longest_silence", None, 10.0),
        ("dead_air", None, 10.0),
        ("talk_over_count", A, 0.0),
        ("talk_over_count", C, 1.0),
        ("speaking_speed", A, round(60 * 9 / 26, 4)),
        ("speaking_speed", C, round(60 * 3 / 22, 4)),
        ("loudness_baseline", A, -30.0),
        ("pitch_baseline", A, 200.0),
        ("pitch_baseline", C, "not_spoken"),
        ("sentiment_mean", A, 0.0),
    ],
)
def test_call(name: str, party: Party | None, value: float | str) -> None:
    assert taken(CALL)[name, party] == value


@pytest.mark.parametrize(
    ("name", "party", "value"),
    [
        ("first_reply", A, 30.0),
        ("reply_time_median", A, 45.0),
        ("reply_time_longest", A, 60.0),
        ("utterance_count", C, 2.0),
    ],
)
def test_chat(name: str, party: Party, value: float) -> None:
    assert taken(CHAT)[name, party] == value


def test_mono_has_no_parties() -> None:
    mono = replace(
        CALL,
        speech={U: (Span(0, 30_000),)},
        contours={},
        utterances=tuple(replace(u, party=U) for u in CALL.utterances),
        role_confidence=None,
    )
    found = taken(mono)
    assert found["talk_share", U] == 0.5
    assert found["silence_share", None] == 0.5
    assert found["both_share", None] == "parties_not_apart"
    assert found["talk_over_count", A] == "parties_not_apart"
    assert found["loudness_baseline", U] == "no_contours"


def test_mono_with_a_transcript_knows_who_said_what_but_not_how() -> None:
    found = taken(replace(CALL, speech={U: (Span(0, 30_000),)}))
    assert found["utterance_count", A] == taken(CALL)["utterance_count", A]
    for name in ("speaking_speed", "loudness_baseline", "pitch_baseline"):
        assert found[name, A] == "parties_not_apart", name


def test_without_words_or_trust_mood_is_not_measured() -> None:
    assert taken(replace(CALL, utterances=()))["sentiment_mean", A] == "no_words"
    assert taken(replace(CALL, trust=0.1))["sentiment_mean", A] == "low_trust"
    assert taken(replace(CALL, trust=0.1))["speaking_speed", A] == "low_trust"
    assert taken(replace(CALL, speech={}))["silence_share", None] == "no_sound"


def test_english_counts_words() -> None:
    says = (Line(A, "Thank you for calling, it's 9 a.m.", 0),)
    call = Example(says=says, speech={A: ((0, 30),), C: ((30, 31),)})
    found = taken(call.interaction(Channel.VOICE, Language.EN))
    assert found["speaking_speed", A] == 16.0


SPANS = st.lists(
    st.tuples(st.integers(0, 9000), st.integers(1, 1000)).map(lambda p: Span(p[0], sum(p))),
    max_size=6,
).map(tuple)


@settings(deadline=None)  # the first call reads word lists
@given(SPANS, SPANS)
def test_talk_split_sums_to_one(agent: tuple[Span, ...], customer: tuple[Span, ...]) -> None:
    call = replace(CALL, duration_ms=10_000, speech={A: agent, C: customer})
    names = {"talk_share", "both_share", "hold_share", "silence_share"}
    found = [m.value for m in measures(Features(call)) if m.name in names]
    assert sum(v for v in found if v is not None) == pytest.approx(1, abs=3e-4)


@pytest.mark.parametrize("interaction", [CALL, CHAT, replace(CALL, speech={}, utterances=())])
def test_a_value_or_a_reason(interaction: Interaction) -> None:
    for one in measures(Features(interaction)):
        assert (one.value is None) is bool(one.because)
        assert not one.because or one.because in NOT_MEASURED
        assert UNITS[one.name] == one.unit


def test_every_measure_is_taken_and_documented() -> None:
    found = {m.name for i in (CALL, CHAT) for m in measures(Features(i))}
    assert found == set(UNITS)
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", DOCS.read_text("utf-8"), re.MULTILINE)
    assert {name: unit.strip() for name, unit in rows} == dict(UNITS)


@pytest.mark.parametrize(("interaction", "end"), [(CALL, -3.06), (CHAT, -2.28)])
def test_sentiment_at_the_end(interaction: Interaction, end: float) -> None:
    """Within what learning the clause model anew may change."""
    assert taken(interaction)["sentiment_end", C] == pytest.approx(end, abs=0.05)
