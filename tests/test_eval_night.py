"""A night over real calls and dialogues: everything ends in one place, and stays there."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from interactions.interaction import Channel
from pipelines.settings import Settings, load
from warehouse.digests import digests
from warehouse.read import (
    interactions,
    known_ids,
    measures_of,
    not_measured_of,
    set_aside,
    totals,
)
from warehouse.store import open_warehouse

pytestmark = [pytest.mark.eval, pytest.mark.eval_night, pytest.mark.flow]
DIALOGUES, COMPLAINTS = 3_077, 4_326
SETTINGS = """
[intake]
assumed_date = "2019-06-01"

[rules]
packs = ["service_zh", "complaints_zh", "service_en", "complaints_en", "conversation"]
"""
RULE = """
rules:
  - id: mentions-signal
    version: 1
    title: {zh: 提到信号, en: Mentions the signal}
    severity: minor
    language: zh
    find:
      phrase: {party: customer, any: [信号]}
"""
RUN = """
import json, flows
summary = flows.{flow}({centre!r})
print(json.dumps([summary.found, summary.kept, len(summary.set_aside), summary.inspected]))
"""


def write_calls(eval_folder: Path, inbox: Path) -> int:
    """Lay out the real calls: two-track with transcripts, mono, and one file per side."""
    rows = ["file,agent_file,customer_file,transcript,started_at,agent_track,language,queue"]
    zh = eval_folder / "speech" / "calls_zh"
    for number, sound in enumerate(sorted(zh.glob("*.flac"))):
        shutil.copy(sound, inbox / sound.name)
        name = sound.stem.removesuffix("_mono")
        write_transcript(zh / f"{name}.utts.csv", inbox / f"{sound.stem}.words.json")
        track = "" if sound.stem.endswith("_mono") else "1"
        rows.append(
            f"{sound.name},,,{sound.stem}.words.json,2019-06-0{number % 9 + 1} 09:00,{track},zh,zh"
        )
    en = eval_folder / "speech" / "calls_en"
    for sound in sorted(en.glob("*.flac")):
        shutil.copy(sound, inbox / sound.name)
        if sound.stem.endswith("_agent"):
            other = sound.name.replace("_agent", "_caller")
            rows.append(f",{sound.name},{other},,2019-06-02 10:00,,en,en")
        elif not sound.stem.endswith("_caller"):
            rows.append(f"{sound.name},,,,2019-06-03 10:00,,en,en")
    (inbox / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return len(rows) - 1


def write_transcript(utterances: Path, transcript: Path) -> None:
    with utterances.open(encoding="utf-8") as file:
        said = [row for row in csv.DictReader(file) if row["text"]]
    body = {
        "transcriber": "read-speech",
        "language": "zh",
        "duration_ms": 180_000,
        "utterances": [
            {
                "party": "agent" if row["channel"] == "0" else "customer",
                "start_ms": round(float(row["start"]) * 1000),
                "end_ms": round(float(row["end"]) * 1000),
                "text": row["text"],
            }
            for row in said
        ],
    }
    transcript.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")


def run(flow: str, centre: Path) -> list[int]:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(flow=flow, centre=str(centre))],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    counts: list[int] = json.loads(done.stdout.strip().splitlines()[-1])
    return counts


@pytest.fixture(scope="module")
def night(
    eval_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, int, list[int]]]:
    """Run the night once for all tests of this file: its centre, its calls, its counts."""
    folder = tmp_path_factory.mktemp("real")
    inbox = folder / "inbox"
    inbox.mkdir()
    (folder / "tingjian.toml").write_text(SETTINGS, encoding="utf-8")
    calls = write_calls(eval_folder, inbox)
    text = eval_folder / "text"
    shutil.copy(text / "dialogues_zh" / "stc3.jsonl", inbox / "dialogues.jsonl")
    shutil.copy(text / "complaints_zh" / "messages.jsonl", inbox / "complaints.jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(folder / "prefect"))
        patch.setenv("PREFECT_LOGGING_LEVEL", "ERROR")
        yield load(folder), calls, run("nightly", folder)


def test_everything_ends_in_one_place(night: tuple[Settings, int, list[int]]) -> None:
    settings, calls, (found, kept, aside, inspected) = night
    assert found == kept + aside == calls + DIALOGUES + COMPLAINTS
    assert inspected == kept
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        whole = totals(warehouse)
        reasons = set_aside(warehouse)
    assert (whole.kept, whole.set_aside) == (kept, aside)
    # Two of the real English files hold the same sound under two names.
    assert [(reason.item, reason.code) for reason in reasons] == [("agent3.flac", "duplicate")]


def test_real_sound_is_measured_and_what_cannot_be_is_said(
    night: tuple[Settings, int, list[int]],
) -> None:
    settings, _, _ = night
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        by_source = {
            one.source: one.interaction_id
            for one in interactions(warehouse, sorted(known_ids(warehouse)), with_contours=False)
            if one.channel is Channel.VOICE
        }
        zh = by_source["zhcall_00_0814.flac"]
        mono = by_source["zhcall_00_0814_mono.flac"]
        en = by_source["Auto_Repairs_40_UTC_agent.flac"]
        measured = {
            one: {m.name: m for m in measures_of(warehouse, one) if m.party is None}
            for one in (zh, mono, en)
        }
        unanswered = {n.rule_id: n.because for n in not_measured_of(warehouse, en)}
        of_mono = {n.rule_id: n.because for n in not_measured_of(warehouse, mono)}
    assert set(by_source) >= {"Auto_Repairs_49_UTC_agent.flac", "agent.flac"}
    for one in (zh, en):
        assert 0 < measured[one]["silence_share"].value < 1
        assert 0 < measured[one]["both_share"].value < 1
    assert measured[mono]["silence_share"].value > 0
    assert measured[mono]["both_share"].because == "parties_not_apart"
    assert unanswered["en-complaint"] == "no_words"
    assert of_mono["agent-talks-over"] == "parties_not_apart"


def test_again_nothing_changes_and_a_new_rule_needs_no_recording(
    night: tuple[Settings, int, list[int]],
) -> None:
    settings, _, (_, kept, _, _) = night
    with open_warehouse(settings.warehouse) as warehouse:
        before = digests(warehouse)
    assert run("nightly", settings.folder) == [0, 0, 0, 0]
    with open_warehouse(settings.warehouse) as warehouse:
        assert digests(warehouse) == before
    shutil.rmtree(settings.inbox)
    settings.rule_folder.mkdir()
    (settings.rule_folder / "own.yaml").write_text(RULE, encoding="utf-8")
    assert run("reinspect", settings.folder) == [0, 0, 0, kept]
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        hits = {rule.rule_id: rule.interactions for rule in totals(warehouse).rules}
        after = digests(warehouse)
    assert hits["mentions-signal"] > 100
    for table in ("interactions", "utterances", "speech", "contours", "recordings"):
        assert after[table] == before[table], table
