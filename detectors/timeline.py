"""Arithmetic on stretches of time: joining, gaps, overlaps and runs of frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from interactions.sound import Span


def joined(spans: Iterable[Span], *, bridge_ms: int = 0) -> tuple[Span, ...]:
    """Return the spans in order, merged where they touch or lie at most ``bridge_ms`` apart."""
    merged: list[Span] = []
    for span in sorted(spans):
        if span.end_ms <= span.start_ms:
            continue
        if merged and span.start_ms - merged[-1].end_ms <= bridge_ms:
            if span.end_ms > merged[-1].end_ms:
                merged[-1] = Span(merged[-1].start_ms, span.end_ms)
        else:
            merged.append(span)
    return tuple(merged)


def gaps(spans: Sequence[Span], start_ms: int, end_ms: int) -> tuple[Span, ...]:
    """Return what ``spans`` (joined, in order) leave free between the two times."""
    free: list[Span] = []
    cursor = start_ms
    for span in spans:
        if span.start_ms > cursor:
            free.append(Span(cursor, min(span.start_ms, end_ms)))
        cursor = max(cursor, span.end_ms)
        if cursor >= end_ms:
            break
    if cursor < end_ms:
        free.append(Span(cursor, end_ms))
    return tuple(free)


def overlaps(a: Sequence[Span], b: Sequence[Span]) -> tuple[tuple[Span, Span, Span], ...]:
    """Return each overlap with the two spans that make it; both inputs joined and in order."""
    both: list[tuple[Span, Span, Span]] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start = max(a[i].start_ms, b[j].start_ms)
        end = min(a[i].end_ms, b[j].end_ms)
        if start < end:
            both.append((Span(start, end), a[i], b[j]))
        if a[i].end_ms <= b[j].end_ms:
            i += 1
        else:
            j += 1
    return tuple(both)


def total_ms(spans: Iterable[Span]) -> int:
    """Return the summed length in milliseconds."""
    return sum(span.duration_ms for span in spans)


def frames_in(spans: Iterable[Span], *, step_ms: int, count: int) -> NDArray[np.bool_]:
    """Return which of ``count`` frames have their centre inside a span; shape ``(count,)``."""
    inside = np.zeros(count, dtype=np.bool_)
    for span in spans:
        first = max(0, round(span.start_ms / step_ms))
        inside[first : max(first, round(span.end_ms / step_ms))] = True
    return inside


def runs(mask: NDArray[np.bool_], *, bridge: int) -> list[tuple[int, int]]:
    """Return half-open index ranges where ``mask`` holds, gaps up to ``bridge`` frames bridged."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    found: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if found and start - found[-1][1] <= bridge:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
