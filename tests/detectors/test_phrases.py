"""The automaton, word boundaries, negation and places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.lexicon import Lexicon
from detectors.negation import is_negated
from detectors.parameters import Unfit
from detectors.phrases import by_utterance, phrase_set
from detectors.place import End, Place, PlaceUnit
from interactions.text import normal


def spans(phrase: str, text: str) -> list[str]:
    words = phrase_set([phrase])
    form = normal(text).text
    return [form[h.start : h.end] for h in Lexicon([words]).hits([form]).get(words, [])]


@pytest.mark.parametrize(
    ("phrase", "text", "hits"),
    [
        ("投诉", "我要投诉,投诉你们", 2),
        ("投诉", "我要投 诉", 1),
        ("投诉", "我要投訴", 1),
        ("12315", "打12315", 1),
        ("12315", "打幺二三幺五", 1),
        ("12315", "打１２３１５!", 1),
        ("12315", "单号9912315678", 0),
        ("12315", "单号123156", 0),
        ("sue", "I will sue you", 1),
        ("sue", "Sue!", 1),
        ("sue", "My name is Susan, an issue", 0),
        ("can", "I can't", 0),
        ("agent", "the agent's name", 1),
        ("agent", "我要agent转接", 1),
        ("call back", "please call  back", 1),
    ],
)
def test_hits(phrase: str, text: str, hits: int) -> None:
    assert len(spans(phrase, text)) == hits


def test_no_phrase_reaches_over_two_utterances() -> None:
    words = phrase_set(["投诉"])
    assert Lexicon([words]).hits(["我要投", "诉你们"]) == {}


def test_one_pass_serves_many_sets() -> None:
    first, second = phrase_set(["投诉", "退款"]), phrase_set(["退款", "款项"])
    hits = Lexicon([first, second]).hits(["我要退款", "", "退款项,投诉"])
    assert [(h.utterance, h.start, h.end, h.which) for h in hits[first]] == [
        (0, 2, 4, 1),
        (2, 0, 2, 1),
        (2, 4, 6, 0),
    ]
    assert [(h.utterance, h.which) for h in hits[second]] == [(0, 0), (2, 0), (2, 1)]
    assert sorted(by_utterance(hits[second])) == [0, 2]


@given(st.lists(st.text("投诉退款ab 1", max_size=12), max_size=5))
def test_finds_what_a_plain_search_finds(texts: list[str]) -> None:
    words = phrase_set(["投诉", "诉退", "款"])
    hits = Lexicon([words]).hits(texts).get(words, [])
    plain = [
        (i, at, phrase)
        for i, text in enumerate(texts)
        for phrase in words.phrases
        for at in range(len(text))
        if text.startswith(phrase, at)
    ]
    assert sorted((h.utterance, h.start, words.phrases[h.which]) for h in hits) == sorted(plain)


@pytest.mark.parametrize(
    ("text", "phrase", "negated"),
    [
        ("我不投诉", "投诉", True),
        ("我没有投诉", "投诉", True),
        ("别投诉我们", "投诉", True),
        ("我不想去投诉", "投诉", True),
        ("我要投诉", "投诉", False),
        ("对不起我要投诉", "投诉", False),
        ("不好意思投诉一下", "投诉", False),
        ("不处理就投诉", "投诉", False),
        ("再不解决投诉", "投诉", False),
        ("不行,投诉", "投诉", False),
        ("能不能投诉", "投诉", False),
        ("你投不投诉", "投诉", False),
        ("不得不投诉", "投诉", False),
        ("受不了了要投诉", "投诉", False),
        ("特别想投诉", "投诉", False),
        ("没什么别的事要投诉", "投诉", False),
        ("不是说好了今天会有人上门吗投诉", "投诉", False),
        ("i do not want to complain", "complain", True),
        ("i don't complain", "complain", True),
        ("without any complaint", "complaint", True),
        ("not only that, a complaint", "complaint", False),
        ("if not i will complain", "complain", False),
        ("i want to complain", "complain", False),
        ("nothing works, complain", "complain", False),
    ],
)
def test_negation(text: str, phrase: str, *, negated: bool) -> None:
    assert is_negated(text, text.index(phrase)) is negated


@pytest.mark.parametrize(("reach", "negated"), [(1, False), (2, False), (3, True)])
def test_negation_reach_counts_characters(reach: int, *, negated: bool) -> None:
    text = "不想去投诉"
    assert is_negated(text, text.index("投诉"), reach=reach) is negated


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("first 30 s", Place(End.FIRST, 30, PlaceUnit.SECONDS)),
        ("last 20 %", Place(End.LAST, 20, PlaceUnit.PERCENT)),
        ("last 20%", Place(End.LAST, 20, PlaceUnit.PERCENT)),
        ("first 1 message", Place(End.FIRST, 1, PlaceUnit.MESSAGES)),
        (" first  2.5 s ", Place(End.FIRST, 2.5, PlaceUnit.SECONDS)),
    ],
)
def test_places(text: str, place: Place) -> None:
    assert Place.parse("within", text) == place
    assert Place.parse("within", str(place)) == place


@pytest.mark.parametrize(
    "text", ["", "first", "30 s", "first 0 s", "last 120 %", "first 1.5 messages", "middle 3 s"]
)
def test_places_refused(text: str) -> None:
    with pytest.raises(Unfit, match="within"):
        Place.parse("within", text)
