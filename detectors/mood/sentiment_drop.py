"""A drop in mood: a party ends far more negative than it began."""

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
class SentimentDrop:
    """Compares the first third of a party's utterances with the last third.

    Mean of the first minus mean of the last must be at least ``min_drop``, and the last third must
    be negative: from delighted to content is no drop. Fewer scored utterances than
    ``min_utterances`` have no course that could drop.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.TRUST})

    min_drop: Annotated[float, About(unit="score", low=0.1, high=10.0, source="ours")] = 2.0
    min_utterances: Annotated[
        int, About(unit="utterances", low=3, source="ours: two in each third")
    ] = 6
    party: Party | None = Party.CUSTOMER

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence over the last third; its value is the drop."""
        told = scored(features, self.party)
        if len(told) < self.min_utterances:
            return
        size = len(told) // _PARTS
        first = sum(one.score for one in told[:size]) / size
        last = sum(one.score for one in told[-size:]) / size
        if last < 0 and first - last >= self.min_drop:
            yield evidence_over(
                told[-size:], because="sentiment_drop", value=first - last, limit=self.min_drop
            )
