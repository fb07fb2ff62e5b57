"""``tingjian show``: one interaction with its evidence, whatever its text tries to do."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from rich.text import Text

from asr.lexicon import DoubtedTerm
from console.interaction_page import mark, page
from console.messages.texts import Texts
from console.session import clock
from console.views import Whole, whole_json
from detectors.evidence import Evidence, Finding, Measure, NotMeasured, Severity
from interactions.interaction import Channel, Interaction, Utterance
from interactions.sound import Party, Quality, Recording, TrackQuality
from warehouse.read import RuleTitle

Call = Callable[..., Any]


def test_findings_evidence_and_transcript_are_shown(tingjian: Call, ran: Path) -> None:
    answer = tingjian("--centre", ran, "show", "chat-angry")
    assert (answer.status, answer.err) == (0, "")
    assert "major Customer announces a complaint example-threatens-to-complain, version 1-" in (
        answer.folded
    )
    assert "00:20 The customer said “我要投诉”" in answer.folded
    assert "▶ 00:20 customer 再不处理我要投诉了" in answer.folded
    assert "00:00 agent 您好,请问有什么可以帮您" in answer.folded
    assert "▶ 00:00" not in answer.folded
    assert "Source chats.jsonl#chat-angry" in answer.folded
    assert "Team 北区" in answer.folded
    assert "│ First answer after │" in answer.folded
    assert "▶ marks what speaks for a finding." in answer.out


def test_it_speaks_mandarin(tingjian: Call, ran: Path) -> None:
    folded = tingjian("--centre", ran, "--lang", "zh", "show", "chat-angry").folded
    for words in (
        "一般 客户表示要投诉",
        "00:20 客户说了“我要投诉”",
        "▶ 00:20 客户",
        "渠道 聊天",
        "班组 北区",
    ):
        assert words in folded


def test_a_transcript_cannot_drive_the_terminal(tingjian: Call, ran: Path) -> None:
    out = tingjian("--centre", ran, "show", "chat-hostile").out
    assert "\ufffd[31m红\ufffd]0;title\ufffd [bold]not markup[/bold] \ufffdgnp.exe" in out
    assert not set(out) & set("\x1b\x07\u202e")
    written = tingjian("--centre", ran, "show", "chat-hostile", "--json").out
    assert not set(written) & set("\x1b\x07\u202e")
    said = json.loads(written)["utterances"][1]["text"]
    assert said.endswith("\u202egnp.exe")


def test_the_beginning_of_an_id_is_enough(tingjian: Call, ran: Path) -> None:
    assert tingjian("--centre", ran, "show", "chat-a").out.startswith("chat-angry\n")
    several = tingjian("--centre", ran, "show", "chat")
    assert several.status == 1
    assert several.err == (
        "✗ 3 interactions begin with chat: chat-angry, chat-calm, chat-hostile; write more of it\n"
    )
    none = tingjian("--centre", ran, "show", "zzz")
    assert (none.status, none.out) == (1, "")
    assert "no interaction begins with zzz" in none.err


def test_nothing_found_is_said(tingjian: Call, ran: Path) -> None:
    out = tingjian("--centre", ran, "show", "chat-calm").out
    assert "No rule found anything here." in out
    assert "▶" not in out


def test_the_json_has_everything(tingjian: Call, ran: Path) -> None:
    shown = json.loads(tingjian("--centre", ran, "show", "chat-angry", "--json").out)
    assert shown["channel"] == "chat"
    assert shown["started_at"] == "2026-03-02T01:00:00+00:00"
    assert shown["findings"][0]["title"] == "Customer announces a complaint"
    assert [one["text"] for one in shown["utterances"]] == [
        "您好,请问有什么可以帮您", "再不处理我要投诉了",
    ]  # fmt: skip
    names = {measure["name"] for measure in shown["measures"]}
    assert {"duration", "first_reply"} <= names


@pytest.mark.parametrize(
    ("ms", "shown"),
    [(0, "00:00"), (999, "00:00"), (61_000, "01:01"), (3_599_999, "59:59"), (3_723_000, "1:02:03")],
)
def test_a_place_in_time(ms: int, shown: str) -> None:
    assert clock(ms) == shown


@pytest.mark.parametrize(
    ("said", "quote", "marked"),
    [
        ("我要投诉,就要投诉", "投诉", [(2, 4), (7, 9)]),
        ("nothing here", "投诉", []),
        ("nothing here", "", []),
        ("aaa", "aa", [(0, 2)]),
    ],
)
def test_every_place_of_the_quote_is_marked(
    said: str, quote: str, marked: list[tuple[int, int]]
) -> None:
    text = Text(said)
    mark(text, quote)
    assert [(span.start, span.end) for span in text.spans] == marked


def heard() -> Whole:
    """A call whose evidence is in the sound: a raised voice, a silence, and one rule not asked."""
    said = (
        Utterance(0, Party.AGENT, 0, 2_000, "您好"),
        Utterance(1, Party.CUSTOMER, 2_000, 5_000, "怎么还没到"),
        Utterance(2, Party.AGENT, 4_000, 6_000, "请稍等"),
        Utterance(3, Party.AGENT, 20_000, 21_000, "谢谢观看", dropped_because="boilerplate"),
    )
    tracks = (TrackQuality(-1.0, 0.02, 20.0, False), TrackQuality(-90.0, 0, None, True))
    one = Interaction(
        interaction_id="voice-1", channel=Channel.VOICE,
        started_at=datetime(2026, 3, 2, tzinfo=UTC), duration_ms=3_700_000, source="a.wav",
        content_hash="0", utterances=said,
        recording=Recording(
            "0", (Path("a.wav"),), 3_700_000, 8_000, "pcm_alaw", (Party.AGENT, Party.CUSTOMER),
            Quality(tracks, identical_tracks=True),
        ),
    )  # fmt: skip
    loud = Evidence(
        start_ms=3_000, end_ms=4_500, because="raised_voice", party=Party.CUSTOMER,
        measure="loudness", value=7.0, unit="dB", limit=6.0,
    )  # fmt: skip
    silence = Evidence(
        start_ms=6_000, end_ms=20_000, because="silence", measure="silence", value=14.0, unit="s",
        limit=10.0,
    )  # fmt: skip
    absent = Evidence(start_ms=0, end_ms=3_700_000, because="absent")
    ids = {"interaction_id": "voice-1", "rule_version": "1-a"}
    return Whole(
        interaction=one,
        findings=tuple(
            Finding(**ids, rule_id=rule, severity=Severity.MINOR, engine="e", evidence=(evidence,))
            for rule, evidence in (("loud", loud), ("quiet", silence), ("no-word", absent))
        ),
        not_measured=(NotMeasured(**ids, rule_id="asks", because="low_trust"),),
        measures=(
            Measure(
                interaction_id="voice-1", name="talk_share", party=Party.AGENT, value=0.251,
                unit="share",
            ),
            Measure(interaction_id="voice-1", name="duration", party=None, value=3700.0, unit="s"),
        ),
        titles={"loud": RuleTitle("loud", "2-b", Severity.MINOR, "大声", "Loud")},
        doubted_terms=(
            DoubtedTerm("除湿机", 1, 2_500, 3_000, "unsure", 0.21),
            DoubtedTerm("延保\x1b", 1, 3_500, 4_000, "too_fast", None),
        ),
    )  # fmt: skip


def test_evidence_from_the_sound_is_marked_too() -> None:
    file = io.StringIO()
    console = Console(file=file, width=160)
    for block in page(heard(), Texts("zh"), ZoneInfo("Asia/Shanghai")):
        console.print(block)
    text = " ".join(file.getvalue().split())
    for words in (
        "▶ 00:02 客户 怎么还没到 00:04 坐席 请稍等 ▶ 00:06 静默 14 秒（上限 10 秒）",
        "00:20 坐席 谢谢观看 [不采信：字幕或视频套话，电话里没有人这样说]",
        "录音 pcm_alaw，8000 Hz，声道：坐席、客户；两个声道是同一个声音；",
        "坐席的声道有削波（2 %）；客户的声道没有声音",
        "大声 loud，版本 1-a，由该规则的旧版本命中",
        "轻微 quiet quiet，版本 1-a",
        "转写可信度过低",
        "时长 1:01:40",
        "声音不支持的词 00:02 除湿机 识别器对这个词没有把握 (0.21)",
        "00:03 延保\ufffd 所占时间太短，这么多音节说不完",
        "│ 说话占比 │ │ 25.1 % │",
        "│ 时长 │ 1:01:40 │ │",
    ):
        assert words in text


def test_scripts_get_the_doubted_terms_in_words() -> None:
    doubts = whole_json(heard(), "en")["doubted_terms"]
    assert doubts[0] == {
        "term": "除湿机", "seq": 1, "start_ms": 2_500, "end_ms": 3_000, "because": "unsure",
        "confidence": 0.21, "in_words": "the recogniser is not sure of it",
    }  # fmt: skip
