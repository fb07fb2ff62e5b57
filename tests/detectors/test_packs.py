"""The shipped packs and the documentation's examples do what they say."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from detectors.inspection import compile_plan, failed_examples
from detectors.rules import FIELDS, Rule, When, load_rules, pack_paths
from interactions.interaction import Language

DOCS = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
PACKS = pack_paths()
RULES = load_rules(list(PACKS.values())).rules
BLOCKS = re.findall(r"```yaml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)


def test_the_packs() -> None:
    assert list(PACKS) == [
        "complaints_en",
        "complaints_zh",
        "conversation",
        "privacy_en",
        "privacy_zh",
        "promises_en",
        "promises_zh",
        "sales_en",
        "sales_zh",
        "service_en",
        "service_zh",
    ]
    for name in PACKS:
        assert f"`{name}`" in DOCS.read_text("utf-8")
    assert len(compile_plan(RULES).rules) == len(RULES) >= 75


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_rule_answers_its_examples(rule: Rule) -> None:
    assert failed_examples(rule) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_rule_is_complete(rule: Rule) -> None:
    assert rule.examples.hit
    assert rule.examples.miss
    assert rule.coaching_topic
    assert re.search("[\u4e00-\u9fff]", rule.title["zh"])
    assert not re.search("[\u4e00-\u9fff]", rule.title["en"])
    expected = {"zh": Language.ZH, "en": Language.EN}.get(rule.source[-7:-5])
    assert rule.language is expected


def test_documentation_names_every_field() -> None:
    text = DOCS.read_text("utf-8")
    for name in (*FIELDS, *(f.name for f in fields(When))):
        assert re.search(rf"^\| `{name}` \|", text, re.MULTILINE), name


@pytest.mark.parametrize("block", BLOCKS)
def test_documentation_examples_load_and_hold(tmp_path: Path, block: str) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(block, "utf-8")
    (rule,) = load_rules([path]).rules
    assert rule.examples.hit
    assert failed_examples(rule) == []


def test_documentation_has_examples() -> None:
    assert len(BLOCKS) >= 4
