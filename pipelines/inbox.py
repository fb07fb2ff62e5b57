"""The inbox as it lies on disk: which files there are, and what each looks like inside.

Nothing is believed from a name: a recording called ``.csv`` is a recording. Files that are still
being written (``.part``, ``.tmp``, ``.crdownload``, a leading dot) are left for the next night.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from interactions.problems import Unreadable

STILL_WRITTEN = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
MARKER = ".done"
"""Ends the name of an empty file that says: the file before it is whole (``watch.complete``)."""
SOUND_SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".au", ".snd", ".aif", ".aiff", ".gsm", ".g722", ".vox", ".raw"),
        *(".mp3", ".m4a", ".mp4", ".aac", ".amr", ".3gp", ".ogg", ".oga", ".opus", ".spx"),
        *(".flac", ".wma", ".webm", ".mka", ".ul", ".al"),
    }
)
TEXT_SUFFIXES = frozenset({".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx"})
# First bytes of containers that hold sound: (offset, bytes). Sources: RFC 2361 (RIFF/WAVE),
# RFC 3533 (Ogg), RFC 9639 (FLAC), RFC 4867 (AMR), ISO/IEC 14496-12 (ftyp), RFC 8794 (EBML).
MAGIC = (
    (0, b"RIFF"), (0, b"RF64"), (0, b"fLaC"), (0, b"OggS"), (0, b"#!AMR"), (4, b"ftyp"),
    (0, b"ID3\x02"), (0, b"ID3\x03"), (0, b"ID3\x04"), (0, b".snd"), (8, b"AIFF"), (8, b"AIFC"),
    (0, b"\x1aE\xdf\xa3"), (0, b"\x30\x26\xb2\x75"),
)  # fmt: skip


class Kind(StrEnum):
    """What a file is."""

    SOUND = "sound"
    TEXTS = "texts"
    TRANSCRIPT = "transcript"
    SIDECAR = "sidecar"
    MANIFEST = "manifest"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Found:
    r"""One file of the inbox.

    Attributes:
        item: Its path relative to the inbox, always writable as UTF-8; bytes that are no UTF-8
            show as ``\xNN``.
    """

    item: str
    path: Path
    kind: Kind
    bytes: int
    modified_ns: int


def files(inbox: Path) -> Iterator[Found | Unreadable]:
    """Yield the inbox's files in the order of their names.

    A link that leads out of the inbox is a problem, not a file: what is inspected must lie in the
    inbox. So is a file that cannot be opened, and a folder that cannot be looked into: a share that
    is not there must not look like a night in which nothing came.
    """
    root = inbox.resolve()
    closed: list[OSError] = []
    for folder, folders, names in os.walk(inbox, onerror=closed.append):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if is_left(name):
                continue
            path = Path(folder) / name
            yield _found(path, name_of(path, inbox), root)
    for error in closed:
        yield cannot_open(name_of(Path(error.filename), inbox), error)


def is_left(name: str) -> bool:
    """Whether a name is no item's: still being written, or a mark that another file is whole."""
    return name.startswith(".") or name.lower().endswith((*STILL_WRITTEN, MARKER))


def cannot_open(item: str, error: OSError) -> Unreadable:
    """Return the problem of an item that the system does not let us read."""
    return Unreadable(item, "cannot_open", why=error.strerror or type(error).__name__)


def name_of(path: Path, inbox: Path) -> str:
    """Return the path relative to the inbox, with ``/``, as text that any file can hold."""
    relative = path.relative_to(inbox).as_posix()
    return os.fsencode(relative).decode("utf-8", "backslashreplace")


def _found(path: Path, item: str, root: Path) -> Found | Unreadable:
    if not path.resolve().is_relative_to(root):
        return Unreadable(item, "outside_inbox")
    try:
        state = path.stat()
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        return cannot_open(item, error)
    kind = _kind(path.name.lower(), head)
    return Found(item, path, kind, state.st_size, state.st_mtime_ns)


def _kind(name: str, head: bytes) -> Kind:
    suffix = Path(name).suffix
    if name.endswith(".meta.json"):
        return Kind.SIDECAR
    if any(head[at : at + len(magic)] == magic for at, magic in MAGIC):
        return Kind.SOUND
    if name.startswith("manifest") and suffix in TEXT_SUFFIXES:
        return Kind.MANIFEST
    by_suffix = {".json": Kind.TRANSCRIPT} | dict.fromkeys(TEXT_SUFFIXES, Kind.TEXTS)
    return by_suffix.get(suffix, Kind.SOUND if suffix in SOUND_SUFFIXES else Kind.OTHER)
