from __future__ import annotations

import pytest

from interactions.pinyin import far_codes, far_of, sound_codes, sound_of, syllables


def spelled(text: str) -> list[str]:
    return [f"{s.initial}{s.final}{s.tone}" for s in syllables(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投诉", ["tou2", "su4"]),
        ("银行", ["in2", "hang2"]),
        ("行走", ["xing2", "zou3"]),
        ("重庆很重", ["chong2", "qing4", "hen3", "zhong4"]),
        ("句归鱼绿", ["jv4", "guei1", "v2", "lv4"]),
        ("好的", ["hao3", "de5"]),
        ("嗯", ["n2"]),
        ("", []),
        ("abc 123", []),
    ],
)
def test_readings_come_from_phrases(text: str, expected: list[str]) -> None:
    assert spelled(text) == expected


def test_positions_are_those_of_the_text() -> None:
    assert [s.position for s in syllables("我,要app投诉")] == [0, 2, 6, 7]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张", "脏"),
        ("吃", "词"),
        ("是", "四"),
        ("你", "里"),
        ("热", "乐"),
        ("湖", "福"),
        ("花", "发"),
        ("灰", "飞"),
        ("京", "金"),
        ("成", "陈"),
        ("帮", "班"),
        ("黄", "烦"),
        ("投诉", "头数"),
    ],
)
def test_near_syllables_are_one_class(one: str, other: str) -> None:
    assert [s.near for s in syllables(one)] == [s.near for s in syllables(other)]


@pytest.mark.parametrize(
    ("one", "other"), [("八", "爸妈"), ("投", "偷诉"), ("哈", "发"), ("鱼", "衣")]
)
def test_far_syllables_are_not(one: str, other: str) -> None:
    assert [s.near for s in syllables(one)] != [s.near for s in syllables(other)]


def test_a_character_without_reading_costs_only_itself() -> None:
    found = syllables("投诉\U000323a0银行")
    assert [s.position for s in found] == [0, 1, 3, 4]


TEXT = "我,要app投诉\U000323a0银行行长,重庆很重 ok。"


def test_codes_stand_for_the_syllables_in_their_places() -> None:
    codes = sound_codes(TEXT)
    assert len(codes) == len(TEXT)
    known = [(at, sound_of(code)) for at, code in enumerate(codes) if sound_of(code)]
    assert [(at, *sound[:4]) for at, sound in known] == [
        (s.position, s.initial, s.final, s.tone, s.near) for s in syllables(TEXT)
    ]
    assert (codes[1], codes[3:6], codes[8]) == (",", "app", "\0")


@pytest.mark.parametrize("text", ["", "abc", "投诉\U000323a0重庆"])
def test_far_codes_are_far_classes(text: str) -> None:
    assert far_codes(text) == far_of(sound_codes(text))


def test_far_codes_do_not_depend_on_the_neighbours() -> None:
    assert far_codes("银行") == far_codes("银") + far_codes("行")
    assert far_of(sound_codes("银行")) == far_codes("银航")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("班", "攀", True),
        ("张", "长", True),
        ("早", "草", True),
        ("班", "帮", True),
        ("班", "单", False),
    ],
)
def test_far_sounds_are_near_ones_without_breath(one: str, other: str, *, same: bool) -> None:
    assert (far_codes(one) == far_codes(other)) is same
