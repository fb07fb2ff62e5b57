"""A raised pitch: higher than this speaker usually is, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.parameters import About
from detectors.voice.raised import raised
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedPitch:
    """Finds stretches of at least ``min_s`` at ``min_semitones`` above one's own median pitch.

    An acoustic measure, not an emotion. Semitones, because hearing and voices work in ratios.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.PARTIES_TOLD, Need.CONTOURS})

    min_semitones: Annotated[float, About(unit="semitones", low=1.0, high=24.0, source="ours")] = (
        4.0
    )
    min_s: Annotated[float, About(unit="s", low=0.5, source="ours")] = 1.5
    min_speech_s: Annotated[
        float,
        About(unit="s", low=1.0, source="ours: voiced speech, about a third of 15 s of speech"),
    ] = 5.0
    party: Party | None = None

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each raised stretch in time order.

        Raises:
            CannotTell: Nobody asked about spoke long enough for a baseline.
        """
        levels = {p: features.pitch(p) for p in (Party.AGENT, Party.CUSTOMER)}
        least = (self.min_semitones, self.min_s)
        for party, span, value in raised(
            levels, party=self.party, min_speech_s=self.min_speech_s, least=least
        ):
            yield Evidence(
                start_ms=span.start_ms,
                end_ms=span.end_ms,
                because="raised_pitch",
                party=party,
                measure="pitch_above_own",
                value=value,
                unit="semitones",
                limit=self.min_semitones,
            )
