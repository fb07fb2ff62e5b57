"""The night fills score sheets once; verdicts, answers and new sheets change what follows."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from detectors.scorecard import Given
from pipelines import inspection, judging, keeping, night, scoring, triage
from pipelines.history import versions_of
from pipelines.known_error import LEAST, hints
from pipelines.settings import Settings, SettingsError, load
from pipelines.standings import standings
from pipelines.triage import DISSATISFACTION_WEIGHT
from warehouse import read
from warehouse.judged import Decision, Review, SheetAnswer, Verdict
from warehouse.store import open_warehouse

AT = datetime(2026, 3, 20, tzinfo=UTC)
SHEET = """sheets:
  - id: own
    version: 1
    title: {zh: 自己的, en: own}
    language: zh
    sections:
      - id: all
        title: {zh: 全部, en: all}
        items:
          - {id: no-codes, title: {zh: 项, en: i}, points: 6, rule: zh-asks-code}
          - {id: solved, title: {zh: 项, en: i}, points: 4, person: yes}
"""
DAYS = (date(2026, 3, 2), date(2026, 3, 2))


def chat(number: int) -> dict[str, object]:
    said = "麻烦您把验证码告诉我" if number < 12 else "请您稍等"
    return {
        "id": f"c{number:02d}",
        "agent": f"A{number % 2}",
        "language": "en" if number == 19 else "zh",
        "messages": [
            {"role": "customer", "text": "我的退款怎么没到", "time": "2026-03-02 09:00:00"},
            {"role": "agent", "text": said, "time": "2026-03-02 09:00:30"},
        ],
    }


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre whose chats were inspected and scored; copied by each test."""
    folder = tmp_path_factory.mktemp("scoring") / "centre"
    for name in ("inbox", "sheets"):
        (folder / name).mkdir(parents=True)
    (folder / "tingjian.toml").write_text(
        '[rules]\npacks = ["service_zh"]\n[scores]\nsheets = []\n[night]\ncontrol_share = 1.0\n'
    )
    (folder / "sheets" / "own.yaml").write_text(SHEET, "utf-8")
    lines = (json.dumps(chat(n), ensure_ascii=False) for n in range(20))
    (folder / "inbox" / "chats.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = load(folder)
    arrivals = night.scan(settings)
    night.read_texts(settings, arrivals)
    keeping.keep(settings)
    for part in inspection.parts_never_inspected(settings):
        inspection.inspect_part(settings, part)
    keeping.keep(settings)
    conclude(settings)
    return folder


@pytest.fixture
def centre(tmp_path: Path, filled: Path) -> Settings:
    return load(Path(shutil.copytree(filled, tmp_path / "centre")))


def conclude(settings: Settings) -> int:
    shards = len(scoring.score_kept(settings))
    keeping.keep(settings)
    triage.rank_kept(settings)
    keeping.keep(settings)
    return shards


def own_score(settings: Settings, number: int) -> float | None:
    with open_warehouse(settings.warehouse) as warehouse:
        (one,) = read.scores_of(warehouse, f"c{number:02d}")
    return one.score


def findings(settings: Settings) -> list[Verdict]:
    """A verdict to give on each finding of the rule that asks for codes."""
    with open_warehouse(settings.warehouse) as warehouse:
        found = [
            one
            for number in range(12)
            for one in read.findings_of(warehouse, f"c{number:02d}")
            if one.rule_id == "zh-asks-code"
        ]
    return [
        Verdict(
            finding_id=one.finding_id,
            interaction_id=one.interaction_id,
            rule_id=one.rule_id,
            rule_version=one.rule_version,
            decision=Decision.REJECTED,
            cause=None,
            reviewer="mei",
            decided_at=AT,
        )
        for one in found
    ]


def test_every_interaction_is_scored_once_and_sheets_for_others_have_no_lines(
    centre: Settings,
) -> None:
    assert (own_score(centre, 0), own_score(centre, 15)) == (0.0, 100.0)
    with open_warehouse(centre.warehouse) as warehouse:
        assert read.scores_of(warehouse, "c19") == []
        (one,) = read.scores_of(warehouse, "c15")
    assert [(line.answer, line.because) for line in one.lines] == [
        (Given.MET, ""),
        (Given.NA, "person_not_asked"),
    ]
    assert conclude(centre) == 0


def test_a_changed_sheet_scores_again_and_keeps_what_the_old_one_said(centre: Settings) -> None:
    path = centre.sheet_folder / "own.yaml"
    text = SHEET.replace("version: 1", "version: 2").replace("rule: zh-asks-code", "person: yes")
    path.write_text(text, "utf-8")
    assert conclude(centre) == 1
    assert own_score(centre, 0) is None
    with open_warehouse(centre.warehouse) as warehouse, warehouse.snapshot() as look:
        assert look.rows("SELECT count(*) FROM scores WHERE sheet_version LIKE '1-%'") == [(20,)]


def test_a_rule_that_people_reject_becomes_a_hint_by_itself(centre: Settings) -> None:
    given = findings(centre)
    assert len(given) == 12
    for one in given[: LEAST - 1]:
        judging.keep_verdict(centre, one)
    with open_warehouse(centre.warehouse) as warehouse:
        assert hints(warehouse, centre) == {}
        before = {one.interaction_id: one.risk for one in read.worklist(warehouse, limit=99)}
    for one in given[LEAST - 1 :]:
        judging.keep_verdict(centre, one)
    assert conclude(centre) == 1
    with open_warehouse(centre.warehouse) as warehouse:
        assert list(hints(warehouse, centre)) == ["zh-asks-code"]
        after = {one.interaction_id: one.risk for one in read.worklist(warehouse, limit=99)}
        calm = 1 - DISSATISFACTION_WEIGHT * read.dissatisfaction(warehouse)["c00"]
        (score,) = read.scores_of(warehouse, "c00")
        (version,) = versions_of(warehouse, centre, "zh-asks-code")
    assert after["c00"] == pytest.approx(1 - calm * 0.9 * 0.98, abs=1e-6)  # no greeting, and a hint
    assert before["c00"] == pytest.approx(1 - calm * 0.9 * 0.3, abs=1e-6)
    assert (score.score, score.lines[0].because) == (None, "rule_is_hint")
    assert (version.error.precision.count, version.error.precision.of) == (0, 12)
    assert version.is_in_force
    # People think better of it: the last verdict counts, and the rule is an alert again.
    for one in given:
        later = AT + timedelta(hours=1)
        judging.keep_verdict(centre, replace(one, decision=Decision.CONFIRMED, decided_at=later))
    assert conclude(centre) == 1
    assert own_score(centre, 0) == 0.0


def test_recall_comes_from_interactions_heard_whole(centre: Settings) -> None:
    for one in findings(centre)[:3]:
        confirmed = replace(one, decision=Decision.CONFIRMED)
        judging.keep_verdict(centre, confirmed)
    for number in range(20):
        missed = ("zh-asks-code",) if number >= 18 else ()
        review = Review(
            interaction_id=f"c{number:02d}", missed=missed, reviewer="li", decided_at=AT
        )
        judging.keep_review(centre, review)
    with open_warehouse(centre.warehouse) as warehouse:
        (version,) = versions_of(warehouse, centre, "zh-asks-code")
    # Three are confirmed and found; of two missed ones this plan's rule found none.
    assert (version.error.recall.count, version.error.recall.of) == (3, 5)
    assert (version.error.heard, version.error.recall.is_small) == (20, True)


def test_peoples_answers_count_in_the_scorecard_and_the_machines_stay(centre: Settings) -> None:
    with open_warehouse(centre.warehouse) as warehouse:
        plain = {one.name: one for one in standings(warehouse, centre, per="agent", days=DAYS)}
        (score,) = read.scores_of(warehouse, "c15")
    assert (plain["A0"].n, plain["A0"].mean) == (10, 40.0)
    assert (plain["A1"].n, plain["A1"].mean) == (9, pytest.approx(33.33))
    assert plain["A0"].low is not None
    for said, at in ((Given.MET, AT), (Given.FAILED, AT + timedelta(minutes=1))):
        judging.keep_answer(
            centre,
            SheetAnswer(
                interaction_id="c15",
                sheet_id="own",
                sheet_version=score.sheet_version,
                item_id="solved",
                answer=said,
                earned=None,
                reviewer="li",
                decided_at=at,
            ),
        )
    with open_warehouse(centre.warehouse) as warehouse:
        after = {one.name: one for one in standings(warehouse, centre, per="agent", days=DAYS)}
        assert read.scores_of(warehouse, "c15") == [score]
        assert standings(warehouse, centre, per="agent", days=DAYS, sheet_id="nix") == []
        assert [one.name for one in standings(warehouse, centre, per="team", days=DAYS)] == [None]
    assert after["A1"].mean == pytest.approx((300 - 40) / 9, abs=0.01)
    assert after["A0"] == plain["A0"]
    assert (after["A0"].zeros, after["A0"].lowest_id) == (6, "c00")


def test_a_sheet_that_is_not_shipped_is_told(centre: Settings) -> None:
    path = centre.folder / "tingjian.toml"
    path.write_text(path.read_text().replace("sheets = []", 'sheets = ["nix"]'))
    with pytest.raises(SettingsError, match="no sheet 'nix'") as caught:
        scoring.score_kept(load(centre.folder))
    assert caught.value.wrong[0].code == "no_sheet"
