"""Reads a rule file's YAML by what each field is expected to be, and collects every error.

Scalars are taken as written and read by the expected type: ``12315`` and ``No`` in a phrase list
are words, whatever YAML thinks of them. Lines are kept for the errors.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import yaml

from detectors.rule_errors import RuleError

if TYPE_CHECKING:
    from detectors.rule_nodes import Refers

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

MAX_DEPTH = 40  # far beyond any rule a person can read; keeps the parser off the stack's end
_NULL = "tag:yaml.org,2002:null"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


class Refused(Exception):  # noqa: N818 - a control value of this module's reading
    """One field could not be read."""

    def __init__(self, error: RuleError) -> None:
        self.error = error
        super().__init__(error.text("en"))


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the file: what stands there and its path."""

    node: yaml.Node
    path: str

    @property
    def line(self) -> int:
        """Line from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there."""
        return self.node.tag == _NULL

    @property
    def shown(self) -> str:
        """What stands there, for people."""
        if isinstance(self.node, yaml.MappingNode):
            keys = ", ".join(str(key.value) for key, _ in self.node.value)
            return f"the fields {keys}" if keys else "an empty mapping"
        if isinstance(self.node, yaml.SequenceNode):
            return f"a list of {len(self.node.value)}"
        return "nothing" if self.is_empty else repr(self.node.value)


@dataclass(slots=True)
class Reading:
    """One file being read.

    Attributes:
        errors: What was refused so far.
        references: The parts that ask another rule, and where they name it.
    """

    file: str
    errors: list[RuleError] = field(default_factory=list)
    references: list[tuple[Slot, Refers]] = field(default_factory=list)

    def refused(self, slot: Slot, code: str, allowed: str, *, found: str | None = None) -> Refused:
        """Return the refusal of what stands at ``slot``; the caller raises or collects it."""
        shown = slot.shown if found is None else found
        return Refused(RuleError(self.file, slot.line, slot.path, code, shown, allowed))

    def tried(self, read: Callable[[Slot], T], slot: Slot) -> T | None:
        """Return ``read(slot)``; None, with the error collected, where it was refused."""
        try:
            return read(slot)
        except Refused as refusal:
            self.errors.append(refusal.error)
            return None

    def compose(self, path: Path) -> Slot | None:
        """Return the file's root, or None with the errors collected."""
        try:
            text = path.read_text("utf-8-sig")
            self._check_events(text)
            node = yaml.compose(text, Loader=_LOADER)
        except (OSError, UnicodeDecodeError) as error:
            self._collect(1, "unreadable", type(error).__name__, "a UTF-8 text file")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = error.problem or "something that is not YAML"
            found = f'what the YAML parser calls "{said}"'
            self._collect(mark.line + 1 if mark else 1, "not_yaml", found, "YAML")
        except yaml.YAMLError as error:
            self._collect(1, "not_yaml", str(error).splitlines()[0], "YAML")
        except Refused as refusal:
            self.errors.append(refusal.error)
        else:
            if node is not None:
                return Slot(node, "file")
            self._collect(1, "missing_field", "an empty file", "rules")
        return None

    def _collect(self, line: int, code: str, found: str, allowed: str) -> None:
        self.errors.append(RuleError(self.file, line, "file", code, found, allowed))

    def _check_events(self, text: str) -> None:
        """Refuse aliases (they can blow up a small file) and bottomless nesting."""
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise Refused(
                    RuleError(self.file, line, "file", "alias", f"*{event.anchor}", "plain values")
                )
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                allowed = f"up to {MAX_DEPTH} levels"
                raise Refused(
                    RuleError(self.file, line, "file", "too_deep", "more levels", allowed)
                )

    def fields(
        self,
        slot: Slot,
        allowed: Collection[str],
        *,
        required: Iterable[str] = (),
        unknown: str = "unknown_field",
    ) -> dict[str, Slot]:
        """Return the mapping's known fields; unknown, double and missing ones are collected.

        Args:
            slot: Where the mapping stands.
            allowed: The names it may have.
            required: Those that it must have.
            unknown: Code for a name that it may not have.

        Raises:
            Refused: It is no mapping.
        """
        if not isinstance(slot.node, yaml.MappingNode):
            raise self.refused(slot, "wrong_type", f"a mapping with {', '.join(allowed)}")
        found: dict[str, Slot] = {}
        for key, value in slot.node.value:
            name = str(key.value)
            here = Slot(value, f"{slot.path}.{name}" if slot.path != "file" else name)
            at_key = Slot(key, here.path)
            if name not in allowed:
                # {zh: 请稍等, 好吗}: the comma has ended the value and begun a field
                is_text = unknown == "unknown_field" and here.is_empty and slot.node.flow_style
                code = "comma" if is_text else unknown
                near = get_close_matches(name, allowed, n=1)
                names = ", ".join(allowed) + (f" (nearest: {near[0]})" if near else "")
                self.errors.append(self.refused(at_key, code, names).error)
            elif name in found:
                self.errors.append(self.refused(at_key, "duplicate_field", "one").error)
            else:
                found[name] = here
        for name in required:
            if name not in found:
                missing = Slot(slot.node, f"{slot.path}.{name}")
                self.errors.append(
                    self.refused(missing, "missing_field", name, found="nothing").error
                )
        return found

    def items(self, slot: Slot) -> list[Slot]:
        """Return a list's entries; raises Refused where it is none."""
        if not isinstance(slot.node, yaml.SequenceNode):
            raise self.refused(slot, "wrong_type", "a list")
        return [Slot(node, f"{slot.path}[{i}]") for i, node in enumerate(slot.node.value)]

    def text(self, slot: Slot) -> str:
        """Return the scalar as written; raises Refused where it is empty or no scalar."""
        if not isinstance(slot.node, yaml.ScalarNode) or slot.is_empty or not slot.node.value:
            raise self.refused(slot, "wrong_type", "text")
        return str(slot.node.value)

    def texts(self, slot: Slot) -> tuple[str, ...]:
        """Return a list of texts; one text alone is a list of one."""
        if isinstance(slot.node, yaml.ScalarNode):
            return (self.text(slot),)
        return tuple(t for s in self.items(slot) if (t := self.tried(self.text, s)) is not None)

    def number(self, slot: Slot) -> float:
        """Return a finite number."""
        text = self.text(slot)
        if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            raise self.refused(slot, "wrong_type", "a number")
        return float(text)

    def whole(self, slot: Slot) -> int:
        """Return a whole number."""
        value = self.number(slot)
        if not value.is_integer():
            raise self.refused(slot, "wrong_type", "a whole number")
        return int(value)

    def flag(self, slot: Slot) -> bool:
        """Return true or false."""
        text = self.text(slot).lower()
        if text not in {"true", "false"}:
            raise self.refused(slot, "wrong_type", "true or false")
        return text == "true"

    def choice(self, slot: Slot, choices: type[E]) -> E:
        """Return one of an enumeration's values."""
        text = self.text(slot)
        if text not in {c.value for c in choices}:
            raise self.refused(slot, "not_a_choice", ", ".join(c.value for c in choices))
        return choices(text)


_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
