"""Groups of evidence against each other: one after another, near each other, around an anchor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from detectors.evidence import Evidence
from detectors.features import Features
from detectors.place import Distance, PlaceUnit
from interactions.sound import Party, Span

Group = tuple[Evidence, ...]


class Look(StrEnum):
    """Where something lies, as seen from the anchor."""

    BEFORE = "before"
    AFTER = "after"
    AROUND = "around"
    SAME = "same"


class Spot(NamedTuple):
    """A group of evidence and where it lies.

    Attributes:
        first: Time, message and place in the message at which it begins; ``last`` at which its
            last piece begins. They say what comes after what, in chats too.
        end_ms: Where it ends.
    """

    group: Group
    first: tuple[int, int, int]
    last: tuple[int, int, int]
    end_ms: int


class Course:
    """An interaction's messages, for telling how far apart two spots are."""

    def __init__(self, features: Features) -> None:
        self._utterances = features.utterances
        self._duration_ms = features.interaction.duration_ms
        self._index = {u.seq: i for i, u in enumerate(features.utterances)}
        self._starts = [u.start_ms for u in features.utterances]
        self._counts: dict[Party, list[int]] = {}

    def spots(self, groups: Sequence[Group]) -> list[Spot]:
        """Return where the groups lie, in order."""
        made = []
        for group in groups:
            keys = [self._key(e) for e in group]
            made.append(Spot(group, min(keys), max(keys), max(e.end_ms for e in group)))
        return sorted(made, key=lambda spot: (spot.first, spot.last))

    def _key(self, evidence: Evidence) -> tuple[int, int, int]:
        seq = evidence.utterance_seq
        if seq is None or seq not in self._index:
            return evidence.start_ms, self._message_at(evidence.start_ms), -1
        index = self._index[seq]
        place = self._utterances[index].text.find(evidence.quote) if evidence.quote else -1
        return evidence.start_ms, index, place

    def _message_at(self, time_ms: int) -> int:
        return max(0, bisect_left(self._starts, time_ms + 1) - 1)

    def is_within(self, earlier: Spot, later: Spot, most: Distance | None) -> bool:
        """Tell whether ``later`` comes at most ``most`` after ``earlier``; None: however late."""
        if most is None:
            return True
        if most.unit is PlaceUnit.SECONDS:
            return later.first[0] - earlier.end_ms <= most.amount * 1000
        return self._messages(earlier.last[1], later.first[1], most.party) <= most.amount

    def _messages(self, start: int, end: int, party: Party | None) -> int:
        """Count the messages behind index ``start`` up to and with index ``end``."""
        if party is None or not self._utterances:
            return end - start
        if party not in self._counts:
            self._counts[party] = list(accumulate(u.party is party for u in self._utterances))
        return self._counts[party][end] - self._counts[party][start]

    def window(self, spot: Spot, look: Look, most: Distance | None) -> Span:
        """Return the stretch of time in which something is looked for around ``spot``."""
        if look is Look.SAME and self._utterances:
            here = self._utterances[spot.first[1]]
            return Span(here.start_ms, max(here.end_ms, spot.end_ms))
        start = spot.first[0] if look is Look.AFTER else self._edge(spot.first, most, -1)
        end = spot.end_ms if look is Look.BEFORE else self._edge(spot.last, most, 1, spot.end_ms)
        return Span(start, max(start, end))

    def _edge(
        self, key: tuple[int, int, int], most: Distance | None, way: int, from_ms: int | None = None
    ) -> int:
        whole = self._duration_ms
        if most is None or not self._utterances:
            return whole if way > 0 else 0
        time_ms = key[0] if from_ms is None else from_ms
        if most.unit is PlaceUnit.SECONDS:
            return min(whole, max(0, time_ms + way * round(most.amount * 1000)))
        index, left = key[1], int(most.amount)
        while left > 0 and 0 <= index + way < len(self._utterances):
            index += way
            left -= most.party in (None, self._utterances[index].party)
        one = self._utterances[index]
        return one.end_ms if way > 0 else one.start_ms


