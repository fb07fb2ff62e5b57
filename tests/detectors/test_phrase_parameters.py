"""Synonyms, turns, quotation marks and capitals of the phrase detector."""

from __future__ import annotations

import pytest

from detectors.evidence import Evidence
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.parameters import Unfit
from detectors.said import Quoted
from detectors.wording.phrase import Phrase, Scope
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party

A, C = Party.AGENT, Party.CUSTOMER
GROUP = ("退款 = 退钱 = 返款",)


def talk(*pairs: tuple[Party, str], channel: Channel = Channel.VOICE) -> Interaction:
    example = Example(says=tuple(Line(party, text) for party, text in pairs))
    return example.interaction(channel, Language.ZH)


def evidence(detector: Phrase, interaction: Interaction) -> list[Evidence]:
    return list(detector.find(Features(interaction)))


@pytest.mark.parametrize(
    ("detector", "quotes"),
    [
        (Phrase(any=("要退款",), synonyms=("退款 = 退钱=返款",)), ["要退钱", "要返款"]),
        (Phrase(all=("退款", "快递"), synonyms=("退款 = 退钱",)), ["退钱", "快递"]),
        (
            Phrase(of=("退款", "快递"), n_of=2, synonyms=("退款 = 退钱 = 返款",)),
            ["退钱", "返款", "快递"],
        ),
        (Phrase(of=("退款", "退货"), n_of=2, synonyms=("退款 = 退钱 = 返款",)), []),
        (Phrase(any=("退款",)), []),
    ],
)
def test_synonyms_stand_for_each_other(detector: Phrase, quotes: list[str]) -> None:
    interaction = talk((C, "我要退钱"), (A, "不"), (C, "那我要返款,快递不要了"))
    assert [e.quote for e in evidence(detector, interaction)] == quotes


@pytest.mark.parametrize("group", ["退款", "退款 =", "=", "退款 =  = \u200b"])
def test_a_group_of_one_is_refused(group: str) -> None:
    with pytest.raises(Unfit, match="synonyms"):
        Phrase(any=("退款",), synonyms=(group,))


@pytest.mark.parametrize(
    ("scope", "quotes"),
    [(Scope.MESSAGE, []), (Scope.TURN, ["退款", "投诉"]), (Scope.INTERACTION, ["退款", "投诉"])],
)
def test_a_turn_is_one_partys_messages(scope: Scope, quotes: list[str]) -> None:
    interaction = talk((C, "我要退款"), (C, "不然投诉"), (A, "好"), (C, "再说"))
    detector = Phrase(all=("退款", "投诉"), scope=scope)
    assert [e.quote for e in evidence(detector, interaction)] == quotes


def test_two_turns_are_not_one() -> None:
    interaction = talk((C, "我要退款"), (A, "好"), (C, "不然投诉"))
    assert evidence(Phrase(all=("退款", "投诉"), scope=Scope.TURN), interaction) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("他说“投诉”两个字", 0), ("他说“算了”我要投诉“你们”", 1), ("我要投诉", 1), ('"投诉', 1)],
)
def test_quoted_words_are_somebody_elses(text: str, found: int) -> None:
    detector = Phrase(any=("投诉",), quoted=Quoted.DROP)
    assert len(evidence(detector, talk((C, text), channel=Channel.CHAT))) == found
    kept = evidence(Phrase(any=("投诉",)), talk((C, text), channel=Channel.CHAT))
    assert len(kept) == 1


def test_capitals_count_only_where_asked() -> None:
    interaction = talk((C, "ask IT about it"), (C, "ＩＴ部门"))
    assert len(evidence(Phrase(any=("IT",)), interaction)) == 3
    strict = Phrase(any=("IT",), case_sensitive=True)
    assert [e.quote for e in evidence(strict, interaction)] == ["IT", "ＩＴ"]
