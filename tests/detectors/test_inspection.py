"""Trees under three-valued logic, plans, findings."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

from detectors.evidence import Evidence, Need, Severity
from detectors.examples import Example, Line
from detectors.features import CannotTell, Features
from detectors.inspection import ENGINE, compile_plan, failed_examples, inspect
from detectors.rule_nodes import All, Any, Leaf, Node, Not
from detectors.rule_tree import answer
from detectors.rules import Findings, Rule, When, load_rules
from detectors.wording.phrase import Phrase
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party

A, C = Party.AGENT, Party.CUSTOMER


@dataclass(frozen=True)
class Fixed:
    """A detector whose answer is set: found at ``at_ms``, nothing, or not measured."""

    NEEDS: ClassVar[frozenset[Need]] = frozenset()

    at_ms: int | None = None
    cannot: bool = False

    def find(self, features: Features) -> Iterator[Evidence]:
        assert features.utterances is not None
        if self.cannot:
            raise CannotTell("too_little_speech")
        if self.at_ms is not None:
            yield Evidence(start_ms=self.at_ms, end_ms=self.at_ms, because="phrase")


YES, LATER = Leaf("fixed", Fixed(at_ms=100)), Leaf("fixed", Fixed(at_ms=200))
NO, CANNOT = Leaf("fixed", Fixed()), Leaf("fixed", Fixed(cannot=True))


def talk(*pairs: tuple[Party, str]) -> Interaction:
    says = tuple(Line(party, text) for party, text in pairs)
    return Example(says=says).interaction(Channel.VOICE, Language.ZH)


TALK = talk((A, "您好"), (C, "我要投诉"), (C, "投诉你们"))


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        (YES, [[100]]),
        (NO, []),
        (CANNOT, None),
        (Any((YES, LATER)), [[100], [200]]),
        (Any((LATER, YES, YES)), [[100], [200]]),
        (Any((YES, CANNOT)), [[100]]),
        (Any((NO, CANNOT)), None),
        (Any((NO, NO)), []),
        (All((LATER, YES)), [[100, 200]]),
        (All((YES, NO)), []),
        (All((NO, CANNOT)), []),
        (All((CANNOT, NO)), []),
        (All((YES, CANNOT)), None),
        (Not(NO), [[0]]),
        (Not(YES), []),
        (Not(CANNOT), None),
        (Not(Not(YES)), [[0]]),
        (All((YES, Not(NO))), [[0, 100]]),
        (Not(Any((NO, CANNOT))), None),
        (Not(All((NO, CANNOT))), [[0]]),
    ],
)
def test_three_valued_logic(tree: Node, said: list[list[int]] | None) -> None:
    result = answer(tree, Features(TALK))
    if said is None:
        assert (result.groups, result.because) == ((), "too_little_speech")
    else:
        assert [[e.start_ms for e in group] for group in result.groups] == said
        assert result.because == ""


def rule(tree: Node, **more: object) -> Rule:
    values: dict[str, object] = {
        "rule_id": "r",
        "version": 1,
        "title": {"zh": "规", "en": "R"},
        "severity": Severity.MAJOR,
        "tree": tree,
    }
    return Rule(**(values | more))


SAID = Leaf("phrase", Phrase(any=("投诉",)))


def test_one_finding_or_one_for_each() -> None:
    (one,) = inspect(TALK, compile_plan([rule(SAID)])).findings
    assert [e.utterance_seq for e in one.evidence] == [1, 2]
    assert (one.rule_id, one.severity, one.engine) == ("r", Severity.MAJOR, ENGINE)
    assert one.rule_version == rule(SAID).rule_version
    each = inspect(TALK, compile_plan([rule(SAID, findings=Findings.EACH)])).findings
    assert [[e.utterance_seq for e in f.evidence] for f in each] == [[1], [2]]
    assert len({f.finding_id for f in each}) == 2


def test_same_input_same_output() -> None:
    plan = compile_plan([rule(SAID)])
    assert inspect(TALK, plan) == inspect(TALK, compile_plan([rule(SAID)]))
    travelled = deepcopy(plan)  # by the same protocol as pickling
    assert travelled.key == plan.key
    assert inspect(TALK, travelled) == inspect(TALK, plan)


def test_plan_key_is_that_of_its_rules_in_any_order() -> None:
    one, two = rule(SAID), rule(SAID, rule_id="other")
    assert compile_plan([one, two]).key == compile_plan([two, one]).key
    assert compile_plan([one]).key != compile_plan([two]).key
    assert compile_plan([one, replace(two, enabled=False)]).key == compile_plan([one]).key
    assert [r.title["en"] for r in compile_plan([one]).rules] == ["R"]


def test_not_measured_is_told() -> None:
    mono = replace(TALK, utterances=(), trust=None)
    (told,) = inspect(mono, compile_plan([rule(SAID)])).not_measured
    assert (told.rule_id, told.because) == ("r", "no_words")


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        (When(), True),
        (When(channels=("voice",)), True),
        (When(channels=("chat", "email")), False),
        (When(queues=("售后",)), True),
        (When(queues=("售前",)), False),
        (When(teams=("a",)), False),
        (When(directions=("inbound",)), True),
        (When(directions=("outbound",)), False),
        (When(attributes={"region": ("1", "2")}), True),
        (When(attributes={"vip": ("true",)}), True),
        (When(attributes={"missing": ("1",)}), False),
    ],
)
def test_when(when: When, *, applies: bool) -> None:
    attributes = {"direction": "inbound", "region": 1, "vip": True}
    interaction = replace(TALK, queue="售后", attributes=attributes)
    found = inspect(interaction, compile_plan([rule(SAID, when=when)]))
    assert bool(found.findings) is applies
    assert found.not_measured == ()


@pytest.mark.parametrize(
    ("language", "spoken", "applies"),
    [
        (None, Language.EN, True),
        (Language.ZH, Language.ZH, True),
        (Language.ZH, Language.MIXED, True),
        (Language.ZH, Language.EN, False),
        (Language.ZH, Language.UNKNOWN, True),
        (Language.EN, Language.UNKNOWN, False),
    ],
)
def test_language(language: Language | None, spoken: Language, *, applies: bool) -> None:
    found = inspect(replace(TALK, language=spoken), compile_plan([rule(SAID, language=language)]))
    assert bool(found.findings) is applies


def test_examples_that_fail_are_named(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(
        "rules:\n"
        "  - {id: a, version: 1, severity: minor, title: {zh: 甲, en: A},\n"
        "     find: {phrase: {any: 投诉}}, examples: {\n"
        "       hit: [{customer: 投诉}, {customer: 投递}],\n"
        "       miss: [{customer: 投递}, [{agent: 好}, {customer: 要投诉}]]}}\n",
        "utf-8",
    )
    assert failed_examples(load_rules([path]).rules[0]) == ["hit[1]", "miss[1]"]
