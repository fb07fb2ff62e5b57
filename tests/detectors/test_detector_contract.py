"""What every detector of the catalogue keeps, whatever it detects."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from detectors.because import FOUND, NOT_MEASURED, explain, explain_not_measured
from detectors.catalogue import DETECTORS, needs_of, phrase_sets_of
from detectors.evidence import Detector, Evidence, Need
from detectors.examples import Example, Line
from detectors.features import CannotTell, Features
from detectors.lexicon import Lexicon
from detectors.parameters import parameters_of
from detectors.rule_nodes import Leaf
from detectors.rule_tree import answer
from detectors.rules import Rule, load_rules
from detectors.voice.spoken import Trait
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party, Recording, Span

A, C = Party.AGENT, Party.CUSTOMER


@dataclass(frozen=True)
class Case:
    """A detector with an interaction in which it finds something, and its threshold.

    ``steps`` go from lax to strict and end where nothing is found any more; ``near`` is an
    interaction just short of the first.
    """

    parameters: dict[str, object]
    hit: Example
    near: Example
    threshold: str
    steps: tuple[float, ...]
    channel: Channel = Channel.VOICE


def said(*pairs: tuple[Party, str]) -> Example:
    return Example(says=tuple(Line(party, text) for party, text in pairs))


CALM = {C: ((5, 40, -30),)}
LOUD = {C: ((5, 40, -30), (30, 34, -20))}
TURNS = {A: ((0, 5),), C: ((5, 40),)}
SIX_TURNS = {C: tuple((at, at + 3) for at in range(0, 24, 4)), A: ((24, 60),)}


SENTENCES = tuple(Line(C, "我" * 24, at) for at in range(0, 56, 7))


def spoken_in(seconds: float) -> dict[Party, tuple[tuple[float, float], ...]]:
    """Eight sentences of 24 characters in six seconds each; the last but one in so many."""
    spans = [(at, at + 6.0) for at in range(0, 56, 7)]
    spans[6] = (42.0, 42.0 + seconds)
    return {C: tuple(spans), A: ((56, 60),)}


def melody(*raised: tuple[float, float], end: float = 24) -> tuple[tuple[float, float, float], ...]:
    """The customer's pitch, with some of it raised by seven semitones."""
    return ((0, end, 200), *((start, stop, 300) for start, stop in raised))


