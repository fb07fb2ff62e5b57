"""Speaking too fast or too slowly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, NamedTuple

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.levels import MIN_SPEECH_S
from detectors.limits import Limits, checked_limits
from detectors.parameters import About
from detectors.speech_units import units
from detectors.timeline import overlaps, total_ms
from interactions.interaction import Utterance
from interactions.sound import Party, Span


class Over(StrEnum):
    """What a speed is taken over."""

    INTERACTION = "interaction"
    MESSAGE = "message"


class Speed(NamedTuple):
    """How fast something was said, in units a minute."""

    utterance: Utterance | None
    span: Span
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingSpeed:
    """Finds a party, or (``over: message``) single messages, outside of the limits.

    Chinese characters and digits a minute, English words where the talk is English, syllables where
    it is mixed; marks and spaces never count. The time is that of the party's own speech, from the
    sound. With ``own_times`` a message must also be that many times as fast as the party's own
    average.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.SPEECH, Need.TRUST})

    above: Annotated[float | None, About(unit="characters or words/min", low=1.0, high=2000.0)] = (
        None
    )
    below: Annotated[float | None, About(unit="characters or words/min", low=1.0, high=2000.0)] = (
        None
    )
    over: Over = Over.INTERACTION
    min_units: Annotated[int, About(unit="characters or words", low=1, source="ours")] = 15
    own_times: Annotated[float, About(unit="times", low=0.0, high=10.0)] = 0.0
    party: Party = Party.AGENT
    min_count: Annotated[int, About(unit="messages", low=1)] = 1
    limits: Limits = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        limits = checked_limits("above", Limits(above=self.above, below=self.below))
        object.__setattr__(self, "limits", limits)

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each message (or the whole party once) outside of the limits, in time order.

        Raises:
            CannotTell: The party has no track of its own, or spoke too little.
        """
        speech = features.speech.get(self.party, ())
        if not speech:
            is_mixed = Party.UNKNOWN in features.speech
            raise CannotTell("parties_not_apart" if is_mixed else "not_spoken")
        seconds = total_ms(speech) / 1000
        if seconds < MIN_SPEECH_S:
            raise CannotTell("too_little_speech")
        own = [
            (u, units(features.normal.texts[i], features.language))
            for i, u in enumerate(features.utterances)
            if u.party is self.party
        ]
        average = 60 * sum(count for _, count in own) / seconds
        if self.over is Over.INTERACTION:
            speeds = [Speed(None, Span(speech[0].start_ms, speech[-1].end_ms), average)]
        else:
            speeds = [s for u, count in own if (s := self._speed(speech, u, count))]
        found = [s for s in speeds if self.limits.hold(s.value) and self._is_odd(s, average)]
        if len(found) >= self.min_count:
            yield from (self._evidence(one) for one in found)

    def _speed(self, speech: tuple[Span, ...], said: Utterance, count: int) -> Speed | None:
        span = Span(said.start_ms, said.end_ms)
        spoken_ms = total_ms(both for both, _, _ in overlaps((span,), speech))
        if count < self.min_units or not spoken_ms:
            return None
        return Speed(said, span, 60_000 * count / spoken_ms)

    def _is_odd(self, speed: Speed, average: float) -> bool:
        if not self.own_times or speed.utterance is None:
            return True
        return speed.value >= self.own_times * average

    def _evidence(self, speed: Speed) -> Evidence:
        return Evidence(
            start_ms=speed.span.start_ms,
            end_ms=speed.span.end_ms,
            because="speed_low" if self.above is None else "speed_high",
            party=self.party,
            utterance_seq=speed.utterance.seq if speed.utterance else None,
            quote=speed.utterance.text if speed.utterance else "",
            measure="speaking_speed",
            value=round(speed.value, 1),
            unit="characters or words/min",
            limit=self.limits.decisive,
        )
