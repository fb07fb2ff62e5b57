"""Figures about turn-taking: who talks how much, who waits, who cuts in.

All from where the sound says that someone speaks, never from a transcript's times.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from detectors.evidence import Need
from detectors.features import PERSONS, Features
from detectors.timeline import gaps, joined, overlaps, total_ms
from detectors.timing.silence import Silence
from detectors.timing.talk_over import TalkOver
from interactions.sound import Party, Span

DEAD_AIR_MS = 3000
"""Silence from this long on is dead air. Source: Amazon Connect counts non-talk over 3 s."""

MONOLOGUE_MS = 60_000
TURN_PAUSE_MS = 3_000
"""Source of both: call-ai-metrics 0.1.0: a turn ends after a pause of 3 s, a monologue has 60 s."""

BACKCHANNEL_MS = 1_000
"""The other's 嗯 or "right", up to 1 s, ends no turn. As in ``talk_over``."""

_WAITING = Silence()
_RATE_MS = 600_000

Figure = tuple[str, Party | None, float | None, str]


def talk(features: Features) -> Iterator[Figure]:
    """The split of the whole duration into disjoint parts; they sum to 1.

    One party alone (agent, customer, system, unknown), several at once, hold (silence over 3 s
    that was announced), and silence (all other time in which nobody speaks).
    """
    whole = features.interaction.duration_ms
    because = features.lacks(frozenset({Need.SPEECH})) or ("" if whole else "no_sound")
    if because:
        yield "silence_share", None, None, because
        return
    total = 0
    for party, spans in features.speech.items():
        others = joined(s for p, o in features.speech.items() if p is not party for s in o)
        alone = total_ms(spans) - total_ms(both for both, _, _ in overlaps(spans, others))
        total += alone
        yield "talk_share", party, alone / whole, ""
    spoken = total_ms(features.anyone)
    apart = features.lacks(frozenset({Need.PARTIES_APART})) or ""
    yield "both_share", None, None if apart else (spoken - total) / whole, apart
    wordless = features.lacks(frozenset({Need.TEXT})) or ""
    hold = 0 if wordless else total_ms(_announced(features))
    yield "hold_share", None, None if wordless else hold / whole, wordless
    quiet = total_ms(gaps(features.anyone, 0, whole)) - hold
    yield "silence_share", None, quiet / whole, ""


def silence(features: Features) -> Iterator[Figure]:
    """Silences between the first speech and the last, announced and not, and what follows."""
    because = features.lacks(frozenset({Need.SPEECH})) or ""
    lengths = [s.duration_ms for s in features.silences]
    dead = sum(length for length in lengths if length > DEAD_AIR_MS)
    yield "longest_silence", None, None if because else max(lengths, default=0) / 1000, because
    yield "dead_air", None, None if because else dead / 1000, because
    wordless = because or features.lacks(frozenset({Need.TEXT})) or ""
    told = 0 if wordless else total_ms(_announced(features))
    yield "dead_air_announced", None, None if wordless else told / 1000, wordless
    yield "dead_air_unannounced", None, None if wordless else (dead - told) / 1000, wordless
    nobody = because or ("" if features.anyone else "not_spoken")
    tail = 0 if nobody else max(0, features.interaction.duration_ms - features.anyone[-1].end_ms)
    yield "tail", None, None if nobody else tail / 1000, nobody


def _announced(features: Features) -> tuple[Span, ...]:
    """Return the dead air that was announced."""
    return features.once(
        "announced dead air",
        lambda: tuple(
            s
            for s in features.silences
            if s.duration_ms > DEAD_AIR_MS and _WAITING.is_announced(features, s)
        ),
    )


def talk_over(features: Features) -> Iterator[Figure]:
    """How often, how long and how densely each party cuts in."""
    because = features.lacks(TalkOver.NEEDS) or ""
    minutes = features.interaction.duration_ms / _RATE_MS
    for party in PERSONS:
        cuts = [] if because else list(TalkOver(party=party).find(features))
        seconds = sum(cut.end_ms - cut.start_ms for cut in cuts) / 1000
        yield "talk_over_count", party, None if because else float(len(cuts)), because
        yield "talk_over_time", party, None if because else seconds, because
        none = because or ("" if minutes else "no_sound")
        yield "talk_over_rate", party, None if none else len(cuts) / minutes, none


def turns(features: Features) -> Iterator[Figure]:
    """Turns, the longest monologue, and how soon each party answers the other."""
    lacking = features.lacks(frozenset({Need.PARTIES_TOLD, Need.ROLES})) or ""
    found = [] if lacking else floor(features)
    for party in PERSONS:
        own = [span for who, span in found if who is party]
        because = lacking or ("" if own else "not_spoken")
        yield "turn_count", party, None if because else float(len(own)), because
        longest = max((span.duration_ms for span in own), default=0) / 1000
        yield "longest_turn", party, None if because else longest, because
        many = sum(1 for span in own if span.duration_ms >= MONOLOGUE_MS)
        yield "monologue_count", party, None if because else float(many), because
        waits = _latencies(found, party)
        none = lacking or ("" if waits else "no_replies")
        for name, part in (("reply_latency_p50", 50), ("reply_latency_p90", 90)):
            value = None if none else float(np.percentile(waits, part)) / 1000
            yield name, party, value, none


def floor(features: Features) -> list[tuple[Party, Span]]:
    """Return the turns of agent and customer in order of their starts.

    A party's stretches are one turn over its own pauses of less than 3 s in which the other says
    nothing longer than a backchannel; what is no longer than a backchannel and lies inside the
    other's turn is no turn.
    """
    return features.once("floor", lambda: _floor(features))


def _floor(features: Features) -> list[tuple[Party, Span]]:
    spoken = sorted((span, party) for party in PERSONS for span in features.turns.get(party, ()))
    others = {party: [s for s, p in spoken if p is not party] for party in PERSONS}
    kept: list[tuple[Party, Span]] = []
    last: dict[Party, int] = {}
    for span, party in spoken:
        if span.duration_ms <= BACKCHANNEL_MS and _is_inside(span, others[party]):
            continue
        at = last.get(party)
        if at is not None and at == len(kept) - 1:
            before = kept[at][1]
            if span.start_ms - before.end_ms < TURN_PAUSE_MS:
                kept[at] = (party, Span(before.start_ms, max(before.end_ms, span.end_ms)))
                continue
        last[party] = len(kept)
        kept.append((party, span))
    return kept


def _is_inside(span: Span, others: list[Span]) -> bool:
    return any(o.start_ms <= span.start_ms and span.end_ms <= o.end_ms for o in others)


def _latencies(found: list[tuple[Party, Span]], party: Party) -> list[int]:
    """Return what passed from the other's turn to this party's, in ms; 0 where they overlap."""
    waits: list[int] = []
    for (before, one), (after, other) in pairwise(found):
        if after is party and before is not party:
            waits.append(max(0, other.start_ms - one.end_ms))
    return waits
