from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.interaction import Language
from interactions.text import language_of, normal, well_formed


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("", ""),
        ("   ", ""),
        ("我要投诉", "我要投诉"),
        ("我要投訴，請轉人工！", "我要投诉,请转人工!"),
        ("後臺發現頭髮裡有隻貓", "后台发现头发里有只猫"),
        ("妳說什麼", "你说什么"),
        ("ＨＥＬＬＯ　Ｗｏｒｌｄ", "hello world"),
        ("ＡＢＣ１２３", "abc123"),
        ("您好。请问、谢谢…", "您好.请问,谢谢."),
        ("“投诉”「退款」《规则》", '"投诉""退款""规则"'),
        ("don’t —— wait", "don't -- wait"),
        ("cafe\u0301", "café"),
        ("①㎡", "1m2"),
        ("投\u200b诉\ufeff", "投诉"),
        ("退\u00ad款\u202e", "退款"),
        ("a\u200b\u0301", "á"),
        ("ｶﾞ", "ガ"),
        ("转 人工", "转人工"),
        ("打开 app 看看", "打开app看看"),
        ("hello   big \t\n world ", "hello big world"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_normal_form(original: str, expected: str) -> None:
    assert normal(original).text == expected


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ("幺三八零零一三八零零零", "13800138000"),
        ("工号九五二七", "工号9527"),
        ("一零零八六", "10086"),
        ("二〇一九年", "2019年"),
        ("尾号两八零五", "尾号2805"),
        ("幺两", "12"),
        ("一零", "10"),
        ("138零零一三8零零零", "13800138000"),
        # Amounts, approximations, idioms and single words are no digits read out.
        ("两个", "两个"),
        ("老幺", "老幺"),
        ("一二", "一二"),
        ("三五天", "三五天"),
        ("三百五六十", "三百五六十"),
        ("四五六十岁", "四五六十岁"),
        ("三三两两", "三三两两"),
        ("七七八八", "七七八八"),
        ("零零散散", "零零散散"),
        ("一直", "一直"),
    ],
)
def test_digits_read_out_become_digits(spoken: str, expected: str) -> None:
    assert normal(spoken).text == expected


@pytest.mark.parametrize(
    ("original", "phrase", "found"),
    [
        ("請 轉 人 工 吧", "转人工", "轉 人 工"),
        ("我要投\u200b诉你", "投诉", "投\u200b诉"),
        ("  cafe\u0301 is  open", "é is", "e\u0301 is"),
        ("打 幺零零八六！", "10086", "幺零零八六"),
        ("占地㎡大", "m2", "㎡"),
    ],
)
def test_span_maps_back_to_the_original(original: str, phrase: str, found: str) -> None:
    made = normal(original)
    at = made.text.index(phrase)
    start, end = made.original(at, at + len(phrase))
    assert original[start:end] == found


def test_empty_span_maps_to_a_place() -> None:
    made = normal("  投诉  ")
    assert made.original(0, 0) == (2, 2)
    assert made.original(2, 2) == (4, 4)
    assert normal("").original(0, 0) == (0, 0)


def test_fillers_are_listed_and_stay_in_the_text() -> None:
    made = normal("嗯我要呃投诉，uh, um yes")
    assert made.text == "嗯我要呃投诉,uh, um yes"
    assert [made.text[a:b] for a, b in made.fillers] == ["嗯", "呃", "uh", "um"]


@pytest.mark.parametrize("text", ["金额不对", "size m", "5 mm", "album", "女儿", "uhaul"])
def test_words_are_no_fillers(text: str) -> None:
    assert normal(text).fillers == ()


def test_without_fillers_maps_to_the_same_original() -> None:
    original = "我要 呃 投訴"
    made = normal(original).without_fillers()
    assert made.text == "我要投诉"
    assert original[slice(*made.original(2, 4))] == "投訴"


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_map_back_is_whole_and_in_order(text: str) -> None:
    made = normal(text)
    assert len(made.origin) == len(made.ends) == len(made.text)
    assert list(made.origin) == sorted(made.origin)
    assert all(0 <= a < b <= len(text) for a, b in zip(made.origin, made.ends, strict=True))
    assert "  " not in made.text
    assert made.text == made.text.strip()


@given(st.text(alphabet="我要投诉轉人工 ，。a B1幺零二九両嗯uhm\u200b\u0301é", max_size=30))
@settings(max_examples=300, deadline=None)
def test_normal_form_is_stable(text: str) -> None:
    once = normal(text).text
    assert normal(once).text == once


def test_a_flood_of_accents_does_not_stop_a_night() -> None:
    begun = time.process_time()
    normal("a" + "\u0301\u0323" * 200_000)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我要投诉", Language.ZH),
        ("我要投诉这个app", Language.ZH),
        ("I want my money back", Language.EN),
        ("我的order还没deliver，please check一下", Language.MIXED),
        ("12345 !!", Language.UNKNOWN),
        ("", Language.UNKNOWN),
        ("Где мой заказ", Language.UNKNOWN),
        ("注文はどこですか", Language.UNKNOWN),
    ],
)
def test_language_by_script(text: str, language: Language) -> None:
    assert language_of(text) is language


def test_well_formed_can_be_written_to_any_file() -> None:
    broken = json.loads('"\\ud83d 你好\\u0000"')
    assert well_formed(broken) == "\ufffd 你好\ufffd"
    assert well_formed("😀 <script>") == "😀 <script>"
    well_formed(broken).encode("utf-8")


@pytest.mark.eval
def test_normal_form_is_fast_enough_for_a_night(eval_folder) -> None:
    lines = (eval_folder / "text/dialogues_zh/jddc.jsonl").read_text("utf-8").splitlines()
    texts = [turn["text"] for line in lines for turn in json.loads(line)["turns"]]
    begun = time.process_time()
    made = [normal(text) for text in texts]
    assert len(texts) / (time.process_time() - begun) > 20_000
    assert all(len(m.origin) == len(m.text) for m in made)
