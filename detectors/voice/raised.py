"""Where a level stays above its speaker's own baseline: shared by loudness and pitch."""

from __future__ import annotations

from collections.abc import Mapping

from detectors.features import CannotTell
from detectors.levels import Level
from interactions.sound import Party, Span


def raised(
    levels: Mapping[Party, Level | None],
    *,
    party: Party | None,
    min_speech_s: float,
    least: tuple[float, float],
) -> list[tuple[Party, Span, float]]:
    """Return who is raised when, and by how much on average (one decimal), in time order.

    Args:
        levels: Level of each party.
        party: Only this one; None for all.
        min_speech_s: Speech in seconds below which there is no baseline.
        least: How far above the baseline, and for how many seconds.

    Raises:
        CannotTell: Nobody asked about spoke long enough for a baseline.
    """
    asked = {p: level for p, level in levels.items() if party in (None, p)}
    measured = {
        p: level
        for p, level in asked.items()
        if level is not None and level.measured_s >= min_speech_s
    }
    if not measured:
        raise CannotTell("too_little_speech")
    high, long_s = least
    found = [
        (span, p, round(value, 1))
        for p, level in measured.items()
        for span, value in level.stretches(least=high, min_s=long_s)
    ]
    return [(p, span, value) for span, p, value in sorted(found)]
