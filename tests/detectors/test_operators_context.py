"""Mood share and recovery, metadata, measures: each parameter does what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.context.measure import MeasureLimit
from detectors.context.metadata import Metadata
from detectors.evidence import Detector, Evidence
from detectors.examples import Example, Line
from detectors.features import CannotTell, Features
from detectors.mood.sentiment_recovery import SentimentRecovery
from detectors.mood.sentiment_share import Polarity, SentimentShare
from detectors.parameters import Unfit
from detectors.place import Place
from detectors.timing.gap import Gap
from detectors.timing.hang_up import HangUp
from detectors.timing.speaking_speed import SpeakingSpeed
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party

A, C = Party.AGENT, Party.CUSTOMER


def chat(*said: tuple[Party, str, float]) -> Interaction:
    says = tuple(Line(party, text, at) for party, text, at in said)
    return Example(says=says).interaction(Channel.CHAT, Language.ZH)


def found(detector: Detector, interaction: Interaction) -> list[Evidence]:
    return list(detector.find(Features(interaction)))


MOODS = chat((C, "太差了", 0), (C, "我要投诉", 10), (C, "查订单吧", 20), (C, "非常满意", 30))


@pytest.mark.parametrize(
    ("detector", "values"),
    [
        (SentimentShare(), [0.5]),
        (SentimentShare(min_share=0.51), []),
        (SentimentShare(polarity=Polarity.POSITIVE, min_share=0.25), [0.25]),
        (SentimentShare(strength=4.9), []),
        (SentimentShare(min_utterances=5), []),
        (SentimentShare(party=A), []),
        (SentimentShare(within=Place.parse("w", "first 3 messages")), [0.67]),
        (SentimentShare(within=Place.parse("w", "last 12 s"), min_utterances=2), []),
    ],
)
def test_sentiment_share(detector: SentimentShare, values: list[float]) -> None:
    assert [e.value for e in found(detector, MOODS)] == values


def test_sentiment_recovery() -> None:
    texts = ("太差了", "我要投诉", "查订单吧", "好的好的", "太感谢了", "非常满意")
    course = chat(*((C, text, 10.0 * i) for i, text in enumerate(texts)))
    (evidence,) = found(SentimentRecovery(), course)
    assert (evidence.start_ms, evidence.end_ms, evidence.quote) == (0, 50_000, "太差了")
    assert found(SentimentRecovery(begins_at_most=-4.9), course) == []
    assert found(SentimentRecovery(ends_at_least=4.9), course) == []
    assert found(SentimentRecovery(min_utterances=7), course) == []


KNOWN = replace(
    MOODS,
    queue="售后",
    attributes={"wait": 61, "vip": True, "tier": "Ｇold", "due": "2026-03-30 21:30", "none": ""},
)


@pytest.mark.parametrize(
    ("given", "hit"),
    [
        ({"name": "queue", "is_any": ("售前", "售后")}, True),
        ({"name": "queue", "is_none": ("售后",)}, False),
        ({"name": "queue", "contains": ("后",)}, True),
        ({"name": "tier", "is_any": ("GOLD",)}, True),
        ({"name": "vip", "is_any": ("true",)}, True),
        ({"name": "wait", "at_least": 61}, True),
        ({"name": "wait", "above": 61}, False),
        ({"name": "wait", "at_most": 61, "at_least": 60}, True),
        ({"name": "wait", "below": 61}, False),
        ({"name": "due", "before": "2026-03-31"}, True),
        ({"name": "due", "after": "2026-03-30T21:31"}, False),
        ({"name": "due", "after": "21:00"}, True),
        ({"name": "due", "before": "21:00"}, False),
        ({"name": "started_at", "after": "2026-01-01"}, True),
        ({"name": "duration", "at_least": 30}, True),
        ({"name": "channel", "is_any": ("chat",)}, True),
        ({"name": "missing_one", "missing": True}, True),
        ({"name": "none", "missing": True}, True),
        ({"name": "wait", "missing": True}, False),
    ],
)
def test_metadata(given: dict[str, object], hit: bool) -> None:
    assert bool(found(Metadata(**given), KNOWN)) is hit


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({"name": "missing_one", "is_any": ("a",)}, "no_attribute"),
        ({"name": "queue", "above": 3}, "no_number"),
        ({"name": "queue", "before": "2026-03-30"}, "no_time"),
        ({"name": "wait", "after": "09:00"}, "no_time"),
    ],
)
def test_metadata_that_cannot_be_compared(given: dict[str, object], because: str) -> None:
    with pytest.raises(CannotTell, match=because):
        found(Metadata(**given), KNOWN)


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"name": "duration", "at_least": 30}, [30.0]),
        ({"name": "duration", "above": 30}, []),
        ({"name": "duration", "below": 31}, [30.0]),
        ({"name": "utterance_count", "party": C, "at_least": 4, "at_most": 4}, [4.0]),
    ],
)
def test_measure(given: dict[str, object], values: list[float]) -> None:
    assert [e.value for e in found(MeasureLimit(**given), MOODS)] == values


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({"name": "silence_share", "above": 0.1}, "no_measure"),
        ({"name": "duration", "party": C, "above": 1}, "no_measure"),
        ({"name": "first_reply", "party": A, "above": 1}, "no_replies"),
    ],
)
def test_measure_that_is_not_there(given: dict[str, object], because: str) -> None:
    with pytest.raises(CannotTell, match=because):
        found(MeasureLimit(**given), MOODS)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (MeasureLimit, {"name": "nothing", "above": 1}),
        (MeasureLimit, {"name": "duration"}),
        (MeasureLimit, {"name": "duration", "at_least": 3, "below": 2}),
        (Metadata, {"name": "a"}),
        (Metadata, {"name": "a", "missing": True, "above": 1}),
        (Metadata, {"name": "a", "before": "31 March"}),
        (Metadata, {"name": "a", "before": "2026-13-45"}),
        (Gap, {"max_s": 1}),
        (HangUp, {"max_s": 1}),
        (SpeakingSpeed, {}),
    ],
)
def test_limits_that_make_no_sense(kind: type, given: dict[str, object]) -> None:
    with pytest.raises(Unfit):
        kind(**given)
