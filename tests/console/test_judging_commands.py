"""Testing, back-testing, publishing and judging rules, and scores, as a person calls them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines import keeping, known_error, scoring
from pipelines.settings import load

Call = Callable[..., Any]
RULE = """rules:
  - id: asks
    version: {version}
    title: {{zh: 有事要问, en: Asks something}}
    severity: minor
    find: {{phrase: {{party: customer, any: [{phrase}]}}}}
    examples:
      hit:
        - {{customer: just a question}}
      miss:
        - {{agent: just a question}}
        - {{customer: {miss}}}
"""
SHEET = """sheets:
  - id: mine
    version: 1
    title: {zh: 我的, en: Mine}
    bands: [{at_least: 0, title: {zh: 有分, en: scored}}]
    sections:
      - id: all
        title: {zh: 全部, en: all}
        items:
          - id: calm
            title: {zh: 没有投诉, en: No complaint}
            points: 6
            rule: example-threatens-to-complain
            critical: true
          - {id: solved, title: {zh: 解决, en: Solved}, points: 4, person: yes}
          - {id: other, title: {zh: 其他, en: Other}, points: 4, rule: nobody-has-it}
"""


def written(folder: Path, *, version: int = 1, phrase: str = "question", miss: str = "hi") -> Path:
    path = folder / "asks.yaml"
    path.write_text(RULE.format(version=version, phrase=phrase, miss=miss), encoding="utf-8")
    return path


@pytest.fixture
def here(ran: Path, tmp_path: Path) -> Path:
    """A copy of the centre whose night was run."""
    return Path(shutil.copytree(ran, tmp_path / "ran"))


def test_examples_are_shown_with_the_words_that_decided(tingjian: Call, tmp_path: Path) -> None:
    good = tingjian("rules", "test", written(tmp_path), "--lang", "en")
    assert good.status == 0
    assert "✓ must hit customer just a question found: The customer said “question”" in good.folded
    assert "✓ must not hit agent just a question nothing found" in good.folded
    assert "Rules: 1. Examples: 3, all of them come out as written." in good.out
    bad = tingjian("rules", "test", written(tmp_path, miss="a question too"), "--lang", "zh")
    assert bad.status == 1
    assert "✗ 不应命中 客户 a question too 命中：客户说了“question”" in bad.folded
    assert "其中 1 个结果与所写不符" in bad.out


def test_a_rule_without_examples_is_told(tingjian: Call, tmp_path: Path) -> None:
    path = written(tmp_path)
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("    examples:")], "utf-8")
    assert "nothing shows that this rule works" in tingjian("rules", "test", path).out


def test_a_rule_goes_from_draft_to_version(tingjian: Call, here: Path, tmp_path: Path) -> None:
    at = ("--centre", here)
    path = written(tmp_path)
    refused = tingjian(*at, "rules", "publish", path)
    assert refused.status == 1
    assert "asks: this version was never back-tested; `tingjian rules backtest" in refused.err
    tested = tingjian(*at, "rules", "backtest", path)
    assert tested.status == 0
    assert "no rule of this id is in force" in tested.out
    assert "(0.8 to 90.6 %), 1 of 3; findings: 1" in tested.folded
    assert "chat-calm 00:20 The customer said “question”" in tested.folded
    (one,) = json.loads(tingjian(*at, "rules", "backtest", path, "--json").out)
    assert (one["found"], one["gained"], one["alerts_a_day"]) == (1, 1, 1.0)
    assert one["gained_examples"][0]["evidence"][0]["quote"] == "question"
    done = tingjian(*at, "rules", "publish", path, "--why", "asked for", "--by", "mei")
    assert (done.status, done.out.count("Published: asks, version 1-")) == (0, 1)
    assert (here / "rules" / "asks.yaml").is_file()
    assert "published already" in tingjian(*at, "rules", "publish", path).out
    changed = tingjian(*at, "rules", "publish", written(tmp_path, phrase="just"), "--yes")
    assert "version 1 was published with other contents" in changed.err
    assert "write `version: 2`" in changed.err
    story = tingjian(*at, "rules", "history", "asks", "--written")
    assert "by mei" in story.folded
    assert "asked for" in story.folded
    assert "1 of 3; new 1, lost 0" in story.folded
    assert "any: [question]" in story.out
    (version,) = json.loads(tingjian(*at, "rules", "history", "asks", "--json").out)
    assert (version["is_in_force"], version["published"]["why"]) == (False, "asked for")
    assert tingjian(*at, "rules", "history", "nix").status == 1


def test_what_cannot_be_back_tested_is_one_clear_line(
    tingjian: Call, here: Path, tmp_path: Path
) -> None:
    at = ("--centre", here)
    path = written(tmp_path)
    assert "is not there" in tingjian(*at, "rules", "backtest", tmp_path / "nix.yaml").err
    answer = tingjian(*at, "rules", "backtest", path, "--rule", "nix")
    assert f"{path} has no rule nix; it has asks" in answer.err
    path.write_text("rules:\n  - id: x\n", encoding="utf-8")
    answer = tingjian(*at, "rules", "backtest", path)
    assert answer.status == 1
    assert f"{path}:2: rules[0].find: found nothing" in answer.err


def test_the_schema_is_json(tingjian: Call) -> None:
    assert json.loads(tingjian("rules", "schema").out)["type"] == "object"


def finding_of(tingjian: Call, here: Path, one: str) -> str:
    shown = json.loads(tingjian("--centre", here, "show", one, "--json").out)
    return str(shown["findings"][0]["finding_id"])


def test_verdicts_are_kept_shown_and_superseded(tingjian: Call, here: Path) -> None:
    at = ("--centre", here)
    finding = finding_of(tingjian, here, "chat-angry")
    assert finding[:8] in tingjian(*at, "show", "chat-angry").out
    first = tingjian(*at, "verdict", finding[:8], "rejected", "--by", "mei", "--note", "引用")
    assert first.status == 0
    assert "Kept: rejected (example-threatens-to-complain" in first.out
    assert "right n too small (0 of 1)" in first.out
    second = tingjian(*at, "verdict", finding[:8], "confirmed", "--cause", "process")
    assert "It was rejected before" in second.out
    assert "right n too small (1 of 1)" in second.out
    page = tingjian(*at, "show", "chat-angry")
    assert "rejected │ mei" in page.folded
    assert "confirmed, process" in page.folded
    shown = json.loads(tingjian(*at, "show", "chat-angry", "--json").out)
    assert [one["decision"] for one in shown["verdicts"]] == ["rejected", "confirmed"]


def test_reviews_name_rules_in_force_only(tingjian: Call, here: Path) -> None:
    at = ("--centre", here)
    wrong = tingjian(*at, "review", "chat-calm", "--missed", "nix")
    assert (wrong.status, "there is no rule nix in force" in wrong.err) == (1, True)
    rule = "example-threatens-to-complain"
    kept = tingjian(*at, "review", "chat-calm", "--missed", rule, "--by", "li")
    assert f"Kept: chat-calm was heard whole; missed: {rule}." in kept.out
    assert f"missed: {rule}" in tingjian(*at, "show", "chat-calm").folded
    assert "missed: nothing" in tingjian(*at, "review", "chat-angry").out


def scored(tingjian: Call, here: Path) -> tuple[object, ...]:
    """Put a sheet of the centre's own in and fill it."""
    (here / "sheets").mkdir()
    (here / "sheets" / "mine.yaml").write_text(SHEET, encoding="utf-8")
    settings = here / "tingjian.toml"
    text = settings.read_text("utf-8")
    settings.write_text(
        text.replace('sheets = ["service_zh", "service_en"]', "sheets = []"), "utf-8"
    )
    scoring.score_kept(load(here))
    keeping.keep(load(here))
    checked = tingjian("--centre", here, "sheets", "check")
    assert checked.status == 0
    assert "mine: rules that are not in use are N/A: nobody-has-it" in checked.out
    return ("--centre", here)


