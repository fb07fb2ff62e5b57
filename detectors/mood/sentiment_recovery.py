"""A mood that recovers: a party begins negative and ends positive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.mood.scored import evidence_over, scored
from detectors.parameters import About
from interactions.sound import Party

_PARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentRecovery:
    """Compares the first third of a party's scored utterances with the last third.

    The mean of the first must be ``begins_at_most`` or less, that of the last ``ends_at_least`` or
    more. What turned it is worth showing to others.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.TRUST})

    begins_at_most: Annotated[
        float,
        About(unit="score", low=-5.0, high=0.0, source="Contact Lens: begins at -1 or less"),
    ] = -1.0
    ends_at_least: Annotated[
        float, About(unit="score", low=0.0, high=5.0, source="Contact Lens: ends at +1 or more")
    ] = 1.0
    min_utterances: Annotated[
        int, About(unit="utterances", low=3, source="ours: two in each third")
    ] = 6
    party: Party | None = Party.CUSTOMER

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence over the whole course; its value is the rise."""
        told = scored(features, self.party)
        if len(told) < self.min_utterances:
            return
        size = len(told) // _PARTS
        first = sum(one.score for one in told[:size]) / size
        last = sum(one.score for one in told[-size:]) / size
        if first <= self.begins_at_most and last >= self.ends_at_least:
            yield evidence_over(
                told, because="sentiment_recovery", value=last - first, limit=self.ends_at_least
            )
