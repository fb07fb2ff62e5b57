"""A rule's own examples, tried: the shipped packs' all pass, and the deciding words are named."""

from __future__ import annotations

from pathlib import Path

from detectors.rules import load_rules
from detectors.trials import trials

RULES = """rules:
  - id: r
    version: 1
    title: {zh: 名, en: name}
    severity: minor
    language: en
    when: {channels: [chat], queues: [billing]}
    enabled: false
    find:
      all:
        - phrase: {party: customer, any: [投诉, 退款]}
        - not: {phrase: {party: agent, any: [抱歉]}}
    examples:
      hit:
        - [{customer: 我要投诉和退款}, {agent: 嗯}]
        - {customer: 你好}
      miss:
        - [{customer: 我要投诉}, {agent: 非常抱歉}]
        - {customer: 退款}
        - {unknown: 退款}
"""


def test_each_example_says_what_decided_and_whether_it_is_as_written(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(RULES, encoding="utf-8")
    (rule,) = load_rules([path]).rules
    told = {one.name: one for one in trials(rule)}
    assert {name: one.passed for name, one in told.items()} == {
        "hit[0]": True,
        "hit[1]": False,
        "miss[0]": True,
        "miss[1]": False,
        "miss[2]": True,
    }
    assert [e.quote for e in told["hit[0]"].evidence if e.quote] == ["投诉", "退款"]
    assert [e.quote for e in told["miss[1]"].evidence if e.quote] == ["退款"]
    assert told["miss[2]"].because == "unknown_roles"
