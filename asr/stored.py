"""Sound that is longer than memory should hold: it lies in a file, and is looked at in parts.

Everything that listens takes a ``Track`` and looks at it a minute at a time, whether it lies in
memory or in a file, so both give the same figures to the last bit.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

IN_MEMORY_BYTES = 64 << 20
"""Sound up to this size stays in memory: 17 minutes of two telephone tracks."""

PART_S = 60
"""What is looked at at once. A multiple of every step that is measured in."""

_BYTES = np.dtype(np.float32).itemsize

Sound = NDArray[np.float32]


class Track(Protocol):
    """Samples of one track that can be looked at in parts: an array, or a stored track."""

    def __len__(self) -> int:
        """Return the number of samples."""
        ...

    def __getitem__(self, part: slice, /) -> Sound:
        """Return some of the samples."""
        ...


def parts(track: Track, rate: int) -> Iterator[Sound]:
    """Yield the track a minute at a time, in order.

    Args:
        track: Shape ``(n,)``.
        rate: Samples per second.
    """
    size = PART_S * rate
    for start in range(0, len(track), size):
        yield track[start : start + size]


class StoredTrack:
    """One track of a stored sound; a slice of it is an array that was read just now."""

    def __init__(self, stored: Stored, row: int) -> None:
        self._stored, self._row = stored, row

    def __len__(self) -> int:
        return self._stored.shape[1]

    def __getitem__(self, part: slice) -> Sound:
        start, stop, step = part.indices(len(self))
        found = self._stored.read(self._row, start, max(start, stop))
        return found if step == 1 else found[::step]


class Stored:
    """Tracks in an unnamed file, which is gone with the object or the process.

    The file lies where ``tempfile`` puts it (``TMPDIR``).
    """

    def __init__(self, tracks: int) -> None:
        handle, name = tempfile.mkstemp(prefix="tingjian-")
        Path(name).unlink()
        self._handle = handle
        self._tracks = tracks
        self.length = 0
        weakref.finalize(self, os.close, handle)

    @property
    def shape(self) -> tuple[int, int]:
        """Tracks and samples."""
        return self._tracks, self.length

    def __len__(self) -> int:
        return self._tracks

    def __getitem__(self, row: int) -> StoredTrack:
        if not -self._tracks <= row < self._tracks:
            raise IndexError(row)
        return StoredTrack(self, row % self._tracks)

    def __iter__(self) -> Iterator[StoredTrack]:
        return (self[row] for row in range(self._tracks))

    def write(self, row: int, start: int, sound: Sound) -> None:
        """Put samples of one track at ``start``; what was never written is silence."""
        # In frames, so that tracks whose length nobody knows yet can share one file.
        for at, place, count in _places(start, start + len(sound)):
            data = np.ascontiguousarray(sound[at - start : at - start + count], dtype=np.float32)
            os.pwrite(self._handle, data.tobytes(), self._offset(row, place, at))
        self.length = max(self.length, start + len(sound))

    def read(self, row: int, start: int, stop: int) -> Sound:
        """Return samples of one track."""
        found = np.zeros(stop - start, dtype=np.float32)
        for at, place, count in _places(start, stop):
            data = os.pread(self._handle, count * _BYTES, self._offset(row, place, at))
            part = np.frombuffer(data, dtype=np.float32)
            found[at - start : at - start + len(part)] = part
        return found

    def _offset(self, row: int, place: int, at: int) -> int:
        return ((place * self._tracks + row) * _FRAME + at - place * _FRAME) * _BYTES


_FRAME = 1 << 16
"""Samples of one track that lie side by side in the file."""


def _places(start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Yield where samples ``[start, stop)`` begin in each frame, its number, and how many."""
    while start < stop:
        place = start // _FRAME
        count = min(stop, (place + 1) * _FRAME) - start
        yield start, place, count
        start += count


Samples = Sound | Stored
"""The tracks of a recording: an array of shape ``(tracks, n)``, or stored."""


class Laid:
    """Where sound of unknown length is laid down: in memory, and in a file once it is long."""

    def __init__(self, tracks: int, room: int, *, in_memory_bytes: int = IN_MEMORY_BYTES) -> None:
        self._tracks = tracks
        self._most = in_memory_bytes // (_BYTES * tracks)
        # Memory that is never written to costs nothing, so a header may guess too long.
        self._array = np.empty((tracks, min(room, self._most)), dtype=np.float32)
        self._stored = Stored(tracks) if room > self._most else None
        self._ends = [0] * tracks

    def write(self, first: int, start: int, sound: Sound) -> int:
        """Put ``sound``, shape ``(rows, n)``, at ``start`` of the tracks from ``first`` on."""
        end = start + int(sound.shape[1])
        if self._stored is None and end > self._array.shape[1]:
            self._grow(end)
        for row, one in enumerate(sound, start=first):
            if self._stored is not None:
                self._stored.write(row, start, one)
            else:
                self._array[row, start:end] = one
            self._ends[row] = max(self._ends[row], end)
        return end

    def _grow(self, end: int) -> None:
        if end > self._most:
            self._stored = Stored(self._tracks)
            for row, length in enumerate(self._ends):
                self._stored.write(row, 0, self._array[row, :length])
            return
        more = np.empty((self._tracks, min(self._most, end * 3 // 2)), dtype=np.float32)
        more[:, : self._array.shape[1]] = self._array
        self._array = more

    def done(self) -> Samples:
        """Return what was laid down; the shorter of two tracks ends in silence."""
        if self._stored is not None:
            return self._stored
        longest = max(self._ends)
        for row, length in enumerate(self._ends):
            self._array[row, length:longest] = 0.0
        return self._array[:, :longest]


def mean_of(tracks: Sequence[Track], rate: int) -> Samples:
    """Return the mean of tracks of one length as one track.

    Args:
        tracks: Two or more.
        rate: Samples per second.
    """
    laid = Laid(1, len(tracks[0]))
    at = 0
    for together in zip(*(parts(track, rate) for track in tracks), strict=True):
        mixed = np.stack(together).mean(axis=0, dtype=np.float32, keepdims=True)
        at = laid.write(0, at, mixed)
    return laid.done()
