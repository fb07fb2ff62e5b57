"""What ``--json`` writes: every value of ours, safe on a terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.json_output import as_json


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    colour: Colour
    at: datetime
    parts: tuple[object, ...] = ()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (1.5, 1.5),
        (True, True),
        (None, None),
        (date(2026, 3, 1), "2026-03-01"),
        (Path("a/b"), "a/b"),
        (frozenset({"b", "a"}), ["a", "b"]),
        (MappingProxyType({Colour.RED: (1, 2)}), {"red": [1, 2]}),
        (
            Thing("中", Colour.RED, datetime(2026, 3, 1, tzinfo=UTC), (Thing,)[:0]),
            {"name": "中", "colour": "red", "at": "2026-03-01T00:00:00+00:00", "parts": []},
        ),
    ],
)
def test_each_kind_of_value(value: object, written: object) -> None:
    assert json.loads(as_json(value)) == written


def test_an_unknown_kind_is_a_defect() -> None:
    with pytest.raises(TypeError, match="object has no form in JSON"):
        as_json({"x": object()})


@given(st.text(st.characters(codec=None)))
def test_any_text_survives_and_drives_no_terminal(text: str) -> None:
    written = as_json([text])
    assert json.loads(written) == [text]
    written.encode("utf-8")
    assert not set(written) & set("\x1b\x07\x9b\u202e\u2066\u2028")
