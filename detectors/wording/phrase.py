"""Words that were said: any, all or some of a list, by whom, where, how often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.hearing_alike import Heard
from detectors.negation import REACH
from detectors.parameters import About, Unfit
from detectors.phrases import Hear, PhraseSet
from detectors.place import Place
from detectors.said import Asked, Negated, Quoted, Said
from detectors.wording.synonyms import Wanted, written_alike
from interactions.sound import Party

_LISTS = ("any", "all", "of", "none")


class Scope(StrEnum):
    """Over what ``all``, ``n_of``, ``none`` and ``min_hits`` are counted."""

    INTERACTION = "interaction"
    TURN = "turn"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Finds phrases in the normal form, character by character; English by whole words.

    At least one of ``any``, every one of ``all``, ``n_of`` different ones of ``of`` and none of
    ``none`` must be said, ``min_hits`` times together. A phrase inside a longer one of ``notin``
    does not count. In speech a phrase is also heard by its sound.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    n_of: Annotated[int, About(unit="phrases", low=0)] = 0
    none: tuple[str, ...] = ()
    notin: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    min_hits: Annotated[int, About(unit="hits", low=1)] = 1
    hear: Hear = Hear.AUTO
    party: Party | None = None
    or_unknown: bool = False
    within: Place | None = None
    scope: Scope = Scope.INTERACTION
    negated: Negated = Negated.DROP
    negation_reach: Annotated[
        int,
        About(unit="characters or words", low=1, high=12, source="ours"),
    ] = REACH
    quoted: Quoted = Quoted.KEEP
    case_sensitive: bool = False
    wanted: dict[str, Wanted] = field(init=False, repr=False, compare=False)
    sought: tuple[PhraseSet, ...] = field(init=False, repr=False, compare=False)
    alone: PhraseSet | None = field(init=False, repr=False, compare=False)
    asked: Asked = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (self.any or self.all or self.of):
            raise Unfit("any", found="nothing", allowed="phrases in any, all or of", code="empty")
        said_by = None if self.or_unknown else self.party
        wanted = {
            name: Wanted.of(
                name, getattr(self, name), synonyms=self.synonyms, hear=self.hear, party=said_by
            )
            for name in _LISTS
        }
        if bool(self.of) is not bool(self.n_of) or self.n_of > wanted["of"].different:
            allowed = f"1 to {len(self.of)}, the number of phrases in of"
            raise Unfit("n_of", found=str(self.n_of), allowed=allowed, code="out_of_range")
        asked = Asked(
            party=self.party,
            or_unknown=self.or_unknown,
            within=self.within,
            notin=checked_set("notin", self.notin, hear=self.hear),
            negated=self.negated,
            reach=self.negation_reach,
            quoted=self.quoted,
        )
        wanted = {name: one for name, one in wanted.items() if one.words.phrases}
        sought = tuple(one.words for name, one in wanted.items() if name != "none")
        object.__setattr__(self, "wanted", wanted)
        object.__setattr__(self, "sought", sought)
        object.__setattr__(self, "alone", self._alone())
        object.__setattr__(self, "asked", asked)

    def _alone(self) -> PhraseSet | None:
        """Return the set each of whose places is found by itself; None where more is counted."""
        counts = self.min_hits > 1 or self.case_sensitive or self.synonyms
        return self.sought[0] if self.wanted.keys() == {"any"} and not counts else None

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        sets = (*(one.words for one in self.wanted.values()), self.asked.notin)
        return tuple(one for one in sets if one.phrases)

    def wakes(self) -> tuple[PhraseSet, ...]:
        """Return the sets without a hit of which nothing can be found."""
        return self.sought

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each place that counts, in time order."""
        if self.alone is not None:
            for one in widest(self.asked.said(features, self.alone)):
                yield evidence_of(one)
            return
        if not any(map(features.hits, self.sought)):
            return
        said = {name: self._said(features, one) for name, one in self.wanted.items()}
        if self.scope is Scope.INTERACTION:
            yield from self._counted(said)
            return
        block = _blocks(features, self.scope)
        for number in sorted({block[s.utterance.seq] for places in said.values() for s in places}):
            here = {
                name: [s for s in places if block[s.utterance.seq] == number]
                for name, places in said.items()
            }
            yield from self._counted(here)

    def _said(self, features: Features, wanted: Wanted) -> list[Said]:
        said = self.asked.said(features, wanted.words)
        if self.case_sensitive:
            said = [s for s in said if written_alike(wanted.as_written[s.which], s.quote)]
        if self.synonyms:
            said = [s._replace(which=wanted.meant[s.which]) for s in said]
        return said

    def _counted(self, said: dict[str, list[Said]]) -> Iterator[Evidence]:
        if said.get("none") or (self.any and not said["any"]):
            return
        if self.all and len({s.which for s in said["all"]}) < len(self.all):
            return
        if self.of and len({s.which for s in said["of"]}) < self.n_of:
            return
        places = widest([s for name, found in said.items() if name != "none" for s in found])
        if len(places) >= self.min_hits:
            yield from map(evidence_of, places)


def checked_set(name: str, phrases: Sequence[str], *, hear: Hear = Hear.AUTO) -> PhraseSet:
    """Return the phrases in normal form.

    Raises:
        Unfit: One of them holds nothing that could be said.
    """
    return Wanted.of(name, phrases, hear=hear).words


def evidence_of(said: Said) -> Evidence:
    """Return the evidence of one place; where other words stand there, with the phrase."""
    is_exact = said.heard is Heard.EXACT
    return Evidence(
        start_ms=said.span.start_ms,
        end_ms=said.span.end_ms,
        because="phrase" if is_exact else f"phrase_{said.heard}",
        party=said.utterance.party,
        utterance_seq=said.utterance.seq,
        quote=said.quote,
        measure="" if is_exact else said.wanted,
        score=said.score,
    )


def _blocks(features: Features, scope: Scope) -> dict[int, int]:
    """Return which message or turn each utterance belongs to, by ``seq``."""
    every = features.utterances
    if scope is Scope.MESSAGE:
        return {u.seq: u.seq for u in every}
    blocks = {u.seq: 0 for u in every[:1]}
    for before, one in pairwise(every):
        blocks[one.seq] = blocks[before.seq] + (one.party is not before.party)
    return blocks


def widest(said: list[Said]) -> list[Said]:
    """Return the places in time order, without those that lie inside a wider one."""
    if len(said) < 2:  # noqa: PLR2004 - one place lies in no other
        return said
    kept: list[Said] = []
    in_order = sorted(said, key=lambda s: (s.utterance.seq, s.start, -s.end, -s.score))
    for _, places in groupby(in_order, key=attrgetter("utterance.seq")):
        reached = -1
        for one in places:
            if one.end > reached:
                kept.append(one)
                reached = one.end
    return sorted(kept, key=lambda s: (s.span.start_ms, s.utterance.seq, s.start))