CASES: dict[str, Case] = {
    "phrase": Case(
        {"any": ("投诉",), "party": C},
        said((C, "我要投诉"), (A, "好的"), (C, "必须投诉,投诉到底")),
        said((C, "我要投保"), (A, "投诉")),
        "min_hits",
        (1, 2, 3, 4),
    ),
    "missing_phrase": Case(
        {"any": ("您好",)},
        said((A, "说吧"), (C, "您好"), (A, "什么事")),
        said((A, "您好"), (C, "喂")),
        "min_messages",
        (1, 2, 3),
    ),
    "silence": Case(
        {},
        Example(speech={A: ((0, 4), (15, 20), (40, 50)), C: ((4, 5),)}),
        Example(speech={A: ((0, 4), (14.9, 20)), C: ((4, 5),)}),
        "min_s",
        (10, 15, 20, 21),
    ),
    "talk_over": Case(
        {},
        Example(speech={C: ((0, 6), (12, 18)), A: ((5, 9), (15, 21))}),
        Example(speech={C: ((0, 6), (12, 18)), A: ((5.6, 9), (18, 21))}),
        "min_s",
        (0.5, 1, 2, 3, 4),
    ),
    "slow_reply": Case(
        {},
        Example(
            says=(Line(C, "在吗", 0), Line(A, "在", 60), Line(C, "问", 70), Line(A, "请", 170))
        ),
        Example(says=(Line(C, "在吗", 0), Line(A, "在", 59.9))),
        "min_s",
        (60, 61, 100, 101),
        Channel.CHAT,
    ),
    "raised_voice": Case(
        {},
        Example(speech=TURNS, levels=LOUD),
        Example(speech=TURNS, levels={C: ((5, 40, -30), (30, 34, -24.1))}),
        "min_db",
        (6, 9, 9.9, 12),
    ),
    "raised_pitch": Case(
        {},
        Example(speech=TURNS, pitches={C: ((5, 40, 200), (30, 34, 300))}),
        Example(speech=TURNS, pitches={C: ((5, 40, 200), (30, 34, 250))}),
        "min_semitones",
        (4, 5, 6.9, 8),
    ),
    "agitated_voice": Case(
        {},
        Example(speech=SIX_TURNS, pitches={C: melody((8, 15))}),
        Example(speech=SIX_TURNS, pitches={C: melody()}),
        "min_activation",
        (0.5, 0.8, 0.9, 1.0),
    ),
    "flat_voice": Case(
        {},
        Example(speech=SIX_TURNS, pitches={A: ((24, 40, 200), (40, 60, 212))}),
        Example(speech=SIX_TURNS, pitches={A: ((24, 40, 200), (40, 60, 300))}),
        "max_semitones",
        (4, 2, 0.5),
    ),
    "heats_up": Case(
        {},
        Example(speech=SIX_TURNS, pitches={C: melody((8, 15))}),
        Example(speech=SIX_TURNS, pitches={C: melody((8, 11))}),
        "min_turns",
        (1, 2, 3),
    ),
    "rushing": Case(
        {"party": C},
        Example(says=SENTENCES, speech=spoken_in(3), seconds=60),
        Example(says=SENTENCES, speech=spoken_in(5), seconds=60),
        "min_percent",
        (20, 50, 99, 101),
    ),
    "unusual_voice": Case(
        {"trait": Trait.PITCH},
        Example(says=SENTENCES, speech=spoken_in(6), pitches={C: melody((42, 48), end=60)}),
        Example(says=SENTENCES, speech=spoken_in(6), pitches={C: melody(end=60)}),
        "min_deviations",
        (3, 10, 14, 15),
    ),
    "negative_stretch": Case(
        {},
        said((C, "你们太差了"), (A, "请讲"), (C, "打不通"), (C, "我要投诉")),
        said((C, "你们太差了"), (A, "请讲"), (C, "谢谢"), (C, "没别的了")),
        "min_utterances",
        (1, 2, 3, 4),
    ),
    "sentiment_drop": Case(
        {},
        said(*((C, t) for t in ("你好", "谢谢", "查订单", "上周买的", "太差了", "骗子"))),
        said(*((C, t) for t in ("太差了", "骗子", "查订单", "上周买的", "太差了", "骗子"))),
        "min_drop",
        (1, 2, 3, 9),
    ),
}
THRESHOLDS: dict[str, tuple[str, tuple[float, ...]]] = {
    "regex": ("min_hits", (1, 2, 3, 4)),
    "proximity": ("min_hits", (1, 2, 3, 4)),
    "similar": ("min_score", (0.5, 0.7, 1.0)),
    "repeat": ("min_repeats", (1, 2, 3)),
    "entity": ("at_least", (100, 350, 351, 1201)),
    "not_obtained": ("messages", (1, 2, 3)),
    "unclosed_wait": ("min_s", (10, 25, 30)),
    "gap": ("min_s", (2, 5, 10)),
    "speaking_speed": ("above", (280, 400, 500)),
    "pick_up": ("min_s", (5, 8, 9)),
    "hang_up": ("min_s", (5, 10, 11)),
    "loudness_change": ("min_db", (12, 14, 20)),
    "sentiment_share": ("min_share", (0.5, 0.6, 0.7)),
    "sentiment_recovery": ("ends_at_least", (1, 2, 5)),
    "aimed_at": ("min_utterances", (1, 2, 3)),
    "metadata": ("at_least", (60, 90, 91)),
    "measure": ("at_least", (1, 3, 4)),
    "sorted_as": ("min_confidence", (0.1, 0.5, 0.6, 0.9)),
}


def case_of(rule: Rule) -> tuple[str, Case]:
    leaf = rule.tree
    assert isinstance(leaf, Leaf)
    given = {n: getattr(leaf.detector, n) for n in parameters_of(type(leaf.detector))}
    hit, near = rule.examples.hit[0], rule.examples.miss[0]
    return leaf.name, Case(given, hit, near, *THRESHOLDS[leaf.name])


CASES |= dict(map(case_of, load_rules([Path(__file__).with_name("detector_cases.yaml")])))
NAMES = sorted(DETECTORS)


def made(name: str, **more: object) -> Detector:
    return DETECTORS[name](**{**CASES[name].parameters, **more})


def interaction_of(name: str, *, near: bool = False) -> Interaction:
    case = CASES[name]
    example = case.near if near else case.hit
    return example.interaction(case.channel, Language.ZH)


def found(detector: Detector, interaction: Interaction) -> list[Evidence]:
    features = Features(interaction, Lexicon(phrase_sets_of(detector)))
    return list(detector.find(features))


def empty(channel: Channel) -> Interaction:
    return Interaction(
        interaction_id="empty",
        channel=channel,
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        duration_ms=0,
        source="none",
        content_hash="",
    )