def test_a_sheet_shows_machine_and_people_side_by_side(tingjian: Call, here: Path) -> None:
    at = scored(tingjian, here)
    page = tingjian(*at, "show", "chat-angry").folded
    assert "Score 0, scored; critical items 0; answered 1 of 3." in page
    assert "N/A: waits for a person" in page
    assert "N/A: the rule is not in use" in page
    said = tingjian(*at, "answer", "chat-angry", "solved", "partly", "--points", 3, "--by", "li")
    assert "Score: 0 by machine, 30 with people's answers." in said.out
    page = tingjian(*at, "show", "chat-angry").folded
    assert "With people's answers: score 30, scored; critical items 0; answered 2 of 3." in page
    (one,) = json.loads(tingjian(*at, "show", "chat-angry", "--json").out)["scores"]
    assert (one["machine"]["score"], one["with_answers"]["score"]) == (0.0, 30.0)
    assert one["answers"][0]["reviewer"] == "li"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (("solved", "partly"), "goes with `partly`"),
        (("solved", "partly", "--points", 9), "(0 to 4 for solved)"),
        (("solved", "met", "--points", 2), "goes with `partly`"),
        (("nix", "met"), "the sheet mine has no item nix; it has calm, solved, other"),
        (("solved", "met", "--sheet", "nix"), "has no sheet nix; it has mine"),
        (("solved", "maybe"), "ANSWER cannot be maybe; allowed: met, partly, failed, na"),
    ],
)
def test_an_answer_that_does_not_fit_is_one_clear_line(
    tingjian: Call, here: Path, said: tuple[object, ...], line: str
) -> None:
    answer = tingjian(*scored(tingjian, here), "answer", "chat-calm", *said)
    assert answer.status in (1, 2)
    assert line in answer.err


