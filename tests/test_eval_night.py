"""A night over real calls and dialogues: everything ends in one place, and stays there."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.settings import Settings, load
from warehouse.read import set_aside, totals
from warehouse.store import open_warehouse

pytestmark = [pytest.mark.eval, pytest.mark.eval_night, pytest.mark.flow]
DIALOGUES, COMPLAINTS = 3_077, 4_326
SETTINGS = """
[intake]
assumed_date = "2019-06-01"

[rules]
packs = ["service_zh", "complaints_zh", "service_en", "complaints_en"]
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


def run(flow: str, centre: Path) -> tuple[list[int], float]:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(flow=flow, centre=str(centre))],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
        env={**os.environ, "PREFECT_LOGGING_LEVEL": "ERROR"},
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1]), time.monotonic() - begun


@pytest.fixture(scope="module")
def night(
    eval_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, int, list[int], float]:
    """Run the night once for all tests of this file."""
    folder = tmp_path_factory.mktemp("real")
    inbox = folder / "inbox"
    inbox.mkdir()
    (folder / "tingjian.toml").write_text(SETTINGS, encoding="utf-8")
    calls = write_calls(eval_folder, inbox)
    text = eval_folder / "text"
    shutil.copy(text / "dialogues_zh" / "stc3.jsonl", inbox / "dialogues.jsonl")
    shutil.copy(text / "complaints_zh" / "messages.jsonl", inbox / "complaints.jsonl")
    os.environ["PREFECT_HOME"] = str(folder / "prefect")
    counts, seconds = run("nightly", folder)
    return load(folder), calls, counts, seconds


def test_everything_ends_in_one_place(night: tuple[Settings, int, list[int], float]) -> None:
    settings, calls, (found, kept, aside, inspected), _ = night
    assert found == kept + aside == calls + DIALOGUES + COMPLAINTS
    assert inspected == kept
    with open_warehouse(settings.warehouse) as warehouse:
        whole = totals(warehouse)
        reasons = set_aside(warehouse)
    assert whole.kept == kept
    assert whole.set_aside == len(reasons) == aside
    assert {reason.code for reason in reasons} <= {"duplicate", "no_messages"}
