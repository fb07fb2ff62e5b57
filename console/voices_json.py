"""How each utterance was spoken, for a script."""

from __future__ import annotations

from typing import Any

from detectors.features import Features
from detectors.voice.doubts import trait_doubt, utterances_of
from detectors.voice.spoken import UNITS, Trait
from interactions.interaction import Interaction
from interactions.sound import Party


def voices_json(interaction: Interaction) -> list[dict[str, Any]]:
    """Return a row for each utterance of agent and customer with at least one figure.

    A trait has its value, how far it is above the speaker's own median (``unit``) and how many
    robust standard deviations that is; what the line rules out is left out.

    Args:
        interaction: With its contours.
    """
    features = Features(interaction)
    rows = [
        {"utterance_seq": u.seq, "party": u.party, "start_ms": u.start_ms, "end_ms": u.end_ms}
        | {
            trait: {
                "value": figure.value,
                "above_own": figure.above,
                "unit": UNITS[trait],
                "deviations": figure.deviations,
            }
            for trait, figure in traits.items()
            if not _doubts(features, party)[trait]
        }
        for party in (Party.AGENT, Party.CUSTOMER)
        for u, traits in utterances_of(features, party)
        if any(not _doubts(features, party)[trait] for trait in traits)
    ]
    return sorted(rows, key=lambda row: row["utterance_seq"])


def _doubts(features: Features, party: Party) -> dict[Trait, str]:
    key = ("trait doubts", party)
    return features.once(key, lambda: {t: trait_doubt(features, party, t) for t in Trait})
