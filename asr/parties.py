"""What tracks carry, told by party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from asr.speech import joined
from interactions.sound import Contour, Party, Span


def speech_of(
    tracks: Sequence[Party], spoken: Sequence[tuple[Span, ...]]
) -> Mapping[Party, tuple[Span, ...]]:
    """Return where each party speaks: several tracks of one party are joined.

    Args:
        tracks: Who is on which track.
        spoken: Where each track carries speech.
    """
    per_party: dict[Party, list[Span]] = {}
    for party, spans in zip(tracks, spoken, strict=True):
        per_party.setdefault(party, []).extend(spans)
    return MappingProxyType({party: joined(spans) for party, spans in per_party.items()})


def contours_of(tracks: Sequence[Party], shapes: Sequence[Contour]) -> Mapping[Party, Contour]:
    """Return each party's contour: of several tracks the louder one, step by step.

    Args:
        tracks: Who is on which track.
        shapes: The contour of each track.
    """
    per_party: dict[Party, Contour] = {}
    for party, contour in zip(tracks, shapes, strict=True):
        other = per_party.get(party)
        per_party[party] = contour if other is None else _louder(other, contour)
    return MappingProxyType(per_party)


def _louder(one: Contour, other: Contour) -> Contour:
    """Return, step by step, what the louder of two tracks has."""
    first = one.loudness_db >= other.loudness_db
    return Contour(
        step_ms=one.step_ms,
        loudness_db=np.maximum(one.loudness_db, other.loudness_db),
        pitch_hz=np.where(first, one.pitch_hz, other.pitch_hz),
        balance_db=_chosen(first, one.balance_db, other.balance_db),
    )


def _chosen(
    first: NDArray[np.bool_], one: NDArray[np.float32] | None, other: NDArray[np.float32] | None
) -> NDArray[np.float32] | None:
    return None if one is None or other is None else np.where(first, one, other)
