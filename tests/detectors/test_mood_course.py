"""The course of a mood, discontent, risk and effort: the published formulas, asserted."""

from __future__ import annotations

import math

import pytest

from detectors.effort.signs import WEIGHTS as EFFORT
from detectors.effort.signs import effort
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.measures import measures
from detectors.mood import signs
from detectors.mood.course import course, quarters
from detectors.mood.risk import INTERCEPT, WEIGHTS, risk
from interactions.interaction import Channel, Language
from interactions.sound import Party

A, C = Party.AGENT, Party.CUSTOMER


def features(*said: tuple[Party, str]) -> Features:
    says = tuple(Line(party, text) for party, text in said)
    return Features(Example(says=says).interaction(Channel.CHAT, Language.ZH))


def test_course_by_hand() -> None:
    found = course([2, 1, -3, -4, -2, 3])
    assert found is not None
    assert found.mean == pytest.approx(-0.5)
    assert found.weighted == pytest.approx((2 + 2 - 9 - 16 - 10 + 18) / 21)
    assert found.worst == pytest.approx(-3)
    assert found.shift == pytest.approx(0.5 - 1.5)
    assert found.recovery == 0.0  # the worst stretch reaches into the last third
    assert found.trigger == 2


def test_recovery_is_from_the_worst_stretch_to_the_end() -> None:
    found = course([-3, -3, -3, 0, 2, 2])
    assert found is not None
    assert found.recovery == pytest.approx(5)
    assert found.trigger is None


@pytest.mark.parametrize("scores", [[1.0], [0.0, -1.0, 2.0]])
def test_too_few_have_no_shift(scores: list[float]) -> None:
    found = course(scores)
    assert found is not None
    assert (found.shift, found.recovery) == (None, None)
    assert found.worst == pytest.approx(sum(scores) / len(scores))


def test_no_scores_no_course() -> None:
    assert course([]) is None


def test_quarters_by_place() -> None:
    assert quarters([(0.0, 1), (0.24, 3), (0.5, -2), (1.0, 4)]) == (2, None, -2, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("谢谢您", {"thanks", "agrees"}),
        ("好的", {"agrees"}),
        ("怎么还没到?", {"asks", "asks_why", "cannot", "denies", "speaks_of_time", "presses"}),
        ("我要退货", {"wants_undone"}),
        ("订单号12345678", {"hands_over"}),
        ("JD0012345", {"hands_over"}),
        ("in a week", set()),
        ("[地址x]", {"hands_over"}),
        ("1" * 5000 + "呢", {"asks"}),
    ],
)
def test_signs(text: str, expected: set[str]) -> None:
    found = features((C, text)).discontents[0].signs
    names = {n for n, value in found.items() if value} - {"length", "positive_words"}
    assert names - {"negative_words"} >= expected - {"presses"}
    assert not names & ({"thanks", "hands_over"} - expected)


def test_discontent_is_the_sum_of_its_contributions() -> None:
    told = features((A, "抱歉,这个退不了"), (C, "你们怎么回事,还没退款?!"), (C, "怎么还没退款"))
    for one in told.discontents:
        assert one.value == pytest.approx(sum(value for _, value in one.contributions))
    first, second = told.discontents
    assert first.signs["after_refusal"] == 1
    assert second.signs["says_again"] == 1
    assert second.signs["after_refusal"] == 1  # still the answer to that refusal


def test_the_discontented_stand_above_the_content() -> None:
    bad = features((C, "怎么还没发货?"), (A, "请耐心等待"), (C, "我都等了三天了,你们到底管不管"))
    good = features((C, "请问订单到哪里了"), (A, "明天送到"), (C, "好的,谢谢"))
    risks = [
        next(m.value for m in measures(one) if m.name == "dissatisfaction_risk")
        for one in (bad, good)
    ]
    assert risks[0] is not None
    assert risks[1] is not None
    assert risks[0] > 0.3 > risks[1]


def test_risk_by_hand() -> None:
    found = risk(1.0, {"raised_voice": 5, "silences": None, "effort": 4})
    logit = INTERCEPT + 1.0 + 2 * WEIGHTS["raised_voice"] + 4 * WEIGHTS["effort"]
    assert found.value == pytest.approx(1 / (1 + math.exp(-logit)))
    assert found.contributions[0][0] == "words_and_deeds"
    assert dict(found.contributions)["raised_voice"] == pytest.approx(1.2)
    assert found.not_measured == ("silences",)
    assert risk(9.0, {}, fitted=0.0).value == 0.5


def test_no_customer_no_risk() -> None:
    found = {m.name: m for m in measures(features((A, "您好,请问有什么可以帮您"))) if m.party is C}
    for name in ("discontent", "dissatisfaction_risk", "effort"):
        assert (found[name].value, found[name].because) == (None, "not_spoken")


@pytest.mark.parametrize(
    ("said", "points"),
    [
        ([(C, "我要查话费")], 0),
        ([(C, "我都打了三次电话了")], EFFORT["contacted_before"]),
        ([(C, "这是我第三次打电话来了")], EFFORT["contacted_before"]),
        ([(C, "上周报修过")], EFFORT["contacted_before"]),
        ([(C, "I have called three times already")], EFFORT["contacted_before"]),
        ([(C, "第一次用这个")], 0),
        ([(A, "我帮您转接到技术部")], EFFORT["transfers"]),
        ([(A, "请您稍等")], EFFORT["waits"]),
        (
            [(A, "请提供一下手机号"), (C, "138"), (A, "麻烦报一下订单号")],
            EFFORT["identified_again"],
        ),
        ([(A, "请提供一下手机号")], 0),
        ([(C, "我的宽带上不了网"), (C, "我的宽带上不了网啊")], EFFORT["says_again"]),
    ],
)
def test_effort(said: list[tuple[Party, str]], points: float) -> None:
    found = {m.name: m.value for m in measures(features(*said)) if m.party is C}
    if found["effort"] is None:
        assert points in (0, EFFORT["transfers"], EFFORT["waits"])  # nobody but the agent spoke
    else:
        assert found["effort"] == points


def test_effort_is_capped() -> None:
    assert effort({**dict.fromkeys(EFFORT, 0), "waits": 9}) == 3 * EFFORT["waits"]


def test_every_sign_has_a_weight() -> None:
    (found,) = signs.matched(["谢谢,怎么还没退款?!" * 3])
    assert set(found) <= set(signs.WEIGHTS)
