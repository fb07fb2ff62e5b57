"""Words that were said: any, all or some of a list, by whom, where, how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.negation import REACH
from detectors.parameters import About, Unfit
from detectors.phrases import PhraseSet, phrase_set
from detectors.place import Place
from detectors.said import Asked, Negated, Said
from interactions.sound import Party

_LISTS = ("any", "all", "of", "none", "notin")


class Scope(StrEnum):
    """Over what ``all``, ``n_of``, ``none`` and ``min_hits`` are counted."""

    INTERACTION = "interaction"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Finds phrases in the normal form, character by character; English by whole words.

    At least one of ``any``, every one of ``all``, ``n_of`` different ones of ``of`` and none of
    ``none`` must be said, ``min_hits`` times together. A phrase inside a longer one of ``notin``
    does not count.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    n_of: Annotated[int, About(unit="phrases", low=0)] = 0
    none: tuple[str, ...] = ()
    notin: tuple[str, ...] = ()
    min_hits: Annotated[int, About(unit="hits", low=1)] = 1
    party: Party | None = None
    or_unknown: bool = False
    within: Place | None = None
    scope: Scope = Scope.INTERACTION
    negated: Negated = Negated.DROP
    negation_reach: Annotated[
        int,
        About(unit="characters or words", low=1, high=12, source="ours"),
    ] = REACH
    sets: dict[str, PhraseSet] = field(init=False, repr=False, compare=False)
    asked: Asked = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sets = {name: checked_set(name, getattr(self, name)) for name in _LISTS}
        if not (self.any or self.all or self.of):
            raise Unfit("any", found="nothing", allowed="phrases in any, all or of", code="empty")
        if bool(self.of) is not bool(self.n_of) or self.n_of > len(set(sets["of"].phrases)):
            allowed = f"1 to {len(self.of)}, the number of phrases in of"
            raise Unfit("n_of", found=str(self.n_of), allowed=allowed, code="out_of_range")
        asked = Asked(
            party=self.party,
            or_unknown=self.or_unknown,
            within=self.within,
            notin=sets["notin"],
            negated=self.negated,
            reach=self.negation_reach,
        )
        object.__setattr__(self, "sets", sets)
        object.__setattr__(self, "asked", asked)

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return tuple(one for one in self.sets.values() if one.phrases)

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each place that counts, in time order."""
        if not any(features.hits(self.sets[name]) for name in ("any", "all", "of")):
            return
        said = {name: list(self.asked.said(features, self.sets[name])) for name in _LISTS[:-1]}
        if self.scope is Scope.INTERACTION:
            yield from self._counted(said)
            return
        for seq in sorted({one.utterance.seq for places in said.values() for one in places}):
            here = {n: [s for s in p if s.utterance.seq == seq] for n, p in said.items()}
            yield from self._counted(here)

    def _counted(self, said: dict[str, list[Said]]) -> Iterator[Evidence]:
        if said["none"] or (self.any and not said["any"]):
            return
        if len({s.which for s in said["all"]}) < len(self.sets["all"].phrases):
            return
        if len({s.which for s in said["of"]}) < self.n_of:
            return
        places = widest([*said["any"], *said["all"], *said["of"]])
        if len(places) < self.min_hits:
            return
        for one in places:
            yield Evidence(
                start_ms=one.span.start_ms,
                end_ms=one.span.end_ms,
                because="phrase",
                party=one.utterance.party,
                utterance_seq=one.utterance.seq,
                quote=one.quote,
                score=one.score,
            )


def checked_set(name: str, phrases: tuple[str, ...]) -> PhraseSet:
    """Return the phrases in normal form.

    Raises:
        Unfit: One of them holds nothing that could be said.
    """
    for phrase in phrases:
        if not phrase_set((phrase,)).phrases:
            allowed = "at least one letter, digit or character"
            raise Unfit(name, found=repr(phrase), allowed=allowed, code="empty_phrase")
    return phrase_set(phrases)


def widest(said: list[Said]) -> list[Said]:
    """Return the places in time order, without those that lie inside a wider one."""
    kept: list[Said] = []
    in_order = sorted(said, key=lambda s: (s.utterance.seq, s.start, -s.end))
    for _, places in groupby(in_order, key=attrgetter("utterance.seq")):
        reached = -1
        for one in places:
            if one.end > reached:
                kept.append(one)
                reached = one.end
    return sorted(kept, key=lambda s: (s.span.start_ms, s.utterance.seq, s.start))
