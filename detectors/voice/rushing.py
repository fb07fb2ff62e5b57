"""Rushing: a party that speaks faster than it usually does, and fast at all, for a while."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.parameters import About
from detectors.voice.doubts import utterances_of
from detectors.voice.spoken import Figure, Trait
from interactions.interaction import Language, Utterance
from interactions.sound import Party

FLOOR: Mapping[Language, float] = MappingProxyType(
    {Language.EN: 180.0, Language.ZH: 300.0, Language.MIXED: 300.0, Language.UNKNOWN: 300.0}
)
"""Words (English), characters or syllables a minute below which nobody rushes: a fifth over 150
words and 250 characters, ordinary speech. Alibaba SCA's example limit is 280 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rushing:
    """Finds stretches of neighbouring utterances of a party that are fast, ``min_s`` together.

    Each is ``min_percent`` faster than the party's own median utterance and at least as fast as
    the floor: ``min_speed``, or what is ordinary in the language. An utterance too short for a
    speed neither counts nor ends a stretch.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset(
        {Need.TEXT, Need.TRUST, Need.SPEECH, Need.PARTIES_TOLD}
    )

    min_percent: Annotated[float, About(unit="percent", low=0.0, high=300.0, source="ours")] = 20.0
    min_speed: Annotated[
        float | None, About(unit="characters or words/min", low=1.0, high=2000.0)
    ] = None
    min_s: Annotated[float, About(unit="s", low=0.0, source="ours")] = 5.0
    party: Party = Party.AGENT

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each rushed stretch in time order; its value is its mean speed.

        Raises:
            CannotTell: The party has too few utterances for a baseline.
        """
        every = utterances_of(features, self.party)
        told = [(u, traits[Trait.SPEED]) for u, traits in every if Trait.SPEED in traits]
        if not told:
            raise CannotTell("too_little_speech")
        floor = FLOOR[features.language] if self.min_speed is None else self.min_speed
        fast = groupby(told, key=lambda one: self._is_fast(one[1], floor))
        for is_fast, stretch in fast:
            if is_fast and (evidence := self._evidence(list(stretch), floor)):
                yield evidence

    def _is_fast(self, figure: Figure, floor: float) -> bool:
        return figure.above >= self.min_percent and figure.value >= floor

    def _evidence(
        self, stretch: Sequence[tuple[Utterance, Figure]], floor: float
    ) -> Evidence | None:
        lengths = [u.end_ms - u.start_ms for u, _ in stretch]
        if sum(lengths) < self.min_s * 1000:
            return None
        mean = sum(f.value * ms for (_, f), ms in zip(stretch, lengths, strict=True)) / sum(lengths)
        first = stretch[0][0]
        return Evidence(
            start_ms=first.start_ms,
            end_ms=stretch[-1][0].end_ms,
            because="rushing",
            party=self.party,
            utterance_seq=first.seq,
            quote=first.text,
            measure="speaking_speed",
            value=round(mean, 1),
            unit="characters or words/min",
            limit=floor,
        )
