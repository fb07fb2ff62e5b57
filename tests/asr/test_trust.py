"""What Whisper invents is dropped; what people say on the telephone is not."""

from __future__ import annotations

import pytest

from asr.trust import REASONS, Doubt, gate, is_boilerplate, is_repetition, trust_of, units
from interactions.interaction import Utterance
from interactions.sound import Party

SURE = Doubt(logprob=-0.2, no_speech=0.05)


def said(text, confidence=0.9, dropped=None):
    return Utterance(0, Party.UNKNOWN, 0, 3000, text, (), confidence, dropped)


INVENTED = [
    "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
    "請不吝點贊訂閱轉發打賞支持明鏡與點點欄目",
    "字幕由Amara.org社区提供",
    "字幕志愿者 李宗盛",
    "中文字幕志愿者 杨茜茜",
    "谢谢观看!",
    "謝謝大家收看",
    "请订阅我的频道",
    "Thanks for watching!",
    "Thank you for watching this video.",
    "Don't forget to subscribe",
    "Subtitles by the Amara.org community",
    "(音樂播放中)",
    "[Music]",
    "♪♪♪",
    "......",
]
MEANT = [
    "谢谢您的来电",
    "感谢您的耐心等待",
    "我在看订阅的杂志有没有到",
    "我订阅的会员怎么退",
    "谢谢",
    "我看了一下音乐播放中断了",
    "Thank you for calling.",
    "I want to cancel my subscription",
    "thanks for watching the line for me while I was away",
    "好",
    "",
]


@pytest.mark.parametrize("text", INVENTED)
def test_boilerplate(text):
    assert is_boilerplate(text)
    assert gate(said(text), speech_ms=3000, doubt=SURE).dropped_because == "boilerplate"


@pytest.mark.parametrize("text", MEANT)
def test_what_people_say_is_no_boilerplate(text):
    assert not is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "好" * 12,
        "谢谢谢谢谢谢谢谢谢谢谢谢",
        "我觉得我觉得我觉得我觉得我觉得我觉得",
        "那个我们这边的话" * 6,
        "no " * 12,
        "thank you " * 8,
        "I don't know what to do. " * 6,
    ],
)
def test_loops(text):
    assert is_repetition(text)
    assert gate(said(text), speech_ms=60_000, doubt=SURE).dropped_because == "repetition"


@pytest.mark.parametrize(
    "text",
    [
        "对对对对对对",
        "好的好的好的",
        "no no no no no",
        "我的号码是13888888888",
        "1 3 8 8 8 8 8 8 8 8 8 8 8",
        "八八八八八八,对,是这个号码,我再跟您核对一遍",
        "您好很高兴为您服务请问有什么可以帮您",
        "yes yes it is the same address as the last time yes",
    ],
)
def test_people_repeat_themselves_too(text):
    assert not is_repetition(text)


@pytest.mark.parametrize(
    ("doubt", "reason"),
    [
        (SURE, None),
        (None, None),
        (Doubt(-1.5, 0.1), "low_confidence"),
        (Doubt(-1.5, 0.9), "no_speech"),
        (Doubt(-0.5, 0.9), None),  # sure of its words although it also expects silence
        (Doubt(-1.0, 0.9), None),  # the threshold itself passes
    ],
)
def test_the_recogniser_s_own_doubt(doubt, reason):
    assert gate(said("我想查一下我的订单"), speech_ms=3000, doubt=doubt).dropped_because == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [("我觉得我觉得", "repetition"), ("对对", None), ("嗯", None)],
)
def test_a_part_of_a_loop(text, reason):
    looping = Doubt(-0.2, 0.05, is_looping=True)
    assert gate(said(text), speech_ms=3000, doubt=looping).dropped_because == reason


def test_more_words_than_fit_into_the_time():
    text = "我想查一下我的订单到哪里了"
    assert gate(said(text), speech_ms=700, doubt=SURE).dropped_because == "impossible_speed"
    assert gate(said(text), speech_ms=2000, doubt=SURE).dropped_because is None
    assert gate(said("好的好的"), speech_ms=100, doubt=SURE).dropped_because is None


def test_every_reason_is_explained():
    assert all(set(words) == {"zh", "en"} for words in REASONS.values())
    assert {"boilerplate", "repetition", "no_speech", "low_confidence"} < set(REASONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我要OK。", ("我", "要", "ok")),
        ("Don't do 3 things", ("don't", "do", "3", "things")),
        ("…", ()),
    ],
)
def test_units(text, expected):
    assert units(text) == expected


@pytest.mark.parametrize(
    ("utterances", "expected"),
    [
        ([], None),
        ([said("你好", 0.8)], 0.8),
        ([said("你好", 0.8), said("我想查订单吗", 0.4)], 0.5),  # 2 and 6 characters
        ([said("你好", 0.8), said("谢谢", 0.8, "boilerplate")], 0.4),
        ([said("你好", None)], 1.0),
    ],
)
def test_trust_of(utterances, expected):
    assert trust_of(utterances) == expected
