"""Rules that ask other rules: found together, versioned together, never in a circle."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.examples import Example, Line
from detectors.inspection import compile_plan, failed_examples, inspect
from detectors.rule_errors import RuleErrors
from detectors.rule_nodes import leaves
from detectors.rules import Rule, load_rules
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party


def rules_of(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    path = tmp_path / "r.yaml"
    path.write_text(text, "utf-8")
    return load_rules([path]).rules


def talk(said: str, channel: Channel = Channel.CHAT) -> Interaction:
    who = {"a": Party.AGENT, "c": Party.CUSTOMER}
    says = tuple(Line(who[part[0]], part[1:]) for part in said.split())
    return Example(says=says).interaction(channel, Language.ZH)


TWO = """\
rules:
  - {{id: base, version: 1, severity: minor, enabled: {enabled}, title: {{zh: 甲, en: A}},
     when: {{channels: [chat]}}, find: {{phrase: {{any: {word}, party: customer}}}}}}
  - id: top
    version: 1
    severity: major
    title: {{zh: 乙, en: B}}
    find:
      all:
        - finding: {{rule: base, min_count: {count}}}
        - not:
            phrase: {{any: 抱歉, party: agent}}
    examples: {{hit: [{{says: [{{customer: 我要退款}}], channel: chat}}]}}
"""


@pytest.mark.parametrize(
    ("enabled", "count", "said", "hit"),
    [
        ("true", 1, "c退款 a好", True),
        ("true", 1, "c退款 a抱歉", False),
        ("true", 1, "c好 a好", False),
        ("true", 2, "c退款 a好", False),
        ("true", 2, "c退款 c退款 a好", True),
        ("false", 1, "c退款 a好", True),
    ],
)
def test_another_rules_finding(
    tmp_path: Path, enabled: str, count: int, said: str, hit: bool
) -> None:
    rules = rules_of(tmp_path, TWO.format(enabled=enabled, word="退款", count=count))
    inspected = inspect(talk(said), compile_plan(rules))
    assert ("top" in {f.rule_id for f in inspected.findings}) is hit
    assert ("base" in {f.rule_id for f in inspected.findings}) is (
        enabled == "true" and "退款" in said
    )


def test_a_rule_that_asks_another_stands_alone(tmp_path: Path) -> None:
    base, top = rules_of(tmp_path, TWO.format(enabled="true", word="退款", count=1))
    (found_one,) = inspect(talk("c退款 a好"), compile_plan([top])).findings
    assert [e.quote for e in found_one.evidence] == ["", "退款"]
    assert failed_examples(top) == []
    assert [leaf.name for leaf in leaves(top.tree)] == ["phrase", "phrase"]
    voice = talk("c退款 a好", Channel.VOICE)
    assert inspect(voice, compile_plan([base, top])).findings == ()


def test_a_change_of_the_other_rule_is_a_new_version(tmp_path: Path) -> None:
    versions = {
        rules_of(tmp_path, TWO.format(enabled="true", word=word, count=1))[1].rule_version
        for word in ("退款", "退货", "退款")
    }
    assert len(versions) == 2


ASKS = (
    "  - {{id: {0}, version: 1, severity: minor, title: {{zh: 甲, en: A}}, "
    "find: {{finding: {{rule: {1}}}}}}}\n"
)


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([("a", "b")], "unknown_rule"),
        ([("a", "a")], "circle"),
        ([("a", "b"), ("b", "a")], "circle"),
        ([("a", "b"), ("b", "c"), ("c", "b")], "circle"),
    ],
)
def test_names_that_lead_nowhere_or_in_a_circle_are_refused(
    tmp_path: Path, pairs: list[tuple[str, str]], code: str
) -> None:
    text = "rules:\n" + "".join(ASKS.format(*pair) for pair in pairs)
    with pytest.raises(RuleErrors) as caught:
        rules_of(tmp_path, text)
    assert {e.code for e in caught.value.errors} == {code}
    assert all(e.field.endswith("find.finding.rule") for e in caught.value.errors)
