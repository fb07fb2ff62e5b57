"""Which files have landed whole: nothing that is still being written is taken in.

A file is whole when it was **renamed** into place (it was seen before under an unfinished name),
when a **marker** ``NAME.done`` lies beside it, or when it has **settled**: neither its size nor its
time changed for a while. A WAV file whose head promises more bytes than it has is waited for
longer: a copy over a network may pause. A small JSON file (a sidecar) is whole as soon as it can be
**read**.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.alert_settings import WatchSettings
from pipelines.inbox import MARKER, STILL_WRITTEN

NS = 1_000_000_000
STALLED_S = 600
"""A WAV file that stays shorter than its head says for so long is taken as it is: streamed ones
never get their lengths. Ours."""
MOST_JSON = 65_536
"""Bytes of a JSON file that is read to see whether it is whole. Ours: sidecars have hundreds."""
_RIFF_HEAD = 8
_UNKNOWN_LENGTHS = (0, 0xFFFF_FFFF, 0x7FFF_FFFF)


@dataclass(frozen=True, slots=True)
class Landed:
    """A file that is whole now and was not before.

    Attributes:
        because: ``renamed``, ``marker``, ``read`` or ``settled``.
        at_ns: When it was written or renamed last, nanoseconds since 1970.
    """

    path: Path
    because: str
    at_ns: int


@dataclass(slots=True)
class _State:
    size: int
    modified_ns: int
    at_ns: int
    since_ns: int
    is_whole: bool = False


class Landing:
    """Looks at a folder again and again, and tells what is new and whole.

    Args:
        inbox: The folder.
        settings: When a file counts as whole.
        clock_ns: Nanoseconds since 1970.
    """

    def __init__(
        self, inbox: Path, settings: WatchSettings, *, clock_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self._inbox = inbox
        self._settings = settings
        self._clock_ns = clock_ns
        self._states: dict[Path, _State] = {}
        self._unfinished: set[tuple[int, int]] = set()

    @property
    def growing(self) -> frozenset[Path]:
        """The files that are there and not whole."""
        return frozenset(path for path, one in self._states.items() if not one.is_whole)

    @property
    def paths(self) -> list[Path]:
        """All files that are there, in the order of their names."""
        return sorted(self._states)

    def at_ns(self, path: Path) -> int:
        """Return when a file was written or renamed last, nanoseconds since 1970; 0: it is gone."""
        known = self._states.get(path)
        return 0 if known is None else known.at_ns

    def look(self) -> list[Landed]:
        """Return the files that became whole since the last look, in the order of their names."""
        now = self._clock_ns()
        found: dict[Path, os.stat_result] = {}
        markers: set[Path] = set()
        unfinished: set[tuple[int, int]] = set()
        for entry, state in _entries(self._inbox):
            name = entry.name.lower()
            if name.endswith(MARKER):
                markers.add(Path(entry.path[: -len(MARKER)]))
            elif entry.name.startswith(".") or name.endswith(STILL_WRITTEN):
                unfinished.add((state.st_dev, state.st_ino))
            else:
                found[Path(entry.path)] = state
        for gone in self._states.keys() - found.keys():
            del self._states[gone]
        landed = [
            Landed(path, because, _at_ns(found[path]))
            for path in sorted(found)
            if (because := self._because(path, found[path], path in markers, now))
        ]
        self._unfinished = unfinished
        return landed

    def _because(self, path: Path, state: os.stat_result, is_marked: bool, now: int) -> str:  # noqa: FBT001 - one of four facts
        """Return why the file is whole now; empty where it is not, or was before."""
        known = self._states.get(path)
        if known is None or (known.size, known.modified_ns) != (state.st_size, state.st_mtime_ns):
            known = _State(state.st_size, state.st_mtime_ns, _at_ns(state), now)
            self._states[path] = known
        if known.is_whole:
            return ""
        because = self._told(state, now - known.since_ns, is_marked=is_marked, now=now)
        if not because and self._settings.complete == "settled" and _is_read(path, state.st_size):
            because = "read"
        if because == "settled" and _is_short(path, state.st_size):
            because = "settled" if now - known.since_ns >= STALLED_S * NS else ""
        known.is_whole = bool(because)
        return because

    def _told(self, state: os.stat_result, unchanged: int, *, is_marked: bool, now: int) -> str:
        if is_marked:
            return "marker"
        if self._settings.complete == "marker":
            return ""
        if (state.st_dev, state.st_ino) in self._unfinished:
            return "renamed"
        # A share's clock may run ahead of ours: then what we saw unchanged counts.
        settle = self._settings.settle_seconds * NS
        is_settled = now - state.st_mtime_ns >= settle or unchanged >= settle
        return "settled" if is_settled else ""


def _entries(folder: Path) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    """Yield every file below a folder; what vanishes meanwhile was never there."""
    try:
        inside = list(os.scandir(folder))
    except OSError:
        return
    for entry in inside:
        try:
            if entry.is_dir():
                if not entry.name.startswith("."):
                    yield from _entries(Path(entry.path))
            elif entry.is_file():
                yield entry, entry.stat()
        except OSError:
            continue


def _at_ns(state: os.stat_result) -> int:
    return max(state.st_mtime_ns, state.st_ctime_ns)


def _is_read(path: Path, size: int) -> bool:
    """Whether a small JSON file can be read to its end."""
    if path.suffix.lower() != ".json" or not 0 < size <= MOST_JSON:
        return False
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return True


def _is_short(path: Path, size: int) -> bool:
    """Whether a WAV file has fewer bytes than its head says (RIFF: length of what follows)."""
    try:
        with path.open("rb") as file:
            head = file.read(_RIFF_HEAD)
    except OSError:
        return False
    if head[:4] != b"RIFF" or len(head) < _RIFF_HEAD:
        return False
    promised = int.from_bytes(head[4:], "little")
    return promised not in _UNKNOWN_LENGTHS and promised + _RIFF_HEAD > size
