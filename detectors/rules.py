"""Rules: what inspectors write in YAML, read whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from functools import partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any as Anything

from detectors.evidence import Severity
from detectors.examples import Examples, read_examples
from detectors.rule_errors import RuleErrors
from detectors.rule_fields import (
    read_conditions,
    read_id,
    read_language,
    read_titles,
    read_version,
)
from detectors.rule_nodes import Node, plain
from detectors.rule_parts import read_node
from detectors.rule_reading import Reading, Slot
from detectors.rule_references import link_rules
from interactions.interaction import Interaction, Language


class Cause(StrEnum):
    """Where the root of a confirmed finding most likely lies: a hint for the reviewer."""

    PEOPLE = "people"
    TRAINING = "training"
    PROCESS = "process"
    MECHANISM = "mechanism"


class Findings(StrEnum):
    """How many findings a rule makes of several pieces of evidence in one interaction."""

    ONE = "one"
    EACH = "each"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Which interactions a rule is for; an empty field means all.

    A rule for one queue does not apply to an interaction whose queue is not known.

    Attributes:
        directions: Values of the attribute ``direction``.
        attributes: Attribute name → allowed values, compared as text.
    """

    channels: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, interaction: Interaction) -> bool:
        """Tell whether a rule with this condition applies to ``interaction``."""
        if self.channels and interaction.channel.value not in self.channels:
            return False
        named = (self.queues, self.teams, self.agents, self.products, self.directions)
        if not (self.attributes or any(named)):
            return True  # the usual rule: asked of every interaction, so worth a short cut
        known = interaction.attributes
        pairs = (
            (self.queues, interaction.queue),
            (self.teams, interaction.team),
            (self.agents, interaction.agent),
            (self.products, interaction.product),
            (self.directions, known.get("direction")),
            *((values, known.get(name)) for name, values in self.attributes.items()),
        )
        return all(not values or _text(value) in values for values, value in pairs)


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as it is written.

    Attributes:
        version: The author's own number, from 1.
        title: By language, ``zh`` and ``en``; ``reason`` (why it matters) likewise.
        language: ``zh`` or ``en``; None for rules on sound and time that hold for all.
        cause: Hint for the reviewer; None where the author gives none.
        findings: One finding per interaction, or one for each piece of evidence.
        source: File it was read from, without its folder.
    """

    rule_id: str
    version: int
    title: Mapping[str, str]
    severity: Severity
    tree: Node
    reason: Mapping[str, str] = field(default_factory=dict)
    language: Language | None = None
    when: When = field(default_factory=When)
    coaching_topic: str = ""
    cause: Cause | None = None
    findings: Findings = Findings.ONE
    enabled: bool = True
    examples: Examples = field(default_factory=Examples)
    source: str = ""

    @property
    def rule_version(self) -> str:
        """``<version>-<8 hex digits>`` of what decides its findings.

        Titles, reasons, examples and coaching topics may change without a new version; a changed
        word, threshold, default, severity or condition never goes unseen.
        """
        when = asdict(self.when) | {"attributes": dict(self.when.attributes)}
        body = [plain(self.tree), when, self.language, self.severity, self.findings]
        text = json.dumps(body, ensure_ascii=True, sort_keys=True)
        return f"{self.version}-{sha256(text.encode()).hexdigest()[:8]}"

    def applies(self, interaction: Interaction, language: Language) -> bool:
        """Tell whether this rule is for ``interaction``, whose words are in ``language``."""
        open_languages = (self.language, Language.MIXED, Language.UNKNOWN)
        return (self.language is None or language in open_languages) and self.when.holds(
            interaction
        )


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of all files, in the order of the files."""

    rules: tuple[Rule, ...]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    @property
    def enabled(self) -> tuple[Rule, ...]:
        """The rules that are switched on."""
        return tuple(rule for rule in self.rules if rule.enabled)


def pack_paths() -> Mapping[str, Path]:
    """Return the shipped packs: name → file. Users edit copies."""
    folder = Path(str(files("detectors"))) / "packs"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_rules(paths: Sequence[Path]) -> RuleBook:
    """Return every rule of ``paths``.

    Raises:
        RuleErrors: All errors of all files at once; then nothing is loaded.
    """
    readings = [Reading(path.name) for path in paths]
    rules: list[Rule] = []
    places: dict[str, str] = {}
    for reading, path in zip(readings, paths, strict=True):
        root = reading.compose(path)
        found = reading.tried(partial(_read_file, reading), root) if root else None
        for slot, rule in found or ():
            first = places.setdefault(rule.rule_id, f"{reading.file}:{slot.line}")
            if first != f"{reading.file}:{slot.line}":
                at = Slot(slot.node, f"{slot.path}.id")
                allowed = f"an id of its own; {first} has this one"
                found_id = repr(rule.rule_id)
                refusal = reading.refused(at, "duplicate_id", allowed, found=found_id)
                reading.errors.append(refusal.error)
            rules.append(rule)
    errors = [error for reading in readings for error in reading.errors]
    errors = errors or link_rules(readings, {rule.rule_id: rule for rule in rules})
    if errors:
        raise RuleErrors(errors)
    return RuleBook(tuple(rules))


def _read_file(reading: Reading, root: Slot) -> list[tuple[Slot, Rule]]:
    top = reading.fields(root, ("rules",), required=("rules",))
    slots = reading.items(top["rules"]) if "rules" in top else []
    read = [(slot, reading.tried(partial(_read_rule, reading), slot)) for slot in slots]
    return [(slot, rule) for slot, rule in read if rule is not None]


FIELDS = (
    *("id", "version", "title", "severity", "find", "reason", "language", "when"),
    *("coaching_topic", "cause", "findings", "enabled", "examples"),
)
REQUIRED = ("id", "version", "title", "severity", "find")


def _read_rule(reading: Reading, slot: Slot) -> Rule | None:
    before = len(reading.errors)
    given = reading.fields(slot, FIELDS, required=REQUIRED)
    values = {n: reading.tried(partial(_READERS[n], reading), s) for n, s in given.items()}
    if len(reading.errors) > before:
        return None
    renamed: dict[str, Anything] = {_RENAMED.get(n, n): v for n, v in values.items()}
    return Rule(**renamed, source=reading.file)


_RENAMED = {"id": "rule_id", "find": "tree"}


def _read_when(reading: Reading, slot: Slot) -> When:
    return When(**read_conditions(reading, slot, tuple(f.name for f in fields(When))))


_READERS: Mapping[str, Anything] = {
    "id": read_id,
    "version": read_version,
    "title": read_titles,
    "severity": lambda reading, slot: reading.choice(slot, Severity),
    "find": read_node,
    "reason": read_titles,
    "language": read_language,
    "when": _read_when,
    "coaching_topic": Reading.text,
    "cause": lambda reading, slot: reading.choice(slot, Cause),
    "findings": lambda reading, slot: reading.choice(slot, Findings),
    "enabled": Reading.flag,
    "examples": read_examples,
}
