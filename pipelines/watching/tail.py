"""Files of JSON lines that grow: what was added since the last look, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from interactions.items import record_of
from interactions.problems import Unreadable
from interactions.tables.json_lines import row_of
from interactions.tables.row import Row
from pipelines.inbox import name_of

SUFFIXES = (".jsonl", ".ndjson")
MOST_BYTES = 4 << 20
"""Read of one file at one look: whoever drops a gigabyte does not stop everything else. Ours."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that was added.

    Attributes:
        item: The file's name relative to the inbox.
        landed_ns: When the file was written last, nanoseconds since 1970: no later than this lay
            the line on the disk.
    """

    item: str
    row: Row
    landed_ns: int


@dataclass(slots=True)
class _Place:
    inode: int
    offset: int = 0
    number: int = 0


class Tail:
    """Reads growing files of JSON lines from where the last look ended.

    Lines that cannot be read are passed over: the night says which and why.

    Args:
        inbox: The files' folder.
    """

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._places: dict[Path, _Place] = {}
        self.is_behind = False

    def look(self, paths: list[Path]) -> Iterator[Line]:
        """Yield the whole lines that were added; half a line comes the next time."""
        self.is_behind = False
        for path in paths:
            try:
                yield from self._added(path)
            except OSError:
                continue  # it is gone, or not ours to read: the night says so

    def _added(self, path: Path) -> Iterator[Line]:
        state = path.stat()
        place = self._places.get(path)
        if place is None or place.inode != state.st_ino or state.st_size < place.offset:
            place = _Place(state.st_ino)  # new, or written anew
            self._places[path] = place
        if state.st_size == place.offset:
            return
        with path.open("rb") as file:
            file.seek(place.offset)
            new = file.read(MOST_BYTES)
        whole = new[: new.rfind(b"\n") + 1]
        if not whole and len(new) == MOST_BYTES:
            whole = new  # a line longer than a look: the night reads it
        place.offset += len(whole)
        self.is_behind = self.is_behind or place.offset + len(new) - len(whole) < state.st_size
        item = name_of(path, self._inbox)
        for raw in whole.splitlines(keepends=True):
            place.number += raw.endswith(b"\n")
            row = row_in(raw, place.number, item)
            if row is not None:
                yield Line(item, row, state.st_mtime_ns)


def row_in(raw: bytes, number: int, item: str) -> Row | None:
    """Return the row that a line of bytes is; None where it is blank or cannot be read."""
    text = raw.decode("utf-8-sig", "replace").strip()
    if not text:
        return None
    row = row_of(number, text, item=record_of(item, number))
    return None if isinstance(row, Unreadable) else row
