"""What the line did to a voice before it was recorded: automatic gain, a narrow band."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from interactions.sound import Contour, Recording, Span

GAIN_RISE_DB = 4.0
"""From this rise of the noise over pauses on loudness is not believed. Ours: on 19 real and
constructed tracks, those it was set on, the median rise is 1.2 dB at most, and mostly above 5 dB
once an automatic gain with a release of 1 s has gone over them; a faster one is mostly missed."""

PAUSES = 4
PAUSE_MS, AFTER_MS, BEFORE_MS, LOOK_MS = 2_500, 300, 500, 500
"""A pause of 2.5 s and more, without what rings on after speech and breathes in before it: half a
second near its beginning against half a second near its end. Ours."""

NOTHING_DB = -95.0
"""Digital silence: a gate has taken the noise away, and nothing can be told."""

NARROW_HZ = 8_000
"""Recorded with fewer samples a second, a track ends below the telephone band's 3 400 Hz."""


def gain_rise_db(contour: Contour, speech: Sequence[Span]) -> float | None:
    """Return by how much noise rises over the pauses of a track, in dB; None with too few pauses.

    An automatic gain turns itself up while nobody speaks, and the noise with it; nothing else on a
    line does. A gain that has recovered within half a second is not seen.

    Args:
        contour: Of the track.
        speech: Everything that is said on it, in time order.
    """
    step_ms, rises = contour.step_ms, []
    for one, other in pairwise(speech):
        if other.start_ms - one.end_ms < PAUSE_MS:
            continue
        begin, end = one.end_ms + AFTER_MS, other.start_ms - BEFORE_MS
        first, last = (
            contour.loudness_db[start // step_ms : (start + LOOK_MS) // step_ms]
            for start in (begin, end - LOOK_MS)
        )
        if len(first) and len(last) and min(np.median(first), np.median(last)) > NOTHING_DB:
            rises.append(float(np.median(last) - np.median(first)))
    return float(np.median(rises)) if len(rises) >= PAUSES else None


def is_narrow(recording: Recording | None) -> bool:
    """Tell whether a recording has no upper telephone band, so that brightness says nothing."""
    return recording is not None and recording.sample_rate < NARROW_HZ
