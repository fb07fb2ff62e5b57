"""What a party's anger is aimed at, or a polite refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.mood.target import Aimed, Target, aimed
from detectors.parameters import About
from interactions.sound import Party

MEASURES: Mapping[str, Target] = MappingProxyType(
    {
        "angry_at_agent": Target.AGENT,
        "angry_at_product": Target.PRODUCT,
        "angry_at_company": Target.COMPANY,
        "polite_refusals": Target.REFUSAL,
    }
)
"""How many utterances of the customer are aimed at each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AimedAt:
    """Finds utterances of a party that are aimed at ``target`` (``detectors.mood.target``).

    ``agent``, ``product`` and ``company`` are those of which the mood score is at most ``at_most``;
    ``refusal`` are polite refusals, whatever their score. Fewer than ``min_utterances`` are none.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.TRUST})

    target: Target
    at_most: Annotated[float, About(unit="score", low=-5.0, high=-1.0, source="ours")] = -1.0
    min_utterances: Annotated[int, About(unit="utterances", low=1, source="ours")] = 1
    party: Party | None = Party.CUSTOMER

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence for each utterance; its value is the score."""
        found = [
            one
            for one in aimed_by(features, self.party)
            if one.target is self.target
            and (one.score <= self.at_most or self.target is Target.REFUSAL)
        ]
        if len(found) < self.min_utterances:
            return
        for one in found:
            utterance = features.utterances[one.index]
            yield Evidence(
                start_ms=utterance.start_ms,
                end_ms=utterance.end_ms,
                because=f"aimed_at_{self.target}",
                party=utterance.party,
                utterance_seq=utterance.seq,
                quote=utterance.text,
                measure="aimed_at",
                value=one.score,
                unit="score",
                limit=None if self.target is Target.REFUSAL else self.at_most,
            )


def aimed_by(features: Features, party: Party | None) -> tuple[Aimed, ...]:
    """Return what each of a party's utterances is aimed at; None is everybody's.

    The places are those of ``features.utterances``.
    """
    return features.once(("aimed", party), lambda: _aimed(features, party))


def _aimed(features: Features, party: Party | None) -> tuple[Aimed, ...]:
    own = [i for i, one in enumerate(features.utterances) if party in (None, one.party)]
    texts, scores = features.normal.texts, features.sentiment
    found = aimed([texts[i] for i in own], [scores[i] for i in own])
    return tuple(Aimed(own[one.index], one.target, one.score) for one in found)
