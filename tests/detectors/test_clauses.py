"""The clause model: what it reads, where it says nothing, and what it was learned from."""

from __future__ import annotations

import math

import pytest

from benchmarks.mood_training import held_out, lines, sentences
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.mood.clauses import UNSURE, model_of, shipped_clauses
from detectors.mood.mood import Mood
from interactions.interaction import Channel, Language
from interactions.sound import Party

SMALL = model_of(["# remark", "bias\t-0.5\t0.5", "慢\t-2\t1", "太慢\t-1\t0", "太慢了\t-1.5\t0"])


def reading(logit: float) -> float:
    return math.tanh(logit / 2)


def features(*texts: str, own: dict[str, int] | None = None) -> Features:
    says = tuple(Line(Party.CUSTOMER, text) for text in texts)
    made = Example(says=says).interaction(Channel.CHAT, Language.ZH)
    return Features(made, mood=Mood(own or {}))


@pytest.mark.parametrize(
    ("text", "mood", "discontent"),
    [
        # two runs of one character and one of two: -2 - 1 over the root of 3
        ("太慢", math.tanh((-0.5 - 3 / math.sqrt(3)) / 2), math.tanh((0.5 + 1 / math.sqrt(3)) / 2)),
        (
            "太慢了",
            math.tanh((-0.5 - 4.5 / math.sqrt(6)) / 2),
            math.tanh((0.5 + 1 / math.sqrt(6)) / 2),
        ),
        ("你好", 0.0, 0.0),  # the bias alone is unsure
        ("慢", 0.0, 0.0),  # one character
        ("slow", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_a_clause_by_the_formula(text: str, mood: float, discontent: float) -> None:
    read = SMALL.read(["谢谢您的来电", text, "12"])
    assert read.mood[1] == pytest.approx(mood, abs=1e-3)
    assert read.discontent[1] == pytest.approx(discontent, abs=1e-3)


def test_clauses_add_up_and_know_nothing_of_their_neighbours() -> None:
    alone = SMALL.read(["太慢了"]).mood[0]
    assert SMALL.read(["x", "太慢了,太慢了 ok太慢了!", "太慢"]).mood[1] == pytest.approx(
        3 * alone, abs=0.002
    )
    assert (
        shipped_clauses().read(["宽带断了"] * 50).mood
        == shipped_clauses().read(["宽带断了"]).mood * 50
    )


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("等了三天还没人来", -1),
        ("师傅提前到了还帮忙收拾干净", 1),
        ("下次不会再点了", -1),
        ("请问宽带套餐怎么办理", 0),
        ("查一下", 0),
        ("您好,请问有什么可以帮您", 0),
        ("麻烦您查一下投诉电话", 0),  # its set phrases are not read
        ("嗯嗯,好的", 0),
    ],
)
def test_mood_is_told_where_no_listed_word_is(text: str, sign: int) -> None:
    read = features(text).clauses.mood[0]
    assert (read > UNSURE) - (read < -UNSURE) == sign


@pytest.mark.parametrize(
    ("text", "is_dissatisfied"),
    [("都说了三遍了怎么还不处理", True), ("到底要等到什么时候", True), ("嗯嗯谢谢", False)],
)
def test_discontent_has_a_reading_of_its_own(text: str, is_dissatisfied: bool) -> None:
    (found,) = features(text).discontents
    assert (found.signs["clauses"] > 0) is is_dissatisfied
    assert ("clauses", pytest.approx(0.3 * found.signs["clauses"])) in found.contributions


def test_a_whole_interaction_counts_every_clause() -> None:
    often = features(*["到底什么时候能来"] * 4).discontent
    once = features("到底什么时候能来").discontent
    assert often is not None
    assert once is not None
    assert often > once + 0.2


def test_a_centres_own_phrase_is_not_read() -> None:
    assert features("等了三天", own={"等了三天": 0}).sentiment == (0.0,)
    assert features("等了三天").sentiment[0] < 0


def test_there_is_something_for_every_kind_of_sentence() -> None:
    given = sentences()
    assert min(len(given.good), len(given.bad)) > 1500
    assert min(len(given.dissatisfied), len(given.content), len(given.plain)) > 100
    assert not set(given.good) & set(given.bad)


@pytest.mark.slow
def test_the_shipped_model_is_what_the_sentences_teach() -> None:
    made = model_of(lines(sentences()))
    texts = ["太慢了", "等了三天还没人来", "非常满意", "不是很满意", "到底什么时候能来", "好的谢谢"]
    told, shipped = made.read(texts), shipped_clauses().read(texts)
    assert told.mood == pytest.approx(shipped.mood, abs=0.02)
    assert told.discontent == pytest.approx(shipped.discontent, abs=0.02)


@pytest.mark.slow
def test_it_generalises_to_sentences_that_it_has_not_seen() -> None:
    found = held_out(sentences())
    assert found["mood"] > 0.9
    assert found["discontent"] > 0.85
