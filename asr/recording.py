"""The sound of a call as it lies on disk: its identity and its description."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from asr.decoders import open_source
from asr.waveform import Waveform
from interactions.problems import Unreadable
from interactions.sound import Party, Quality, Recording

_BLOCK = 1 << 20


def content_hash(files: Sequence[Path]) -> str:
    """Return the SHA-256 (hexadecimal) over the bytes of ``files``, in order.

    Read in blocks of 1 MiB, so the size of a file does not matter.

    Raises:
        OSError: A file cannot be read.
    """
    digest = sha256()
    for path in files:
        with path.open("rb") as handle:
            while block := handle.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()


def describe(
    files: Sequence[Path],
    waveform: Waveform,
    *,
    tracks: Sequence[Party],
    quality: Quality,
    recording_id: str | None = None,
) -> Recording:
    """Return what an interaction keeps of its recording.

    Args:
        files: As ``waveform.read`` was given them.
        waveform: What was read from them.
        tracks: Who is on which track.
        quality: What the checks found.
        recording_id: The content hash where it is known already; else it is made here.
    """
    return Recording(
        recording_id=recording_id or content_hash(files),
        files=tuple(files),
        duration_ms=waveform.duration_ms,
        sample_rate=waveform.recorded_rate,
        codec=waveform.codec,
        tracks=tuple(tracks),
        quality=quality,
    )


def header_ms(path: Path) -> int | None:
    """Return how long a sound file says it is, in milliseconds; no sound is decoded.

    None where the header does not say, or the file cannot be opened.
    """
    with ExitStack() as stack:
        try:
            source, _ = open_source(path, item=path.name, stack=stack)
        except Unreadable:
            return None
        seconds = source.expected_seconds
    return None if seconds is None else round(seconds * 1000)
