"""An utterance that is spoken quite differently from what is usual for its speaker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import PERSONS, CannotTell, Features
from detectors.parameters import About
from detectors.voice.doubts import trait_doubt, utterances_of
from detectors.voice.spoken import UNITS, Trait
from interactions.sound import Party


class Side(StrEnum):
    """On which side of the usual."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualVoice:
    """Finds utterances whose ``trait`` is far above or below the party's own usual.

    Far is ``min_deviations`` robust standard deviations (median and median absolute deviation over
    the party's utterances of this interaction), and at least ``min_difference`` in the trait's own
    unit. An acoustic measure, not an emotion.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.PARTIES_TOLD, Need.CONTOURS})

    trait: Trait
    side: Side = Side.ABOVE
    min_deviations: Annotated[
        float, About(unit="deviations", low=0.5, high=20.0, source="ours: one in 740 by chance")
    ] = 3.0
    min_difference: Annotated[float, About(unit="dB, semitones or percent", low=0.0)] = 0.0
    min_s: Annotated[float, About(unit="s", low=0.0, source="ours")] = 1.0
    party: Party | None = None
    min_count: Annotated[int, About(unit="utterances", low=1)] = 1

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each such utterance in time order.

        Raises:
            CannotTell: Nobody asked about has enough utterances for a baseline, or the line rules
                the trait out.
        """
        parties = PERSONS if self.party is None else (self.party,)
        doubts = [trait_doubt(features, party, self.trait) for party in parties]
        if all(doubts):
            raise CannotTell(doubts[0])
        asked = [p for p, doubt in zip(parties, doubts, strict=True) if not doubt]
        voices = [o for p in asked for o in utterances_of(features, p) if self.trait in o[1]]
        if not voices:
            raise CannotTell("too_little_speech")
        sign = 1.0 if self.side is Side.ABOVE else -1.0
        found = []
        for utterance, traits in voices:
            figure = traits[self.trait]
            is_long = utterance.end_ms - utterance.start_ms >= self.min_s * 1000
            is_far = sign * figure.deviations >= self.min_deviations
            if is_long and is_far and sign * figure.above >= self.min_difference:
                found.append((utterance, figure))
        if len(found) < self.min_count:
            return
        for utterance, figure in sorted(found, key=lambda one: one[0].seq):
            yield Evidence(
                start_ms=utterance.start_ms,
                end_ms=utterance.end_ms,
                because=f"unusual_{self.trait}",
                party=utterance.party,
                utterance_seq=utterance.seq,
                quote=utterance.text,
                measure=f"{self.trait}_above_own",
                value=round(figure.above, 1),
                unit=UNITS[self.trait],
                limit=self.min_deviations,
            )
