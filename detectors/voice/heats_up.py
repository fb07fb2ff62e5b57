"""Where an interaction heats up: a party's voice rises and stays up, and what was said before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.parameters import About
from detectors.voice.activation import VoicedTurn
from interactions.interaction import Utterance
from interactions.sound import Party, Span

USUAL = 0.5
"""Activation below which a turn is nobody's agitation: it ends a hot stretch. As the score's own
middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatsUp:
    """Finds stretches of ``min_turns`` or more turns of one party with a raised activation.

    Each turn of the stretch is 0.5 or more, and together they are ``min_activation`` on average.
    The quote is the trigger: what the other party said last before the stretch began. With
    ``without_recovery`` only a stretch that holds to the party's last turn counts.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.PARTIES_TOLD, Need.CONTOURS})

    min_activation: Annotated[float, About(unit="score", low=0.05, high=1.0, source="ours")] = 0.8
    min_turns: Annotated[int, About(unit="turns", low=1, source="ours")] = 2
    without_recovery: bool = False
    party: Party = Party.CUSTOMER

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each hot stretch in time order.

        Raises:
            CannotTell: The party spoke too little for a baseline.
        """
        turns = features.voiced(self.party)
        if not turns:
            raise CannotTell("too_little_speech")
        for stretch in hot_stretches(turns, self.min_turns):
            mean = sum(turn.activation for turn in stretch) / len(stretch)
            is_last = stretch[-1] is turns[-1]
            if mean < self.min_activation or (self.without_recovery and not is_last):
                continue
            span = Span(stretch[0].span.start_ms, stretch[-1].span.end_ms)
            before = trigger(features, self.party, span)
            yield Evidence(
                start_ms=span.start_ms,
                end_ms=span.end_ms,
                because="heats_up" if before else "heats_up_untold",
                party=self.party,
                utterance_seq=before.seq if before else None,
                quote=before.text if before else "",
                measure="activation",
                value=round(mean, 2),
                unit="score",
                limit=self.min_activation,
            )


def hot_stretches(turns: Sequence[VoicedTurn], least: int) -> list[list[VoicedTurn]]:
    """Return runs of at least ``least`` neighbouring turns with an activation of 0.5 or more."""
    found: list[list[VoicedTurn]] = [[]]
    for turn in turns:
        if turn.activation >= USUAL:
            found[-1].append(turn)
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch and len(stretch) >= least]


def trigger(features: Features, party: Party, hot: Span) -> Utterance | None:
    """Return what somebody else said last before ``party`` heated up; None where nothing was."""
    before = [u for u in features.utterances if u.party is not party and u.start_ms < hot.start_ms]
    return max(before, key=lambda u: (u.start_ms, u.seq)) if before else None
