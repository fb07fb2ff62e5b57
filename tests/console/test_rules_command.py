"""``tingjian rules``: every error with its place, the examples tried, the rules listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detectors.rules import pack_paths

Call = Callable[..., Any]
WRONG = """rules:
  - id: Not An Id
    version: 1
    title: {zh: 名, en: name}
    severity: fatal
    find:
      phrase: {any: [投诉], min_hit: 2}
"""
NOT_AS_WRITTEN = """rules:
  - id: says-complain
    version: 1
    title: {zh: 说投诉, en: Says complain}
    severity: minor
    find: {phrase: {party: customer, any: [投诉]}}
    examples:
      hit:
        - {customer: 我要退款}
      miss:
        - {customer: 我要投诉}
        - {customer: 你好}
"""


@pytest.fixture
def written(centre: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = centre / "rules" / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_every_error_is_told_with_its_place(
    tingjian: Call, centre: Path, written: Callable[[str, str], Path]
) -> None:
    path = written("wrong.yaml", WRONG)
    answer = tingjian("--centre", centre, "rules", "check")
    assert answer.status == 1
    assert f"{path}:2: rules[0].id: found 'Not An Id'" in answer.err
    assert (
        f"{path}:5: rules[0].severity: found 'fatal'; allowed: minor, major, critical" in answer.err
    )
    assert f"{path}:7: " in answer.err
    assert "(nearest: min_hits)" in answer.err
    assert "errors in the rules: 3. Nothing was loaded" in answer.err
    assert answer.out == ""
    zh = tingjian("--centre", centre, "--lang", "zh", "rules", "check").err
    assert "请从允许的值中选一个" in zh
    assert "规则里有 3 处错误" in zh


def test_examples_that_do_not_hold_are_told(
    tingjian: Call, centre: Path, written: Callable[[str, str], Path]
) -> None:
    path = written("mine.yaml", NOT_AS_WRITTEN)
    answer = tingjian("--centre", centre, "rules", "check", path)
    assert answer.status == 1
    assert (
        "mine.yaml: rule says-complain, examples.hit[0] (我要退款): should be found and is not"
        in answer.err
    )
    assert "examples.miss[0] (我要投诉): should not be found and is" in answer.err
    assert "miss[1]" not in answer.err
    assert "examples that do not come out as written: 2" in answer.err


def test_files_and_folders_can_be_named_without_a_centre(
    tingjian: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    packs = next(iter(pack_paths().values())).parent
    answer = tingjian("rules", "check", packs, "--lang", "en")
    assert answer.status == 0
    for pack in pack_paths():
        assert f"{pack}.yaml" in answer.folded
    one = tingjian("rules", "check", pack_paths()["conversation"], "--lang", "zh")
    assert one.status == 0
    assert "结果都与所写一致" in one.out


def test_a_file_that_is_not_there_is_told(tingjian: Call, tmp_path: Path) -> None:
    answer = tingjian("rules", "check", tmp_path / "nix.yaml")
    assert answer.status == 2
    assert f"{tmp_path / 'nix.yaml'} is not there" in answer.err


def test_the_list_names_the_centres_rules_and_the_packs(tingjian: Call, centre: Path) -> None:
    settings = centre / "tingjian.toml"
    text = settings.read_text("utf-8").replace("packs = []", 'packs = ["service_en"]')
    settings.write_text(text, "utf-8")
    answer = tingjian("--centre", centre, "rules", "list")
    assert answer.status == 0
    assert "service_en.yaml" in answer.folded
    assert "example-threatens-to-complain" in answer.folded
    assert f"Shipped packs: {', '.join(pack_paths())}. In use: service_en." in answer.out


def test_no_rule_at_all_is_said(tingjian: Call, centre: Path) -> None:
    (centre / "rules" / "example.yaml").unlink()
    for command in ("check", "list"):
        answer = tingjian("--centre", centre, "rules", command)
        assert answer.status == 0
        assert "There is no rule here. Set rules.packs in tingjian.toml" in answer.out


def test_a_switched_off_rule_is_marked(
    tingjian: Call, centre: Path, written: Callable[[str, str], Path]
) -> None:
    written("mine.yaml", NOT_AS_WRITTEN.replace("    find:", "    enabled: false\n    find:"))
    assert "Says complain (off)" in tingjian("--centre", centre, "rules", "list").folded
