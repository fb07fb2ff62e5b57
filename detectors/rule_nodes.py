"""The parts of a rule's tree: detectors, and the ways to combine them.

The fields of a combination are its parameters in a rule file, as a detector's are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Protocol

from detectors.catalogue import needs_of
from detectors.evidence import Detector, Need
from detectors.parameters import About, Unfit, parameters_of
from detectors.place import Distance, Place
from detectors.rule_orders import Look
from interactions.interaction import Channel
from interactions.sound import Party

if TYPE_CHECKING:
    from interactions.interaction import Interaction, Language

ONE, PARTS = About(part="rule"), About(part="rules")
HITS = ("any", "every", "first", "last")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One detector with its parameters."""

    name: str
    detector: Detector
    needs: frozenset[Need] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", needs_of(self.detector))

    @property
    def inner(self) -> tuple[Node, ...]:
        """The parts below; none."""
        return ()


@dataclass(frozen=True, slots=True)
class All:
    """Found where every part is found; the parts' evidence is one group."""

    parts: tuple[Node, ...]

    @property
    def inner(self) -> tuple[Node, ...]:
        """The parts below."""
        return self.parts


@dataclass(frozen=True, slots=True)
class Any:
    """Found where a part is found; the parts' groups stay apart."""

    parts: tuple[Node, ...]

    @property
    def inner(self) -> tuple[Node, ...]:
        """The parts below."""
        return self.parts


@dataclass(frozen=True, slots=True)
class Not:
    """Found, over the whole interaction, where the part was measured and not found."""

    part: Node

    @property
    def inner(self) -> tuple[Node, ...]:
        """The part below."""
        return (self.part,)


@dataclass(frozen=True, slots=True, kw_only=True)
class InSequence:
    """Found where the steps follow one another, each at most ``within`` after the one before."""

    steps: Annotated[tuple[Node, ...], PARTS]
    within: Distance | None = None

    def __post_init__(self) -> None:
        _check_several("steps", self.steps)

    @property
    def inner(self) -> tuple[Node, ...]:
        """The parts below."""
        return self.steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Found where all parts lie at most ``within`` from the first to the last, in any order."""

    parts: Annotated[tuple[Node, ...], PARTS]
    within: Distance
    same_party: bool = False

    def __post_init__(self) -> None:
        _check_several("parts", self.parts)

    @property
    def inner(self) -> tuple[Node, ...]:
        """The parts below."""
        return self.parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """Found where ``find`` lies (or, with ``missing``, does not lie) as seen from an anchor.

    Attributes:
        hit: Which of the anchor's hits are looked at: ``any`` (each for itself), ``every`` (found
            only where it holds at all of them), ``first``, ``last``, or a number from 1.
        within: How far from the anchor; None for as far as the interaction goes.
    """

    anchor: Annotated[Node, ONE]
    find: Annotated[Node, ONE]
    look: Look = Look.AFTER
    within: Distance | None = None
    hit: str = "any"
    missing: bool = False

    def __post_init__(self) -> None:
        is_number = self.hit.isascii() and self.hit.isdigit() and int(self.hit) > 0
        if self.hit not in HITS and not is_number:
            allowed = f"{', '.join(HITS)}, or a whole number from 1"
            raise Unfit("hit", found=repr(self.hit), allowed=allowed, code="not_a_choice")
        for name, part in (("anchor", self.anchor), ("find", self.find)):
            _check_placed(name, part)

    @property
    def inner(self) -> tuple[Node, ...]:
        """The parts below."""
        return self.anchor, self.find


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Keeps of ``find`` what is one party's, in one place, on some channels, often enough.

    Attributes:
        min_count: How many groups of evidence must be left.
        every_message: Found only where every message of the party in that place holds some.
    """

    find: Annotated[Node, ONE]
    party: Party | None = None
    within: Place | None = None
    channels: tuple[str, ...] = ()
    min_count: Annotated[int, About(unit="hits", low=1)] = 1
    every_message: bool = False

    def __post_init__(self) -> None:
        known = [c.value for c in Channel]
        for channel in self.channels:
            if channel not in known:
                allowed = ", ".join(known)
                raise Unfit("channels", found=channel, allowed=allowed, code="not_a_choice")
        _check_placed("find", self.find)

    @property
    def inner(self) -> tuple[Node, ...]:
        """The part below."""
        return (self.find,)


