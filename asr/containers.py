"""What a file is, told from its first bytes and never from its name.

FFmpeg would also guess playlists, subtitles and text art, some of which open further files. So
only the containers of this list are ever opened, each with its own demuxer.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import BinaryIO

HEAD = 4096
"""Bytes looked at. A GSM frame is 33 bytes and a RIFF header some hundred."""

_UNKNOWN_LENGTH, _FULL_LENGTH = 0x7FFFF000, 0xFFFFFFFF
"""Declared 32-bit sizes between these are placeholders of programs that wrote to a pipe (sox,
FFmpeg) or had no room for the true size (RF64)."""

_SYNC = 0xFF
_SYNC_MORE, _ADTS_MASK, _ADTS = 0xE0, 0xF6, 0xF0
"""MPEG audio: eleven set bits (ISO/IEC 11172-3, 2.4.2.3); ADTS: twelve, then layer 0 (14496-3)."""

_LAYERS, _NO_BITRATES, _NO_RATE = {1, 2}, {0, 15}, 3
"""Layer II or III; layer I would also fit UTF-16 text. Free and bad bit rates, reserved rate."""

_GSM_FRAME, _GSM_SIGNATURE, _GSM_FRAMES = 33, 0xD, 10


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of sound file.

    Attributes:
        name: How people call it.
        demuxer: FFmpeg's name; empty where FFmpeg has none or is not wanted.
        by_soundfile: libsndfile reads it, and faster.
        promises: Its header tells the length of the sound (and does not estimate it).
        share_present: Bytes of sound there over bytes that the header declares, at most 1.
    """

    name: str
    demuxer: str
    by_soundfile: bool = False
    promises: bool = False
    share_present: float = 1.0


_WAV = Container("WAV", "wav", by_soundfile=True, promises=True)
_AU = Container("AU", "au", by_soundfile=True, promises=True)
_MP4 = Container("MP4", "mov", promises=True)
_MP3 = Container("MP3", "mp3")

_MAGIC: tuple[tuple[int, bytes, Container], ...] = (
    (0, b"fLaC", Container("FLAC", "flac", by_soundfile=True, promises=True)),
    (0, b"OggS", Container("Ogg", "ogg")),
    (0, b"#!AMR", Container("AMR", "amr")),
    (0, b"\x1a\x45\xdf\xa3", Container("Matroska", "matroska", promises=True)),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Container("ASF", "asf", promises=True)),
    (0, b"caff", Container("CAF", "caf", by_soundfile=True)),
    (0, b"riff\x2e\x91\xcf\x11", Container("W64", "w64", by_soundfile=True)),
    (0, b"NIST_1A", Container("NIST", "nistsphere", by_soundfile=True)),
    (0, b"Creative Voice File", Container("VOC", "voc", by_soundfile=True)),
    (8, b"AIFF", Container("AIFF", "aiff", by_soundfile=True)),
    (8, b"AIFC", Container("AIFF", "aiff", by_soundfile=True)),
    (4, b"ftyp", _MP4),
    (4, b"moov", _MP4),
    (4, b"mdat", _MP4),
    (4, b"wide", _MP4),
)


def recognise(handle: BinaryIO) -> Container | None:
    """Say what ``handle`` holds; None when it is no sound file that is known here.

    Headerless sound (raw G.711, G.722, Dialogic VOX) cannot be told from anything else and is not
    recognised, except GSM 06.10, whose every 33-byte frame begins with the signature 0xD
    (3GPP TS 46.010 and RFC 3551, section 4.5.8).

    Args:
        handle: Open for reading in binary; left at its beginning.
    """
    handle.seek(0)
    head = handle.read(HEAD)
    size = os.fstat(handle.fileno()).st_size
    found = _recognised(head, handle, size)
    handle.seek(0)
    return found


def _recognised(head: bytes, handle: BinaryIO, size: int) -> Container | None:
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return _complete(_WAV, _share_of_riff(handle, size))
    if head[:4] == b".snd":
        return _complete(_AU, _share_of_au(head, size))
    for offset, magic, container in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return container
    return _recognised_by_frames(head)


def _recognised_by_frames(head: bytes) -> Container | None:
    if head[:3] == b"ID3" or _is_mpeg_frame(head):
        # Xing, Info (LAME) and VBRI headers count the frames; without one the length is a guess.
        counted = any(tag in head for tag in (b"Xing", b"Info", b"VBRI"))
        return Container(_MP3.name, _MP3.demuxer, promises=counted)
    if head[0] == _SYNC and head[1:2] and head[1] & _ADTS_MASK == _ADTS:
        return Container("ADTS", "aac")
    frames = head[: len(head) - len(head) % _GSM_FRAME : _GSM_FRAME]
    if len(frames) > _GSM_FRAMES and all(first >> 4 == _GSM_SIGNATURE for first in frames):
        return Container("GSM", "gsm")
    return None


def _is_mpeg_frame(head: bytes) -> bool:
    if not head[2:3] or head[0] != _SYNC or head[1] & _SYNC_MORE != _SYNC_MORE:
        return False
    layer, bitrate, rate = (head[1] >> 1) & 3, head[2] >> 4, (head[2] >> 2) & 3
    return layer in _LAYERS and bitrate not in _NO_BITRATES and rate != _NO_RATE


def _complete(container: Container, share: float) -> Container:
    return replace(container, share_present=share)


def _share(declared: int, present: int) -> float:
    # A pipe's placeholder is a 32-bit figure; a 64-bit one (RF64) is meant.
    if declared <= 0 or _UNKNOWN_LENGTH <= declared <= _FULL_LENGTH:
        return 1.0
    return min(1.0, max(0, present) / declared)


def _share_of_riff(handle: BinaryIO, size: int) -> float:
    """Walk the chunks to ``data`` and compare its size with what the file still holds."""
    position, long_size = 12, 0
    while position + 8 <= size:
        handle.seek(position)
        chunk = handle.read(24)
        name, declared = chunk[:4], int.from_bytes(chunk[4:8], "little")
        if name == b"ds64":
            long_size = int.from_bytes(chunk[16:24], "little")
        if name == b"data":
            is_long = declared == _FULL_LENGTH and long_size > 0
            return _share(long_size if is_long else declared, size - position - 8)
        position += 8 + declared + declared % 2
    return 0.0


def _share_of_au(head: bytes, size: int) -> float:
    offset, declared = (int.from_bytes(head[at : at + 4], "big") for at in (4, 8))
    return _share(declared, size - offset)
