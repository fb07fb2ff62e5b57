"""Rises: spikes of several words, slices and days that are one story, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hotwords.counts import Kind
from hotwords.spikes import Spike

# Two words belong together where half of the interactions heard for one are heard for the other.
SHARED = 0.5
_Subject = tuple[Kind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """One story: its surest spike, and what else tells it.

    Attributes:
        spike: The surest of all.
        terms: Other terms (or rules) whose spikes show the same interactions, the surest first.
        days: The days on which it was a spike, in order.
    """

    spike: Spike
    terms: tuple[str, ...]
    days: tuple[date, ...]


def rises(spikes: Iterable[Spike]) -> list[Rise]:
    """Return the stories that ``spikes`` tell, surest first; the same in any order of spikes."""
    by_subject: dict[_Subject, list[Spike]] = defaultdict(list)
    for spike in spikes:
        by_subject[spike.kind, spike.term].append(spike)
    subjects = sorted((sorted(one, key=_surest) for one in by_subject.values()), key=_surest_of)
    stories: list[list[list[Spike]]] = []
    for subject in subjects:
        story = next((one for one in stories if _same_story(one[0], subject)), None)
        if story is None:
            stories.append([subject])
        else:
            story.append(subject)
    return [_rise(story) for story in stories]


def _rise(story: Sequence[Sequence[Spike]]) -> Rise:
    return Rise(
        spike=story[0][0],
        terms=tuple(subject[0].term for subject in story[1:]),
        days=tuple(sorted({spike.day for subject in story for spike in subject})),
    )


def _surest(spike: Spike) -> tuple[float, float, bool, str, date]:
    """Among equals the whole centre before a part of it, and the earlier day."""
    place = f"{spike.kind}\x1f{spike.term}\x1f{spike.slice.dimension}\x1f{spike.slice.value}"
    return spike.q_value, spike.p_value, spike.slice.dimension != "all", place, spike.day


def _surest_of(subject: Sequence[Spike]) -> tuple[float, float, bool, str, date]:
    return _surest(subject[0])


def _same_story(one: Sequence[Spike], other: Sequence[Spike]) -> bool:
    """Whether two subjects show the same interactions on a day; all contacts are no subject."""
    if not one[0].term or not other[0].term:
        return False
    first, second = _examples(one), _examples(other)
    return any(
        len(first[day] & second[day]) >= SHARED * min(len(first[day]), len(second[day]))
        for day in first.keys() & second.keys()
    )


def _examples(subject: Sequence[Spike]) -> dict[date, set[str]]:
    found: dict[date, set[str]] = defaultdict(set)
    for spike in subject:
        found[spike.day].update(spike.examples)
    return found
