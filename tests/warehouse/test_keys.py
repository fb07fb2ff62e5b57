"""Keys: where they come from, and files sealed with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warehouse.keys import (
    KEY,
    KEY_FILE,
    KEYS_FILE,
    Damaged,
    Keys,
    centre_key,
    is_sealed,
    keep_keys,
    keys_of,
    new_key,
    opened,
    sealed_with,
    with_new_key,
    written,
)
from warehouse.problems import WarehouseProblem

CONTENT = "我要投诉你们".encode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    centre = new_key()
    monkeypatch.setenv(KEY, written(centre))
    keep_keys(tmp_path, with_new_key(None), centre)
    return tmp_path


def test_what_is_sealed_opens_again_and_says_with_which_key(folder: Path) -> None:
    keys = keys_of(folder)
    sealed = keys.sealed(CONTENT, "texts/a/b.parquet")
    assert is_sealed(sealed)
    assert CONTENT not in sealed
    assert sealed_with(sealed) == keys.active
    assert opened(sealed, "texts/a/b.parquet", folder) == CONTENT
    assert keys.sealed(CONTENT, "x") != keys.sealed(CONTENT, "x")  # a nonce each


def test_plain_files_are_read_as_they_are(tmp_path: Path) -> None:
    assert opened(CONTENT, "x", tmp_path) == CONTENT
    assert sealed_with(CONTENT) == ""
    assert keys_of(tmp_path) is None


@pytest.mark.parametrize("at", [20, 40, -1])
def test_a_changed_byte_is_seen(folder: Path, at: int) -> None:
    sealed = bytearray(keys_of(folder).sealed(CONTENT, "x"))
    sealed[at] ^= 1
    with pytest.raises((Damaged, WarehouseProblem)):
        opened(bytes(sealed), "x", folder)


def test_no_file_passes_for_another(folder: Path) -> None:
    with pytest.raises(Damaged):
        opened(keys_of(folder).sealed(CONTENT, "texts/a/b.parquet"), "texts/c/b.parquet", folder)


def test_older_keys_still_open(folder: Path) -> None:
    before = keys_of(folder)
    after = with_new_key(before)
    assert after.opened(before.sealed(CONTENT, "x"), "x") == CONTENT
    assert after.active != before.active


def test_no_key_is_shown() -> None:
    keys = Keys("0" * 16, {"0" * 16: b"secret" * 6})
    assert "secret" not in repr(keys)
    assert "secret" not in keys.database("0" * 16)


def key_file(folder: Path, text: str, mode: int) -> str:
    path = folder / "key"
    path.write_text(text, encoding="ascii")
    path.chmod(mode)
    return str(path)


GOOD = written(bytes(32))


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "key_missing"),
        ({KEY: "abc"}, "key_unfit"),
        ({KEY: written(bytes(16))}, "key_unfit"),
        ({KEY: "密钥"}, "key_unfit"),
        ({KEY_FILE: "/nowhere/key"}, "key_file_closed"),
        ({KEY_FILE: (GOOD, 0o644)}, "key_file_open"),
        ({KEY_FILE: (GOOD, 0o640)}, "key_file_open"),
        ({KEY_FILE: ("nonsense", 0o600)}, "key_unfit"),
    ],
)
def test_a_key_that_cannot_be_used_says_why(tmp_path: Path, environment, code: str) -> None:
    given = {k: v if isinstance(v, str) else key_file(tmp_path, *v) for k, v in environment.items()}
    with pytest.raises(WarehouseProblem) as told:
        centre_key(given)
    assert told.value.code == code
    assert GOOD not in str(told.value)


def test_a_key_is_read_from_the_environment_or_a_file(tmp_path: Path) -> None:
    assert centre_key({KEY: GOOD}) == bytes(32)
    assert centre_key({KEY_FILE: key_file(tmp_path, f"{GOOD}\n", 0o400)}) == bytes(32)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "keys_damaged"),
        ('{"active": "a", "keys": {}}', "keys_damaged"),
        ('{"active": "a", "keys": {"a": "AAAA"}}', "key_wrong"),
    ],
)
def test_a_keys_file_that_does_not_open_says_why(folder: Path, text: str, code: str) -> None:
    (folder / KEYS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WarehouseProblem) as told:
        keys_of(folder)
    assert told.value.code == code


def test_another_key_does_not_open_a_centre(folder: Path, monkeypatch) -> None:
    monkeypatch.setenv(KEY, written(new_key()))
    with pytest.raises(WarehouseProblem) as told:
        keys_of(folder)
    assert told.value.code == "key_wrong"


def test_only_the_owner_may_read_the_keys_file(folder: Path) -> None:
    if os.name == "posix":
        assert (folder / KEYS_FILE).stat().st_mode & 0o077 == 0
