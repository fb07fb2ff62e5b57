"""Utterances as subtitles."""

from __future__ import annotations

from itertools import pairwise

import pytest

from interactions.interaction import Utterance, Word
from interactions.sound import Party
from interactions.subtitles import cues, srt, vtt


def said(text, *, start_ms=1_000, step_ms=250, party=Party.AGENT, **changes):
    """Each Chinese character or blank-separated English word is a word."""
    pieces = text.split() if text.isascii() else [c for c in text if c.isalnum()]
    pieces = [piece.strip(",.?") for piece in pieces]
    words = tuple(
        Word(start_ms + i * step_ms, start_ms + (i + 1) * step_ms, piece)
        for i, piece in enumerate(pieces)
    )
    return Utterance(0, party, start_ms, words[-1].end_ms, text, words, **changes)


def name(party):
    return {Party.AGENT: "Agent", Party.CUSTOMER: "<b>"}.get(party, "")


def test_srt():
    utterances = [
        said("我要退货。", start_ms=3_723_004, party=Party.CUSTOMER),
        said("您好，请问？", start_ms=0),
        said("谢谢观看", dropped_because="boilerplate"),
        said("a --> b", party=Party.UNKNOWN, start_ms=3_800_000),
    ]
    assert srt(utterances, name) == (
        "1\n00:00:00,000 --> 00:00:01,000\nAgent: 您好，请问？\n\n"
        "2\n01:02:03,004 --> 01:02:04,004\n<b>: 我要退货。\n\n"
        "3\n01:03:20,000 --> 01:03:20,750\na → b\n"
    )
    assert srt([], name) == ""
    assert "\n坐席：您好\n" in srt([said("您好")], lambda _party: "坐席")


def test_vtt_escapes_what_it_would_read_as_tags():
    text = vtt([said("a < b & c", party=Party.CUSTOMER, start_ms=0)], name)
    assert text == ("WEBVTT\n\n00:00:00.000 --> 00:00:01.250\n<v &lt;b&gt;>a &lt; b &amp; c\n")
    assert vtt([], name) == "WEBVTT\n"


@pytest.mark.parametrize("step_ms", [100, 250, 900])
def test_long_utterances_are_cut_behind_punctuation_and_lose_nothing(step_ms):
    text = "您好，" + "这里是售后服务中心请问有什么可以帮您，" * 4 + "谢谢。"
    made = list(cues([said(text, step_ms=step_ms)]))
    assert "".join(cue.text for cue in made) == text
    assert len(made) >= 2
    for cue in made:
        assert cue.end_ms - cue.start_ms <= 7_000
        assert len(cue.text) <= 42
    if step_ms < 300:
        assert all(cue.text[-1] in "，。" for cue in made)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(made))


def test_english_is_cut_between_words():
    text = "I would like to know why " * 12
    made = list(cues([said(text.strip(), step_ms=100)]))
    assert " ".join(cue.text for cue in made) == text.strip()
    assert all(len(cue.text) <= 84 for cue in made)


def test_without_words_an_utterance_is_one_cue():
    whole = Utterance(0, Party.AGENT, 5, 5, "written\nin two lines")
    (cue,) = cues([whole])
    assert (cue.start_ms, cue.end_ms, cue.text) == (5, 6, "written in two lines")
    odd = Utterance(0, Party.AGENT, 0, 900, "您好", (Word(0, 900, "再见"),))
    assert [cue.text for cue in cues([odd])] == ["您好"]
