"""How score sheets add up, what is N/A, and people's answers beside the machine's."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.evidence import Evidence, Finding, Measure, Severity
from detectors.scorecard import Given, Score, Sheet, Source, rules_of
from detectors.sheet_reading import load_sheets
from detectors.sheet_scoring import Answer, Seen, by_rule, fill, with_answers
from detectors.sheet_words import explain_na
from interactions.sound import Party


def sheet_of(folder: Path, items: str, *, more: str = "") -> Sheet:
    """A sheet with one section of these items, and further sections."""
    path = folder / "sheet.yaml"
    path.write_text(
        "sheets:\n  - id: s\n    version: 1\n    title: {zh: 表, en: sheet}\n    sections:\n"
        "      - id: one\n        title: {zh: 一, en: one}\n        items:\n"
        + "".join(
            f"          - {{title: {{zh: 项, en: item}}, {line}}}\n" for line in items.split("|")
        )
        + more,
        encoding="utf-8",
    )
    (sheet,) = load_sheets([path]).sheets
    return sheet


def found(rule: str, places: int = 1) -> Finding:
    evidence = tuple(Evidence(start_ms=n, end_ms=n, because="phrase") for n in range(places))
    return Finding(
        interaction_id="x",
        rule_id=rule,
        rule_version="1-aaaaaaaa",
        severity=Severity.MINOR,
        engine="e",
        evidence=evidence,
    )


def seen(*findings: Finding, silent: str = "", hint: str = "", **measures: float | None) -> Seen:
    """An inspection in which the rules a, b and c are in use and c is for somebody else."""
    return Seen(
        versions={"a": "1-a", "b": "1-b", "c": "1-c"},
        applying={"a", "b"},
        hints={hint} if hint else set(),
        findings=by_rule(findings),
        not_measured={silent: "low_trust"} if silent else {},
        measures={
            (name, Party.AGENT): Measure(
                interaction_id="x",
                name=name,
                party=Party.AGENT,
                value=value,
                unit="s",
                because="" if value is not None else "no_replies",
            )
            for name, value in measures.items()
        },
        engine="inspection-9",
    )


def line(score: Score, item: str) -> tuple[Given, float | None, str]:
    (one,) = [one for one in score.lines if one.item_id == item]
    return one.answer, one.earned, one.because


EXTRA = "id: i, points: 5, rule: b, means: merit, adds: true"
REPLY = "id: i, points: 8, measure: first_reply, party: agent, "


@pytest.mark.parametrize(
    ("item", "inspected", "answer", "earned"),
    [
        ("id: i, points: 5, rule: a", seen(), Given.MET, 5),
        ("id: i, points: 5, rule: a", seen(found("a", 3)), Given.FAILED, 0),
        ("id: i, points: 5, rule: a, means: merit", seen(), Given.FAILED, 0),
        ("id: i, points: 5, rule: a, means: merit", seen(found("a")), Given.MET, 5),
        ("id: i, points: 5, rule: a, each: 2", seen(found("a", 2)), Given.PARTLY, 1),
        ("id: i, points: 5, rule: a, each: 2", seen(found("a", 9)), Given.FAILED, 0),
        ("id: i, points: 5, rule: a, each: 2, cap: 3", seen(found("a", 9)), Given.PARTLY, 2),
        ("id: i, points: 5, rule: a, each: 2", seen(found("a"), found("a")), Given.PARTLY, 1),
        ("id: i, points: 6, rule: a, means: merit, each: 2", seen(found("a", 2)), Given.PARTLY, 4),
        (REPLY + "at_most: 30", seen(first_reply=30.0), Given.MET, 8),
        (REPLY + "at_most: 30", seen(first_reply=30.1), Given.FAILED, 0),
        (REPLY + "at_most: 30, zero_at: 110", seen(first_reply=50.0), Given.PARTLY, 6),
        (REPLY + "at_most: 30, zero_at: 110", seen(first_reply=200.0), Given.FAILED, 0),
        (REPLY + "at_least: 30, zero_at: 10", seen(first_reply=20.0), Given.PARTLY, 4),
        (REPLY + "at_least: 3, at_most: 9", seen(first_reply=2.0), Given.FAILED, 0),
        (REPLY + "at_least: 3, at_most: 9", seen(first_reply=5.0), Given.MET, 8),
    ],
)
def test_what_an_item_earns(
    tmp_path: Path, item: str, inspected: Seen, answer: Given, earned: float
) -> None:
    score = fill(sheet_of(tmp_path, item), "x", inspected)
    assert line(score, "i") == (answer, pytest.approx(earned), "")
    assert score.score == pytest.approx(100 * earned / score.lines[0].points, abs=0.01)


@pytest.mark.parametrize(
    ("item", "inspected", "because"),
    [
        ("id: i, points: 5, rule: a", seen(silent="a"), "low_trust"),
        ("id: i, points: 5, rule: c", seen(), "rule_not_for_this"),
        ("id: i, points: 5, rule: d", seen(), "rule_not_in_use"),
        ("id: i, points: 5, rule: a", seen(found("a"), hint="a"), "rule_is_hint"),
        ("id: i, points: 5, person: yes", seen(), "person_not_asked"),
        (REPLY + "at_most: 30", seen(first_reply=None), "no_replies"),
        (REPLY + "at_most: 30", seen(), "not_measured_here"),
        ("id: i, points: 5, rule: a, only_if: {rule: b}", seen(found("a")), "not_called_for"),
        ("id: i, points: 5, rule: a, only_if: {rule: b}", seen(silent="b"), "condition_unknown"),
        ("id: i, points: 5, rule: a, only_if: {rule: c}", seen(), "not_called_for"),
        ("id: i, points: 5, rule: a, only_if: {rule: d}", seen(), "condition_unknown"),
    ],
)
def test_what_is_not_measured_is_neither_a_pass_nor_a_zero(
    tmp_path: Path, item: str, inspected: Seen, because: str
) -> None:
    alone = fill(sheet_of(tmp_path, item), "x", inspected)
    assert line(alone, "i") == (Given.NA, None, because)
    assert (alone.score, alone.critical_score, alone.is_fatal) == (None, None, False)
    for language in ("zh", "en"):
        assert explain_na(because, language) != because


def test_a_finding_carries_its_rule_version_and_ids_into_the_line(tmp_path: Path) -> None:
    finding = found("a", 2)
    (one,) = fill(sheet_of(tmp_path, "id: i, points: 5, rule: a"), "x", seen(finding)).lines
    assert (one.source, one.source_id, one.source_version) == (Source.RULE, "a", "1-a")
    assert (one.hits, one.finding_ids) == (2, (finding.finding_id,))
    (two,) = fill(sheet_of(tmp_path, REPLY + "at_most: 9"), "x", seen(first_reply=4.0)).lines
    assert (two.source_version, two.value, two.unit) == ("inspection-9", 4.0, "s")


MORE = """      - id: two
        title: {zh: 二, en: two}
        weight: 30
        items:
          - {id: j, title: {zh: 项, en: item}, points: 2, rule: b, critical: true}
          - {id: k, title: {zh: 项, en: item}, points: 2, rule: c}
