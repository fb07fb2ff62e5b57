"""What an interaction is about: sorting, examples, issues, operands, summaries, new reasons."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from detectors.context.sorted_as import SortedAs
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.inspection import compile_plan, inspect
from detectors.parameters import Unfit
from detectors.reason.discovery import discovered
from detectors.reason.sorting import matters, sorted_by
from detectors.reason.summary import Part, summary
from detectors.reason.taxonomy import UNSORTED, Category, Dimension, Taxonomy
from detectors.reason.taxonomy_reading import load_taxonomy, shipped
from detectors.rule_errors import RuleErrors
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party

A, C = Party.AGENT, Party.CUSTOMER
LEAK = (
    (C, "你好"),
    (A, "您好，请问有什么可以帮您？"),
    (C, "我家空调一开制冷就漏水，接了好几盆了。"),
    (A, "非常抱歉给您带来不便。"),
    (C, "都投诉两次了。"),
    (A, "我给您派师傅明天上午上门疏通，两小时内会联系您。"),
    (C, "好的，谢谢。"),
)


def chat(*said: tuple[Party, str], product: str | None = None) -> Interaction:
    made = Example(says=tuple(Line(*one) for one in said)).interaction(Channel.CHAT, Language.ZH)
    return replace(made, product=product)


def found(interaction: Interaction, dimension: Dimension, taxonomy: Taxonomy | None = None):
    return sorted_by(Features(interaction, taxonomy=taxonomy)).of(dimension)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("空调一直往下滴水，墙都湿了", "leak"),
        ("我的订单怎么还没动静", "delivery"),
        ("退款三天了还没到账", "refund"),
        ("我要退货，开箱就是坏的", "return-exchange"),
        ("发票抬头开错了能重新开吗", "invoice"),
        ("刚买完就降价了，能补差价吗", "price-promotion"),
        ("家里4g没有信号，上不了网", "network"),
        ("这个月莫名其妙扣了我三十元", "charges"),
        ("My washing machine is leaking again", "leak"),
        ("Where is my order? The delivery is delayed", "delivery"),
        ("in the wardrobe", UNSORTED),
        ("今天天气不错", UNSORTED),
    ],
)
def test_a_sentence_is_sorted(text: str, reason: str) -> None:
    told = found(chat((C, text)), Dimension.REASON)
    assert [one.category for one in told] == [reason]
    assert all(0 < one.confidence <= 1 for one in told)
    assert all(bool(one.quote) is (reason != UNSORTED) for one in told)


def test_a_whole_interaction_is_sorted_in_every_dimension() -> None:
    told = {one.dimension: one for one in matters(Features(chat(*LEAK)))}
    assert {d: one.category for d, one in told.items() if d != "promise"} == {
        "reason": "leak",
        "product": "air-conditioner",
        "resolution": "visit-booked",
        "follow-up": "centre-visits",
    }
    assert (told["reason"].utterance_seq, told["reason"].quote) == (2, "漏水")
    assert told["reason"].issue == "leak · air-conditioner"
    promises = [one for one in matters(Features(chat(*LEAK))) if one.dimension == "promise"]
    assert {one.category: one.utterance_seq for one in promises} == {"call-back": 5, "visit": 5}


def test_the_centres_product_stands_above_the_words() -> None:
    (product,) = found(chat(*LEAK, product="洗衣机"), Dimension.PRODUCT)
    assert (product.category, product.confidence) == ("washer", 1.0)
    (reason,) = found(chat(*LEAK, product="洗衣机"), Dimension.REASON)
    assert reason.issue == "leak · 洗衣机"
    (unknown,) = found(chat(*LEAK, product="X-100"), Dimension.PRODUCT)
    assert unknown.category == "X-100"


def test_what_an_agent_says_weighs_less() -> None:
    (told,) = found(chat((A, "请问是漏水吗"), (C, "我要开发票")), Dimension.REASON)
    assert told.category == "invoice"


def test_what_is_general_gives_way() -> None:
    (alone,) = found(chat((C, "冰箱坏了")), Dimension.REASON)
    (both,) = found(chat((C, "冰箱坏了，不制冷")), Dimension.REASON)
    assert (alone.category, both.category) == ("broken", "not-cooling")


OWN = Taxonomy(
    {
        Dimension.REASON: (
            Category(category_id="gap", title={"zh": "空", "en": "Gap"}, words=("没…送到",)),
            Category(category_id="two", title={"zh": "两", "en": "Two"}, hints=("甲乙", "丙丁")),
            Category(
                category_id="like", title={"zh": "像", "en": "Like"}, examples=("灯一直闪个不停",)
            ),
        )
    }
)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("东西没有给我送到", "gap"),
        ("没收到。送到了吗", UNSORTED),
        ("没有人来把东西给我们家里送到", UNSORTED),
        ("说的是甲乙", UNSORTED),
        ("甲乙还有丙丁", "two"),
        ("上面的灯一直在闪个不停", "like"),
        ("灯", UNSORTED),
    ],
)
def test_words_gaps_hints_and_examples(text: str, category: str) -> None:
    assert [m.category for m in found(chat((C, text)), Dimension.REASON, OWN)] == [category]


def test_sorting_in_a_plan_is_the_same_and_another_taxonomy_another_plan() -> None:
    plan = compile_plan([], taxonomy=OWN)
    assert plan.key != compile_plan([]).key
    said = inspect(chat((C, "东西没有给我送到")), plan)
    assert [(m.dimension, m.category) for m in said.matters] == [
        ("reason", "gap"),
        ("resolution", UNSORTED),
    ]
    again = copy.copy(plan)  # by what travels to another process
    assert (again.key, again.taxonomy.version) == (plan.key, OWN.version)


def test_an_interaction_without_words_is_about_nothing() -> None:
    assert matters(Features(chat())) == ()
    measures = inspect(chat((C, "今天天气不错")), compile_plan([])).measures
    told = {m.name: m for m in measures if m.name == "reason_confidence"}
    assert (told["reason_confidence"].value, told["reason_confidence"].because) == (
        None,
        "unsorted",
    )


@pytest.mark.parametrize(
    ("detector", "count"),
    [
        (SortedAs(is_any=("leak",)), 1),
        (SortedAs(is_any=("refund",)), 0),
        (SortedAs(is_any=("leak",), min_confidence=0.99), 0),
        (SortedAs(is_any=("visit", "call-back"), dimension=Dimension.PROMISE), 2),
    ],
)
def test_sorted_as(detector: SortedAs, count: int) -> None:
    evidence = list(detector.find(Features(chat(*LEAK))))
    assert len(evidence) == count
    assert all(one.because == "sorted_as" and one.quote for one in evidence)


def test_sorted_as_needs_an_id() -> None:
    with pytest.raises(Unfit):
        SortedAs(is_any=())


def test_a_summary_is_made_of_utterances() -> None:
    interaction = chat(*LEAK)
    told = [(line.part, line.utterance_seq, line.text) for line in summary(Features(interaction))]
    assert told == [
        (Part.ISSUE, 2, LEAK[2][1]),
        (Part.DONE, 5, LEAK[5][1]),
        (Part.OUTCOME, 6, LEAK[6][1]),
        (Part.PROMISE, 5, LEAK[5][1]),
    ]


def test_a_summary_of_what_is_unsorted_begins_with_what_was_asked() -> None:
    lines = summary(Features(chat((C, "在吗"), (C, "你们那个蓝色的还在弄吗"), (A, "在的"))))
    assert [(one.part, one.utterance_seq) for one in lines] == [(Part.ISSUE, 1)]
    assert summary(Features(chat())) == ()


def test_a_long_utterance_is_cut_to_its_clauses() -> None:
    long = "我先说一下前面的经过，" * 9 + "。现在洗衣机漏水了。" + "别的事情我们以后再说吧，" * 9
    (line,) = summary(Features(chat((C, long))))
    assert line.text == "…现在洗衣机漏水了。…"


def test_new_reasons_are_groups_of_the_same_terms() -> None:
    terms = {f"a{i}": ["蓝牙", "耳机", "断开", f"x{i}"] for i in range(6)}
    terms |= {f"b{i}": ["会员", "续费", "自动", f"y{i}"] for i in range(5)}
    terms |= {f"c{i}": [f"z{i}", f"w{i}"] for i in range(30)}
    groups = discovered(terms, least=5)
    assert [(g.size, set(g.terms)) for g in groups] == [
        (6, {"蓝牙", "耳机", "断开"}),
        (5, {"会员", "续费", "自动"}),
    ]
    assert groups[0].examples == ("a0", "a1", "a2")
    assert discovered({}) == []


def test_the_shipped_taxonomy_has_all_dimensions_and_no_word_twice_in_one() -> None:
    taxonomy = shipped()
    assert set(taxonomy.categories) == set(Dimension)
    for dimension, every in taxonomy.categories.items():
        if dimension in (Dimension.REASON, Dimension.PRODUCT, Dimension.RESOLUTION):
            words = [word for one in every for word in one.words]
            assert sorted(words) == sorted(set(words)), dimension


GOOD = "{id: leak, title: {zh: 漏, en: Leak}, words: [漏水]}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"version: 1\nreason:\n  - {GOOD}\n  - {GOOD}\n", ":4: reason[1].id: found 'leak'"),
        ("version: 1\nreason:\n  - {id: a, title: {zh: 漏, en: L}}\n", ":3: reason[0].words"),
        (
            f"version: 1\nreason:\n  - {GOOD}\n  - {GOOD.replace('leak', 'unsorted', 1)}\n",
            ":4: reason[1].id",
        ),
        (f"version: 1\nreasons:\n  - {GOOD}\n", "file.reason: found nothing"),
        (f"reason:\n  - {GOOD}\n", "version"),
        (
            "version: 1\nreason:\n  - {id: a, title: {zh: 漏, en: L}, words: ['漏…']}\n",
            ":3: reason[0].words: found 漏…",
        ),
        ("", "file"),
    ],
)
def test_an_error_says_where(tmp_path, text: str, place: str) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(RuleErrors) as caught:
        load_taxonomy(path)
    assert place in caught.value.errors[0].text("en")
