"""Phrases heard through recognition errors: Chinese by sound, English by stem and spelling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.because import explain
from detectors.english_forms import is_misspelt
from detectors.evidence import Evidence
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.hearing_alike import Heard
from detectors.lexicon import Lexicon
from detectors.likelier import CHANGED, Apart, Coded, apart, misheard, window
from detectors.phrases import Hear, phrase_set
from detectors.said import Negated
from detectors.wording.missing_phrase import MissingPhrase
from detectors.wording.phrase import Phrase
from interactions.interaction import Channel, Interaction, Language, Utterance, Word
from interactions.pinyin import sound_codes
from interactions.sound import Party
from interactions.text import normal

A, C = Party.AGENT, Party.CUSTOMER


def heard(
    phrases: list[str], text: str, hear: Hear = Hear.AUTO, *, spoken: bool = True, sure: float = 0.9
) -> list[tuple[str, Heard, float]]:
    words, form = phrase_set(phrases, hear=hear), normal(text).text
    hits = Lexicon([words]).hits([form], spoken=spoken, sure=lambda *_: sure)
    return [(form[h.start : h.end], h.heard, h.score) for h in hits.get(words, [])]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("投诉", "我要投诉", [("投诉", Heard.EXACT, 1.0)]),
        ("投诉", "我要头诉", [("头诉", Heard.TONE, 0.95)]),
        ("投诉", "我要偷诉你们", [("偷诉", Heard.NEAR, 0.9)]),
        ("投诉", "我要投书", [("投书", Heard.NEAR, 0.85)]),
        ("领导", "叫你们零捣来", [("零捣", Heard.NEAR, 0.9)]),
        ("叫你们领导", "叫你们零套出来", [("叫你们零套", Heard.NEAR, 0.75)]),
        ("关我什么事", "关我什么是", [("关我什么是", Heard.TONE, 0.95)]),
        ("app闪退", "我的app三退", [("app三退", Heard.NEAR, 0.85)]),
        ("app闪退", "我的myapp三退", []),
        ("投诉", "我要投递", []),
        ("经理", "把手机清理一下", []),
        ("同意", "我不统一", []),
        ("统一", "我同意了", []),
        ("律师", "有一位女士", []),
        ("我", "窝", []),
        ("打12315", "大12315", []),
        ("投诉", "我要头", []),
    ],
)
def test_chinese_by_sound(phrase: str, text: str, expected: list[tuple[str, Heard, float]]) -> None:
    assert heard([phrase], text) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("complaint", "I have many complaints", [("complaints", Heard.STEM, 0.95)]),
        ("refund", "it was refunded, ok", [("refunded", Heard.STEM, 0.95)]),
        ("call back", "she called back", [("called back", Heard.STEM, 0.95)]),
        ("call back", "please call, backs", []),
        ("complaint", "my complant", [("complant", Heard.SPELLING, 0.8)]),
        ("expensive", "an extensive list", []),
        ("sue", "sued", []),
        ("24 hours", "24 hour", []),
        ("complaint", "我要complaints", [("complaints", Heard.STEM, 0.95)]),
    ],
)
def test_english_by_form(phrase: str, text: str, expected: list[tuple[str, Heard, float]]) -> None:
    assert heard([phrase], text) == expected


@pytest.mark.parametrize(
    ("hear", "spoken", "found"),
    [
        (Hear.AUTO, True, {"头诉", "投书", "complaints", "complant"}),
        (Hear.AUTO, False, set()),
        (Hear.EXACT, True, set()),
        (Hear.TONE, True, {"头诉", "complaints"}),
        (Hear.TONE, False, {"头诉", "complaints"}),
        (Hear.NEAR, False, {"头诉", "投书", "complaints", "complant"}),
    ],
)
def test_how_far_a_set_listens(hear: Hear, found: set[str], *, spoken: bool) -> None:
    text = "我要头诉,他要投书. complaints, complant"
    assert {
        quote for quote, _, _ in heard(["投诉", "complaint"], text, hear, spoken=spoken)
    } == found


def test_sets_of_one_lexicon_listen_each_as_far_as_it_should() -> None:
    near, exact = phrase_set(["投诉"], hear=Hear.NEAR), phrase_set(["投诉"])
    hits = Lexicon([near, exact]).hits(["我要投诉", "我要头诉"], spoken=True)
    assert [hit.utterance for hit in hits[near]] == [0, 1]
    assert [hit.utterance for hit in hits[exact]] == [0]


@pytest.mark.parametrize(
    ("phrases", "text", "expected"),
    [
        (["经理", "京理"], "京理", ["京理"]),
        (["专人", "转人工"], "我转人工", ["转人工"]),
    ],
)
def test_what_is_itself_a_phrase_is_no_other(
    phrases: list[str], text: str, expected: list[str]
) -> None:
    assert [quote for quote, _, _ in heard(phrases, text)] == expected


def test_the_recognisers_doubt_moves_the_border() -> None:
    assert heard(["投诉"], "我要头诉", sure=0.999) == []
    assert heard(["投诉"], "我要头诉", sure=0.4) == [("头诉", Heard.TONE, 0.95)]
    assert heard(["再见"], "再建", sure=0.3) == [("再建", Heard.TONE, 0.95)]
    assert heard(["再见"], "再建", sure=0.99) == []


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("投", "投", Apart.TONE),
        ("投", "头", Apart.TONE),
        ("投", "偷", Apart.SYLLABLE),
        ("诉", "树", Apart.NEAR),
        ("班", "攀", Apart.FAR),
        ("诉", "走", Apart.OTHER),
        ("诉", "a", Apart.OTHER),
    ],
)
def test_how_far_sounds_are_apart(one: str, other: str, far: Apart) -> None:
    assert apart(sound_codes(one), sound_codes(other)) is far


def test_a_mishearing_costs_the_sum_of_its_characters() -> None:
    wanted, found = (Coded(text, sound_codes(text)) for text in ("投诉你", "偷树你"))
    expected = CHANGED[Apart.SYLLABLE] + CHANGED[Apart.NEAR]
    assert misheard(wanted, found) == (expected, Apart.NEAR)


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("一二三四五投诉一二三四五", 5, 7, (1, 11)),
        ("一,投诉", 2, 4, (2, 4)),
        ("a投诉b", 1, 3, (1, 3)),
    ],
)
def test_context_ends_at_marks(text: str, start: int, end: int, expected: tuple[int, int]) -> None:
    assert window(text, start, end) == expected


@pytest.mark.parametrize(
    ("written", "meant", "slip"),
    [
        ("cancelation", "cancellation", True),
        ("definately", "definitely", True),
        ("recieved", "received", True),
        ("extensive", "expensive", False),
        ("nanager", "manager", False),
        ("manager", "manager", False),
    ],
)
def test_slips_of_spelling(written: str, meant: str, *, slip: bool) -> None:
    assert is_misspelt(written, meant) is slip


def talk(*pairs: tuple[Party, str], channel: Channel = Channel.VOICE) -> Interaction:
    example = Example(says=tuple(Line(party, text) for party, text in pairs))
    return example.interaction(channel, Language.ZH)


def evidence(detector: Phrase | MissingPhrase, interaction: Interaction) -> list[Evidence]:
    return list(detector.find(Features(interaction)))


def test_evidence_shows_the_transcript_and_the_phrase() -> None:
    (one,) = evidence(Phrase(any=("投诉",)), talk((C, "我要頭訴")))
    assert (one.because, one.quote, one.measure, one.score) == ("phrase_tone", "頭訴", "投诉", 0.95)
    assert explain(one, "zh") == "客户说了“投诉”（转写为同音的“頭訴”）"
    said = "The customer said “投诉” (transcribed as “頭訴”, which sounds the same)"
    assert explain(one, "en") == said


def test_word_confidence_is_asked_of_the_words_that_were_heard() -> None:
    def said(confidence: float) -> list[Evidence]:
        words = tuple(Word(200 * i, 200 * i + 200, c, confidence) for i, c in enumerate("我要头诉"))
        one = Utterance(0, C, 0, 800, "我要头诉", words)
        return evidence(Phrase(any=("投诉",)), replace(talk((C, "x")), utterances=(one,)))

    assert [e.score for e in said(0.5)] == [0.475]
    assert said(0.999) == []


@pytest.mark.parametrize(
    ("detector", "quotes"),
    [
        (Phrase(any=("投诉",), notin=("投诉建议",)), ["头诉"]),
        (Phrase(any=("投诉",), negated=Negated.KEEP), ["头诉", "头诉", "头诉"]),
        (Phrase(any=("投诉",), hear=Hear.EXACT), []),
        (Phrase(any=("投诉",), none=("建议",)), []),
    ],
)
def test_what_takes_a_phrase_back_holds_for_what_is_heard(
    detector: Phrase, quotes: list[str]
) -> None:
    interaction = talk((C, "我不头诉"), (C, "头诉建议"), (C, "我要头诉"))
    assert [e.quote for e in evidence(detector, interaction)] == quotes


def test_a_greeting_that_was_misheard_was_said() -> None:
    detector = MissingPhrase(any=("很高兴为您服务",))
    misheard_greeting = (A, "很高性为您服务")
    assert evidence(detector, talk(misheard_greeting)) == []
    assert len(evidence(detector, talk(misheard_greeting, channel=Channel.CHAT))) == 1
