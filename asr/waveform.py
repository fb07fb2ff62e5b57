"""The only reader of audio: every codec that telephone systems write, as float32 per track."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from asr.containers import Container
from asr.decoders import Block, Damaged, Source, open_source
from asr.stored import IN_MEMORY_BYTES, Laid, Samples, Stored, parts
from interactions.problems import Unreadable

LONGEST_MS = 4 * 3_600_000
SHORTEST_MS = 300
"""Shorter than one word: nothing can be found in it."""

NARROW_HZ, WIDE_HZ = 8_000, 16_000
_RATES = (4_000, 384_000)
_MISSING_MS, _MISSING_SHARE = 1_000, 0.02
_SIDES_MS, _SIDES_SHARE = 5_000, 0.02
_ABSURD = 16.0
"""24 dB above full scale: no decoder's overshoot, but damage or a wrong sample format."""


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """The sound of one recording.

    Attributes:
        samples: Shape ``(tracks, n)``; full scale is 1. Long sound is stored, not held.
        sample_rate: 8 000 for anything recorded at 8 kHz or below, else 16 000.
        codec: FFmpeg's name of the codec, for example ``pcm_mulaw``.
        recorded_rate: Samples per second in the file.
    """

    samples: Samples
    sample_rate: int
    codec: str
    recorded_rate: int

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds, rounded down."""
        return int(self.samples.shape[1]) * 1000 // self.sample_rate

    def whole(self) -> NDArray[np.float32]:
        """Return all samples in memory, shape ``(tracks, n)``; of stored sound this is a copy."""
        if isinstance(self.samples, Stored):
            return np.stack([track[:] for track in self.samples])
        return self.samples

    def sample_at(self, at_ms: int) -> int:
        """The index of the sample at a time, kept inside the sound."""
        return max(0, min(int(self.samples.shape[1]), at_ms * self.sample_rate // 1000))


def read(
    files: Sequence[Path],
    *,
    item: str,
    longest_ms: int = LONGEST_MS,
    in_memory_bytes: int = IN_MEMORY_BYTES,
) -> Waveform:
    """Read a recording: one file, or one file for each of the two sides.

    Decoding is streamed. Memory holds the result, 4 bytes per sample, up to ``in_memory_bytes``;
    longer sound goes into an unnamed file, from which everything that listens reads its parts.
    Rates above 16 kHz come down to 16 kHz, which is what speech models take; telephone sound
    stays at 8 kHz. Of two sides the shorter is padded with silence.

    Args:
        files: The file, or the two files in the order of their tracks.
        item: What a problem is reported under.
        longest_ms: Longer sound is set aside.
        in_memory_bytes: Longer sound is stored in a file.

    Raises:
        Unreadable: What was read cannot be a recording of a call; the code says why.
    """
    with ExitStack() as stack:
        opened = [open_source(path, item=item, stack=stack) for path in files]
        sources = [source for source, _ in opened]
        _check_shape(sources, item=item)
        rate = NARROW_HZ if all(s.rate <= NARROW_HZ for s in sources) else WIDE_HZ
        buffer = _Buffer(sources, rate, longest_ms=longest_ms, item=item, most=in_memory_bytes)
        first, lengths = 0, []
        for source, container in opened:
            lengths.append(_decode(source, container, buffer, first))
            first += source.channels
    _check_lengths(lengths, rate, item=item)
    codec = "+".join(dict.fromkeys(s.codec for s in sources))
    recorded_rate = max(s.rate for s in sources)
    return Waveform(buffer.laid.done(), rate, codec, recorded_rate)


class _Buffer:
    """What grows while sound is decoded into it, up to the longest that is read."""

    def __init__(
        self, sources: Sequence[Source], rate: int, *, longest_ms: int, item: str, most: int
    ) -> None:
        self.rate, self.item = rate, item
        self.longest = longest_ms * rate // 1000
        guessed = max(s.expected_seconds or 60.0 for s in sources)
        room = min(self.longest, int((guessed + 2.0) * rate))
        self.laid = Laid(sum(s.channels for s in sources), room, in_memory_bytes=most)

    def write(self, first: int, start: int, block: Block) -> int:
        """Put ``block`` at ``start`` of the tracks from ``first`` on; return where it ends."""
        end = start + len(block)
        if end > self.longest:
            minutes = round(self.longest / self.rate / 60)
            raise Unreadable(self.item, "too_long", longest_minutes=minutes)
        return self.laid.write(first, start, block.T)


def _decode(source: Source, container: Container, buffer: _Buffer, first: int) -> int:
    """Decode one file into its rows; return its length in samples."""
    item, length = buffer.item, 0
    try:
        for block in _resampled(_checked(source, item=item), source, buffer.rate):
            length = buffer.write(first, length, block)
    except Damaged as damaged:
        raise Unreadable(item, "damaged", container=container.name, why=str(damaged)) from damaged
    length_ms = length * 1000 // buffer.rate
    promised_ms = int(length_ms / max(container.share_present, 1e-6))
    if source.promised and source.expected_seconds is not None:
        promised_ms = max(promised_ms, int(source.expected_seconds * 1000))
    if promised_ms - length_ms > max(_MISSING_MS, _MISSING_SHARE * promised_ms):
        raise Unreadable(
            item,
            "truncated",
            seconds=round(length_ms / 1000, 1),
            promised_seconds=round(promised_ms / 1000, 1),
        )
    if not length:
        raise Unreadable(item, "no_sound")
    if length_ms < SHORTEST_MS:
        raise Unreadable(item, "too_short", milliseconds=length_ms, shortest=SHORTEST_MS)
    return length


def _checked(source: Source, *, item: str) -> Iterator[Block]:
    done = 0
    for block in source.blocks():
        bad = ~(np.abs(block) < _ABSURD)  # so that NaN counts as bad
        if bad.any():
            at = (done + int(bad.any(axis=1).argmax())) / source.rate
            raise Unreadable(item, "bad_samples", at_seconds=round(at, 3))
        done += len(block)
        yield block


def _resampled(blocks: Iterator[Block], source: Source, rate: int) -> Iterator[Block]:
    if source.rate == rate:
        yield from blocks
        return
    stream = soxr.ResampleStream(source.rate, rate, source.channels, dtype="float32")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.empty((0, source.channels), dtype=np.float32), last=True)


def _check_shape(sources: Sequence[Source], *, item: str) -> None:
    for source in sources:
        most = 2 if len(sources) == 1 else 1
        if not 1 <= source.channels <= most:
            code = "too_many_tracks" if len(sources) == 1 else "side_not_mono"
            raise Unreadable(item, code, tracks=source.channels)
        if not _RATES[0] <= source.rate <= _RATES[1]:
            raise Unreadable(item, "strange_rate", rate=source.rate)


def _check_lengths(lengths: Sequence[int], rate: int, *, item: str) -> None:
    longest_ms, shortest_ms = (of(lengths) * 1000 // rate for of in (max, min))
    missing = longest_ms - shortest_ms
    if missing > _SIDES_MS and missing > _SIDES_SHARE * longest_ms:
        raise Unreadable(
            item,
            "sides_differ",
            seconds=round(shortest_ms / 1000, 1),
            other_seconds=round(longest_ms / 1000, 1),
        )


def write_wav(heard: Waveform, path: Path | BinaryIO) -> None:
    """Write the sound as 16-bit PCM, a minute at a time, for players that know nothing else."""
    rate, tracks = heard.sample_rate, len(heard.samples)
    with soundfile.SoundFile(path, "w", rate, tracks, "PCM_16", format="WAV") as file:
        for together in zip(*(parts(one, rate) for one in heard.samples), strict=True):
            file.write(np.stack(together, axis=1))
