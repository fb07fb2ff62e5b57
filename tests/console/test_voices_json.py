"""How each utterance was spoken, in the JSON document of ``show``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from console.json_output import write
from console.voices_json import voices_json
from detectors.examples import Example, Line
from interactions.interaction import Channel, Language
from interactions.sound import Party, Quality, Recording, TrackQuality

A, C = Party.AGENT, Party.CUSTOMER
STARTS = range(0, 56, 7)
CALL = Example(
    says=(*(Line(A, "我" * 24, at) for at in STARTS), Line(C, "嗯", 56)),
    speech={A: tuple((at, at + 6) for at in STARTS), C: ((56, 60),)},
    levels={A: ((14, 20, -20.0),)},
    seconds=60,
).interaction(Channel.VOICE, Language.ZH)


def test_each_utterance_against_the_own_usual(capsys: Any) -> None:
    rows = voices_json(CALL)
    assert [row["utterance_seq"] for row in rows] == list(range(8))
    assert rows[2]["loudness"] == {
        "value": -20.0, "above_own": 10.0, "unit": "dB", "deviations": 10.0
    }  # fmt: skip
    assert rows[0]["speed"]["value"] == 240.0
    assert "pitch" not in rows[0]
    write(rows)
    assert json.loads(capsys.readouterr().out)[2]["party"] == "agent"


def test_what_the_line_rules_out_is_left_out() -> None:
    track = TrackQuality(0.0, 0.02, 20.0, is_dead=False)
    recording = Recording("r", (), 60_000, 8000, "pcm_mulaw", (A, C), Quality((track, track)))
    rows = voices_json(replace(CALL, recording=recording))
    assert {key for row in rows for key in row} == {
        *("utterance_seq", "party", "start_ms", "end_ms", "speed")
    }


def test_a_chat_has_no_voices(tingjian: Callable[..., Any], ran: Path) -> None:
    shown = json.loads(tingjian("--centre", ran, "show", "chat-angry", "--json").out)
    assert shown["voices"] == []
