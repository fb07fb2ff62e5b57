"""Who speaks when, against who really did: the diarisation error as NIST counts it (RT-09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.timeline import joined
from interactions.sound import Span

COLLAR_MS = 250
"""NIST's forgiveness around each change of the reference."""

STEP_MS = 10

Voices = Sequence[Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Error:
    """What is wrong, in steps of 10 ms and speaker; errors of several calls add up.

    Attributes:
        missed: Speech of the reference that is nobody's.
        false_alarm: Speech told where the reference has none.
        wrong_voice: Speech given to the other voice.
        speech: All speech of the reference; two who speak at once count twice.
    """

    missed: int = 0
    false_alarm: int = 0
    wrong_voice: int = 0
    speech: int = 0

    def __add__(self, other: Error) -> Error:
        return Error(
            self.missed + other.missed,
            self.false_alarm + other.false_alarm,
            self.wrong_voice + other.wrong_voice,
            self.speech + other.speech,
        )

    def share(self, part: int) -> float:
        """Return a part of the errors over all speech."""
        return round(part / max(1, self.speech), 4)

    @property
    def rate(self) -> float:
        """The diarisation error: missed, false and wrong over all speech."""
        return self.share(self.missed + self.false_alarm + self.wrong_voice)


def reference(path: Path) -> Voices:
    """Return both speakers' stretches of an RTTM file, by the number of their track."""
    found: dict[int, list[Span]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        _, _, track, start, length, *_ = line.split()
        begin = round(float(start) * 1000)
        found[int(track)].append(Span(begin, begin + round(float(length) * 1000)))
    return [joined(found[track]) for track in (1, 2)]


def missing_ms(own: Sequence[Span], told: Sequence[Span], end_ms: int) -> int:
    """Return how much of ``own`` is not in ``told``."""
    true, heard_there = painted([own, told], end_ms)
    return int((true & ~heard_there).sum()) * STEP_MS


def diarised(found: Voices, true: Voices, end_ms: int, *, collar_ms: int) -> Error:
    """Return the error of the better of both namings.

    Args:
        found: Two voices, in any order.
        true: Two speakers.
        end_ms: Length of the call.
        collar_ms: What lies this near to a change of the reference does not count.
    """
    known, told = painted(true, end_ms), painted(found, end_ms)
    counts = np.ones(known.shape[1], dtype=np.bool_)
    edges = (e for spans in true for s in spans for e in (s.start_ms, s.end_ms))
    for edge in edges if collar_ms else ():
        counts[max(0, edge - collar_ms) // STEP_MS : (edge + collar_ms) // STEP_MS] = False
    known, told = known[:, counts], told[:, counts]
    return min((_error(known, named) for named in (told, told[::-1])), key=lambda e: e.rate)


def _error(known: NDArray[np.bool_], named: NDArray[np.bool_]) -> Error:
    wanted, given, right = known.sum(axis=0), named.sum(axis=0), (known & named).sum(axis=0)
    return Error(
        missed=int(np.maximum(wanted - given, 0).sum()),
        false_alarm=int(np.maximum(given - wanted, 0).sum()),
        wrong_voice=int((np.minimum(wanted, given) - right).sum()),
        speech=int(wanted.sum()),
    )


def painted(voices: Voices, end_ms: int) -> NDArray[np.bool_]:
    """Return which of two voices speaks in each 10 ms, shape ``(2, n)``."""
    found = np.zeros((2, end_ms // STEP_MS + 1), dtype=np.bool_)
    for row, spans in enumerate(voices):
        for span in spans:
            found[row, span.start_ms // STEP_MS : span.end_ms // STEP_MS] = True
    return found
