"""A raised voice: louder than this speaker usually is, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import PERSONS, CannotTell, Features
from detectors.levels import MIN_SPEECH_S
from detectors.parameters import About
from detectors.voice.doubts import loudness_doubt
from detectors.voice.raised import raised
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedVoice:
    """Finds stretches of at least ``min_s`` that are ``min_db`` above one's own median level.

    On average: within a stretch the level may fall to half of that (``levels.LOUD_HOLD``).

    An acoustic measure, not an emotion: distance to the microphone and automatic gain change it.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.PARTIES_TOLD, Need.CONTOURS})

    min_db: Annotated[
        float,
        About(unit="dB", low=1.0, high=40.0, source="ours: 6 dB is twice the sound pressure"),
    ] = 6.0
    min_s: Annotated[float, About(unit="s", low=0.5, source="ours")] = 2.0
    min_speech_s: Annotated[float, About(unit="s", low=1.0, source="ours")] = MIN_SPEECH_S
    party: Party | None = None

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each raised stretch in time order.

        Raises:
            CannotTell: Nobody asked about spoke long enough for a baseline, or their loudness is
                not to be believed (clipping, automatic gain).
        """
        asked = PERSONS if self.party is None else (self.party,)
        doubts = {party: loudness_doubt(features, party) for party in PERSONS}
        if all(doubts[party] for party in asked):
            raise CannotTell(doubts[asked[0]])
        levels = {p: features.loudness(p) for p in PERSONS if not doubts[p]}
        for party, span, value in raised(
            levels,
            party=self.party,
            min_speech_s=self.min_speech_s,
            least=(self.min_db, self.min_s),
        ):
            yield Evidence(
                start_ms=span.start_ms,
                end_ms=span.end_ms,
                because="raised_voice",
                party=party,
                measure="loudness_above_own",
                value=value,
                unit="dB",
                limit=self.min_db,
            )
