"""The published mood formula and the detectors on it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.examples import Example, Line
from detectors.features import Features
from detectors.mood.negative_stretch import NegativeStretch
from detectors.mood.scoring import mood_words
from detectors.mood.sentiment_drop import SentimentDrop
from interactions.interaction import Channel, Language
from interactions.sound import Party

C = Party.CUSTOMER


def features(*texts: str) -> Features:
    says = tuple(Line(C, text) for text in texts)
    return Features(Example(says=says).interaction(Channel.CHAT, Language.ZH))


def formula(total: float) -> float:
    return 5 * total / math.sqrt(total * total + 15)


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("失望", -2),
        ("非常失望", -3),
        ("有点失望", -1.2),
        ("满意", 2),
        ("不是很满意", 3 * -0.74),
        ("我没有失望", 0),
        ("专业,但是失望", 2 * 0.5 - 2 * 1.5),
        ("不但失望", -2),
        ("失望透了", -3),
        ("骗子,失望", -5),
        ("麻烦您查一下投诉电话", 0),
        ("我要投诉", -2),
        ("太慢了", -1),
        ("This is terrible", -2),
        ("very disappointed", -3),
        ("not helpful", -1),
        ("good but slow", 0.5 - 1.5),
        ("no problem", 0),
        ("I want my bill", 0),
    ],
)
def test_sum_of_words(text: str, total: float) -> None:
    told = features(text)
    assert told.mood_sums[0] == pytest.approx(total)
    assert told.sentiment[0] == pytest.approx(formula(total + told.clauses.mood[0]), abs=1e-3)


@pytest.mark.parametrize("text", ["嗯", "哦", "烂", "好", "12345", "", "?!", "ok"])
def test_too_short_is_not_scored(text: str) -> None:
    assert features(text).sentiment == (None,)


@pytest.mark.parametrize("text", ["嗯嗯", "好的", "哦这样", "okay"])
def test_acknowledgements_are_neutral(text: str) -> None:
    assert features(text).sentiment == (0.0,)


@given(st.lists(st.sampled_from([*mood_words().phrases.phrases, "不", "很", "但是", ",", "的"])))
def test_score_stays_on_its_scale(parts: list[str]) -> None:
    score = features("".join(parts)).sentiment[0]
    assert score is None or -5 < score < 5


def test_words_have_one_weight_each_and_both_signs() -> None:
    words = mood_words()
    assert len(words.weights) == len(words.phrases.phrases) == len(set(words.phrases.phrases))
    assert set(words.weights) == {-3, -2, -1, 0, 1, 2, 3}
    assert sum(p.isascii() for p in words.phrases.phrases) > 150
    assert sum(not p.isascii() for p in words.phrases.phrases) > 300


@pytest.mark.parametrize(
    ("texts", "more", "quotes"),
    [
        (["太差了", "好的", "骗子啊"], {}, ["骗子啊"]),
        (["太差了", "谢谢", "骗子啊"], {}, []),
        (["太差了"], {}, []),
        (["太差了"], {"min_utterances": 1}, ["太差了"]),
        (["太差了", "骗子啊", "谢谢", "骗子", "投诉你"], {}, ["骗子啊", "骗子"]),
        (["太差了", "骗子啊"], {"party": Party.AGENT}, []),
        (["太差了", "骗子啊"], {"at_most": -4.0}, []),
        (["太差了", "嗯", "哦", "骗子啊"], {}, ["骗子啊"]),
    ],
)
def test_negative_stretch(texts: list[str], more: dict[str, object], quotes: list[str]) -> None:
    found = list(NegativeStretch(**more).find(features(*texts)))
    assert [e.quote for e in found] == quotes


def test_drop_is_first_third_minus_last() -> None:
    texts = ["太感谢了", "谢谢", "查一下", "上周的", "失望", "骗子"]
    (evidence,) = SentimentDrop().find(features(*texts))
    read = features(*texts).clauses.mood
    first = (formula(3 + read[0]) + formula(1 + read[1])) / 2
    last = (formula(-2 + read[4]) + formula(-3 + read[5])) / 2
    assert evidence.value == pytest.approx(first - last, abs=0.01)
    assert evidence.quote == "骗子"
    assert evidence.utterance_seq == 5


@pytest.mark.parametrize(
    "texts",
    [
        ["太感谢了", "骗子"],
        ["太感谢了", "太感谢了", "查一下", "上周的", "好的", "好的"],
        ["骗子", "骗子", "查一下", "上周的", "谢谢", "谢谢"],
    ],
)
def test_no_drop(texts: list[str]) -> None:
    assert list(SentimentDrop().find(features(*texts))) == []
