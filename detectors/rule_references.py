"""Rules that ask other rules: every name is known, and no rule asks itself round a corner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from detectors.rule_errors import RuleError
from detectors.rule_nodes import Referred, references
from detectors.rule_reading import Reading

_MOST_NAMED = 20  # ids in one error; beyond that the nearest says more


class Named(Referred, Protocol):
    """A rule as far as it is needed here."""

    @property
    def rule_id(self) -> str:
        """The rule's id."""
        ...


def link_rules(readings: Sequence[Reading], rules: Mapping[str, Named]) -> list[RuleError]:
    """Tie every part that asks a rule to that rule; return what cannot be tied.

    Args:
        readings: The files, all read without an error.
        rules: Every rule of every file by its id.
    """
    asked = {name: [r.rule for r in references(rule.tree)] for name, rule in rules.items()}
    errors: list[RuleError] = []
    for reading in readings:
        for slot, part in reading.references:
            problem = _problem(part.rule, rules, asked)
            if problem:
                errors.append(reading.refused(slot, *problem).error)
            else:
                part.link.rule = rules[part.rule]
    return errors


def _problem(
    rule_id: str, rules: Mapping[str, Named], asked: Mapping[str, Sequence[str]]
) -> tuple[str, str] | None:
    """Return the error's code and what is allowed."""
    if rule_id not in rules:
        near = get_close_matches(rule_id, rules, n=1)
        names = ", ".join(sorted(rules)[:_MOST_NAMED]) + (", …" if len(rules) > _MOST_NAMED else "")
        return "unknown_rule", names + (f" (nearest: {near[0]})" if near else "")
    circle = _circle(rule_id, asked)
    return ("circle", f"a rule that does not ask back ({' → '.join(circle)})") if circle else None


def _circle(start: str, asked: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the way from ``start`` back to itself; nothing where there is none."""
    ways = [[start, name] for name in asked[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, name] for name in asked.get(way[-1], ())]
    return []
