"""Which rules of a plan can say anything about an interaction: the others are not asked.

A rule that is only found where one of its phrases was said has nothing to say where none of them
was. So what an inspection costs grows with the rules that something was said for, not with the
rules there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from detectors.evidence import Need
from detectors.features import Features
from detectors.phrases import PhraseSet
from detectors.rule_nodes import (
    All,
    Anchored,
    Any,
    InSequence,
    Leaf,
    Link,
    Near,
    Node,
    Only,
    Refers,
)


class Wakers(NamedTuple):
    """What wakes a rule.

    Attributes:
        sets: Without a hit of any of these nothing can be found …
        needs: … as long as there is what is needed to say so.
    """

    sets: frozenset[PhraseSet]
    needs: frozenset[Need]


def wakers(node: Node) -> Wakers | None:
    """Return what wakes a rule with this tree; None where it always has to be asked."""
    match node:
        case Leaf(_, detector):
            wakes: Callable[[], Sequence[PhraseSet]] | None = getattr(detector, "wakes", None)
            return Wakers(frozenset(wakes()), node.needs) if wakes else None
        case All(parts) | InSequence(steps=parts) | Near(parts=parts):
            known = [one for part in parts if (one := wakers(part))]
            return min(known, key=lambda one: len(one.sets), default=None)
        case Any(parts):
            return _together([wakers(part) for part in parts])
        case Anchored(anchor=part) | Only(find=part):
            return wakers(part)
        case Refers(link=Link(rule)) if rule is not None:
            return wakers(rule.tree)
        case _:
            return None


def _together(every: Sequence[Wakers | None]) -> Wakers | None:
    """Return what wakes any of several parts; None where one of them always has to be asked."""
    known = [one for one in every if one]
    if len(known) < len(every):
        return None
    sets = frozenset[PhraseSet]().union(*(one.sets for one in known))
    return Wakers(sets, frozenset[Need]().union(*(one.needs for one in known)))


class Waking:
    """The trees of a plan by what wakes them.

    Args:
        trees: One of each rule, in order.
    """

    def __init__(self, trees: Sequence[Node]) -> None:
        self._always: list[int] = []
        self._by_set: dict[PhraseSet, list[int]] = {}
        self._by_needs: dict[frozenset[Need], list[int]] = {}
        for number, tree in enumerate(trees):
            known = wakers(tree)
            if known is None:
                self._always.append(number)
                continue
            self._by_needs.setdefault(known.needs, []).append(number)
            for one in known.sets:
                self._by_set.setdefault(one, []).append(number)

    def awake(self, features: Features) -> list[int]:
        """Return which rules have to be asked about this interaction, in order."""
        found = set(self._always)
        for needs, numbers in self._by_needs.items():
            if features.lacks(needs):
                found.update(numbers)
        heard: Mapping[PhraseSet, object] = features.heard
        for one in heard:
            found.update(self._by_set.get(one, ()))
        return sorted(found)
