"""One way of writing: simplified characters everywhere, punctuation where there is none."""

from __future__ import annotations

import pytest

from asr.written import in_simplified, punctuated, tidied
from interactions.interaction import Utterance, Word
from interactions.sound import Party


def said(marked, **changes):
    """An utterance from text in which ``/`` is a pause of 0.3 s and ``#`` one of 0.7 s."""
    words, at = [], 0
    text = marked.replace("/", "").replace("#", "")
    pieces = marked.split(" ") if marked.isascii() else list(marked)
    for piece in pieces:
        for part in (piece.partition("/")[0].partition("#")[0],):
            if part.strip():
                words.append(Word(at, at + 100, part, 0.9))
                at += 100
        at += 300 * piece.count("/") + 700 * piece.count("#")
    return Utterance(0, Party.UNKNOWN, 0, at, text, tuple(words), 0.9, **changes)


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("您好", "您好。"),
        ("您好/请问有什么可以帮您", "您好，请问有什么可以帮您。"),
        ("我的空调坏了#你们什么时候来修", "我的空调坏了。你们什么时候来修？"),
        ("您是王先生吗/我是售后的", "您是王先生吗？我是售后的。"),
        ("我们这边呢/可以免费更换", "我们这边呢，可以免费更换。"),
        ("那运费呢", "那运费呢？"),
        ("还没到呢", "还没到呢。"),
        ("您等一下吧", "您等一下吧。"),
        ("明天上午可以吧", "明天上午可以吧？"),
        ("能不能帮我查一下", "能不能帮我查一下？"),
        ("我帮您查一下是不是发货了", "我帮您查一下是不是发货了。"),
        ("我不知道为什么", "我不知道为什么。"),
        ("你好 我想退货 谢谢", "你好，我想退货，谢谢。"),
        ("我用的是 iPhone 手机", "我用的是 iPhone 手机。"),
        ("hello/ I want a refund", "hello, I want a refund."),
        ("okay can you help me# my order is late", "okay can you help me? my order is late."),
        ("I know what you mean", "I know what you mean."),
        ("what is the price", "what is the price?"),
        ("don't you have a receipt", "don't you have a receipt?"),
    ],
)
def test_marks_where_there_are_none(marked, text):
    assert punctuated(said(marked)).text == text


@pytest.mark.parametrize(
    "text", ["您好,我想退货", "好的。", "Hello, yes", "It's 3.5 kilos.", "是吗?"]
)
def test_one_mark_is_enough_to_leave_it(text):
    assert punctuated(said(text)).text == text


def test_a_point_within_a_number_is_no_mark():
    assert punctuated(said("version 3.5 please")).text == "version 3.5 please."


def test_without_word_times_nothing_is_known_of_pauses():
    bare = Utterance(0, Party.UNKNOWN, 0, 500, "您好请问")
    assert punctuated(bare) == bare


def test_traditional_characters_become_simplified_in_text_and_words():
    one = in_simplified(said("妳們什麼時候發貨?後來呢"))
    assert one.text == "你们什么时候发货?后来呢"
    assert "".join(word.text for word in one.words) == "你们什么时候发货?后来呢"
    same = said("乾隆年间的著作")
    assert in_simplified(same) is same


def test_what_was_dropped_stays_as_it_was_written():
    dropped = said("請不吝點贊", dropped_because="boilerplate")
    assert tidied([dropped, said("請問")])[0] is dropped
    assert tidied([dropped, said("請問")])[1].text == "请问。"


def test_tidying_twice_changes_nothing_more():
    once = tidied([said("您是王先生嗎/我是售後的"), said("hello/ I want a refund")])
    assert tidied(once) == once
