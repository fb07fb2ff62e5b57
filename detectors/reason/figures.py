"""Figures of what an interaction is about; docs/measures.md lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from detectors.evidence import Need
from detectors.features import Features
from detectors.reason.sorting import sorted_by
from detectors.reason.taxonomy import UNSORTED, Dimension
from interactions.sound import Party

UNITS: Mapping[str, str] = MappingProxyType(
    {"reason_confidence": "share", "promise_count": "promises"}
)

Figure = tuple[str, Party | None, float | None, str]


def figures(features: Features) -> Iterator[Figure]:
    """Yield each figure; those that cannot be taken say why."""
    because = features.lacks(frozenset({Need.TEXT, Need.TRUST})) or ""
    found = sorted_by(features)
    sure = [m.confidence for m in found.of(Dimension.REASON) if m.category != UNSORTED]
    why = because or ("" if sure else "unsorted")
    yield "reason_confidence", None, None if why else sure[0], why
    roles = features.lacks(frozenset({Need.TEXT, Need.TRUST, Need.ROLES})) or ""
    promises = float(len(found.of(Dimension.PROMISE)))
    yield "promise_count", Party.AGENT, None if roles else promises, roles
