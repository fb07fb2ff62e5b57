"""Anger at the agent, at the product and at the company, and polite refusal, told apart."""

from __future__ import annotations

import pytest

from detectors.because import explain
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.measures import measures
from detectors.mood.aimed_at import AimedAt, aimed_by
from detectors.mood.target import Target
from detectors.reason.summary import Part, summary
from interactions.interaction import Channel, Language
from interactions.sound import Party

C, A = Party.CUSTOMER, Party.AGENT


def features(*said: tuple[Party, str]) -> Features:
    says = tuple(Line(party, text) for party, text in said)
    return Features(Example(says=says).interaction(Channel.CHAT, Language.UNKNOWN))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("你什么态度啊，会不会说话", Target.AGENT),
        ("你这个人怎么这样，根本不听我说", Target.AGENT),
        ("我要投诉你，工号多少", Target.AGENT),
        ("叫你们主管来，跟你说不清", Target.AGENT),
        ("刚才那个客服态度太差了", Target.AGENT),
        ("快递员态度极差还骂人", Target.AGENT),
        ("You are so rude, this is unacceptable", Target.AGENT),
        ("Let me speak to your manager, this is ridiculous", Target.AGENT),
        ("The last agent hung up on me, terrible", Target.AGENT),
        ("这破手机用了两天就坏了", Target.PRODUCT),
        ("宽带天天断网，烦死了", Target.PRODUCT),
        ("你们的网速慢得要死", Target.PRODUCT),
        ("菜都凉了还有头发，恶心", Target.PRODUCT),
        ("The router keeps dropping, it's useless", Target.PRODUCT),
        ("This phone is garbage, the screen broke twice", Target.PRODUCT),
        ("你们公司就是骗子", Target.COMPANY),
        ("霸王条款，凭什么不给退", Target.COMPANY),
        ("莫名其妙乱扣我钱，太过分了", Target.COMPANY),
        ("Your company is a scam", Target.COMPANY),
        ("You people overcharged me again, outrageous", Target.COMPANY),
        ("不需要，谢谢", Target.REFUSAL),
        ("谢谢，我再考虑一下", Target.REFUSAL),
        ("暂时不办了，不好意思", Target.REFUSAL),
        ("我不太感兴趣，谢谢你", Target.REFUSAL),
        ("No thanks, I'm not interested", Target.REFUSAL),
        ("I'll think about it, thank you", Target.REFUSAL),
        ("我等了三天了，太失望了", None),  # anger, but at nobody
        ("宽带怎么办理", None),
        ("好的谢谢", None),
        ("Can you check my bill", None),
    ],
)
def test_at_what(text: str, target: Target | None) -> None:
    found = aimed_by(features((C, text)), C)
    assert [one.target for one in found] == ([] if target is None else [target])


def test_what_the_agent_says_is_not_the_customers() -> None:
    told = features((A, "你什么态度"), (C, "好的"))
    assert aimed_by(told, C) == ()
    assert [one.index for one in aimed_by(told, None)] == [0]


def test_evidence_quotes_the_utterance_and_says_at_what() -> None:
    told = features(
        (A, "您好"), (C, "这破手机用了两天就坏了"), (C, "你什么态度"), (C, "不需要，谢谢")
    )
    (evidence,) = AimedAt(target=Target.AGENT).find(told)
    assert (evidence.utterance_seq, evidence.quote) == (2, "你什么态度")
    assert "接待的人" in explain(evidence, "zh")
    assert "at the person" in explain(evidence, "en")
    (refusal,) = AimedAt(target=Target.REFUSAL).find(told)
    assert (refusal.utterance_seq, refusal.limit) == (3, None)
    assert "礼貌" in explain(refusal, "zh")
    assert list(AimedAt(target=Target.AGENT, min_utterances=2).find(told)) == []
    assert list(AimedAt(target=Target.AGENT, at_most=-4.9).find(told)) == []


def test_the_measures_count_each() -> None:
    told = features(
        (A, "您好"), (C, "宽带天天断网，烦死了"), (C, "你什么态度"), (C, "不需要，谢谢")
    )
    taken = {m.name: m.value for m in measures(told) if m.party is C}
    assert [taken[f"angry_at_{name}"] for name in ("agent", "product", "company")] == [1, 1, 0]
    assert taken["polite_refusals"] == 1


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (["宽带断了", "你什么态度，太差了", "好吧"], (1, Target.AGENT)),
        (["我想咨询宽带套餐", "等了三天了，太失望了"], (1, None)),
        (["我想查一下话费", "好的谢谢"], None),
        (["不需要，谢谢"], None),
        (["空调一开就漏水，太差了"], None),  # the issue says it already
    ],
)
def test_the_summary_says_the_strongest(said: list[str], line: object) -> None:
    told = summary(features(*((C, text) for text in said)))
    felt = [(one.utterance_seq, one.target) for one in told if one.part is Part.FELT]
    assert felt == ([] if line is None else [line])
