"""docs/intake.md lists every name that is read: the tables in the code are what it must say."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from interactions.cells import CHANNELS
from interactions.columns import ABOUT, FILES, MESSAGE, Names, key_of
from interactions.layout import ChatLayout
from interactions.speakers import PARTY_NAMES
from interactions.tables.json_lines import LONGEST_LINE
from interactions.tables.row import LONGEST_RECORD

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "intake.md").read_text("utf-8")
ROWS = {
    re.findall("`([^`]+)`", cells[1])[0]: cells
    for cells in (line.split("|") for line in TEXT.splitlines() if line.startswith("| `"))
    if len(cells) == 5
}


@pytest.mark.parametrize("names", [ABOUT, FILES, MESSAGE], ids=["about", "files", "message"])
def test_every_column_name_is_documented_and_every_documented_one_is_read(names: Names) -> None:
    for ours, known in names.items():
        cells = ROWS[ours]
        documented = {key_of(n) for n in re.split("[,、|]", "|".join(cells[2:4])) if n.strip()}
        assert documented | {key_of(ours)} == set(known), ours


def test_every_sender_name_is_documented() -> None:
    for party, names in PARTY_NAMES.items():
        (line,) = (line for line in TEXT.splitlines() if line.startswith(f"| {party} |"))
        documented = {n.strip() for n in re.split("[,;、|]", line) if n.strip()}
        assert set(names) <= documented, party


def test_every_layout_setting_and_limit_is_documented() -> None:
    for setting in fields(ChatLayout):
        assert f"| `{setting.name}` |" in TEXT
    plain = TEXT.replace(" ", "")
    assert str(LONGEST_RECORD) in plain
    assert str(LONGEST_LINE) in plain
    for channel in set(CHANNELS.values()):
        assert f"`{channel}`" in TEXT
