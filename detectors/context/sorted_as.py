"""What an interaction is about, or what came of it, as an operand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Matter, Need
from detectors.features import Features
from detectors.parameters import About, Unfit
from detectors.reason.sorting import SURE, matters
from detectors.reason.taxonomy import Dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedAs:
    """Finds interactions that the centre's taxonomy sorts under one of ``is_any``.

    The ids are those of the taxonomy in use (``tingjian reasons list``), and ``unsorted``.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})

    is_any: tuple[str, ...]
    dimension: Dimension = Dimension.REASON
    min_confidence: Annotated[
        float,
        About(unit="share", low=0.0, high=1.0, source="ours: below it the answer is unsorted"),
    ] = SURE

    def __post_init__(self) -> None:
        if not self.is_any:
            raise Unfit("is_any", found="nothing", allowed="ids of the taxonomy", code="empty")

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence for each matter that is meant, at its utterance."""
        for one in matters(features):
            is_meant = one.dimension == self.dimension and one.category in self.is_any
            if is_meant and one.confidence >= self.min_confidence:
                yield _evidence(features, one, self.min_confidence)


def _evidence(features: Features, one: Matter, limit: float) -> Evidence:
    said = next((u for u in features.utterances if u.seq == one.utterance_seq), None)
    return Evidence(
        start_ms=said.start_ms if said else 0,
        end_ms=said.end_ms if said else features.interaction.duration_ms,
        because="sorted_as" if said else "sorted_so",
        party=said.party if said else None,
        utterance_seq=one.utterance_seq,
        quote=one.quote or one.category,
        measure=f"{one.dimension} {one.category}",
        value=one.confidence,
        unit="share",
        limit=limit,
        score=one.confidence,
    )
