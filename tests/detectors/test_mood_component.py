"""Mood as a spaCy component says what inspection says."""

from __future__ import annotations

import pytest

from detectors.examples import Example, Line
from detectors.features import Features
from detectors.mood.component import pipeline
from detectors.mood.mood import Mood
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party


def said(text: str) -> Interaction:
    made = Example(says=(Line(Party.CUSTOMER, text),))
    return made.interaction(Channel.CHAT, Language.UNKNOWN)


@pytest.mark.parametrize(
    "text", ["太慢了", "我要投诉", "嗯", "虽然贵，但是很好用", "不慢", "Very bad service"]
)
def test_the_score_is_that_of_inspection(text: str) -> None:
    assert pipeline()(text)._.mood == Features(said(text)).sentiment[0]


def test_the_words_are_spans_of_tokens() -> None:
    doc = pipeline()("服务态度太差了")
    assert [(span.text in doc.text, weight < 0) for span, weight in doc._.mood_words] == [
        (True, True)
    ]
    assert "".join(token.text for token in doc) == doc.text


def test_own_phrases_count() -> None:
    assert pipeline(Mood({"灯不亮": -3}))("我家灯不亮")._.mood < -2
