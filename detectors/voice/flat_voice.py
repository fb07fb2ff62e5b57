"""A flat voice: hardly any melody over everything that a party says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.parameters import About
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatVoice:
    """Finds a party whose pitch stays within ``max_semitones`` over the whole interaction.

    Between the 10th and the 90th percentile of its smoothed pitch (docs/measures.md
    ``pitch_range``). An acoustic measure, not an emotion.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.PARTIES_TOLD, Need.CONTOURS})

    max_semitones: Annotated[float, About(unit="semitones", low=0.1, high=24.0, source="ours")] = (
        2.0
    )
    min_speech_s: Annotated[
        float, About(unit="s", low=1.0, source="ours: voiced speech of about a minute's talk")
    ] = 20.0
    party: Party = Party.AGENT

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence over the party's speech.

        Raises:
            CannotTell: The party spoke too little.
        """
        level, speech = features.pitch(self.party), features.speech.get(self.party, ())
        if level is None or level.measured_s < self.min_speech_s:
            raise CannotTell("too_little_speech")
        span = level.spread
        if span > self.max_semitones:
            return
        yield Evidence(
            start_ms=speech[0].start_ms,
            end_ms=speech[-1].end_ms,
            because="flat_voice",
            party=self.party,
            measure="pitch_range",
            value=round(span, 1),
            unit="semitones",
            limit=self.max_semitones,
        )