def chains(course: Course, steps: Sequence[Sequence[Group]], most: Distance | None) -> list[Group]:
    """Return one group of each step, each after the one before and at most ``most`` later.

    Where several fit, the tightest chain for each beginning.
    """
    reached: list[tuple[Spot, tuple[Spot, ...]]] = [(s, (s,)) for s in course.spots(steps[0])]
    for step in steps[1:]:
        reached.sort(key=lambda one: one[0].last)
        ends = [spot.last for spot, _ in reached]
        further: list[tuple[Spot, tuple[Spot, ...]]] = []
        for spot in course.spots(step):
            before = bisect_left(ends, spot.first) - 1
            if before >= 0 and course.is_within(reached[before][0], spot, most):
                further.append((spot, (*reached[before][1], spot)))
        reached = further
    by_start: dict[int, tuple[Spot, ...]] = {}
    for _, chain in reached:
        by_start.setdefault(id(chain[0].group), chain)
    return [joined_groups([spot.group for spot in chain]) for chain in by_start.values()]


def clusters(
    course: Course, parts: Sequence[Sequence[Group]], most: Distance, *, same_party: bool
) -> list[Group]:
    """Return one group of each part, all at most ``most`` after the earliest of them.

    No piece of evidence is in two clusters.

    Args:
        course: The interaction's messages.
        parts: The groups of each part.
        most: From the earliest group of a cluster to its latest.
        same_party: All evidence of a cluster must be of one party.
    """
    if same_party:
        whose = sorted({e.party for part in parts for group in part for e in group if e.party})
        found = []
        for party in whose:
            own = [[g for g in part if {e.party for e in g} == {party}] for part in parts]
            found += clusters(course, own, most, same_party=False)
        return sorted(found, key=lambda group: group[0].start_ms)
    spots = [course.spots(part) for part in parts]
    every = [(spot, i) for i, part in enumerate(spots) for spot in part]
    heads = sorted(every, key=lambda head: (head[0].first, head[1]))
    taken: set[int] = set()
    found = []
    for head, which in heads:
        cluster = _cluster(course, spots, (head, which), most)
        if cluster and taken.isdisjoint(id(spot.group) for spot in cluster):
            taken |= {id(spot.group) for spot in cluster}
            found.append(joined_groups([spot.group for spot in cluster]))
    return found


def _cluster(
    course: Course, spots: Sequence[Sequence[Spot]], head: tuple[Spot, int], most: Distance
) -> list[Spot]:
    """Return the head and the next spot of each other part; nothing where one is too far."""
    cluster = [head[0]]
    for which, part in enumerate(spots):
        if which == head[1]:
            continue
        at = bisect_left([spot.first for spot in part], head[0].first)
        if at == len(part) or not course.is_within(head[0], part[at], most):
            return []
        cluster.append(part[at])
    return cluster


def seen_from(
    course: Course, anchor: Spot, others: Sequence[Spot], look: Look, most: Distance | None
) -> list[Spot]:
    """Return the spots that lie where ``look`` and ``most`` say, the anchor itself left out."""
    return [
        other
        for other in others
        if other.group != anchor.group and _is_there(course, anchor, other, look, most)
    ]


def _is_there(course: Course, anchor: Spot, other: Spot, look: Look, most: Distance | None) -> bool:
    if look is Look.SAME:
        return anchor.first[1] == other.first[1]
    is_after = other.first > anchor.last
    if is_after:
        return look is not Look.BEFORE and course.is_within(anchor, other, most)
    if look is Look.AFTER:
        return False
    is_before = other.last < anchor.first
    return (is_before or look is Look.AROUND) and course.is_within(other, anchor, most)


def joined_groups(groups: Sequence[Group]) -> Group:
    """Return all evidence of the groups in time order, each piece once."""
    return in_order(tuple(e for group in groups for e in group))


def in_order(evidence: tuple[Evidence, ...]) -> Group:
    """Return the evidence in time order, each piece once."""
    return tuple(sorted(dict.fromkeys(evidence), key=place_of))


def place_of(evidence: Evidence) -> tuple[int, int, int, str, str]:
    """Return what evidence is sorted by: time, message, end, reason, words."""
    seq = -1 if evidence.utterance_seq is None else evidence.utterance_seq
    return evidence.start_ms, seq, evidence.end_ms, evidence.because, evidence.quote
