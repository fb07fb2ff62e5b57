"""Words said again: a customer who has to ask twice, an agent who reads the same line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, NamedTuple

from detectors.evidence import Evidence, Need
from detectors.features import PERSONS, Features
from detectors.listening import heard
from detectors.parameters import About
from detectors.phrases import PhraseSet, by_utterance
from detectors.place import Place
from detectors.wording.phrase import checked_set
from interactions.interaction import Utterance
from interactions.sound import Party


class Whose(StrEnum):
    """Whose earlier words are said again."""

    OWN = "own"
    OTHER = "other"


class Told(NamedTuple):
    """The number of an earlier utterance, and how often it has been said again so far."""

    number: int
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Finds utterances like an earlier one of the same party, or (``of: other``) of the other.

    Compared by pairs of characters, function words included. Short ones (好的, "okay") and those
    that hold one of ``excludes`` are no repeats; nor is what lies more than
    ``detectors.overlaps.REACH`` utterances apart.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.ROLES})

    party: Party = Party.CUSTOMER
    of: Whose = Whose.OWN
    lookback: Annotated[
        int, About(unit="messages", low=0, source="Alibaba SCA's repeat detection: default 2")
    ] = 2
    min_score: Annotated[
        float,
        About(unit="share", low=0.1, high=1.0, source="Alibaba SCA's repeat detection: 0.6"),
    ] = 0.6
    min_characters: Annotated[
        int, About(unit="characters", low=1, source="Alibaba SCA's repeat detection: 5")
    ] = 5
    min_repeats: Annotated[int, About(unit="repeats", low=1)] = 1
    excludes: tuple[str, ...] = ()
    within: Place | None = None
    excluded: PhraseSet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "excluded", checked_set("excludes", self.excludes))

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return (self.excluded,) if self.excluded.phrases else ()

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each utterance said for at least the ``min_repeats``-th time again, in order."""
        whose = self.party if self.of is Whose.OWN else _other(self.party)
        overlaps = features.overlaps
        is_long = overlaps.letters >= self.min_characters
        alike = overlaps.alike(
            self.min_score,
            later=features.said_by(self.party) & is_long,
            earlier=features.said_by(whose) & is_long,
        )
        if alike:
            yield from self._among(features, whose, alike)

    def _among(
        self, features: Features, whose: Party, alike: Mapping[tuple[int, int], float]
    ) -> Iterator[Evidence]:
        listened = heard(features, self.party, within=self.within)
        inside = set(listened.messages())
        left_out = by_utterance(features.hits(self.excluded)) if self.excluded.phrases else {}
        earlier: list[Told] = []
        for i, utterance in enumerate(features.utterances):
            if i not in inside and utterance.party is not whose:
                continue
            told = Told(i, 0)
            if i in inside and i not in left_out:
                score, times = self._best(i, earlier, alike)
                if score >= self.min_score:
                    told = Told(i, times + 1)
                    if told.times >= self.min_repeats:
                        yield self._evidence(utterance, score)
            if utterance.party is whose:
                earlier.append(told)

    def _best(
        self, here: int, earlier: list[Told], alike: Mapping[tuple[int, int], float]
    ) -> tuple[float, int]:
        """Return how alike the likest earlier utterance is, and how often it was said again."""
        looked_at = earlier[-self.lookback :] if self.lookback else earlier
        found = [(alike.get((here, one.number), 0.0), one.times) for one in looked_at]
        reached = [one for one in found if one[0] >= self.min_score]
        if not reached:
            return 0.0, 0
        return max(score for score, _ in reached), max(times for _, times in reached)

    def _evidence(self, utterance: Utterance, score: float) -> Evidence:
        return Evidence(
            start_ms=utterance.start_ms,
            end_ms=utterance.end_ms,
            because="repeat" if self.of is Whose.OWN else "parrot",
            party=utterance.party,
            utterance_seq=utterance.seq,
            quote=utterance.text,
            measure="likeness",
            value=round(score, 2),
            unit="share",
            limit=self.min_score,
        )


def _other(party: Party) -> Party:
    return PERSONS[party is PERSONS[0]]
