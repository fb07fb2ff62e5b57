"""All packs over real Mandarin dialogues."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import pytest

from detectors.evidence import Inspection
from detectors.inspection import compile_plan, inspect
from detectors.rules import load_rules, pack_paths
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party

pytestmark = pytest.mark.eval
PARTIES = {"user": Party.CUSTOMER, "agent": Party.AGENT}


def chat(row: dict[str, list[dict[str, str]]]) -> Interaction:
    utterances = tuple(
        Utterance(seq, PARTIES[turn["role"]], seq * 1000, seq * 1000, turn["text"])
        for seq, turn in enumerate(row["turns"])
    )
    return Interaction(
        interaction_id=str(row["id"]),
        channel=Channel.CHAT,
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        duration_ms=utterances[-1].end_ms,
        source="stc3",
        content_hash="",
        language=Language.ZH,
        utterances=utterances,
        transcriber="written",
        trust=1.0,
        role_confidence=1.0,
    )


@pytest.fixture(scope="module")
def inspected(eval_folder: Path) -> list[tuple[Inspection, float]]:
    path = eval_folder / "text" / "dialogues_zh" / "stc3.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    plan = compile_plan(load_rules(list(pack_paths().values())).rules)
    return [(inspect(chat(row), plan), row["S_mean"]) for row in rows]


def test_every_dialogue_is_answered(inspected: list[tuple[Inspection, float]]) -> None:
    assert len(inspected) == 3077
    assert not any(i.not_measured for i, _ in inspected)
    assert not any(f.rule_id.startswith("en-") for i, _ in inspected for f in i.findings)


@pytest.mark.parametrize(
    "rule_id", ["customer-stays-negative", "zh-complaint", "zh-regulator", "zh-repeated-contact"]
)
def test_found_dialogues_are_less_satisfied(
    inspected: list[tuple[Inspection, float]], rule_id: str
) -> None:
    found = {i.interaction_id for i, _ in inspected if rule_id in {f.rule_id for f in i.findings}}
    hit = [s for i, s in inspected if i.interaction_id in found]
    rest = [s for i, s in inspected if i.interaction_id not in found]
    assert len(hit) >= 30
    assert mean(hit) < mean(rest) - 0.1
