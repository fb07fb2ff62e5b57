"""The rows of an export, whatever its format: told by the content, never by the file's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from interactions.problems import Unreadable
from interactions.tables.encoding import encoding_of, open_text
from interactions.tables.json_lines import json_rows
from interactions.tables.row import Header, Row
from interactions.tables.separated import separated_rows

Rows = Callable[[], Iterator[Row | Unreadable]]
"""Reads a file's rows from its beginning, as often as it is called."""

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_SPACE = "\ufeff \t\r\n"


def rows_of(path: Path, *, item: str, is_header: Header) -> Rows:
    """Return a reader of the file's rows.

    CSV and JSON lines are read from disk each time, without keeping them; a workbook, which is
    slow to read and at most a million rows, is kept.

    Raises:
        Unreadable: The file is empty, cannot be opened or is none of the three formats; further
            problems of the whole file come up when the rows are read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise Unreadable(item, "cannot_open", why=error.strerror or "") from error
    if head == _OLD_OFFICE:
        raise Unreadable(item, "old_workbook")
    if head.startswith(_ZIP):
        return _kept(path, item=item, is_header=is_header)
    if _is_json(path, item=item):
        return lambda: json_rows(path, item=item)
    return lambda: separated_rows(path, item=item, is_header=is_header)


def _kept(path: Path, *, item: str, is_header: Header) -> Rows:
    from interactions.tables.workbook import workbook_rows  # noqa: PLC0415 - openpyxl is slow

    kept: list[Row | Unreadable] = []

    def rows() -> Iterator[Row | Unreadable]:
        if not kept:
            kept.extend(workbook_rows(path, item=item, is_header=is_header))
        yield from kept

    return rows


def _is_json(path: Path, *, item: str) -> bool:
    with open_text(path, encoding_of(path, item=item)) as stream:
        while (char := stream.read(1)) and char in _SPACE:
            pass
    return char in {"{", "["}
