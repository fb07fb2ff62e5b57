"""Rules that can be asked of a chat that still runs: what was said stays said.

A rule is asked while a chat runs only where nothing that comes later can take its finding back: no
``not``, nothing missing, no place counted from an end, no ``every``. All others wait for the end.
So do Amazon's: "only phrases that were mentioned" in real time (Contact Lens).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from detectors.evidence import Evidence, Severity
from detectors.features import Features
from detectors.inspection import Plan, answers, compile_plan
from detectors.place import Place
from detectors.rule_nodes import All, Anchored, Any, InSequence, Leaf, Near, Node, Only, Refers
from detectors.rules import Rule
from interactions.interaction import Interaction
from pipelines.alert_settings import LEVELS, AlertSettings

SAID = frozenset({"phrase", "regex", "proximity", "similar", "entity"})
"""Detectors that find words where they stand."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A rule that found something in a running chat."""

    rule: Rule
    evidence: Evidence


class Asked:
    """The rules that alarm and can be asked of running chats.

    Args:
        plan: The centre's rules.
        alerts: Which of them alarm.
        demoted: Rules that verdicts made hints.
    """

    def __init__(self, plan: Plan, alerts: AlertSettings, demoted: Collection[str] = ()) -> None:
        rules = [
            rule
            for rule in plan.rules
            if _alarms(rule, alerts) and rule.rule_id not in demoted and stays_said(rule.tree)
        ]
        self._plan = compile_plan(rules, plan.mood, plan.taxonomy)

    @property
    def rules(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(rule.rule_id for rule in self._plan.rules)

    def may_say(self, line: Interaction) -> bool:
        """Whether a new message may make any of the rules find something.

        What a rule finds because of a message needs one of its phrases, or a sign that the plan has
        no list of phrases for, in that message.
        """
        if not self._plan.rules:
            return False
        features = self._features(line)
        return bool(features.heard) or bool(self._plan.waking.awake(features))

    def hear(self, running: Interaction) -> Iterator[Heard]:
        """Yield each rule that finds something in what was said so far, once."""
        for number, said in answers(self._features(running), self._plan):
            if said.groups:
                rule = self._plan.rules[number]
                yield Heard(rule, min(said.groups[0], key=lambda one: one.start_ms))

    def _features(self, one: Interaction) -> Features:
        return Features(one, self._plan.lexicon, self._plan.mood, self._plan.taxonomy)


def _alarms(rule: Rule, alerts: AlertSettings) -> bool:
    own = alerts.rules.get(rule.rule_id)
    if own is not None and own.level:
        return own.level != "off"
    if alerts.findings == "off":
        return False
    ranks = [Severity(one) for one in LEVELS]
    return ranks.index(rule.severity) >= LEVELS.index(alerts.findings)


def stays_said(node: Node) -> bool:
    """Whether what a tree finds in a chat that runs is found in the whole chat too."""
    match node:
        case Leaf(name, detector):
            place = getattr(detector, "within", None)
            excluded = getattr(detector, "none", ())
            return name in SAID and not isinstance(place, Place) and not excluded
        case All(parts) | Any(parts) | InSequence(steps=parts) | Near(parts=parts):
            return all(stays_said(part) for part in parts)
        case Anchored():
            is_steady = not node.missing and node.hit not in {"every", "last"}
            return is_steady and stays_said(node.anchor) and stays_said(node.find)
        case Only():
            is_steady = node.within is None and not node.every_message
            return is_steady and stays_said(node.find)
        case Refers():
            return node.link.rule is not None and stays_said(node.link.rule.tree)
        case _:
            return False
