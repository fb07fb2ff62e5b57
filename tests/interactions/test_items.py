from __future__ import annotations

import os
from pathlib import Path

import pytest

from interactions.items import item_of, printable, record_of


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("录音 01.wav", "录音 01.wav"),
        (os.fsdecode(b"\xc2\xbc\xd2\xf4.wav"), "¼\\xd2\\xf4.wav"),
        ("a\nb\x1b[31m.wav", "a\\nb\\x1b[31m.wav"),
        ("\ud83d.wav", "\\ud83d.wav"),
        ("x\u202egpj.wav", "x\\u202egpj.wav"),
    ],
)
def test_names_are_one_printable_line(name: str, shown: str) -> None:
    assert printable(name) == shown
    printable(name).encode("utf-8")


def test_an_item_is_relative_to_its_folder(tmp_path: Path) -> None:
    assert item_of(tmp_path / "a" / "b.wav", folder=tmp_path) == "a/b.wav"


def test_a_record_stays_short_and_apart() -> None:
    assert record_of("a.csv", 12) == "a.csv#12"
    one, other = record_of("a.csv", "x" * 10_000), record_of("a.csv", "x" * 10_001)
    assert len(one) < 200
    assert one != other
