"""How much of what a party says is negative, or positive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.mood.scored import evidence_over, scored
from detectors.parameters import About
from detectors.place import Place
from interactions.sound import Party, Span


class Polarity(StrEnum):
    """Which way a mood goes."""

    NEGATIVE = "negative"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentShare:
    """Finds a party of whose scored utterances at least ``min_share`` are negative (positive).

    Negative is a score of ``-strength`` or less, positive of ``strength`` or more.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.TRUST})

    polarity: Polarity = Polarity.NEGATIVE
    min_share: Annotated[
        float,
        About(
            unit="share",
            low=0.01,
            high=1.0,
            source="Transcribe Call Analytics: half of the turns in the range",
        ),
    ] = 0.5
    strength: Annotated[float, About(unit="score", low=0.1, high=5.0, source="ours")] = 0.5
    min_utterances: Annotated[int, About(unit="utterances", low=1, source="ours")] = 3
    party: Party | None = Party.CUSTOMER
    within: Place | None = None

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence over the place; its value is the share."""
        told = scored(features, self.party)
        place = self.within
        if place is not None:
            messages = [u for u in features.utterances if self.party in (None, u.party)]
            window, chosen = place.window(features.interaction, messages), place.chosen(messages)
            told = [
                one
                for one in told
                for u in (one.utterance,)
                if place.has(Span(u.start_ms, u.end_ms), u, window, chosen)
            ]
        if len(told) < self.min_utterances:
            return
        sign = -1 if self.polarity is Polarity.NEGATIVE else 1
        meant = [one for one in told if sign * one.score >= self.strength]
        share = len(meant) / len(told)
        if meant and share >= self.min_share:
            because = f"sentiment_share_{self.polarity}"
            yield evidence_over(meant, because=because, value=share, limit=self.min_share)
