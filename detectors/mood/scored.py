"""A party's scored utterances, and evidence over a stretch of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from detectors.evidence import Evidence
from detectors.features import Features
from interactions.interaction import Utterance
from interactions.sound import Party


class Scored(NamedTuple):
    """An utterance and its score, −5 to +5."""

    utterance: Utterance
    score: float


def scored(features: Features, party: Party | None) -> list[Scored]:
    """Return the utterances of ``party`` (None: of everybody) that could be scored, in order."""
    return features.once(("scored", party), lambda: _scored(features, party))


def _scored(features: Features, party: Party | None) -> list[Scored]:
    return [
        Scored(utterance, value)
        for utterance, value in zip(features.utterances, features.sentiment, strict=True)
        if value is not None and (party is None or utterance.party is party)
    ]


def evidence_over(part: Sequence[Scored], *, because: str, value: float, limit: float) -> Evidence:
    """Return evidence over ``part``, quoting its most negative utterance."""
    worst = min(part, key=lambda one: (one.score, one.utterance.seq)).utterance
    return Evidence(
        start_ms=part[0].utterance.start_ms,
        end_ms=max(one.utterance.end_ms for one in part),
        because=because,
        party=worst.party,
        utterance_seq=worst.seq,
        quote=worst.text,
        measure=because,
        value=round(value, 2),
        unit="score",
        limit=limit,
    )
