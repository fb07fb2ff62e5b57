"""Speech packed into windows of at most 30 s, so that a recogniser hears nothing but speech.

Whisper's encoder costs the same for a second as for thirty. A call's track is half silence, and
over silence Whisper invents text: so stretches of speech are laid behind each other, with a short
silence between, and every word's time is mapped back. Weights that hear windows of any length pay
for what they hear alone: each stretch is a window of its own then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from asr.contour import STEP_MS, loudness
from asr.stored import Track
from asr.waveform import WIDE_HZ, Waveform
from interactions.sound import Span

WINDOW_MS = 30_000
"""What Whisper's encoder takes (Radford and others, 2022, section 2.2)."""

_TOGETHER_MS = 600
"""Stretches closer than this are one utterance: pauses within a turn are mostly shorter (Heldner
and Edlund, 2010, Journal of Phonetics 38: pauses within a speaker's talk, median near 0.5 s)."""

_MARGIN_MS = 300
"""Sound kept around a stretch: the first consonant is often before it. Half of ``_TOGETHER_MS``,
so that neighbours never overlap. With the checkpoint in the box 7.9 % of the characters of unseen
sentences are wrong, 9.4 % with 100 ms (``benchmarks.asr_text``)."""

_BETWEEN_MS = 100
"""Silence between two stretches; with the margins a pause as between sentences."""

_CUT_PART = 5
"""Speech that does not fit a window is cut at the quietest place of its last fifth."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a track inside a window.

    Attributes:
        source: Where it lies in the recording.
        start_ms: Where it begins in the window.
    """

    source: Span
    start_ms: int

    @property
    def end_ms(self) -> int:
        """Where it ends in the window."""
        return self.start_ms + self.source.duration_ms

    def in_recording(self, at_ms: float) -> int:
        """Map a time of the window to the recording, kept inside the piece."""
        inside = min(max(at_ms, self.start_ms), self.end_ms) - self.start_ms
        return self.source.start_ms + round(inside)


@dataclass(frozen=True, slots=True)
class Window:
    """What the recogniser hears at once: at least one piece of one track."""

    track: int
    pieces: tuple[Piece, ...]

    @property
    def duration_ms(self) -> int:
        """Length of what is in it; the rest of the 30 s is silence."""
        return self.pieces[-1].end_ms

    def piece_at(self, at_ms: float) -> int:
        """Return the index of the piece nearest to a time of the window."""
        away = [max(p.start_ms - at_ms, at_ms - p.end_ms, 0.0) for p in self.pieces]
        return away.index(min(away))

    def sound(self, track: Track, rate: int) -> NDArray[np.float32]:
        """Return the window's sound at 16 kHz, shape ``(n,)``.

        Args:
            track: The samples of the window's track.
            rate: Samples per second of the track.
        """
        per_ms = WIDE_HZ // 1000
        result = np.zeros(self.duration_ms * per_ms, dtype=np.float32)
        for piece in self.pieces:
            part = track[piece.source.start_ms * rate // 1000 : piece.source.end_ms * rate // 1000]
            if rate != WIDE_HZ:
                part = np.asarray(soxr.resample(part, rate, WIDE_HZ), dtype=np.float32)
            start = piece.start_ms * per_ms
            part = part[: len(result) - start]
            result[start : start + len(part)] = part
        return result


def windows_of(
    waveform: Waveform, regions: Sequence[Sequence[Span]], *, alone_ms: int | None = None
) -> list[Window]:
    """Return the windows of all tracks of a recording, track after track.

    Args:
        waveform: The sound.
        regions: Where each track carries speech, in time order.
        alone_ms: As for ``pack``.
    """
    return [
        window
        for track, spans in enumerate(regions)
        for window in pack(
            track, waveform.samples[track], waveform.sample_rate, spans, alone_ms=alone_ms
        )
    ]


def pack(
    track: int,
    samples: Track,
    rate: int,
    spans: Sequence[Span],
    *,
    alone_ms: int | None = None,
) -> tuple[Window, ...]:
    """Lay the speech of one track into windows, in time order.

    Args:
        track: The track's index.
        samples: Its samples, shape ``(n,)``.
        rate: Samples per second.
        spans: Where it carries speech, in time order.
        alone_ms: Give each stretch a window of its own, of at most this length; None fills windows
            of 30 s.
    """
    longest = WINDOW_MS if alone_ms is None else alone_ms
    windows: list[Window] = []
    pieces: list[Piece] = []
    for stretch in _cut(_together(spans, len(samples) * 1000 // rate), samples, rate, longest):
        start = pieces[-1].end_ms + _BETWEEN_MS if pieces else 0
        if pieces and (alone_ms is not None or start + stretch.duration_ms > longest):
            windows.append(Window(track, tuple(pieces)))
            pieces, start = [], 0
        pieces.append(Piece(stretch, start))
    if pieces:
        windows.append(Window(track, tuple(pieces)))
    return tuple(windows)


def _together(spans: Sequence[Span], duration_ms: int) -> list[Span]:
    """Join near stretches and widen each by the margin, without overlap."""
    near: list[Span] = []
    for span in spans:
        if near and span.start_ms - near[-1].end_ms < _TOGETHER_MS:
            near[-1] = Span(near[-1].start_ms, span.end_ms)
        else:
            near.append(span)
    return [
        Span(max(0, s.start_ms - _MARGIN_MS), min(duration_ms, s.end_ms + _MARGIN_MS)) for s in near
    ]


def _cut(stretches: Sequence[Span], samples: Track, rate: int, longest_ms: int) -> list[Span]:
    """Cut what is longer than a window at its quietest place."""
    result: list[Span] = []
    for whole in stretches:
        rest = whole
        while rest.duration_ms > longest_ms:
            latest = rest.start_ms + longest_ms
            earliest = latest - longest_ms // _CUT_PART
            levels = loudness(samples[earliest * rate // 1000 : latest * rate // 1000], rate)
            at = earliest + int(levels.argmin()) * STEP_MS + STEP_MS // 2
            result.append(Span(rest.start_ms, at))
            rest = Span(at, rest.end_ms)
        result.append(rest)
    return result