"""


def test_sections_weigh_by_weight_or_points_and_critical_items_score_apart(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "id: h, points: 7, rule: a|id: i, points: 3, person: yes", more=MORE)
    score = fill(sheet, "x", seen(found("b")))
    # Section one weighs its points (10), all of its answered ones earned; two weighs 30, none.
    assert score.score == pytest.approx(100 * 10 / 40)
    assert score.critical_score == 0.0
    assert score.answered == 2
    assert fill(sheet, "x", seen(found("a"))).score == pytest.approx(100 * 30 / 40)


@pytest.mark.parametrize(
    ("items", "inspected", "score", "fatal"),
    [
        ("id: h, points: 9, rule: a|id: i, points: 1, rule: b, fatal: true", seen(), 100, False),
        (
            "id: h, points: 9, rule: a|id: i, points: 1, rule: b, fatal: true",
            seen(found("b")),
            0,
            True,
        ),
        # Not measured is not failed.
        (
            "id: h, points: 9, rule: a|id: i, points: 1, rule: b, fatal: true",
            seen(silent="b"),
            100,
            False,
        ),
        (
            "id: h, points: 8, rule: a, each: 2|" + EXTRA,
            seen(found("a", 2), found("b")),
            55,
            False,
        ),
        (
            "id: h, points: 8, rule: a|" + EXTRA,
            seen(found("b")),
            100,
            False,
        ),
        (
            "id: h, points: 8, rule: a|" + EXTRA,
            seen(),
            100,
            False,
        ),
    ],
)
def test_fatal_and_extra_items(
    tmp_path: Path, items: str, inspected: Seen, score: float, fatal: bool
) -> None:
    filled = fill(sheet_of(tmp_path, items), "x", inspected)
    assert (filled.score, filled.is_fatal) == (pytest.approx(score), fatal)


def test_a_persons_answer_stands_beside_the_machines_and_decides_conditions(tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path,
        "id: h, points: 6, rule: a|id: i, points: 4, person: yes, "
        "only_if: {item: h, answer: [failed, partly]}",
    )
    machine = fill(sheet, "x", seen())
    assert (machine.score, line(machine, "i")[2]) == (100.0, "not_called_for")
    answers = {"h": Answer(item_id="h", answer=Given.FAILED)}
    judged = with_answers(sheet, machine, answers)
    assert (judged.score, line(judged, "i")[2]) == (0.0, "person_not_asked")
    answers["i"] = Answer(item_id="i", answer=Given.PARTLY, earned=3)
    both = with_answers(sheet, machine, answers)
    assert both.score == pytest.approx(30)
    assert {one.source for one in both.lines} == {Source.PERSON}
    assert machine.score == 100.0
    answers["h"] = Answer(item_id="h", answer=Given.NA)
    assert with_answers(sheet, machine, answers).score == pytest.approx(75)


def test_bands_and_the_rules_that_are_asked(tmp_path: Path) -> None:
    more = "    bands:\n      - {at_least: 0, title: {zh: 低, en: low}}\n"
    more += "      - {at_least: 80, title: {zh: 高, en: high}}\n"
    sheet = sheet_of(tmp_path, "id: i, points: 5, rule: a, only_if: {rule: b}", more=more)
    names = [band.title["en"] if band else None for band in map(sheet.band, (80, 79.9, 0, None))]
    assert names == ["high", "low", "low", None]
    assert rules_of([sheet]) == {"a", "b"}
