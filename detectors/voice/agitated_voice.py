"""An agitated voice: louder, higher and brighter than this speaker usually is, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import PERSONS, CannotTell, Features
from detectors.parameters import About
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class AgitatedVoice:
    """Finds turns of at least ``min_s`` whose activation reaches ``min_activation``.

    The activation (docs/activation.md) sets loudness, pitch and spectral balance of a turn against
    the party's own median turn. An acoustic measure, not an emotion.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.PARTIES_TOLD, Need.CONTOURS})

    min_activation: Annotated[float, About(unit="score", low=0.05, high=1.0, source="ours")] = 0.8
    min_s: Annotated[float, About(unit="s", low=0.6, source="ours")] = 1.5
    party: Party | None = None
    min_count: Annotated[int, About(unit="turns", low=1)] = 1

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each agitated turn in time order.

        Raises:
            CannotTell: Nobody asked about spoke long enough for a baseline.
        """
        asked = PERSONS if self.party is None else (self.party,)
        voices = {party: features.voiced(party) for party in asked}
        if not any(voices.values()):
            raise CannotTell("too_little_speech")
        found = [
            (turn.span, party, turn.activation)
            for party, turns in voices.items()
            for turn in turns
            if turn.activation >= self.min_activation and turn.span.duration_ms >= self.min_s * 1000
        ]
        if len(found) < self.min_count:
            return
        for span, party, value in sorted(found):
            yield Evidence(
                start_ms=span.start_ms,
                end_ms=span.end_ms,
                because="agitated_voice",
                party=party,
                measure="activation",
                value=round(value, 2),
                unit="score",
                limit=self.min_activation,
            )
