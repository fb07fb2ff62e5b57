"""The course of a party's voice: how high it goes, and whether it comes down again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detectors.evidence import Need
from detectors.features import Features
from detectors.timeline import total_ms
from detectors.voice.activation import VoicedTurn
from detectors.voice.heats_up import USUAL, hot_stretches, trigger
from interactions.sound import Party, Span

NAMES = (
    *("activation_highest", "activation_highest_at", "activation_end"),
    *("heat_time", "heated_at", "heat_trigger_at", "cooled_at"),
)
HOT_TURNS = 2
"""One raised turn is an exclamation. As ``heats_up``."""

_END_PARTS = 3

Figure = tuple[str, Party | None, float | None, str]


def course(features: Features, party: Party, mixed_up: str) -> Iterator[Figure]:
    """Yield the figures of ``NAMES`` for a party; those that cannot be taken say why.

    Args:
        features: The interaction.
        party: Whose voice.
        mixed_up: Why the party's sound cannot be told from the other's; empty where it can.
    """
    lacking = features.lacks(frozenset({Need.SPEECH, Need.CONTOURS})) or mixed_up
    turns = () if lacking else features.voiced(party)
    because = lacking or ("" if turns else "too_little_speech")
    if because:
        yield from ((name, party, None, because) for name in NAMES)
        return
    top = max(turns, key=lambda turn: turn.activation)
    end = [turn.activation for turn in turns[-max(1, len(turns) // _END_PARTS) :]]
    hot = total_ms(turn.span for turn in turns if turn.activation >= USUAL)
    yield "activation_highest", party, top.activation, ""
    yield "activation_highest_at", party, top.span.start_ms / 1000, ""
    yield "activation_end", party, sum(end) / len(end), ""
    yield "heat_time", party, hot / 1000, ""
    yield from _heat(features, party, turns)


def _heat(features: Features, party: Party, turns: Sequence[VoicedTurn]) -> Iterator[Figure]:
    stretches = hot_stretches(turns, HOT_TURNS)
    if not stretches:
        yield from ((name, party, None, "no_heat") for name in NAMES[-3:])
        return
    first, last = stretches[0], stretches[-1]
    begun = Span(first[0].span.start_ms, first[-1].span.end_ms)
    before = trigger(features, party, begun)
    yield "heated_at", party, begun.start_ms / 1000, ""
    at = before.start_ms / 1000 if before else None
    yield "heat_trigger_at", party, at, "" if before else "nothing_before"
    is_over = last[-1] is not turns[-1]
    cooled = last[-1].span.end_ms / 1000 if is_over else None
    yield "cooled_at", party, cooled, "" if is_over else "no_recovery"