def test_every_detector_has_a_case() -> None:
    assert sorted(CASES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_finds_its_case_and_not_the_near_miss(name: str) -> None:
    assert found(made(name), interaction_of(name))
    assert found(made(name), interaction_of(name, near=True)) == []


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("name", NAMES)
def test_empty_interaction_has_nothing(name: str, channel: Channel) -> None:
    with suppress(CannotTell):
        assert found(made(name), empty(channel)) == []
    said_so = answer(Leaf(name, made(name)), Features(empty(channel)))
    assert said_so.groups == ()
    assert said_so.because in NOT_MEASURED


@pytest.mark.parametrize("name", NAMES)
def test_deterministic(name: str) -> None:
    first = found(made(name), interaction_of(name))
    assert first == found(made(name), interaction_of(name))
    assert first == found(made(name), interaction_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_alone_finds_the_same_as_in_a_plan(name: str) -> None:
    detector = made(name)
    interaction = interaction_of(name)
    assert list(detector.find(Features(interaction))) == found(detector, interaction)


@pytest.mark.parametrize("name", NAMES)
def test_evidence_is_inside_and_in_time_order(name: str) -> None:
    interaction = interaction_of(name)
    evidence = found(made(name), interaction)
    assert [e.start_ms for e in evidence] == sorted(e.start_ms for e in evidence)
    by_seq = {u.seq: u for u in interaction.utterances}
    for one in evidence:
        assert 0 <= one.start_ms <= one.end_ms <= interaction.duration_ms
        assert 0 <= one.score <= 1
        if one.utterance_seq is not None:
            assert one.quote in by_seq[one.utterance_seq].text


@pytest.mark.parametrize("name", NAMES)
def test_monotone_in_its_threshold(name: str) -> None:
    case = CASES[name]
    interaction = interaction_of(name)
    counts = [len(found(made(name, **{case.threshold: s}), interaction)) for s in case.steps]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0
    assert counts[-1] == 0


@pytest.mark.parametrize("name", NAMES)
def test_evidence_is_explained_in_both_languages(name: str) -> None:
    for one in found(made(name), interaction_of(name)):
        assert one.because in FOUND
        zh, en = explain(one, "zh"), explain(one, "en")
        assert re.search("[\u4e00-\u9fff]", zh)
        assert not en[0].islower()
        if one.value is not None and one.value != 0:
            shown = f"{round(one.value, 1):g}", f"{one.value:.2f}"  # scores have two digits
            assert any(value in zh for value in shown)
            assert any(value in en for value in shown)


def without(interaction: Interaction, need: Need) -> Interaction:
    """Return the interaction as it would be if ``need`` were not met."""
    unknown = tuple(replace(u, party=Party.UNKNOWN) for u in interaction.utterances)
    change: dict[Need, dict[str, object]] = {
        Need.TEXT: {"utterances": ()},
        Need.ROLES: {"utterances": unknown, "role_confidence": 0.4},
        Need.TRUST: {"trust": 0.2},
        Need.SPEECH: {"speech": {}},
        Need.PARTIES_APART: {"speech": {Party.UNKNOWN: (Span(0, 1000),)}},
        Need.PARTIES_TOLD: {"speech": {Party.UNKNOWN: (Span(0, 1000),)}},
        Need.CONTOURS: {"contours": {}},
    }
    return replace(interaction, **change[need])


LACKING = {
    Need.TEXT: {"no_words"},
    Need.ROLES: {"unknown_roles"},
    Need.TRUST: {"low_trust"},
    Need.SPEECH: {"no_sound", "unknown_roles"},  # with neither words nor sound nobody is known
    Need.PARTIES_APART: {"parties_not_apart"},
    Need.PARTIES_TOLD: {"parties_not_apart", "unknown_roles"},  # likewise
    Need.CONTOURS: {"no_contours"},
}


@pytest.mark.parametrize("need", sorted(LACKING))
@pytest.mark.parametrize("name", NAMES)
def test_what_is_needed_and_missing_is_not_measured(name: str, need: Need) -> None:
    detector = made(name)
    interaction = without(interaction_of(name), need)
    said_so = answer(Leaf(name, detector), Features(interaction))
    if need in needs_of(detector):
        assert said_so.groups == ()
        assert said_so.because in LACKING[need]
        assert explain_not_measured(said_so.because, "zh")
    elif need is Need.TRUST:
        assert said_so.because == ""


def test_identical_tracks_are_not_apart() -> None:
    interaction = interaction_of("talk_over")
    recording = Recording("r", (), interaction.duration_ms, 8000, "pcm_alaw", (Party.UNKNOWN,))
    features = Features(replace(interaction, recording=recording))
    assert answer(Leaf("talk_over", made("talk_over")), features).because == "parties_not_apart"


def test_catalogue_loses_nothing_silently() -> None:
    assert tuple(DETECTORS) == (
        *("phrase", "missing_phrase", "regex", "proximity", "similar", "repeat", "entity"),
        *("not_obtained", "silence", "unclosed_wait", "gap", "slow_reply", "talk_over"),
        *("speaking_speed", "pick_up", "hang_up", "raised_voice", "raised_pitch"),
        *("loudness_change", "agitated_voice", "flat_voice", "heats_up", "rushing"),
        *("unusual_voice", "negative_stretch"),
        *("sentiment_share", "sentiment_drop", "sentiment_recovery", "aimed_at"),
        *("metadata", "measure", "sorted_as"),
    )
