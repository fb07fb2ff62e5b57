"""A negative stretch: several negative utterances without a good word between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.mood.scored import Scored, evidence_over, scored
from detectors.parameters import About
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeStretch:
    """Finds runs of one party's utterances from negative to negative with no positive between.

    A run counts with at least ``min_utterances`` negative ones whose mean score, neutral ones
    included, is at most ``at_most``.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.TRUST})

    at_most: Annotated[float, About(unit="score", low=-5.0, high=0.0, source="ours")] = -1.0
    min_utterances: Annotated[int, About(unit="utterances", low=1, source="ours")] = 2
    party: Party | None = Party.CUSTOMER

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each run in time order; its value is the run's mean score."""
        run: list[Scored] = []
        for one in [*scored(features, self.party), None]:
            if one is not None and one.score <= 0:
                run.append(one)
                continue
            yield from self._judged(run)
            run = []

    def _judged(self, run: list[Scored]) -> Iterator[Evidence]:
        negative = [i for i, one in enumerate(run) if one.score < 0]
        if len(negative) < self.min_utterances:
            return
        part = run[negative[0] : negative[-1] + 1]
        mean = sum(one.score for one in part) / len(part)
        if mean <= self.at_most:
            yield evidence_over(part, because="negative_stretch", value=mean, limit=self.at_most)
