"""What a rule's tree says about an interaction, under three-valued logic.

An answer is found, not found, or not measured (Kleene's third value). ``any`` is found where one
part is found, even if others were not measured; ``all`` is not found where one part is not found;
``not`` of not measured is not measured. ``sequence``, ``near``, ``anchor`` and ``only`` go by the
same rules for their parts. Missing words are only missing where the transcript can be trusted:
under ``not``, wording that is not found at low trust is not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any as Anything
from typing import NamedTuple

from detectors.evidence import Evidence, Need
from detectors.features import PERSONS, CannotTell, Features
from detectors.rule_nodes import (
    All,
    Anchored,
    Any,
    InSequence,
    Leaf,
    Near,
    Node,
    Not,
    Only,
    Refers,
    leaves,
)
from detectors.rule_orders import (
    Course,
    Group,
    Spot,
    chains,
    clusters,
    in_order,
    joined_groups,
    place_of,
    seen_from,
)
from interactions.interaction import Utterance
from interactions.sound import Span


class Answer(NamedTuple):
    """What a node says.

    Attributes:
        groups: Pieces of evidence that belong together; none where nothing was found.
        because: Why it was not measured (a code of ``detectors.because``); empty otherwise.
    """

    groups: tuple[Group, ...] = ()
    because: str = ""


NOTHING = Answer()


def answer(node: Node, features: Features, *, below_not: bool = False) -> Answer:
    """Return what ``node`` says about an interaction.

    Args:
        node: The tree.
        features: The interaction.
        below_not: Whether the absence of something is asked for further up.
    """
    return _said(node, Ask(features, below_not))


class Ask(NamedTuple):
    """What is asked of a node: about which interaction, and whether absence counts further up."""

    features: Features
    below_not: bool


def _said(node: Node, ask: Ask) -> Answer:
    return _SAYS[type(node)](node, ask)


def _leaf(leaf: Leaf, ask: Ask) -> Answer:
    lacking = ask.features.lacks(leaf.needs)
    if lacking:
        return Answer(because=lacking)
    try:
        groups = tuple([(evidence,) for evidence in leaf.detector.find(ask.features)])
    except CannotTell as reason:
        return Answer(because=reason.because)
    return Answer(groups) if groups else _absent(leaf, ask)


def _absent(node: Node, ask: Ask) -> Answer:
    """Say "nothing found", unless it is absence that counts and the words cannot be trusted."""
    untrusted = ask.features.lacks(frozenset({Need.TRUST})) if ask.below_not else None
    if untrusted and any(Need.TEXT in leaf.needs for leaf in leaves(node)):
        return Answer(because=untrusted)
    return NOTHING


def _all(node: All, ask: Ask) -> Answer:
    parts = _every(node.parts, ask)
    if isinstance(parts, Answer):
        return parts
    return Answer((joined_groups([group for groups in parts for group in groups]),))


def _every(parts: Sequence[Node], ask: Ask) -> list[tuple[Group, ...]] | Answer:
    """Return each part's groups, or the answer where not every part is found.

    "Nothing" beats "not measured", and ends the asking: what costs most is best written last.
    """
    found: list[tuple[Group, ...]] = []
    because = ""
    for part in parts:
        said = _said(part, ask)
        if not said.groups and not said.because:
            return NOTHING
        because = because or said.because
        found.append(said.groups)
    return Answer(because=because) if because else found


def _any(node: Any, ask: Ask) -> Answer:
    answers = [_said(part, ask) for part in node.parts]
    groups = tuple(dict.fromkeys(group for a in answers for group in a.groups))
    if groups:
        return Answer(tuple(sorted(groups, key=lambda group: place_of(group[0]))))
    return Answer(because=next((a.because for a in answers if a.because), ""))


def _not(node: Not, ask: Ask) -> Answer:
    inner = _said(node.part, ask._replace(below_not=True))
    if inner.because:
        return inner
    if inner.groups:
        return NOTHING
    whole = Evidence(start_ms=0, end_ms=ask.features.interaction.duration_ms, because="absent")
    return Answer(((whole,),))


def _sequence(node: InSequence, ask: Ask) -> Answer:
    steps = _every(node.steps, ask)
    if isinstance(steps, Answer):
        return steps
    found = chains(_course(ask.features), steps, node.within)
    return Answer(tuple(found)) if found else _absent(node, ask)


def _near(node: Near, ask: Ask) -> Answer:
    parts = _every(node.parts, ask)
    if isinstance(parts, Answer):
        return parts
    found = clusters(_course(ask.features), parts, node.within, same_party=node.same_party)
    return Answer(tuple(found)) if found else _absent(node, ask)


def _anchor(node: Anchored, ask: Ask) -> Answer:
    at = _said(node.anchor, ask)
    if not at.groups:
        return at
    sought = _said(node.find, ask._replace(below_not=ask.below_not or node.missing))
    if sought.because:
        return sought
    course = _course(ask.features)
    others = course.spots(sought.groups)
    anchors = _chosen(course.spots(at.groups), node.hit)
    seen = [(one, seen_from(course, one, others, node.look, node.within)) for one in anchors]
    if node.missing:
        return _missing(node, ask, seen)
    found = [joined_groups([a.group, *(o.group for o in near)]) for a, near in seen if near]
    if not found or (node.hit == "every" and len(found) < len(anchors)):
        return _absent(node, ask)
    return Answer(tuple(found))


def _chosen(anchors: list[Spot], hit: str) -> list[Spot]:
    if hit in {"any", "every"}:
        return anchors
    number = {"first": 0, "last": len(anchors) - 1}.get(hit)
    number = int(hit) - 1 if number is None else number
    return anchors[number : number + 1]


def _missing(node: Anchored, ask: Ask, seen: Sequence[tuple[Spot, Sequence[Spot]]]) -> Answer:
    without = [anchor for anchor, near in seen if not near]
    if not without or (node.hit == "every" and len(without) < len(seen)):
        return NOTHING
    said = _absent(node.find, ask._replace(below_not=True))
    if said.because:
        return said
    return Answer(tuple(_with_gap(node, ask.features, anchor) for anchor in without))


def _with_gap(node: Anchored, features: Features, anchor: Spot) -> Group:
    window = _course(features).window(anchor, node.look, node.within)
    last = anchor.group[-1]
    gap = Evidence(
        start_ms=window.start_ms,
        end_ms=window.end_ms,
        because=f"missing_{node.look}",
        party=last.party,
        utterance_seq=last.utterance_seq,
        quote=last.quote,
    )
    return in_order((*anchor.group, gap))


def _only(node: Only, ask: Ask) -> Answer:
    features = ask.features
    if node.channels and features.interaction.channel.value not in node.channels:
        return NOTHING
    inner = _said(node.find, ask)
    if not inner.groups:
        return inner
    lacking = features.lacks(frozenset({Need.ROLES})) if node.party in PERSONS else None
    if lacking:
        return Answer(because=lacking)
    messages = [u for u in features.utterances if node.party in (None, u.party)]
    inside = _Inside(node, features, messages)
    kept = tuple(group for group in inner.groups if all(inside.has(e) for e in group))
    if len(kept) < node.min_count or not inside.is_everywhere(kept):
        return _absent(node, ask)
    return Answer(kept)


class _Inside:
    """What lies in the place, and is of the party, that ``only`` asks for."""

    def __init__(self, node: Only, features: Features, messages: Sequence[Utterance]) -> None:
        self._node = node
        self._messages = messages
        self._by_seq = {u.seq: u for u in features.utterances}
        place = node.within
        self._window = place.window(features.interaction, messages) if place else None
        self._counted = place.chosen(messages) if place else frozenset()

    def has(self, evidence: Evidence) -> bool:
        """Tell whether the evidence is of the party and in the place."""
        party, seq = self._node.party, evidence.utterance_seq
        if party is not None and evidence.party is not party:
            return False
        utterance = None if seq is None else self._by_seq.get(seq)
        return self._is_there(Span(evidence.start_ms, evidence.end_ms), utterance)

    def _is_there(self, span: Span, utterance: Utterance | None) -> bool:
        place, window = self._node.within, self._window
        if place is None or window is None:
            return True
        if utterance is None:
            return window.start_ms <= span.start_ms <= window.end_ms
        return place.has(span, utterance, window, self._counted)

    def is_everywhere(self, groups: Sequence[Group]) -> bool:
        """Tell whether every message in the place holds evidence, where that is asked for."""
        if not self._node.every_message:
            return True
        held = {e.utterance_seq for group in groups for e in group}
        inside = [u for u in self._messages if self._is_there(Span(u.start_ms, u.end_ms), u)]
        return all(u.seq in held for u in inside)


def _finding(node: Refers, ask: Ask) -> Answer:
    rule, features = node.link.rule, ask.features
    if rule is None or not rule.applies(features.interaction, features.language):
        return NOTHING
    said = answer_of(rule.tree, features, below_not=ask.below_not)
    enough = not said.groups or len(said.groups) >= node.min_count
    return said if enough else _absent(node, ask)


def answer_of(tree: Node, features: Features, *, below_not: bool = False) -> Answer:
    """Return what a rule's whole tree says, worked out once however many rules ask for it."""
    return features.once(
        ("answer", id(tree), below_not), lambda: answer(tree, features, below_not=below_not)
    )


def _course(features: Features) -> Course:
    return features.once("course", lambda: Course(features))


_SAYS: dict[type[Node], Callable[[Anything, Ask], Answer]] = {
    Leaf: _leaf,
    All: _all,
    Any: _any,
    Not: _not,
    InSequence: _sequence,
    Near: _near,
    Anchored: _anchor,
    Only: _only,
    Refers: _finding,
}
