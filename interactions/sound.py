"""What an interaction keeps of its sound: values only, no reading and no models.

The functions that make these values from a recording are in ``asr``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Party(StrEnum):
    """Who speaks. ``unknown`` is an honest answer: a mono recording holds both."""

    AGENT = "agent"
    CUSTOMER = "customer"
    SYSTEM = "system"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, half-open, in milliseconds from the interaction's start."""

    start_ms: int
    end_ms: int

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """Loudness, pitch and spectral balance of one track over time.

    Attributes:
        step_ms: Time between two values; value ``i`` is centred on ``(i + 0.5) * step_ms``.
        loudness_db: Level in dB relative to full scale, shape ``(n,)``; never below -100.
        pitch_hz: Fundamental frequency in Hz, shape ``(n,)``; NaN where the sound has none.
        balance_db: Energy from 1 000 to 3 400 Hz over that from 300 to 1 000 Hz in dB, where there
            is pitch, else NaN; shape ``(n,)``. None where it was not taken.
    """

    step_ms: int
    loudness_db: NDArray[np.float32]
    pitch_hz: NDArray[np.float32]
    balance_db: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class TrackQuality:
    """Can this track be trusted? Shares are of the track's samples or time, 0 to 1.

    Attributes:
        peak_db: Highest sample in dB relative to full scale.
        clipped: Share of samples at the rail in runs of three or more.
        snr_db: Median level of speech over median level of the rest; None without both.
        is_dead: Nothing but silence or a constant on this track.
    """

    peak_db: float
    clipped: float
    snr_db: float | None
    is_dead: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """What was found out about a recording before anyone believes it.

    Attributes:
        tracks: One entry per track, in the recording's order.
        identical_tracks: Two tracks carry the same sound (mono saved as stereo), so the parties
            cannot be told apart by track.
        correlation: Highest correlation between the two tracks, 0 to 1; None for mono.
    """

    tracks: tuple[TrackQuality, ...] = ()
    identical_tracks: bool = False
    correlation: float | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """The sound of one call as it lies on disk.

    Attributes:
        recording_id: SHA-256 (hexadecimal) over the bytes of its files, in order.
        files: One file, or one file per track; relative to the intake folder once it is kept.
        duration_ms: Length of the sound.
        sample_rate: Samples per second of the file, as recorded.
        codec: Name of the codec, for example ``pcm_mulaw``.
        tracks: Who is on which track. A mono recording of both has one track, ``unknown``.
        quality: What the checks found.
    """

    recording_id: str
    files: tuple[Path, ...]
    duration_ms: int
    sample_rate: int
    codec: str
    tracks: tuple[Party, ...]
    quality: Quality = field(default_factory=Quality)

    @property
    def parties_apart(self) -> bool:
        """Whether agent and customer each have a track of their own."""
        apart = {Party.AGENT, Party.CUSTOMER} <= set(self.tracks)
        return apart and not self.quality.identical_tracks
