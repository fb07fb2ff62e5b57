"""The JSON Schema of rule files says what the reader does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from detectors.catalogue import DETECTORS
from detectors.parameters import parameters_of
from detectors.rule_errors import RuleErrors
from detectors.rule_nodes import COMBINED, LISTS
from detectors.rule_schema import rule_schema
from detectors.rules import FIELDS, REQUIRED, load_rules, pack_paths

SCHEMA = rule_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
HEAD = "rules:\n  - {id: a, version: 1, severity: major, title: {zh: 甲, en: A}, "


def parsed(text: str) -> object:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def test_it_is_a_schema_of_json() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("path", pack_paths().values(), ids=lambda path: path.stem)
def test_the_packs_are_valid(path: Path) -> None:
    assert [e.message for e in VALIDATOR.iter_errors(parsed(path.read_text("utf-8")))] == []


def test_it_names_what_the_reader_names() -> None:
    rule = SCHEMA["$defs"]["rule"]
    assert (tuple(rule["properties"]), tuple(rule["required"])) == (FIELDS, REQUIRED)
    assert set(SCHEMA["$defs"]["find"]["properties"]) == {*LISTS, "not", *COMBINED, *DETECTORS}
    for name, kind in {**COMBINED, **DETECTORS}.items():
        known = SCHEMA["$defs"][name]
        parameters = parameters_of(kind)
        assert list(known["properties"]) == list(parameters)
        assert known.get("required", []) == [p.name for p in parameters.values() if p.is_required]
        assert known["description"]


@pytest.mark.parametrize(
    ("find", "is_good"),
    [
        ("{phrase: {any: [12315, No, 投诉]}}", True),
        ("{phrase: {any: 投诉, party: any, within: first 2 agent messages}}", True),
        ("{silence: }", True),
        ("{silence: {min_s: 0.5}}", True),
        ("{not: {any: [{silence: }, {phrase: {any: [a]}}]}}", True),
        ("{near: {parts: [{silence: }, {phrase: {any: [a]}}], within: 30 s}}", True),
        ("{finding: {rule: a}}", False),
        ("{silence: {min_s: 0.4}}", False),
        ("{silence: {min_s: long}}", False),
        ("{silence: {min_sec: 3}}", False),
        ("{quiet: {}}", False),
        ("{silence: , talk_over: }", False),
        ("{}", False),
        ("{phrase: {any: [a], within: soon}}", False),
        ("{phrase: {any: [a], within: first 3 nobody messages}}", False),
        ("{talk_over: {party: nobody}}", False),
        ("{near: {parts: [{silence: }], within: 5 %}}", False),
        ("{near: {parts: [{silence: }, {silence: }]}}", False),
        ("{all: []}", False),
        ("{similar: }", False),
    ],
)
def test_it_agrees_with_the_reader(tmp_path: Path, find: str, is_good: bool) -> None:
    text = f"{HEAD}find: {find}}}\n"
    path = tmp_path / "r.yaml"
    path.write_text(text, "utf-8")
    try:
        is_read = bool(load_rules([path]))
    except RuleErrors as errors:
        # a circle is seen only once all files are read
        is_read = {e.code for e in errors.errors} == {"circle"}
        assert is_good is False
    assert VALIDATOR.is_valid(parsed(text)) is (is_good or is_read)
    assert is_read is (is_good or "finding" in find)
