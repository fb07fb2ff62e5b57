"""docs/rules.md tells every parameter of every detector and combination as the code has it."""

from __future__ import annotations

import re
from dataclasses import MISSING
from enum import StrEnum
from pathlib import Path

import pytest

from detectors.catalogue import DETECTORS
from detectors.parameters import parameters_of
from detectors.rule_nodes import COMBINED

OPERATORS = Path(__file__).resolve().parents[2] / "docs" / "operators.md"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
KINDS: dict[str, type] = {**COMBINED, **DETECTORS}


def shown(value: object, kind: type) -> str:
    if value is None:
        return "any" if issubclass(kind, StrEnum) else "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "built-in" if value else "none"
    if value is MISSING:
        return "required"
    if value == "":
        return "–"
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


@pytest.mark.parametrize("name", list(KINDS))
def test_documented_with_every_parameter(name: str) -> None:
    text = DOCS.read_text("utf-8")
    assert f"### `{name}`" in text
    section = re.split(r"\n##+ ", text.split(f"### `{name}`")[1])[0]
    rows = {
        cells[0].strip("` "): [c.strip() for c in cells[1:]]
        for line in section.splitlines()
        if line.startswith("| `")
        for cells in [line.strip("|").split("|")]
    }
    parameters = parameters_of(KINDS[name])
    assert list(rows) == list(parameters)
    for parameter in parameters.values():
        unit, default, _, meaning, source = rows[parameter.name]
        assert unit == (parameter.about.unit or "–")
        assert default == shown(parameter.default, parameter.kind)
        assert source == (parameter.about.source or "–")
        assert len(meaning) > 5


ROWS = [
    line.split(" | ")
    for line in OPERATORS.read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| elsewhere")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][2:40])
def test_every_operator_is_held_by_tests_that_exist(row: list[str]) -> None:
    _, here, tests = row
    files = re.split(r"(?=\[test_)", tests.strip(" |"))[1:]
    assert here
    assert files
    for one in files:
        link = re.match(r"\[(test_\w+\.py)\]\(\.\./tests/detectors/(test_\w+\.py)\)", one)
        assert link
        assert link[1] == link[2]
        source = (Path(__file__).parent / link[1]).read_text("utf-8")
        named = re.findall(r"`(test_\w+)`", one)
        assert named
        for name in named:
            assert f"def {name}(" in source, name


def test_every_operator_of_ours_stands_in_the_table() -> None:
    ours = " ".join(row[1] for row in ROWS)
    for name in (*KINDS, "all", "any", "not"):
        assert f"`{name}`" in ours, name
