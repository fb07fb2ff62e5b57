"""A rule's tree: detectors combined with all, any and not, under three-valued logic.

An answer is found, not found, or not measured (Kleene's third value). ``any`` is found where one
part is found, even if others were not measured; ``all`` is not found where one part is not found;
``not`` of not measured is not measured. Missing words are only missing where the transcript can be
trusted: under ``not``, a wording detector that finds nothing at low trust is not measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detectors.catalogue import needs_of
from detectors.evidence import Detector, Evidence, Need
from detectors.features import CannotTell, Features

Group = tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a node says.

    Attributes:
        groups: Pieces of evidence that belong together; none where nothing was found.
        because: Why it was not measured (a code of ``detectors.because``); empty otherwise.
    """

    groups: tuple[Group, ...] = ()
    because: str = ""


NOTHING = Answer()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One detector with its parameters."""

    name: str
    detector: Detector


@dataclass(frozen=True, slots=True)
class All:
    """Found where every part is found; the parts' evidence is one group."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Found where a part is found; the parts' groups stay apart."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Found, over the whole interaction, where the part was measured and not found."""

    part: Node


Node = Leaf | All | Any | Not


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the detectors of a tree, in order."""
    match node:
        case Leaf():
            yield node
        case Not(part):
            yield from leaves(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves(part)


def answer(node: Node, features: Features, *, below_not: bool = False) -> Answer:
    """Return what ``node`` says about an interaction.

    Args:
        node: The tree.
        features: The interaction.
        below_not: Whether the absence of something is asked for further up.
    """
    match node:
        case Leaf():
            return _leaf(node, features, below_not=below_not)
        case All(parts):
            return _all([answer(p, features, below_not=below_not) for p in parts])
        case Any(parts):
            return _any([answer(p, features, below_not=below_not) for p in parts])
        case Not(part):
            return _not(answer(part, features, below_not=True), features)


def _leaf(leaf: Leaf, features: Features, *, below_not: bool) -> Answer:
    needs = needs_of(leaf.detector)
    lacking = features.lacks(needs)
    if lacking:
        return Answer(because=lacking)
    try:
        groups = tuple((evidence,) for evidence in leaf.detector.find(features))
    except CannotTell as reason:
        return Answer(because=reason.because)
    if not groups and below_not and Need.TEXT in needs:
        return Answer(because=features.lacks(frozenset({Need.TRUST})) or "")
    return Answer(groups)


def _all(answers: list[Answer]) -> Answer:
    if any(not a.groups and not a.because for a in answers):
        return NOTHING
    because = next((a.because for a in answers if a.because), "")
    if because:
        return Answer(because=because)
    return Answer((in_order(e for a in answers for group in a.groups for e in group),))


def _any(answers: list[Answer]) -> Answer:
    groups = tuple(dict.fromkeys(group for a in answers for group in a.groups))
    if groups:
        return Answer(tuple(sorted(groups, key=lambda group: _place(group[0]))))
    return Answer(because=next((a.because for a in answers if a.because), ""))


def _not(inner: Answer, features: Features) -> Answer:
    if inner.because:
        return inner
    if inner.groups:
        return NOTHING
    whole = Evidence(start_ms=0, end_ms=features.interaction.duration_ms, because="absent")
    return Answer(((whole,),))


def in_order(evidence: Iterator[Evidence] | tuple[Evidence, ...]) -> Group:
    """Return the evidence in time order, each piece once."""
    return tuple(sorted(dict.fromkeys(evidence), key=_place))


def _place(evidence: Evidence) -> tuple[int, int, int, str, str]:
    seq = -1 if evidence.utterance_seq is None else evidence.utterance_seq
    return evidence.start_ms, seq, evidence.end_ms, evidence.because, evidence.quote
