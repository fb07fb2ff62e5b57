"""The time between one message and the next: too long, or too short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.parameters import About, Unfit
from detectors.place import Place
from interactions.interaction import Utterance
from interactions.sound import Party, Span


class Between(StrEnum):
    """Whose messages stand on the two sides of a gap."""

    ANY = "anyone"
    SAME = "same_party"
    DIFFERENT = "different_parties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Finds pairs of neighbouring messages with a gap of ``min_s`` to ``max_s`` between them.

    From the end of one to the start of the next; where they overlap it is 0. With ``at_start``
    also from the interaction's beginning to the first message, with ``at_end`` from the last to the
    end. Calls have ``silence`` for sound without speech; this goes by words, so it holds for
    written messages too.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})

    min_s: Annotated[
        float, About(unit="s", low=0.0, source="Alibaba SCA INTERVAL_GREATER, example 2000 ms")
    ] = 2.0
    max_s: Annotated[float | None, About(unit="s", low=0.0)] = None
    between: Between = Between.ANY
    party: Party | None = None
    at_start: bool = False
    at_end: bool = False
    min_count: Annotated[int, About(unit="gaps", low=1)] = 1
    within: Place | None = None

    def __post_init__(self) -> None:
        if self.max_s is not None and self.max_s < self.min_s:
            allowed = f"{self.min_s:g} or more s"
            raise Unfit("max_s", found=f"{self.max_s:g}", allowed=allowed, code="out_of_range")

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each gap in time order; ``party`` is who ends it."""
        place = self.within
        window = place.window(features.interaction, features.utterances) if place else None
        found = [
            Evidence(
                start_ms=span.start_ms,
                end_ms=span.end_ms,
                because="gap" if self.max_s is None else "gap_between",
                party=after.party if after else None,
                utterance_seq=after.seq if after else None,
                measure="gap",
                value=span.duration_ms / 1000,
                unit="s",
                limit=self.min_s if self.max_s is None else self.max_s,
            )
            for span, after in self._gaps(features)
            if self._fits(span)
            and (window is None or window.start_ms <= span.start_ms <= window.end_ms)
        ]
        if len(found) >= self.min_count:
            yield from found

    def _fits(self, span: Span) -> bool:
        seconds = span.duration_ms / 1000
        return seconds >= self.min_s and (self.max_s is None or seconds <= self.max_s)

    def _gaps(self, features: Features) -> Iterator[tuple[Span, Utterance | None]]:
        utterances = features.utterances
        if self.at_start and self.party in (None, utterances[0].party):
            yield Span(0, utterances[0].start_ms), utterances[0]
        for before, after in pairwise(utterances):
            if self._is_meant(before, after):
                end = max(before.end_ms, after.start_ms)
                yield Span(before.end_ms, end), after
        if self.at_end and self.party is None:
            last = max(u.end_ms for u in utterances)
            yield Span(last, max(last, features.interaction.duration_ms)), None

    def _is_meant(self, before: Utterance, after: Utterance) -> bool:
        is_same = before.party is after.party
        if self.between is not Between.ANY and is_same is not (self.between is Between.SAME):
            return False
        return self.party in (None, after.party)