def test_the_scorecard_says_n_and_that_it_is_too_small(tingjian: Call, here: Path) -> None:
    at = scored(tingjian, here)
    page = tingjian(*at, "scores", "--per", "queue")
    assert "Scores, mine, 2026-03-02 to 2026-03-02" in page.out
    assert "billing │ 2 │ 50.0 │ n too small │ 0 (chat-hostile) │ 1" in page.folded
    told = json.loads(tingjian(*at, "scores", "--per", "queue", "--json").out)
    means = [(one["name"], one["n"], one["mean"]) for one in told]
    assert means == [("维修", 1, 0.0), ("billing", 2, 50.0)]
    empty = tingjian(*at, "scores", "--day", "2020-01-01", "--lang", "zh").out
    assert "2020-01-01 至 2020-01-01 没有评过分的会话" in empty
    assert "cannot be boss" in tingjian(*at, "scores", "--per", "boss").err


def test_errors_in_sheets_name_line_and_field(tingjian: Call, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(SHEET.replace("points: 6", "points: 0"), encoding="utf-8")
    answer = tingjian("sheets", "check", path, "--lang", "en")
    assert answer.status == 1
    assert f"{path}:12: sheets[0].sections[0].items[0].points: found '0'" in answer.err


def test_a_demoted_rule_says_so_wherever_it_is_listed(
    tingjian: Call, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ("--centre", here)
    settings = here / "tingjian.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("least_precision = 0.5", "least_precision = 1.0"), "utf-8")
    finding = finding_of(tingjian, here, "chat-angry")
    monkeypatch.setattr(known_error, "LEAST", 1)
    told = tingjian(*at, "verdict", finding, "rejected")
    assert "Demoted to a hint" in told.out
    assert "(asked: 100 %)" in told.out
    assert "Demoted to a hint" in tingjian(*at, "rules", "list").out
    assert "(hint: 0 of 1 confirmed)" in tingjian(*at, "worklist").folded
