"""A rule that is not asked would have said nothing: over every example of every pack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.features import Features
from detectors.inspection import compile_plan
from detectors.rule_tree import NOTHING, answer
from detectors.rules import Rule, load_rules, pack_paths
from interactions.interaction import Channel, Language

RULES = load_rules(list(pack_paths().values())).rules
PLAN = compile_plan(RULES)


@pytest.mark.parametrize("change", [{}, {"trust": 0.2}, {"role_confidence": 0.2}], ids=str)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_a_rule_that_sleeps_has_nothing_to_say(rule: Rule, change: dict[str, float]) -> None:
    for example in (*rule.examples.hit, *rule.examples.miss):
        made = example.interaction(Channel.VOICE, rule.language or Language.UNKNOWN)
        features = Features(replace(made, **change), PLAN.lexicon)
        asleep = set(range(len(PLAN.rules))) - set(PLAN.waking.awake(features))
        for number in sorted(asleep):
            assert answer(PLAN.rules[number].tree, features) == NOTHING


def test_most_rules_sleep_through_a_word_that_is_none_of_theirs() -> None:
    example = replace(RULES[0].examples.hit[0], says=())
    features = Features(example.interaction(Channel.CHAT, Language.ZH), PLAN.lexicon)
    every = len(PLAN.rules)
    assert len(PLAN.waking.awake(features)) == every  # without words they all have to say so
    spoken = RULES[0].examples.hit[0].interaction(Channel.CHAT, Language.ZH)
    quiet = Features(replace(spoken, utterances=spoken.utterances[:1]), PLAN.lexicon)
    assert len(PLAN.waking.awake(quiet)) < every * 2 // 3
