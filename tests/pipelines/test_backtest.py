"""A back-test says what re-inspection would find, and writes no finding."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from detectors.inspection import compile_plan, inspect
from detectors.rules import Rule, load_rules
from pipelines import inspection, keeping, night, scanning
from pipelines.backtest import backtest, keep_backtest
from pipelines.settings import Settings, load
from warehouse import read
from warehouse.digests import digests
from warehouse.rows import interaction_tables
from warehouse.spool import Spool
from warehouse.store import open_warehouse

RULE = """rules:
  - id: own-complaint
    version: {version}
    title: {{zh: 客户投诉, en: Complains}}
    severity: major
    findings: each
    find: {{phrase: {{party: customer, any: [{phrases}]}}}}
    examples:
      hit:
        - {{customer: 我要投诉}}
"""


def chat(number: int) -> dict[str, object]:
    """Every 4th complains, every 10th wants a refund, every 7th has no known parties."""
    said = "我要投訴你们" if number % 4 == 0 else "退款什么时候到" if number % 10 == 5 else "你好"
    known = ("agent", "customer") if number % 7 else ("unknown", "unknown")
    day = f"2026-03-{2 + number // 8:02d}"
    return {
        "id": f"c{number:02d}",
        "queue": "AB"[number % 2],
        "messages": [
            {"role": known[1], "text": said, "time": f"{day} 09:00:00"},
            {"role": known[0], "text": "您好，请稍等", "time": f"{day} 09:00:30"},
        ],
    }


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty chats, inspected by version 1 of one rule; copied by each test."""
    folder = tmp_path_factory.mktemp("backtest") / "centre"
    (folder / "inbox").mkdir(parents=True)
    (folder / "rules").mkdir()
    (folder / "tingjian.toml").write_text("[rules]\npacks = []\n[scores]\nsheets = []\n")
    lines = (json.dumps(chat(n), ensure_ascii=False) for n in range(40))
    (folder / "inbox" / "chats.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "rules" / "own.yaml").write_text(RULE.format(version=1, phrases="投诉"), "utf-8")
    settings = load(folder)
    arrivals = night.scan(settings)
    night.read_texts(settings, arrivals)
    keeping.keep(settings)
    for part in inspection.parts_never_inspected(settings):
        inspection.inspect_part(settings, part)
    keeping.keep(settings)
    return folder


@pytest.fixture
def centre(tmp_path: Path, inspected: Path) -> Settings:
    return load(Path(shutil.copytree(inspected, tmp_path / "centre")))


@pytest.fixture
def drafted(tmp_path: Path) -> Callable[[str], Rule]:
    def draft(phrases: str, version: int = 2) -> Rule:
        path = tmp_path / "draft.yaml"
        path.write_text(RULE.format(version=version, phrases=phrases), "utf-8")
        (rule,) = load_rules([path]).rules
        return rule

    return draft


@pytest.mark.parametrize(
    ("phrases", "gained", "lost"),
    [
        ("投诉", 0, 0),
        ("投诉, 退款", 3, 0),
        ("退款", 3, 8),
        ("赔偿", 0, 8),
    ],
)
def test_what_is_gained_and_lost_against_the_version_in_force(
    centre: Settings, drafted: Callable[[str], Rule], phrases: str, gained: int, lost: int
) -> None:
    result = backtest(centre, drafted(phrases))
    # 10 of 40 complain and 4 want a refund; where the parties are unknown nobody can say who.
    assert (result.gained, result.lost) == (gained, lost)
    assert result.found == 8 + gained - lost
    assert result.silent == {"unknown_roles": 6}
    assert (result.interactions, result.days, result.unseen) == (40, 5, 0)
    assert len(result.gained_examples) == min(gained, 5)
    assert len(result.lost_examples) == min(lost, 5)
    for example in result.lost_examples:
        assert example.finding.evidence[0].quote == "投訴"
    assert sum(result.by_day.values()) == result.found


def test_a_new_rule_is_set_against_nothing_and_counted_by_part(centre: Settings) -> None:
    (rule,) = load_rules([centre.rule_folder / "own.yaml"]).rules
    new = Rule(
        rule_id="brand-new",
        version=1,
        title=rule.title,
        severity=rule.severity,
        tree=rule.tree,
        enabled=False,
    )
    result = backtest(centre, new)
    assert (result.live_version, result.gained, result.lost) == (None, 8, 0)
    parts = {(one.dimension, one.value): one.found for one in result.slices}
    assert (parts["queue", "A"].count, parts["queue", "A"].of) == (8, 20)
    assert ("queue", "B") not in parts
    assert parts["party", "customer"].count == 8
    assert result.worst == (date(2026, 3, 3), 2)
    assert result.alerts_a_day == pytest.approx(8 / 5)


def test_the_last_days_count_back_from_the_last_interaction(
    centre: Settings, drafted: Callable[[str], Rule]
) -> None:
    result = backtest(centre, drafted("投诉"), days=2)
    assert (result.first_day, result.last_day) == (date(2026, 3, 5), date(2026, 3, 6))
    assert (result.interactions, result.days) == (16, 2)
    assert backtest(centre, drafted("投诉"), days=1000).interactions == 40


def test_no_finding_is_written_and_the_figures_are_kept_for_publishing(
    centre: Settings, drafted: Callable[[str], Rule]
) -> None:
    with open_warehouse(centre.warehouse) as warehouse:
        before = digests(warehouse)
    result = backtest(centre, drafted("退款"))
    keep_backtest(centre, result)
    keeping.keep(centre)
    with open_warehouse(centre.warehouse) as warehouse:
        after = digests(warehouse)
        row = read.backtests(warehouse)[result.rule_id, result.rule_version]
    assert {name for name in after if after[name] != before[name]} == {"backtests"}
    assert (row.found, row.gained, row.lost, row.not_measured) == (3, 3, 8, 6)


def test_what_was_never_inspected_is_neither_gained_nor_lost(
    centre: Settings, drafted: Callable[[str], Rule]
) -> None:
    with open_warehouse(centre.warehouse) as warehouse:
        (one,) = read.interactions(warehouse, ["c04"])
    late = replace(one, interaction_id="c99", source="late", content_hash="late")
    Spool(centre.spool).write("late", "late", interaction_tables([late]))
    keeping.keep(centre)
    result = backtest(centre, drafted("投诉"))
    assert (result.found, result.gained, result.lost, result.unseen) == (9, 0, 0, 1)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("phrases", ["投诉", "投诉, 退款, 12315"])
def test_it_says_what_a_plain_inspection_of_everything_says(
    centre: Settings,
    drafted: Callable[[str], Rule],
    monkeypatch: pytest.MonkeyPatch,
    phrases: str,
    workers: int,
) -> None:
    monkeypatch.setattr(scanning, "WORTH_A_PROCESS", 2)
    rule = drafted(phrases)
    plan = compile_plan([rule])
    with open_warehouse(centre.warehouse, read_only=True) as warehouse:
        whole = [one for batch in read.interaction_batches(warehouse, size=7) for one in batch]
    said = [inspect(one, plan) for one in whole]
    result = backtest(centre, rule, workers=workers)
    assert result.found == sum(bool(one.findings) for one in said)
    assert result.findings == sum(len(one.findings) for one in said)
    assert sum(result.silent.values()) == sum(bool(one.not_measured) for one in said)
    assert result.rebuilt < len(whole)  # SQL has left some out


def test_a_rule_for_others_is_not_counted_where_it_does_not_apply(
    centre: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "draft.yaml"
    text = RULE.format(version=3, phrases="投诉")
    path.write_text(text.replace("    find:", "    when: {queues: [B]}\n    find:"), "utf-8")
    result = backtest(centre, load_rules([path]).rules[0])
    assert (result.interactions, result.found, result.lost) == (20, 0, 0)
    path.write_text(text.replace("    find:", "    when: {directions: [in]}\n    find:"), "utf-8")
    result = backtest(centre, load_rules([path]).rules[0])
    assert (result.interactions, result.found, result.days) == (0, 0, 0)
