"""Turns, waits and shares of a call; words and syllables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.conversation import floor
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.measures import measures
from detectors.speech_units import syllables, units
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party, Span

A, C, S, U = Party.AGENT, Party.CUSTOMER, Party.SYSTEM, Party.UNKNOWN
CALL = Example(
    says=(Line(A, "请稍等", 8), Line(C, "好", 12)),
    speech={
        # "mm" at 2.0 s and the pause at 5 s end no turn; 10 to 20 s is announced dead air
        A: ((0, 5), (6, 10), (24, 90)),
        C: ((2, 2.5), (20, 23), (89, 95)),
    },
    seconds=100,
).interaction(Channel.VOICE, Language.ZH)


def taken(interaction: Interaction) -> dict[tuple[str, Party | None], float | str | None]:
    return {(m.name, m.party): m.because or m.value for m in measures(Features(interaction))}


def test_floor() -> None:
    turns = floor(Features(CALL))
    assert turns == [
        (A, Span(0, 10_000)),
        (C, Span(20_000, 23_000)),
        (A, Span(24_000, 90_000)),
        (C, Span(89_000, 95_000)),
    ]


@pytest.mark.parametrize(
    ("name", "party", "value"),
    [
        ("turn_count", A, 2.0),
        ("longest_turn", A, 66.0),
        ("monologue_count", A, 1.0),
        ("monologue_count", C, 0.0),
        ("reply_latency_p50", A, 1.0),
        ("reply_latency_p50", C, 5.0),  # 10 s, and 0 where they overlap
        ("reply_latency_p90", C, 9.0),
        ("tail", None, 5.0),
        ("dead_air", None, 10.0),
        ("dead_air_announced", None, 10.0),
        ("dead_air_unannounced", None, 0.0),
        ("hold_share", None, 0.1),
        ("silence_share", None, 0.07),
        ("talk_over_count", C, 1.0),
        ("talk_over_time", C, 1.0),
        ("talk_over_rate", C, 6.0),
        ("talk_over_rate", A, 0.0),
    ],
)
def test_turns(name: str, party: Party | None, value: float) -> None:
    assert taken(CALL)[name, party] == pytest.approx(value)


def test_the_split_with_a_system_and_unknown_speakers_sums_to_one() -> None:
    call = replace(
        CALL, speech={**CALL.speech, S: (Span(96_000, 98_000),), U: (Span(98_000, 99_000),)}
    )
    shares = {k: v for k, v in taken(call).items() if k[0].endswith("_share")}
    assert shares["talk_share", S] == 0.02
    assert shares["talk_share", U] == 0.01
    assert sum(float(v) for v in shares.values()) == pytest.approx(1, abs=3e-4)


def test_without_words_nobody_knows_what_was_announced() -> None:
    found = taken(replace(CALL, utterances=()))
    assert found["hold_share", None] == found["dead_air_announced", None] == "no_words"
    assert found["silence_share", None] == pytest.approx(0.17)


def test_one_track_with_two_voices_has_turns_but_no_overlap() -> None:
    mono = replace(CALL, recording=replace(recording(), tracks=(U,)))
    found = taken(mono)
    assert found["talk_over_count", A] == "parties_not_apart"
    assert found["both_share", None] == "parties_not_apart"
    assert found["turn_count", A] == 2.0


def recording():
    from interactions.sound import Recording

    return Recording("r", (), 100_000, 8000, "pcm_mulaw", (A, C))


def test_chats_have_lengths() -> None:
    says = (
        Line(C, "在吗", 0),
        Line(A, "您好 请讲", 30),
        Line(C, "太慢了吧", 40),
        Line(A, "抱歉", 100),
    )
    found = taken(Example(says=says).interaction(Channel.CHAT, Language.ZH))
    assert found["message_length_mean", C] == 3.0
    assert found["message_length_longest", A] == 4.0
    assert found["reply_time_mean", A] == 45.0


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("我要退2件,好吗?", Language.ZH, 7),
        ("i don't want 2 of them.", Language.EN, 6),
        ("我的 wifi 连不上", Language.MIXED, 7),
        ("", Language.MIXED, 0),
    ],
)
def test_units(text: str, language: Language, count: int) -> None:
    assert units(text, language) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("wifi", 2),
        ("time", 1),
        ("table", 2),
        ("refund", 2),
        ("cancelled", 2),
        ("tv", 1),
        ("service", 2),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count
