"""Transcripts made elsewhere: plain, Amazon Transcribe Call Analytics, Contact Lens."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interactions.interaction import Channel, Language, Utterance, Word
from interactions.problems import Unreadable
from interactions.sound import Party
from interactions.vendors.catalogue import VENDORS, Transcript, read_transcript, vendor_of

DOCS = Path(__file__).resolve().parents[2] / "docs" / "transcripts.md"

TRANSCRIBE = {
    "JobStatus": "COMPLETED",
    "LanguageCode": "zh-CN",
    "JobName": "call-17",
    "Channel": "VOICE",
    "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
    "ConversationCharacteristics": {"TotalConversationDurationMillis": 9000},
    "Transcript": [
        {
            "Id": "2",
            "ParticipantRole": "CUSTOMER",
            "BeginOffsetMillis": 2000,
            "EndOffsetMillis": 3000,
            "Content": "我要投诉。",
            "Sentiment": "NEGATIVE",
            "LoudnessScores": [80.1, None],
            "Items": [
                {
                    "Content": "我要",
                    "Confidence": "0.9",
                    "BeginOffsetMillis": 2000,
                    "EndOffsetMillis": 2400,
                },
                {
                    "Content": "投诉",
                    "Confidence": "0.7",
                    "BeginOffsetMillis": 2400,
                    "EndOffsetMillis": 3000,
                },
                {"Content": "。", "Confidence": "0.0"},
            ],
        },
        {
            "Id": "1",
            "ParticipantRole": "AGENT",
            "BeginOffsetMillis": 100,
            "EndOffsetMillis": 900,
            "Content": "您好",
            "Items": [],
        },
    ],
}

LENS_CALL = {
    "Version": "1.1.0",
    "Channel": "VOICE",
    "JobStatus": "COMPLETED",
    "LanguageCode": "en-US",
    "CustomerMetadata": {"ContactId": "c-1", "InstanceId": "i-1"},
    "Participants": [
        {"ParticipantId": "p1", "ParticipantRole": "AGENT"},
        {"ParticipantId": "p2", "ParticipantRole": "CUSTOMER"},
    ],
    "ConversationCharacteristics": {"TotalConversationDurationMillis": 32110},
    "Transcript": [
        {
            "ParticipantId": "p2",
            "BeginOffsetMillis": 0,
            "EndOffsetMillis": 4640,
            "Content": "I want a refund.",
        },
        {
            "ParticipantId": "p1",
            "BeginOffsetMillis": 5000,
            "EndOffsetMillis": 6000,
            "Content": "Let me see.",
        },
    ],
}

LENS_CHAT = {
    **LENS_CALL,
    "Channel": "CHAT",
    "Transcript": [
        {
            "ParticipantId": "p1",
            "AbsoluteTime": "2026-01-31T01:05:00.500Z",
            "ContentType": "application/vnd.amazonaws.connect.event.participant.joined",
            "Type": "EVENT",
        },
        {
            "ParticipantId": "p2",
            "AbsoluteTime": "2026-01-31T01:05:01.000Z",
            "ContentType": "text/plain",
            "Type": "MESSAGE",
            "Content": "Refund please",
        },
        {
            "ParticipantId": "p1",
            "AbsoluteTime": "2026-01-31T01:05:03.250Z",
            "ContentType": "text/markdown",
            "Type": "MESSAGE",
            "Content": "Sure",
        },
    ],
}

PLAIN = {
    "transcriber": "acme 3",
    "language": "zh",
    "duration_ms": 5000,
    "metadata": {"interaction_id": "c-9", "开始时间": "2026-01-31 09:05", "工号": 8001},
    "utterances": [
        {"party": "客服", "start_ms": 0, "end_ms": 800, "text": "您好", "confidence": 0.9},
        {"start_ms": 900, "end_ms": 1500, "text": " 嗯 "},
        {"party": "customer", "start_ms": 1600, "end_ms": 1700, "text": ""},
    ],
}


def read(folder: Path, body: object) -> Transcript:
    path = folder / "t.json"
    path.write_text(json.dumps(body, ensure_ascii=False), "utf-8")
    return read_transcript(path, item="t.json")


def test_amazon_transcribe(tmp_path: Path) -> None:
    made = read(tmp_path, TRANSCRIBE)
    assert made.transcriber == "amazon-transcribe"
    assert (made.language, made.duration_ms) == (Language.ZH, 9000)
    assert made.metadata.attributes == {"transcription_job": "call-17"}
    assert made.utterances == (
        Utterance(0, Party.AGENT, 100, 900, "您好"),
        Utterance(
            *(1, Party.CUSTOMER, 2000, 3000, "我要投诉。"),
            words=(
                Word(2000, 2200, "我", 0.9),
                Word(2200, 2400, "要", 0.9),
                Word(2400, 2700, "投", 0.7),
                Word(2700, 3000, "诉", 0.7),
            ),
            confidence=0.8,
        ),
    )


def test_contact_lens_call(tmp_path: Path) -> None:
    made = read(tmp_path, LENS_CALL)
    assert (made.transcriber, made.language, made.duration_ms) == (
        "contact-lens",
        Language.EN,
        32110,
    )
    assert (made.metadata.interaction_id, made.metadata.channel) == ("c-1", Channel.VOICE)
    assert [u.party for u in made.utterances] == [Party.CUSTOMER, Party.AGENT]
    assert made.utterances[0].confidence is None


def test_contact_lens_chat(tmp_path: Path) -> None:
    made = read(tmp_path, LENS_CHAT)
    assert (made.transcriber, made.metadata.channel) == ("written", Channel.CHAT)
    assert made.metadata.started_at == datetime(2026, 1, 31, 1, 5, 1, tzinfo=UTC)
    assert [(u.party, u.start_ms, u.end_ms, u.text) for u in made.utterances] == [
        (Party.CUSTOMER, 0, 0, "Refund please"),
        (Party.AGENT, 2250, 2250, "Sure"),
    ]


def test_plain(tmp_path: Path) -> None:
    made = read(tmp_path, PLAIN)
    assert (made.transcriber, made.duration_ms) == ("acme 3", 5000)
    assert (made.metadata.agent, made.metadata.interaction_id) == ("8001", "c-9")
    assert made.metadata.started_at == datetime(2026, 1, 31, 1, 5, tzinfo=UTC)
    assert made.utterances == (
        Utterance(0, Party.AGENT, 0, 800, "您好", confidence=0.9),
        Utterance(1, Party.UNKNOWN, 900, 1500, "嗯"),
    )


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    made = read(tmp_path, json.loads(example))
    assert [u.party for u in made.utterances] == [Party.AGENT, Party.CUSTOMER]
    assert "".join(w.text for w in made.utterances[1].words) == "我要投诉"
    for name in VENDORS:
        assert f"`{name}`" in DOCS.read_text("utf-8")


def test_layout_of_the_file_does_not_change_the_hash(tmp_path: Path) -> None:
    turned = copy.deepcopy(TRANSCRIBE)
    turned["Transcript"] = turned["Transcript"][::-1]
    turned["Categories"] = {"MatchedCategories": ["x"]}
    first = read(tmp_path, TRANSCRIBE)
    assert read(tmp_path, turned).content_hash == first.content_hash
    turned["Transcript"][0]["Content"] = "您好吗"
    assert read(tmp_path, turned).content_hash != first.content_hash


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (TRANSCRIBE, "amazon-transcribe"),
        (LENS_CALL, "contact-lens"),
        (LENS_CHAT, "contact-lens"),
        (PLAIN, "plain"),
        ({"agent": "8001", "started_at": "2026-01-31"}, None),
        ({"utterances": "none"}, None),
        ([1, 2], None),
    ],
)
def test_formats_are_told_by_content(tmp_path: Path, body: object, name: str | None) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(body), "utf-8")
    assert vendor_of(path, item="t.json") == name


def edited(body: dict[str, Any], edit: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    twin = copy.deepcopy(body)
    edit(twin)
    return twin


@pytest.mark.parametrize(
    ("body", "edit", "code"),
    [
        (TRANSCRIBE, lambda b: b.update(JobStatus="FAILED"), "transcript_not_completed"),
        (TRANSCRIBE, lambda b: b["Transcript"].append(7), "broken_transcript"),
        (TRANSCRIBE, lambda b: b["Transcript"][0].pop("EndOffsetMillis"), "broken_transcript"),
        (TRANSCRIBE, lambda b: b["Transcript"][0].update(Content=[1]), "broken_transcript"),
        (
            TRANSCRIBE,
            lambda b: b["Transcript"][0].update(BeginOffsetMillis=-5),
            "broken_transcript",
        ),
        (TRANSCRIBE, lambda b: b["Transcript"][0].update(EndOffsetMillis=5), "broken_transcript"),
        (TRANSCRIBE, lambda b: b["Transcript"][0].update(EndOffsetMillis="x"), "broken_transcript"),
        (
            TRANSCRIBE,
            lambda b: b["Transcript"][0].update(EndOffsetMillis=1e300),
            "broken_transcript",
        ),
        (
            TRANSCRIBE,
            lambda b: b["Transcript"][0].update(EndOffsetMillis=True),
            "broken_transcript",
        ),
        (LENS_CHAT, lambda b: b["Transcript"][1].pop("AbsoluteTime"), "broken_transcript"),
        (PLAIN, lambda b: b["utterances"][0].update(party="小王"), "broken_transcript"),
        (PLAIN, lambda b: b.update(metadata=[1]), "broken_transcript"),
        (PLAIN, lambda b: b["metadata"].update(开始时间="soon"), "unreadable_time"),
        (PLAIN, lambda b: b.pop("utterances"), "not_a_transcript"),
    ],
)
def test_bad_transcripts(
    tmp_path: Path, body: dict[str, Any], edit: Callable[[dict[str, Any]], object], code: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(tmp_path, edited(body, edit))
    assert (caught.value.item, caught.value.code) == ("t.json", code)


def test_words_stay_inside_their_utterance(tmp_path: Path) -> None:
    body = edited(TRANSCRIBE, lambda b: b["Transcript"][0]["Items"][1].update(EndOffsetMillis=3500))
    words = read(tmp_path, body).utterances[1].words
    assert max(word.end_ms for word in words) == 3000
    assert all(word.start_ms <= word.end_ms for word in words)


def test_half_characters_can_be_stored(tmp_path: Path) -> None:
    body = edited(PLAIN, lambda b: b["utterances"][0].update(text="好\ud83d"))
    path = tmp_path / "t.json"
    path.write_text(json.dumps(body), "utf-8")
    assert read_transcript(path, item="t.json").utterances[0].text == "好\ufffd"
