"""Errors of rule files in Chinese: Chinese words, full-width marks, names as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.catalogue import DETECTORS
from detectors.parameters import parameters_of
from detectors.rule_errors import REMEDIES, RuleErrors
from detectors.rule_nodes import COMBINED
from detectors.rule_words import in_chinese
from detectors.rules import load_rules

HEAD = (
    "rules:\n  - id: a\n    version: 1\n    title: {zh: 甲, en: A}\n    severity: major\n    find: "
)
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("nothing", "空"),
        ("0.5 or more s", "不小于 0.5 秒"),
        ("1 to 12 characters or words", "1 到 12 个字或词"),
        ("1 or more", "不小于 1"),
        ("a list of 3", "3 项的列表"),
        ("a mapping with zh, en", "含 zh、en 的映射"),
        ("min_s, max_s (nearest: min_s)", "min_s、max_s（最接近的是 min_s）"),
        ("'a, b'", "'a, b'"),
        ("phrase", "phrase"),
    ],
)
def test_in_chinese(text: str, zh: str) -> None:
    assert in_chinese(text) == zh


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    assert isinstance(in_chinese(text), str)


FINDS = (
    "{}",
    "3",
    "{a: b: c}",
    "[a",
    "{a: 'b}",
    "\t- a",
    "{quiet: }",
    "{not: [a]}",
    "{all: []}",
    "{silence: {min_s: 0, min_count: 1.5, after: nobody, waits: {a: b}}}",
    "{phrase: {}}",
    "{phrase: {any: [' '], or_unknown: 1}}",
    "{phrase: {of: [a], n_of: 2}}",
    "{phrase: {any: [a], within: soon}}",
    "{regex: {pattern: '('}}",
    "{regex: {pattern: '(a+)+b'}}",
    "{regex: {pattern: '投訴'}}",
    "{regex: {pattern: '\\b1'}}",
    "{regex: {pattern: 'a*'}}",
    "{regex: }",
    "{proximity: {words: [], near: [a]}}",
    "{similar: {sentences: [' ']}}",
    "{entity: {kind: phone, at_least: 3}}",
    "{entity: {kind: phone, names: [a]}}",
    "{gap: {min_s: 3, max_s: 2}}",
    "{speaking_speed: }",
    "{speaking_speed: {above: 5, below: 3}}",
    "{metadata: {name: a}}",
    "{metadata: {name: a, before: soon}}",
    "{measure: {name: a, at_least: 1}}",
    "{sequence: {steps: [{silence: }]}}",
    "{sequence: {steps: [{silence: }, {not: {silence: }}]}}",
    "{near: {parts: [{silence: }, {silence: }], within: far}}",
    "{anchor: {anchor: {silence: }, find: {silence: }, hit: often}}",
    "{only: {find: {silence: }, channels: [fax]}}",
    "{finding: {rule: b}}",
    "{finding: {rule: a}}",
)


@pytest.mark.parametrize("find", FINDS)
def test_what_is_wrong_is_told_in_chinese(tmp_path: Path, find: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(f"{HEAD}{find}\n", "utf-8")
    with pytest.raises(RuleErrors) as caught:
        load_rules([path])
    for error in caught.value.errors:
        text = error.text("zh").removeprefix(f"r.yaml:{error.line}: {error.field}")
        assert text.startswith("：写的是 ")
        assert "；允许 " in text
        words = re.sub(r"'[^']*'|“[^”]*”|`[^`]*`|\([^)]*\)", "", text)
        assert not HALF_WIDTH.search(words), text
        assert not re.search(r"[a-z]{2,} [a-z]{2,}", words), text


def test_every_remedy_is_chinese_in_chinese() -> None:
    for remedy in REMEDIES.values():
        assert re.search("[\u4e00-\u9fff]", remedy["zh"])
        assert not HALF_WIDTH.search(remedy["zh"])
        assert not re.search("[\u4e00-\u9fff]", remedy["en"].replace("号", ""))


@pytest.mark.parametrize("name", sorted({**COMBINED, **DETECTORS}))
def test_every_unit_of_a_range_is_chinese_in_chinese(name: str) -> None:
    for parameter in parameters_of({**COMBINED, **DETECTORS}[name]).values():
        about = parameter.about
        if about.unit and (about.low is not None or about.high is not None):
            said = in_chinese(f"{about.low or 0:g} or more {about.unit}")
            assert not re.search("[a-zA-Z]", said), said
