"""Words that should have been said and were not: a greeting, a closing, a notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.negation import REACH
from detectors.parameters import About, Unfit
from detectors.phrases import Hear, PhraseSet
from detectors.place import Place
from detectors.said import Asked, Negated
from detectors.wording.phrase import checked_set
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPhrase:
    """Finds an interaction in which none of the expected phrases was said where it should be.

    Not answered where the words cannot be trusted or the parties are unknown: words that were not
    heard are not words that were not said. An utterance of an unknown party that holds the phrase
    counts as said. In speech the phrase is also heard by its sound.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.TRUST})

    any: tuple[str, ...] = ()
    notin: tuple[str, ...] = ()
    party: Party | None = Party.AGENT
    within: Place | None = None
    hear: Hear = Hear.AUTO
    min_messages: Annotated[int, About(unit="messages", low=1)] = 1
    negated: Negated = Negated.DROP
    negation_reach: Annotated[
        int,
        About(unit="characters or words", low=1, high=12, source="ours"),
    ] = REACH
    words: PhraseSet = field(init=False, repr=False, compare=False)
    asked: Asked = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.any:
            raise Unfit("any", found="nothing", allowed="phrases in any", code="empty")
        asked = Asked(
            party=self.party,
            or_unknown=True,
            within=self.within,
            notin=checked_set("notin", self.notin, hear=self.hear),
            negated=self.negated,
            reach=self.negation_reach,
        )
        object.__setattr__(self, "words", checked_set("any", self.any, hear=self.hear))
        object.__setattr__(self, "asked", asked)

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return tuple(one for one in (self.words, self.asked.notin) if one.phrases)

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence over the place where the words are missing."""
        own = [u for u in features.utterances if self.party is None or u.party is self.party]
        if len(own) < self.min_messages:
            return
        if self.asked.is_said(features, self.words):
            return
        window = self.asked.window(features)
        trust = features.interaction.trust
        yield Evidence(
            start_ms=window.start_ms,
            end_ms=window.end_ms,
            because="missing_phrase",
            party=self.party,
            measure="hits",
            value=0.0,
            unit="hits",
            limit=1.0,
            score=1.0 if trust is None else round(trust, 3),
        )
