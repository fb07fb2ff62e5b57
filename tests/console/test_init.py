"""``tingjian init``: a centre that explains itself and overwrites nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings, load

Call = Callable[..., Any]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_settings_it_writes_are_the_defaults(
    tingjian: Call, tmp_path: Path, language: str
) -> None:
    folder = tmp_path / "中心"
    answer = tingjian("init", folder, "--lang", language)
    assert (answer.status, answer.err) == (0, "")
    settings = load(folder).model_dump()
    expected = Settings().model_dump()
    expected["centre"]["language"] = language
    assert settings == expected
    assert (folder / "inbox").is_dir()


def test_the_weights_can_be_named_at_once(tingjian: Call, tmp_path: Path) -> None:
    named = 'C:\\weights\\"my own".pt'
    assert tingjian("init", tmp_path / "c", "--weights", named).status == 0
    assert load(tmp_path / "c").speech.weights == named


def test_every_setting_is_written_and_explained_in_both_languages(
    tingjian: Call, tmp_path: Path
) -> None:
    tingjian("init", tmp_path / "c")
    text = (tmp_path / "c" / "tingjian.toml").read_text(encoding="utf-8")
    for section, values in Settings().model_dump().items():
        body = text.split(f"[{section}]\n", 1)[1].split("\n[", 1)[0]
        comment = ""
        left = set(values)
        for line in body.splitlines():
            if line.startswith("#"):
                comment += line
            elif name := re.match(r"(\w+) = ", line):
                assert re.search("[\u4e00-\u9fff]", comment), name[1]
                assert re.search("[A-Za-z]{3,} [a-z]", comment), name[1]
                left.discard(name[1])
                comment = ""
        assert left == set()


def test_its_rule_can_be_used_and_its_examples_hold(tingjian: Call, centre: Path) -> None:
    answer = tingjian("--centre", centre, "rules", "check")
    assert answer.status == 0
    assert "Examples tried: 4, all of them come out as written." in answer.out


@pytest.mark.parametrize("name", ["tingjian.toml", "rules/example.yaml"])
def test_nothing_is_overwritten(tingjian: Call, tmp_path: Path, name: str) -> None:
    path = tmp_path / "c" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    answer = tingjian("init", tmp_path / "c", "--lang", "en")
    assert answer.status == 1
    assert f"{path} is there already, and init overwrites nothing" in answer.err
    assert path.read_text() == "mine"
    assert sorted(p.name for p in (tmp_path / "c").rglob("*") if p.is_file()) == [path.name]


def test_files_of_ones_own_stay_beside_it(tingjian: Call, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.yaml").write_text("rules: []\n")
    assert tingjian("init", tmp_path).status == 0
    assert (tmp_path / "rules" / "mine.yaml").read_text() == "rules: []\n"


def test_a_place_that_cannot_be_written_is_told(tingjian: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    answer = tingjian("init", tmp_path / "file" / "c", "--lang", "zh")
    assert answer.status == 1
    assert "请换一个有写入权限的文件夹" in answer.err


def test_it_says_what_to_do_next(tingjian: Call, tmp_path: Path) -> None:
    out = tingjian("init", tmp_path / "c", "--lang", "en").out
    for command in ("intake", "doctor", "run", "worklist", "rules check"):
        assert f"`tingjian --centre {tmp_path / 'c'} {command}`" in out
