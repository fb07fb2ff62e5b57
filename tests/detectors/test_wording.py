"""Phrases that were said and phrases that are missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.evidence import Evidence
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.parameters import Unfit
from detectors.place import Place
from detectors.rule_nodes import Leaf, Not
from detectors.rule_tree import answer
from detectors.said import Negated
from detectors.wording.missing_phrase import MissingPhrase
from detectors.wording.phrase import Phrase, Scope
from interactions.interaction import Channel, Interaction, Language, Utterance, Word
from interactions.sound import Party

A, C, U = Party.AGENT, Party.CUSTOMER, Party.UNKNOWN


def talk(*pairs: tuple[Party, str], channel: Channel = Channel.VOICE) -> Interaction:
    example = Example(says=tuple(Line(party, text) for party, text in pairs))
    return example.interaction(channel, Language.ZH)


def quotes(detector: Phrase | MissingPhrase, interaction: Interaction) -> list[str]:
    return [e.quote for e in detector.find(Features(interaction))]


TALK = talk((A, "您好"), (C, "我要投诉,还要退款"), (A, "投诉什么"), (C, "投訴快递,不是投诉您"))


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        (Phrase(any=("投诉",)), ["投诉", "投诉", "投訴"]),
        (Phrase(any=("投诉",), party=C), ["投诉", "投訴"]),
        (Phrase(any=("投诉",), party=C, negated=Negated.KEEP), ["投诉", "投訴", "投诉"]),
        (Phrase(any=("投诉",), party=C, negated=Negated.ONLY), ["投诉"]),
        (Phrase(any=("投诉",), min_hits=4), []),
        (Phrase(all=("投诉", "退款"), party=C), ["投诉", "退款", "投訴"]),
        (Phrase(all=("投诉", "退款"), party=A), []),
        (Phrase(all=("快递", "退款"), scope=Scope.MESSAGE), []),
        (Phrase(all=("投诉", "退款"), scope=Scope.MESSAGE), ["投诉", "退款"]),
        (Phrase(of=("退款", "快递", "发票"), n_of=2), ["退款", "快递"]),
        (Phrase(of=("退款", "快递", "发票"), n_of=3), []),
        (Phrase(any=("投诉",), none=("退款",)), []),
        (Phrase(any=("投诉",), none=("退款",), scope=Scope.MESSAGE), ["投诉", "投訴"]),
        (Phrase(any=("投诉",), notin=("投诉快递", "投诉什么")), ["投诉"]),
        (Phrase(any=("投诉", "要投诉")), ["要投诉", "投诉", "投訴"]),
        (Phrase(any=("投诉",), within=Place.parse("w", "last 1 message")), ["投訴"]),
        (Phrase(any=("投诉",), within=Place.parse("w", "last 2 messages")), ["投诉", "投訴"]),
        (Phrase(any=("投诉",), within=Place.parse("w", "first 1 messages"), party=A), []),
        (Phrase(any=("投诉",), within=Place.parse("w", "first 2 messages"), party=A), ["投诉"]),
    ],
)
def test_phrase(phrase: Phrase, expected: list[str]) -> None:
    assert quotes(phrase, TALK) == expected


def test_evidence_shows_the_original_words_and_their_time() -> None:
    words = tuple(
        Word(1000 + 200 * i, 1200 + 200 * i, c, 0.5 + 0.1 * i) for i, c in enumerate("我要投訴")
    )
    one = Utterance(0, C, 1000, 1800, "我要投訴", words)
    evidence = next(Phrase(any=("投诉",)).find(Features(replace(TALK, utterances=(one,)))))
    assert evidence == Evidence(
        start_ms=1400,
        end_ms=1800,
        because="phrase",
        party=C,
        utterance_seq=0,
        quote="投訴",
        score=0.75,
    )


def test_place_is_judged_at_the_words_own_time() -> None:
    words = tuple(Word(1000 * i, 1000 * i + 900, c) for i, c in enumerate("我说了很久才说投诉"))
    one = Utterance(0, C, 0, 9000, "我说了很久才说投诉", words)
    interaction = replace(TALK, utterances=(one,), duration_ms=10_000)
    first = Phrase(any=("投诉",), within=Place.parse("w", "first 5 s"))
    last = Phrase(any=("投诉",), within=Place.parse("w", "last 40 %"))
    assert quotes(first, interaction) == []
    assert quotes(last, interaction) == ["投诉"]


def test_dropped_utterances_are_not_searched() -> None:
    dropped = tuple(replace(u, dropped_because="repetition") for u in TALK.utterances)
    assert quotes(Phrase(any=("投诉",)), replace(TALK, utterances=dropped)) == []


def test_unknown_party_counts_only_where_asked() -> None:
    mono = replace(talk((U, "我要投诉")), role_confidence=None)
    asks = Leaf("phrase", Phrase(any=("投诉",), party=C))
    takes = Leaf("phrase", Phrase(any=("投诉",), party=C, or_unknown=True))
    assert answer(asks, Features(mono)).because == "unknown_roles"
    assert len(answer(takes, Features(mono)).groups) == 1
    unsure = replace(talk((A, "我要投诉")), role_confidence=0.5)
    assert len(answer(takes, Features(unsure)).groups) == 1


@pytest.mark.parametrize(
    ("pairs", "within", "missing"),
    [
        ([(A, "您好"), (C, "喂")], None, False),
        ([(A, "说"), (C, "您好")], None, True),
        ([(C, "您好")], None, False),
        ([(A, "说"), (A, "您好")], "first 1 messages", True),
        ([(A, "说"), (A, "您好")], "first 2 messages", False),
        ([(A, "说"), (U, "您好")], None, False),
        ([(A, "我不说您好")], None, True),
    ],
)
def test_missing_phrase(
    pairs: list[tuple[Party, str]], within: str | None, *, missing: bool
) -> None:
    place = Place.parse("within", within) if within else None
    detector = MissingPhrase(any=("您好",), within=place)
    assert bool(list(detector.find(Features(talk(*pairs))))) is missing


def test_missing_phrase_shows_where_it_should_have_been() -> None:
    interaction = replace(talk((A, "说吧"), (C, "喂")), duration_ms=60_000, trust=0.8)
    detector = MissingPhrase(any=("您好",), within=Place.parse("w", "first 30 s"))
    evidence = next(detector.find(Features(interaction)))
    assert (evidence.start_ms, evidence.end_ms, evidence.score) == (0, 30_000, 0.8)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"trust": 0.3}, "low_trust"),
        ({"role_confidence": 0.5}, "unknown_roles"),
        ({"utterances": ()}, "no_words"),
    ],
)
def test_missing_phrase_is_suspended(change: dict[str, object], because: str) -> None:
    leaf = Leaf("missing_phrase", MissingPhrase(any=("您好",)))
    interaction = replace(talk((A, "说吧")), **change)
    assert answer(leaf, Features(interaction)).because == because


def test_absence_of_words_needs_trust() -> None:
    node = Not(Leaf("phrase", Phrase(any=("抱歉",))))
    assert answer(node, Features(talk((A, "说吧")))).groups[0][0].because == "absent"
    low = replace(talk((A, "说吧")), trust=0.2)
    assert answer(node, Features(low)).because == "low_trust"
    heard = replace(talk((A, "抱歉")), trust=0.2)
    assert answer(node, Features(heard)).groups == ()


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"any": ("  ",)},
        {"of": ("a", "b"), "n_of": 3},
        {"of": ("a", "b")},
        {"any": ("a",), "n_of": 1},
    ],
)
def test_phrase_refuses_what_makes_no_sense(parameters: dict[str, object]) -> None:
    with pytest.raises(Unfit):
        Phrase(**parameters)
