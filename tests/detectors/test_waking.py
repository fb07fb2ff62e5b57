"""Only rules that something was said for are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from detectors.examples import Example, Line
from detectors.features import Features
from detectors.inspection import answers, compile_plan
from detectors.rules import Rule, load_rules
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party

A, C = Party.AGENT, Party.CUSTOMER


def talk(*pairs: tuple[Party, str], channel: Channel = Channel.VOICE) -> Interaction:
    example = Example(says=tuple(Line(party, text) for party, text in pairs))
    return example.interaction(channel, Language.ZH)


RULES = """
rules:
  - {id: a, version: 1, severity: minor, title: {zh: 甲, en: A}, find: {phrase: {any: 投诉}}}
  - {id: b, version: 1, severity: minor, title: {zh: 乙, en: B}, find: {phrase: {any: 退款}}}
  - {id: c, version: 1, severity: minor, title: {zh: 丙, en: C}, find: {not: {phrase: {any: 退款}}}}
  - id: d
    version: 1
    severity: minor
    title: {zh: 丁, en: D}
    find: {all: [{phrase: {any: 投诉}}, {missing_phrase: {any: 您好}}]}
  - id: e
    version: 1
    severity: minor
    title: {zh: 戊, en: E}
    find: {any: [{phrase: {any: 退款}}, {phrase: {any: 快递, party: customer}}]}
"""


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Rule, ...]:
    path = tmp_path / "r.yaml"
    path.write_text(RULES, "utf-8")
    return load_rules([path]).rules


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (lambda one: one, ["a", "c", "d"]),
        (lambda one: replace(one, role_confidence=0.1), ["a", "c", "d", "e"]),
        (lambda one: replace(one, utterances=()), ["a", "b", "c", "d", "e"]),
    ],
)
def test_only_rules_that_can_say_something_are_asked(
    rules: tuple[Rule, ...], change: Callable[[Interaction], Interaction], asked: list[str]
) -> None:
    plan = compile_plan(rules)
    features = Features(change(talk((C, "我要头诉"), (A, "您好"))), plan.lexicon)
    assert [plan.rules[number].rule_id for number, _ in answers(features, plan)] == asked
