"""Score sheet files: every error with its place, nothing half-loaded, the shipped ones good."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from detectors.rule_errors import RuleErrors
from detectors.rules import load_rules, pack_paths
from detectors.scorecard import rules_of
from detectors.sheet_reading import load_sheets, sheet_paths
from interactions.interaction import Language

DOCS = Path(__file__).parents[2] / "docs" / "scores.md"
HEAD = """sheets:
  - id: s
    version: 1
    title: {zh: 表, en: sheet}
    sections:
      - id: one
        title: {zh: 一, en: one}
        items:
"""
TITLE = "title: {zh: 项, en: item}, points: 5"


def errors(folder: Path, text: str) -> list[tuple[int, str, str, str]]:
    path = folder / "sheet.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleErrors) as caught:
        load_sheets([path])
    return [(one.line, one.field, one.code, one.allowed) for one in caught.value.errors]


@pytest.mark.parametrize(
    ("item", "field", "code", "allowed"),
    [
        (f"id: i, {TITLE}", "", "wrong_type", "exactly one of rule, measure, person"),
        (f"id: i, {TITLE}, rule: a, person: yes", "", "wrong_type", "exactly one of"),
        (f"id: i, {TITLE}, rule: A!", ".rule", "bad_id", "greeting-missing"),
        (f"id: i, {TITLE}, person: maybe", ".person", "not_a_choice", "yes"),
        (f"id: i, {TITLE}, measure: silence", ".measure", "not_a_choice", "silence_share"),
        (f"id: i, {TITLE}, measure: dead_air", ".at_most", "missing_field", "at_least, at_most"),
        (f"id: i, {TITLE}, measure: dead_air, at_most: 3, zero_at: 2", ".zero_at", "out_of_range",
         "beyond"),
        (f"id: i, {TITLE}, measure: dead_air, at_least: 1, at_most: 3, zero_at: 9", ".zero_at",
         "out_of_range", "the one limit"),
        (f"id: i, {TITLE}, measure: dead_air, at_most: 3, each: 1", ".each", "unknown_field",
         "only beside rule"),
        (f"id: i, {TITLE}, rule: a, at_most: 3", ".at_most", "unknown_field", "beside measure"),
        (f"id: i, {TITLE}, person: yes, cap: 3", ".cap", "unknown_field", "only beside rule"),
        (f"id: i, {TITLE}, rule: a, cap: 3", ".cap", "out_of_range", "with each"),
        (f"id: i, {TITLE}, rule: a, each: 2, cap: 6", ".cap", "out_of_range", "up to 5"),
        (f"id: i, {TITLE}, rule: a, each: 0", ".each", "out_of_range", "more than 0"),
        (f"id: i, {TITLE}, rule: a, adds: true, fatal: true", ".fatal", "not_a_choice", "false"),
        (f"id: i, {TITLE}, rule: a, means: good", ".means", "not_a_choice", "fault, merit"),
        (f"id: i, {TITLE}, rule: a, only_if: {{item: z, answer: met}}", ".only_if.item",
         "not_a_choice", "an earlier item"),
        (f"id: i, {TITLE}, rule: a, only_if: {{item: z, rule: b}}", ".only_if", "wrong_type",
         "either item"),
        ("id: i, points: 5, rule: a", ".title", "missing_field", "title"),
        ("id: i, title: {zh: 项}, points: 5, rule: a", ".title.en", "missing_field", "en"),
        (f"id: i, {TITLE}, rule: a, colour: red", ".colour", "unknown_field", "critical"),
    ],
)  # fmt: skip
def test_every_error_names_line_and_field(
    tmp_path: Path, item: str, field: str, code: str, allowed: str
) -> None:
    (one,) = errors(tmp_path, f"{HEAD}          - {{{item}}}\n")
    assert one[:3] == (9, f"sheets[0].sections[0].items[0]{field}", code)
    assert allowed in one[3]


def test_errors_of_the_sheet_itself_are_all_told(tmp_path: Path) -> None:
    text = (
        f"{HEAD}          - {{id: i, {TITLE}, rule: a}}\n          - {{id: i, {TITLE}, rule: b}}\n"
    )
    text = text.replace("version: 1", "version: 0").replace("sheets:\n", "sheets:\n", 1)
    text += "    language: fr\n    when: {channels: [fax], planets: [mars]}\n"
    text += "    bands:\n      - {at_least: 120, title: {zh: 高, en: high}}\n"
    assert {(field, code) for _, field, code, _ in errors(tmp_path, text)} == {
        ("sheets[0].version", "out_of_range"),
        ("sheets[0].sections[0].items[1].id", "duplicate_id"),
        ("sheets[0].language", "not_a_choice"),
        ("sheets[0].when.channels", "not_a_choice"),
        ("sheets[0].when.planets", "unknown_field"),
        ("sheets[0].bands[0].at_least", "out_of_range"),
    }


@pytest.mark.parametrize(
    ("text", "field", "code"),
    [
        ("sheets: []\n", "sheets", "empty"),
        ("rules: []\n", "rules", "unknown_field"),
        ("- a\n", "file", "wrong_type"),
        ("sheets: [\n", "file", "not_yaml"),
        (HEAD.replace("items:", "items: []"), "sheets[0].sections[0].items", "empty"),
    ],
)
def test_files_that_hold_no_sheet(tmp_path: Path, text: str, field: str, code: str) -> None:
    assert (field, code) in {(one[1], one[2]) for one in errors(tmp_path, text)}


def test_two_sheets_of_one_id_are_refused_across_files(tmp_path: Path) -> None:
    text = f"{HEAD}          - {{id: i, {TITLE}, rule: a}}\n"
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(RuleErrors) as caught:
        load_sheets([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    (one,) = caught.value.errors
    assert (one.file, one.field, one.code) == ("b.yaml", "sheets[0].id", "duplicate_id")
    assert "a.yaml:2" in one.allowed


def test_a_changed_word_is_another_version(tmp_path: Path) -> None:
    text = f"{HEAD}          - {{id: i, {TITLE}, rule: a}}\n"
    versions = set()
    for changed in (
        text,
        text.replace("points: 5", "points: 6"),
        text.replace("en: item", "en: x"),
    ):
        path = tmp_path / "s.yaml"
        path.write_text(changed, encoding="utf-8")
        versions.add(load_sheets([path]).sheets[0].sheet_version)
    assert len(versions) == 3
    assert all(re.fullmatch(r"1-[0-9a-f]{8}", version) for version in versions)


def test_the_shipped_sheets_ask_shipped_rules_in_their_language() -> None:
    book = load_sheets(list(sheet_paths().values()))
    rules = {rule.rule_id: rule for rule in load_rules(list(pack_paths().values()))}
    assert {sheet.sheet_id for sheet in book.sheets} == {"service-zh", "service-en"}
    for sheet in book.sheets:
        assert len(sheet.items) == 13
        for rule in rules_of([sheet]):
            assert rules[rule].language in (None, sheet.language)
    assert [one.language for one in book.sheets] == [Language.EN, Language.ZH]


def test_the_sheet_in_the_documentation_can_be_used(tmp_path: Path) -> None:
    (text,) = re.findall(r"(?ms)^```yaml\n(sheets:.*?)^```", DOCS.read_text("utf-8"))
    path = tmp_path / "sales.yaml"
    path.write_text(text, encoding="utf-8")
    (sheet,) = load_sheets([path]).sheets
    assert len(sheet.items) == 7
    rules = {rule.rule_id for rule in load_rules(list(pack_paths().values()))}
    assert set(rules_of([sheet])) <= rules
