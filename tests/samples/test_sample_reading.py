from __future__ import annotations

from datetime import datetime
from random import Random

import pytest

from interactions.interaction import Channel, Language
from samples.cast import agents, customer
from samples.contacts import CENTRE_TIME, Occasion, contact
from samples.reading import reading
from samples.script import Feature, phrases, scenarios


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("报E6。", "bao4 yi4 liu4 ."),
        ("12315", "yao1 er4 san1 yao1 wu3"),
        ("你好，再见！", "ni3 hao3 , zai4 jian4 !"),
        ("银行", "yin2 hang2"),
        ("女孩的", "nv3 hai2 de5"),
    ],
)
def test_mandarin_becomes_numbered_pinyin(text, spoken):
    assert reading(text, Language.ZH).text == spoken


def test_pieces_lead_back_to_the_characters():
    text = "报E6，好"
    read = reading(text, Language.ZH)
    assert [text[p.start : p.end] for p in read.pieces] == ["报", "E", "6", "好"]
    for piece, syllable in zip(read.pieces, ("bao4", "yi4", "liu4", "hao3"), strict=True):
        assert read.text[piece.position - 1 :].startswith(syllable)


def test_english_numbers_are_read_digit_by_digit():
    text = "It's order 407, right?"
    read = reading(text, Language.EN)
    assert read.text == "It's order 4 0 7 , right ?"
    assert [text[p.start : p.end] for p in read.pieces] == ["It's", "order", "4", "0", "7", "right"]


@pytest.mark.parametrize(("text", "language"), [("退款¥", Language.ZH), ("café", Language.EN)])
def test_what_cannot_be_read_aloud_is_named(text, language):
    with pytest.raises(ValueError, match="no reading for"):
        reading(text, language)


def test_there_are_enough_scenarios():
    assert len(scenarios(Language.ZH)) >= 12
    assert len(scenarios(Language.EN)) >= 5
    assert set(phrases(Language.ZH)) == set(phrases(Language.EN))


_ALL = [(language, name) for language in (Language.ZH, Language.EN) for name in scenarios(language)]


@pytest.mark.parametrize("channel", [Channel.VOICE, Channel.CHAT, Channel.EMAIL])
@pytest.mark.parametrize(("language", "name"), _ALL)
def test_every_scenario_fills_its_slots_and_can_be_spoken(language, name, channel):
    for seed in range(6):
        occasion = Occasion(
            interaction_id="x",
            channel=channel,
            started_at=datetime(2026, 3, 31, 9, tzinfo=CENTRE_TIME),
            customer=customer(1, seed),
            scenario=scenarios(language)[name],
            features=frozenset(Feature),
        )
        found = contact(occasion, agents(1)[seed], Random(seed))
        assert len(found.lines) >= 2
        for line in found.lines:
            assert "{" not in line.text
            assert "\n" not in line.text
            # Region and product names are Chinese in written English too; nobody speaks those.
            if channel is Channel.VOICE:
                assert reading(line.text, language).pieces