class Referred(Protocol):
    """What a part that asks another rule knows of that rule."""

    @property
    def rule_version(self) -> str:
        """The rule's version."""
        ...

    @property
    def tree(self) -> Node:
        """The rule's tree."""
        ...

    def applies(self, interaction: Interaction, language: Language) -> bool:
        """Tell whether the rule is for this interaction."""
        ...


@dataclass(slots=True)
class Link:
    """The rule that a part asks, once all rules are read."""

    rule: Referred | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refers:
    """Found where another rule finds something; its evidence is the other rule's.

    A rule that is not for this interaction has found nothing in it.
    """

    rule: str
    min_count: Annotated[int, About(unit="hits", low=1)] = 1
    link: Link = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "link", Link())

    @property
    def inner(self) -> tuple[Node, ...]:
        """The other rule's tree."""
        return (self.link.rule.tree,) if self.link.rule else ()


Node = Leaf | All | Any | Not | InSequence | Near | Anchored | Only | Refers

COMBINED: Mapping[str, type] = MappingProxyType(
    {
        "sequence": InSequence,
        "near": Near,
        "anchor": Anchored,
        "only": Only,
        "finding": Refers,
    }
)
"""The combinations that have parameters, by their name in a rule file."""
LISTS: Mapping[str, type[All | Any]] = MappingProxyType({"all": All, "any": Any})


def _check_several(name: str, parts: tuple[Node, ...]) -> None:
    least = 2
    if len(parts) < least:
        allowed = "at least two parts"
        raise Unfit(name, found=f"{len(parts)}", allowed=allowed, code="out_of_range")
    for part in parts:
        _check_placed(name, part)


def _check_placed(name: str, part: Node) -> None:
    """Refuse ``not`` where a place in time is needed: what is absent is nowhere."""
    if isinstance(part, Not):
        allowed = "what has a place in time; for 'not there', anchor with missing: true"
        raise Unfit(name, found="not", allowed=allowed, code="not_placed")


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the detectors of a tree, in order, those of the rules that it asks included."""
    if isinstance(node, Leaf):
        yield node
    for part in node.inner:
        yield from leaves(part)


def references(node: Node) -> Iterator[Refers]:
    """Yield the parts of a tree that ask another rule."""
    if isinstance(node, Refers):
        yield node
        return
    for part in node.inner:
        yield from references(part)


def plain(node: Node) -> list[object]:
    """Return the tree as plain lists, with every parameter, defaults included."""
    if isinstance(node, Leaf):
        names = sorted(parameters_of(type(node.detector)))
        return [node.name, {n: _json(getattr(node.detector, n)) for n in names}]
    if isinstance(node, (All, Any, Not)):
        parts = [plain(part) for part in node.inner]
        return ["not", parts[0]] if isinstance(node, Not) else [type(node).__name__.lower(), parts]
    name = next(name for name, kind in COMBINED.items() if type(node) is kind)
    kind: type = COMBINED[name]
    values = {n: _json(getattr(node, n)) for n in parameters_of(kind)}
    if isinstance(node, Refers) and node.link.rule:
        values["rule_version"] = node.link.rule.rule_version
    return [name, values]


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    if isinstance(value, Node):
        return plain(value)
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def as_text(tree: Node) -> str:
    """Return ``plain`` as JSON, the same on every machine."""
    return json.dumps(plain(tree), ensure_ascii=True, sort_keys=True)
