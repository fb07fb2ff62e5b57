"""Regex, proximity, similar, repeat, entity, not obtained: each parameter does what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from detectors.entities import Kind
from detectors.evidence import Detector, Evidence
from detectors.examples import Example, Line
from detectors.features import CannotTell, Features
from detectors.parameters import Unfit
from detectors.place import Place
from detectors.said import Negated
from detectors.wording.entity import EntityFound
from detectors.wording.not_obtained import NotObtained
from detectors.wording.proximity import Counted, Proximity
from detectors.wording.regex import Regex, Searched
from detectors.wording.repeat import Repeat, Whose
from detectors.wording.similar import By, Similar
from interactions.interaction import Channel, Interaction, Language, Utterance, Word
from interactions.sound import Party

A, C, U = Party.AGENT, Party.CUSTOMER, Party.UNKNOWN


def talk(*said: tuple[Party, str], channel: Channel = Channel.CHAT) -> Interaction:
    says = tuple(Line(party, text, 10.0 * i) for i, (party, text) in enumerate(said))
    return Example(says=says).interaction(channel, Language.ZH)


def found(detector: Detector, interaction: Interaction) -> list[Evidence]:
    return list(detector.find(Features(interaction)))


def quotes(detector: Detector, interaction: Interaction) -> list[str]:
    return [e.quote for e in found(detector, interaction)]


CALLS = talk((C, "我第二次打了，第三次也打"), (A, "第二次打？"), (C, "VIP客户不是第四次打"))


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        (Regex(pattern="第.次"), ["第二次", "第三次", "第二次", "第四次"]),
        (Regex(pattern="第.次", party=C), ["第二次", "第三次", "第四次"]),
        (Regex(pattern="第.次", none="三次"), ["第二次", "第四次"]),
        (Regex(pattern="第.次", negated=Negated.DROP, party=C), ["第二次", "第三次"]),
        (Regex(pattern="第.次", negated=Negated.ONLY), ["第四次"]),
        (Regex(pattern="第.次", min_hits=5), []),
        (Regex(pattern="第.次", within=Place.parse("w", "last 1 message")), ["第四次"]),
        (Regex(pattern="vip", on=Searched.ORIGINAL), []),
        (Regex(pattern="VIP", on=Searched.ORIGINAL), ["VIP"]),
        (Regex(pattern="Vip"), ["VIP"]),
    ],
)
def test_regex(regex: Regex, expected: list[str]) -> None:
    assert quotes(regex, CALLS) == expected


def test_regex_is_placed_at_the_words_own_time() -> None:
    words = tuple(
        Word(1000 * i, 1000 * i + 900, c, 0.8) for i, c in enumerate("我说了很久订单二三四")
    )
    one = Utterance(0, C, 0, 10_000, "我说了很久订单二三四", words)
    call = replace(CALLS, utterances=(one,), channel=Channel.VOICE, duration_ms=10_000)
    (evidence,) = found(Regex(pattern="[0-9]{3}"), call)
    assert (evidence.start_ms, evidence.end_ms, evidence.quote) == (7000, 9900, "二三四")
    assert evidence.score == 0.8
    assert found(Regex(pattern="[0-9]{3}", within=Place.parse("w", "first 5 s")), call) == []


def test_regex_that_takes_too_long_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.wording.regex.TIME_LIMIT_S", 1e-9)
    slow = talk((C, "不" * 20_000))
    with pytest.raises(CannotTell, match="regex_time"):
        found(Regex(pattern="不.*退.*款"), slow)


def near(*more: object, **given: object) -> Proximity:
    assert not more
    return Proximity(words=("退",), near=("钱", "款"), counted=Counted.CHARACTERS, **given)


@pytest.mark.parametrize(
    ("given", "said", "expected"),
    [
        ({}, "退我的钱", ["退我的钱"]),
        ({}, "退我的,钱", ["退我的,钱"]),
        ({}, "退货以后再还钱", []),
        ({"at_most": 5}, "退货以后再还钱", ["退货以后再还钱"]),
        ({"at_most": 0}, "退款", ["退款"]),
        ({"at_most": 0}, "退我款", []),
        ({}, "钱要退", ["钱要退"]),
        ({"ordered": True}, "钱要退", []),
        ({"ordered": True}, "钱退款", ["退款"]),
        ({"apart": True}, "退我的钱", []),
        ({"apart": True}, "我要退货", ["退"]),
        ({"negated": Negated.KEEP}, "不退钱", ["退钱"]),
        ({}, "不退钱", []),
    ],
)
def test_proximity(given: dict[str, object], said: str, expected: list[str]) -> None:
    assert quotes(near(**given), talk((C, said))) == expected


def test_proximity_counts_tokens() -> None:
    said = talk((C, "退掉这个套餐的钱"), (C, "refund me the whole amount of money"))
    assert quotes(Proximity(words=("退掉",), near=("钱",), at_most=2), said) == []
    assert quotes(Proximity(words=("退掉",), near=("钱",), at_most=3), said) == ["退掉这个套餐的钱"]
    english = Proximity(words=("refund",), near=("money",), at_most=5)
    assert quotes(english, said) == ["refund me the whole amount of money"]
    assert quotes(Proximity(words=("refund",), near=("money",), at_most=4), said) == []


def test_what_keeps_apart_needs_trust() -> None:
    with pytest.raises(CannotTell, match="low_trust"):
        found(near(apart=True), replace(talk((C, "我要退货")), trust=0.2))


ASKS = talk((C, "您好，怎么退订这个业务啊"), (A, "怎么退订这个业务"), (C, "怎么取消"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [0, 1]),
        ({"party": C}, [0]),
        ({"min_score": 0.95}, [1]),
        ({"min_hits": 3}, []),
        ({"by": By.EDITS, "min_score": 0.8}, [0, 1]),
        ({"by": By.EDITS, "min_score": 0.95}, [1]),
        ({"within": Place.parse("w", "last 2 messages")}, [1]),
    ],
)
def test_similar(given: dict[str, object], expected: list[int]) -> None:
    detector = Similar(**{"sentences": ("怎么退订这个业务",), **given})
    assert [e.utterance_seq for e in found(detector, ASKS)] == expected


@pytest.mark.parametrize("sentences", [(), ("。",)])
def test_similar_needs_sentences(sentences: tuple[str, ...]) -> None:
    with pytest.raises(Unfit):
        Similar(sentences=sentences)


def again(said: Sequence[tuple[Party, str]], **given: object) -> list[int | None]:
    return [e.utterance_seq for e in found(Repeat(**given), talk(*said))]


ASKED = (C, "什么时候给我退款")


@pytest.mark.parametrize(
    ("said", "given", "expected"),
    [
        ([ASKED, (A, "在查"), ASKED], {}, [2]),
        ([ASKED, (C, "喂"), (C, "在吗"), ASKED], {}, []),
        ([ASKED, (C, "喂"), (C, "在吗"), ASKED], {"lookback": 3}, [3]),
        ([ASKED, (C, "喂"), (C, "在吗"), ASKED], {"lookback": 0}, [3]),
        ([ASKED, ASKED, ASKED], {"min_repeats": 2}, [2]),
        ([(C, "喂喂喂"), (C, "喂喂喂")], {}, []),
        ([(C, "喂喂喂"), (C, "喂喂喂")], {"min_characters": 3}, [1]),
        ([ASKED, ASKED], {"excludes": ("退款",)}, []),
        ([ASKED, (A, "什么时候给您退款是吧")], {"party": A, "of": Whose.OTHER}, [1]),
        ([ASKED, (A, "什么时候给您退款是吧")], {"party": A}, []),
        ([ASKED, (A, "我查一下"), (C, "到底什么时候退款给我")], {"min_score": 0.9}, []),
        ([ASKED, ASKED], {"within": Place.parse("w", "first 1 messages")}, []),
    ],
)
def test_repeat(
    said: list[tuple[Party, str]], given: dict[str, object], expected: list[int]
) -> None:
    assert again(said, **given) == expected


MONEY = talk((C, "扣了我三百五十块"), (A, "给您退50元"), (C, "电话13800138000"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": Kind.AMOUNT}, ["三百五十块", "50元"]),
        ({"kind": Kind.AMOUNT, "party": A}, ["50元"]),
        ({"kind": Kind.AMOUNT, "at_least": 100}, ["三百五十块"]),
        ({"kind": Kind.AMOUNT, "at_most": 100}, ["50元"]),
        ({"kind": Kind.AMOUNT, "min_hits": 3}, []),
        ({"kind": Kind.PHONE}, ["13800138000"]),
        ({"kind": Kind.PHONE, "within": Place.parse("w", "first 2 messages")}, []),
        ({"kind": Kind.PRODUCT, "names": ("元",)}, ["元"]),
    ],
)
def test_entity(given: dict[str, object], expected: list[str]) -> None:
    assert quotes(EntityFound(**given), MONEY) == expected


def test_a_product_is_the_interactions_own_unless_named() -> None:
    asks = talk((C, "流量王套餐怎么退"))
    with pytest.raises(CannotTell, match="no_product"):
        found(EntityFound(kind=Kind.PRODUCT), asks)
    known = replace(asks, product="流量王")
    assert quotes(EntityFound(kind=Kind.PRODUCT), known) == ["流量王"]


ASK = (A, "您的电话是多少")


@pytest.mark.parametrize(
    ("said", "given", "expected"),
    [
        ([ASK, (C, "不方便说"), (A, "好")], {}, [0]),
        ([ASK, (C, "13800138000")], {}, []),
        ([ASK, (C, "一三八"), (A, "13800138000对吧")], {}, []),
        ([ASK, (C, "等等"), (C, "喂"), (C, "13800138000")], {"messages": 2}, [0]),
        ([ASK, (C, "等等"), ASK, (C, "13800138000")], {"messages": 2}, []),
        ([ASK, (C, "等等"), ASK, (C, "不说")], {"messages": 6}, [2]),
        ([(C, "你们电话是多少")], {}, []),
        ([(A, "报个号"), (C, "不")], {"asks": ("报个号",)}, [0]),
    ],
)
def test_not_obtained(
    said: list[tuple[Party, str]], given: dict[str, object], expected: list[int]
) -> None:
    detector = NotObtained(kind=Kind.PHONE, **given)
    assert [e.utterance_seq for e in found(detector, talk(*said))] == expected
