"""Loudness that changes: from one message to the next, over the whole talk, or off its usual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar, NamedTuple

import numpy as np

from detectors.evidence import Evidence, Need
from detectors.features import PERSONS, CannotTell, Features
from detectors.levels import MIN_SPEECH_S, Level
from detectors.parameters import About
from detectors.voice.doubts import loudness_doubt
from interactions.sound import Party, Span


class Compared(StrEnum):
    """What loudness is compared with."""

    NEIGHBOUR = "neighbour"
    WHOLE = "whole"
    USUAL = "usual"


class Loud(NamedTuple):
    """One stretch of a party's own speech and its mean level above the party's median, in dB."""

    span: Span
    above_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudnessChange:
    """Finds changes of ``min_db`` in one party's loudness, turn by turn.

    ``neighbour``: from one of its turns to its next. ``whole``: between its quietest turn and its
    loudest. ``usual``: a turn above or below the party's own median. An acoustic measure, not an
    emotion. Alibaba SCA's 能量检测 has the same three kinds, on a scale of 1 to 10.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.PARTIES_TOLD, Need.CONTOURS})

    min_db: Annotated[float, About(unit="dB", low=1.0, high=60.0, source="ours")] = 12.0
    compared: Compared = Compared.NEIGHBOUR
    min_turn_s: Annotated[float, About(unit="s", low=0.1, source="ours")] = 1.0
    min_speech_s: Annotated[float, About(unit="s", low=1.0, source="ours")] = MIN_SPEECH_S
    party: Party | None = None
    min_count: Annotated[int, About(unit="changes", low=1)] = 1

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each change in time order; its value is the difference in dB.

        Raises:
            CannotTell: Nobody asked about spoke long enough for a baseline, or their loudness is
                not to be believed (clipping, automatic gain).
        """
        parties = PERSONS if self.party is None else (self.party,)
        doubts = [loudness_doubt(features, p) for p in parties]
        if all(doubts):
            raise CannotTell(doubts[0])
        asked = [p for p, doubt in zip(parties, doubts, strict=True) if not doubt]
        levels = {p: features.loudness(p) for p in asked}
        known = {p: v for p, v in levels.items() if v and v.measured_s >= self.min_speech_s}
        if not known:
            raise CannotTell("too_little_speech")
        found = [
            self._evidence(party, span, value)
            for party, level in known.items()
            for span, value in self._changes(self._turns(features.turns.get(party, ()), level))
        ]
        if len(found) >= self.min_count:
            yield from sorted(found, key=lambda e: (e.start_ms, e.end_ms))

    def _turns(self, turns: Sequence[Span], level: Level) -> list[Loud]:
        loud = []
        for span in turns:
            above = level.above[span.start_ms // level.step_ms : span.end_ms // level.step_ms]
            above = above[np.isfinite(above)]
            if span.duration_ms >= self.min_turn_s * 1000 and len(above):
                loud.append(Loud(span, float(np.mean(above))))
        return loud

    def _changes(self, turns: list[Loud]) -> Iterator[tuple[Span, float]]:
        if self.compared is Compared.USUAL:
            pairs = [(one.span, one.above_db) for one in turns]
        elif self.compared is Compared.NEIGHBOUR:
            pairs = [(_over(a, b), b.above_db - a.above_db) for a, b in pairwise(turns)]
        elif turns:
            low, high = (pick(turns, key=lambda one: one.above_db) for pick in (min, max))
            pairs = [(_over(low, high), high.above_db - low.above_db)]
        else:
            pairs = []
        for span, change in pairs:
            if abs(change) >= self.min_db:
                yield span, round(change, 1)

    def _evidence(self, party: Party, span: Span, value: float) -> Evidence:
        return Evidence(
            start_ms=span.start_ms,
            end_ms=span.end_ms,
            because=f"loudness_{self.compared}",
            party=party,
            measure="loudness_change",
            value=value,
            unit="dB",
            limit=self.min_db,
        )


def _over(one: Loud, other: Loud) -> Span:
    first, last = sorted((one.span, other.span))
    return Span(first.start_ms, max(first.end_ms, last.end_ms))
