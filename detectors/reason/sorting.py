"""Sorts one interaction: its reason, product, resolution, and each promise and follow-up.

A category's points, of everything said in the interaction::

    points = sum over its wordings found of weight · who · place    (each wording once, its best)
    who    1 for the party whom the dimension asks, 0.35 for the other (agents say things back)
    place  reason, product: 1 / (1 + 0.1 · k) in the k-th telling utterance: people begin with it
           resolution: 0.4 + 0.6 · place (0 the beginning, 1 the end): the last word counts

An utterance that is like a labelled example of a reason, while no words of any are in it, gives
that reason ``2 · likeness``. The category with most points is named with the confidence

    confidence = best / (best + second + 1)

and where that is under ``SURE`` the answer is "unsorted". Promises and follow-ups are many to an
interaction: each that is said stands for itself, with its last utterance. A product that the
centre's own data names counts with confidence 1. All constants are ours, set by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from detectors.evidence import Matter, Need
from detectors.likeness import telling_pairs
from detectors.reason.taxonomy import HINTS, UNSORTED, WORDS, Dimension
from interactions.interaction import Utterance
from interactions.sound import Party
from interactions.text import normal

if TYPE_CHECKING:
    from detectors.features import Features

SURE = 0.45
"""One hint alone (0.8 / 1.8) is not enough, one word anywhere in the first twelve utterances is."""
OTHER_PARTY = 0.35
LATER = 0.1
TELLING = 4
"""Characters from which an utterance may tell a reason: 你好 and 在吗 come before it."""
_EARLY, _LATE = 0.4, 0.6
_ASKED: Mapping[Dimension, Party | None] = {
    Dimension.REASON: Party.CUSTOMER,
    Dimension.PRODUCT: None,
    Dimension.RESOLUTION: Party.AGENT,
    Dimension.PROMISE: Party.AGENT,
    Dimension.FOLLOW_UP: Party.AGENT,
}
_MANY = (Dimension.PROMISE, Dimension.FOLLOW_UP)
_SINGLE = (Dimension.REASON, Dimension.PRODUCT, Dimension.RESOLUTION)


class Said(NamedTuple):
    """A wording of a category at one place.

    Attributes:
        which: Number of the category.
        weight: Of the wording alone; ``points`` what it adds here.
        utterance: Which one in use; ``start`` and ``end`` are in its normal text.
    """

    which: int
    wording: object
    weight: float
    points: float
    utterance: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sorted:
    """One interaction sorted.

    Attributes:
        matters: What it is about and what came of it.
        said: Every place that spoke for a category, in order.
    """

    matters: tuple[Matter, ...]
    said: tuple[Said, ...]

    def of(self, dimension: Dimension) -> tuple[Matter, ...]:
        """Return the matters of one dimension."""
        return tuple(one for one in self.matters if one.dimension == dimension)


def sorted_by(features: Features) -> Sorted:
    """Return what ``features`` is about, by its taxonomy; nothing where there are no words."""
    return features.once("sorted", lambda: _sorted(features))


def matters(features: Features) -> tuple[Matter, ...]:
    """Return the matters of one interaction."""
    return sorted_by(features).matters


def _sorted(features: Features) -> Sorted:
    if features.lacks(frozenset({Need.TEXT})):
        return Sorted((), ())
    said = tuple(_said(features))
    by_dimension: dict[Dimension, list[Said]] = {dimension: [] for dimension in Dimension}
    dimensions = features.taxonomy.dimensions
    for one in said:
        by_dimension[dimensions[one.which]].append(one)
    named = [_single(features, dimension, by_dimension[dimension]) for dimension in _SINGLE]
    found = [one for one in named if one is not None]
    product = next((one.category for one in found if one.dimension == Dimension.PRODUCT), "")
    with_issue = [_with_issue(features, one, product) for one in found]
    many = [one for dimension in _MANY for one in by_dimension[dimension]]
    return Sorted((*with_issue, *_each(features, many)), said)


def _with_issue(features: Features, one: Matter, product: str) -> Matter:
    """Say what another contact has to share to be about the same as this reason."""
    if one.dimension != Dimension.REASON or one.category == UNSORTED:
        return one
    reason = features.taxonomy.category(Dimension.REASON, one.category)
    named = features.interaction.product or product
    is_of_it = reason is not None and reason.by_product and named
    return replace(one, issue=f"{one.category} · {named}" if is_of_it else one.category)


def _said(features: Features) -> Iterator[Said]:
    taxonomy, texts = features.taxonomy, features.normal.texts
    places = _Places.of(features.utterances, texts)
    by_hit, dimensions = taxonomy.by_hit, taxonomy.dimensions
    spoken_for: set[int] = set()
    weights: dict[tuple[Dimension, int], float] = {}
    for hit in features.hits(taxonomy.phrases):
        for wording in by_hit[hit.which]:
            at: tuple[int, int] | None = (hit.start, hit.end)
            if len(wording.parts) > 1:
                at = wording.stands(texts[hit.utterance], hit.start, hit.end)
            if at is None:
                continue
            dimension = dimensions[wording.which]
            here = weights.get((dimension, hit.utterance))
            if here is None:
                here = weights[dimension, hit.utterance] = places.weight(dimension, hit.utterance)
            points = wording.weight * here
            if points:
                if dimension is Dimension.REASON and wording.weight > HINTS:
                    spoken_for.add(hit.utterance)
                yield Said(wording.which, wording, wording.weight, points, hit.utterance, *at)
    yield from _alike(features, places, spoken_for)


def _alike(features: Features, places: _Places, spoken_for: set[int]) -> Iterator[Said]:
    """Ask the examples where a customer says something for which there are no words."""
    texts = features.normal.texts
    for index, order in places.order.items():
        if index in spoken_for or order < 0 or not places.asked(Dimension.REASON, index):
            continue
        near = features.taxonomy.nearest.of(telling_pairs(texts[index]))
        if near is not None:
            weight = WORDS * near.likeness
            points = weight * places.weight(Dimension.REASON, index)
            yield Said(near.which, near.which, weight, points, index, 0, len(texts[index]))


@dataclass(frozen=True, slots=True)
class _Places:
    """What a place in an interaction weighs.

    Attributes:
        order: Of each telling utterance of somebody: which one of theirs, from 0.
        parties: Who says each; of nobody known everything counts.
    """

    order: Mapping[int, int]
    parties: Sequence[Party]
    is_known: bool

    @classmethod
    def of(cls, utterances: Sequence[Utterance], texts: Sequence[str]) -> _Places:
        order: dict[int, int] = {}
        counts: dict[Party, int] = {}
        parties = [u.party for u in utterances]
        for index, (party, text) in enumerate(zip(parties, texts, strict=True)):
            if len(text) >= TELLING:
                order[index] = counts.get(party, 0)
                counts[party] = order[index] + 1
        known = {Party.AGENT, Party.CUSTOMER} & set(parties)
        return cls(order, parties, bool(known))

    def asked(self, dimension: Dimension, index: int) -> bool:
        wanted = _ASKED[dimension]
        return wanted is None or not self.is_known or self.parties[index] is wanted

    def weight(self, dimension: Dimension, index: int) -> float:
        if self.parties[index] is Party.SYSTEM:
            return 0.0
        is_asked = self.asked(dimension, index)
        if dimension in _MANY:
            return float(is_asked)
        who = 1.0 if is_asked else OTHER_PARTY
        if dimension is Dimension.RESOLUTION:
            return who * (_EARLY + _LATE * (index + 1) / len(self.parties))
        return who / (1.0 + LATER * self.order.get(index, 0))


def _single(features: Features, dimension: Dimension, said: Sequence[Said]) -> Matter | None:
    if dimension is Dimension.PRODUCT and features.interaction.product:
        return _named(features, features.interaction.product)
    best: dict[tuple[int, object], Said] = {}
    for one in said:
        key = (one.which, one.wording)
        if key not in best or best[key].points < one.points:
            best[key] = one
    kept = _apart(best.values())
    points: dict[int, float] = {}
    for one in kept:
        points[one.which] = points.get(one.which, 0.0) + one.points
    ranked = sorted(points, key=lambda which: (-points[which], which))
    if not ranked:
        return None if dimension is Dimension.PRODUCT else _unsorted(features, dimension)
    first = points[ranked[0]]
    second = points[ranked[1]] if len(ranked) > 1 else 0.0
    confidence = first / (first + second + 1.0)
    if confidence < SURE:
        return _unsorted(features, dimension, 1.0 - confidence)
    chosen = [one for one in kept if one.which == ranked[0]]
    top = min(chosen, key=lambda one: (-one.points, one.utterance, one.start))
    return _matter(features, top, confidence)


def _apart(said: Iterable[Said]) -> list[Said]:
    """Return what speaks for a category, without what lies within a weightier place of its own."""
    kept: dict[int, list[Said]] = {}
    for one in sorted(said, key=lambda o: (-o.points, o.start - o.end, o.utterance, o.start)):
        others = kept.setdefault(one.which, [])
        if not any(
            o.utterance == one.utterance and o.start < one.end and one.start < o.end for o in others
        ):
            others.append(one)
    return [one for some in kept.values() for one in some]


def _each(features: Features, said: Sequence[Said]) -> Iterator[Matter]:
    last: dict[int, Said] = {}
    for one in said:
        sure = one.points >= WORDS
        if sure and (one.which not in last or last[one.which].utterance <= one.utterance):
            last[one.which] = one
    for which in sorted(last):
        yield _matter(features, last[which], WORDS / (WORDS + 1.0))


def _matter(features: Features, said: Said, confidence: float) -> Matter:
    dimension, category = features.taxonomy.numbered[said.which]
    utterance = features.utterances[said.utterance]
    start, end = features.normal.original(said.utterance, said.start, said.end)
    return Matter(
        interaction_id=features.interaction.interaction_id,
        dimension=dimension.value,
        category=category.category_id,
        confidence=round(confidence, 3),
        utterance_seq=utterance.seq,
        quote=utterance.text[start:end],
    )


def _unsorted(features: Features, dimension: Dimension, confidence: float = 1.0) -> Matter:
    return Matter(
        interaction_id=features.interaction.interaction_id,
        dimension=dimension.value,
        category=UNSORTED,
        confidence=round(confidence, 3),
    )


def _named(features: Features, product: str) -> Matter:
    """A product that the centre names: as its category, where the taxonomy knows the name."""
    known = features.taxonomy.products.get(normal(product).text)
    return Matter(
        interaction_id=features.interaction.interaction_id,
        dimension=Dimension.PRODUCT.value,
        category=known or product,
        confidence=1.0,
    )
