"""Gap, waits, speed, pick-up, hang-up, changes of loudness: each parameter does what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from detectors.evidence import Detector, Evidence
from detectors.examples import Example, Line
from detectors.features import CannotTell, Features
from detectors.place import Place
from detectors.timing.gap import Between, Gap
from detectors.timing.hang_up import HangUp
from detectors.timing.pick_up import PickUp
from detectors.timing.speaking_speed import Over, SpeakingSpeed
from detectors.timing.unclosed_wait import UnclosedWait
from detectors.voice.loudness_change import Compared, LoudnessChange
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party

A, C, U = Party.AGENT, Party.CUSTOMER, Party.UNKNOWN


def chat(*said: tuple[Party, str, float], seconds: float | None = None) -> Interaction:
    says = tuple(Line(party, text, at) for party, text, at in said)
    return Example(says=says, seconds=seconds).interaction(Channel.CHAT, Language.ZH)


def call(example: Example, language: Language = Language.ZH) -> Interaction:
    return example.interaction(Channel.VOICE, language)


def found(detector: Detector, interaction: Interaction) -> list[Evidence]:
    return list(detector.find(Features(interaction)))


TALK = chat((C, "在吗", 3), (A, "在", 10), (A, "请讲", 11), (C, "喂", 41), seconds=50)


@pytest.mark.parametrize(
    ("gap", "values"),
    [
        (Gap(), [7, 30]),
        (Gap(min_s=0), [7, 1, 30]),
        (Gap(min_s=0, max_s=5), [1]),
        (Gap(min_s=0, between=Between.SAME), [1]),
        (Gap(between=Between.DIFFERENT), [7, 30]),
        (Gap(party=A), [7]),
        (Gap(at_start=True), [3, 7, 30]),
        (Gap(at_end=True), [7, 30, 9]),
        (Gap(min_count=3), []),
        (Gap(within=Place.parse("w", "first 5 s")), [7]),
    ],
)
def test_gap(gap: Gap, values: list[float]) -> None:
    assert [e.value for e in found(gap, TALK)] == values


def test_gap_of_words_that_overlap_is_nothing() -> None:
    says = (Line(C, "一二三四五六七八", 0), Line(A, "好", 1))
    assert [e.value for e in found(Gap(min_s=0), call(Example(says=says)))] == [0.0]


WAIT = [(A, "请稍等", 0), (C, "好", 5), (A, "查到了", 20), (A, "感谢您的等待", 25)]


@pytest.mark.parametrize(
    ("given", "said", "values"),
    [
        ({}, WAIT, []),
        ({"messages": 1}, WAIT, [20]),
        ({"messages": 1, "min_s": 21}, WAIT, []),
        ({"messages": 1, "min_count": 2}, WAIT, []),
        ({}, [*WAIT[:3], (A, "话费十元", 25)], [20]),
        ({"waits": ("在查",)}, [*WAIT[:3], (A, "话费十元", 25)], []),
        ({"thanks": ("十元",)}, [*WAIT[:3], (A, "话费十元", 25)], []),
        ({}, WAIT[:1], []),
    ],
)
def test_unclosed_wait(
    given: dict[str, object], said: list[tuple[Party, str, float]], values: list[float]
) -> None:
    assert [e.value for e in found(UnclosedWait(**given), chat(*said))] == values


FAST = Example(
    says=(Line(A, "一两句话" * 10, 0), Line(A, "慢慢地说这么一句话一共有十九个字哦", 30)),
    speech={A: ((0, 6), (30, 42)), C: ((6, 7),)},
)


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"above": 300, "over": Over.MESSAGE}, [400.0]),
        ({"above": 100, "below": 300, "over": Over.MESSAGE}, [240.0]),
        ({"below": 300, "over": Over.MESSAGE, "min_units": 20}, []),
        ({"above": 100, "over": Over.MESSAGE, "own_times": 1.5}, [400.0]),
        ({"above": 100, "over": Over.MESSAGE, "own_times": 3.0}, []),
        ({"above": 100, "over": Over.MESSAGE, "min_count": 3}, []),
        ({"above": 150}, [190.0]),
        ({"below": 100}, []),
    ],
)
def test_speaking_speed(given: dict[str, object], values: list[float]) -> None:
    assert [e.value for e in found(SpeakingSpeed(**given), call(FAST))] == values


def test_english_speed_is_in_words() -> None:
    says = (Line(A, "please hold on, I'll check your 2 orders " * 5, 0),)
    example = Example(says=says, speech={A: ((0, 20),), C: ((20, 21),)})
    (evidence,) = found(SpeakingSpeed(above=10), call(example, Language.EN))
    assert evidence.value == 60 * 8 * 5 / 20


@pytest.mark.parametrize(
    ("speech", "because"),
    [
        ({A: ((0, 10),), C: ((10, 12),)}, "too_little_speech"),
        ({C: ((0, 20),)}, "not_spoken"),
        ({U: ((0, 20),)}, "parties_not_apart"),
    ],
)
def test_speed_without_enough_speech_is_not_measured(
    speech: Mapping[Party, tuple[tuple[float, float], ...]], because: str
) -> None:
    example = Example(says=FAST.says, speech=speech)
    with pytest.raises(CannotTell, match=because):
        found(SpeakingSpeed(above=100), call(example))


RINGS = call(Example(speech={C: ((2, 4),), A: ((8, 12),)}, seconds=20))


@pytest.mark.parametrize(
    ("pick_up", "values"),
    [
        (PickUp(), [8.0]),
        (PickUp(min_s=9), []),
        (PickUp(spoke_second=True), [8.0]),
        (PickUp(party=C, min_s=1), [2.0]),
        (PickUp(party=C, min_s=1, spoke_second=True), []),
        (PickUp(party=None, min_s=2), [2.0]),
    ],
)
def test_pick_up(pick_up: PickUp, values: list[float]) -> None:
    assert [e.value for e in found(pick_up, RINGS)] == values


def test_pick_up_of_a_silent_party_is_not_measured() -> None:
    with pytest.raises(CannotTell, match="not_spoken"):
        found(PickUp(), call(Example(speech={C: ((2, 4),)})))
    with pytest.raises(CannotTell, match="parties_not_apart"):
        found(PickUp(), call(Example(speech={U: ((2, 4),)})))


ENDS = call(
    Example(
        says=(Line(A, "就这样", 0), Line(C, "行", 5)),
        speech={A: ((0, 1),), C: ((5, 8),)},
        seconds=14,
    )
)
CLOSED = call(
    Example(
        says=(Line(A, "再见", 0), Line(C, "行", 5)), speech={A: ((0, 1),), C: ((5, 8),)}, seconds=14
    )
)


@pytest.mark.parametrize(
    ("hang_up", "hits"),
    [
        (HangUp(), 1),
        (HangUp(min_s=7), 0),
        (HangUp(min_s=0, max_s=3), 0),
        (HangUp(min_s=0, max_s=6), 1),
        (HangUp(last_party=C), 1),
        (HangUp(last_party=A), 0),
        (HangUp(no_closing=True), 1),
        (HangUp(no_closing=True, closings=("就这样",)), 0),
        (HangUp(no_closing=True, closings=("就这样",), closing_messages=1), 1),
    ],
)
def test_hang_up(hang_up: HangUp, hits: int) -> None:
    assert len(found(hang_up, ENDS)) == hits


def test_who_hung_up_is_what_the_centre_says() -> None:
    detector = HangUp(hung_up_by=A)
    with pytest.raises(CannotTell, match="no_attribute"):
        found(detector, ENDS)
    assert len(found(detector, replace(ENDS, attributes={"hung_up_by": "Agent"}))) == 1
    assert found(detector, replace(ENDS, attributes={"hung_up_by": "customer"})) == []


def test_a_closing_that_was_not_heard_is_not_missing() -> None:
    detector = HangUp(no_closing=True)
    assert found(detector, CLOSED) == []
    with pytest.raises(CannotTell, match="low_trust"):
        found(detector, replace(ENDS, trust=0.2))
    assert found(detector, replace(CLOSED, trust=0.2)) == []
    with pytest.raises(CannotTell, match="no_words"):
        found(detector, replace(ENDS, utterances=()))


LOUD = call(
    Example(
        speech={A: ((0, 20),), C: ((20, 36), (38, 44), (46, 52))},
        levels={C: ((20, 36, -35), (38, 44, -20), (46, 52, -30))},
    )
)


@pytest.mark.parametrize(
    ("detector", "values"),
    [
        (LoudnessChange(), [15.0]),
        (LoudnessChange(min_db=9), [15.0, -10.0]),
        (LoudnessChange(min_db=9, min_count=3), []),
        (LoudnessChange(compared=Compared.WHOLE), [15.0]),
        (LoudnessChange(compared=Compared.USUAL), [15.0]),
        (LoudnessChange(compared=Compared.USUAL, party=A), []),
        (LoudnessChange(min_turn_s=10), []),
    ],
)
def test_loudness_change(detector: LoudnessChange, values: list[float]) -> None:
    assert [e.value for e in found(detector, LOUD)] == pytest.approx(values, abs=0.5)
