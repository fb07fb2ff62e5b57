"""Who speaks when, against who really did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.timeline import joined
from interactions.sound import Span

_COLLAR_MS = 250

Voices = Sequence[Sequence[Span]]


def reference(path: Path) -> Voices:
    """Return both speakers' stretches of an RTTM file, by the number of their track."""
    found: dict[str, list[Span]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        _, _, track, start, length, *_ = line.split()
        begin = round(float(start) * 1000)
        found[track].append(Span(begin, begin + round(float(length) * 1000)))
    return [joined(found[track]) for track in sorted(found)]


def missing_ms(own: Sequence[Span], told: Sequence[Span], end_ms: int) -> int:
    """Return how much of ``own`` is not in ``told``."""
    true, heard_there = painted([own, told], end_ms)
    return int((true & ~heard_there).sum()) * 10


def diarised(found: Voices, true: Voices, end_ms: int) -> tuple[float, float]:
    """Return the diarisation error (NIST's) and its part of wrong speakers, best naming."""
    known, told = painted(true, end_ms), painted(found, end_ms)
    counts = np.ones(known.shape[1], dtype=np.bool_)
    for edge in (e for spans in true for s in spans for e in (s.start_ms, s.end_ms)):
        counts[max(0, edge - _COLLAR_MS) // 10 : (edge + _COLLAR_MS) // 10] = False
    known, told = known[:, counts], told[:, counts]
    errors = []
    for named in (told, told[::-1]):
        wanted, given, right = known.sum(axis=0), named.sum(axis=0), (known & named).sum(axis=0)
        wrong = (np.minimum(wanted, given) - right).sum() / known.sum()
        errors.append(
            (float((np.maximum(wanted, given) - right).sum() / known.sum()), float(wrong))
        )
    return min(errors)


def painted(voices: Voices, end_ms: int) -> NDArray[np.bool_]:
    """Return which of two voices speaks in each 10 ms, shape ``(2, n)``."""
    found = np.zeros((2, end_ms // 10 + 1), dtype=np.bool_)
    for row, spans in enumerate(voices):
        for span in spans:
            found[row, span.start_ms // 10 : span.end_ms // 10] = True
    return found
