"""CSV, as people and systems write it: commas, semicolons or tabs, titles above the header."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from interactions.items import record_of
from interactions.problems import Unreadable
from interactions.tables.encoding import bounded_lines, encoding_of, is_broken, open_text
from interactions.tables.row import (
    HEADER_ROWS,
    LONGEST_RECORD,
    Header,
    Row,
    is_empty,
    named,
    shown,
)

_SEPARATORS = (",", "\t", ";", "|")


def separated_rows(path: Path, *, item: str, is_header: Header) -> Iterator[Row | Unreadable]:
    """Yield the rows under the header; a row that cannot be read is yielded as its problem.

    Raises:
        Unreadable: Nothing of the file can be read: its encoding, or no header.
    """
    encoding = encoding_of(path, item=item)
    names: tuple[str, ...] | None = None
    above: list[Sequence[str]] = []
    for number, cells in _records(path, encoding=encoding, item=item, is_header=is_header):
        if isinstance(cells, Unreadable):
            yield cells
        elif names is not None:
            yield _row(number, names, cells, item=item)
        elif is_header(cells):
            names = named([cell.strip() for cell in cells])
        else:
            above.append(cells)
            if len(above) >= HEADER_ROWS:
                break
    if names is None:
        found = shown(above[0]) if above else ""
        raise Unreadable(item, "no_header", rows=HEADER_ROWS, found=found)


def _row(number: int, names: Sequence[str], cells: Sequence[str], *, item: str) -> Row | Unreadable:
    if any(is_broken(cell) for cell in cells):
        return Unreadable(record_of(item, number), "wrong_encoding")
    if len(cells) > len(names) and not all(is_empty(cell) for cell in cells[len(names) :]):
        reason = f"{len(cells)} > {len(names)}"
        return Unreadable(record_of(item, number), "broken_csv_row", reason=reason)
    pairs = zip(names, cells, strict=False)
    return Row(number, {name: cell for name, cell in pairs if name and not is_empty(cell)})


def _records(
    path: Path, *, encoding: str, item: str, is_header: Header
) -> Iterator[tuple[int, list[str] | Unreadable]]:
    # The module keeps this limit for the whole process; ours is the largest that anyone needs here.
    csv.field_size_limit(LONGEST_RECORD)
    too_long: list[int] = []
    with open_text(path, encoding) as stream:
        lines = _lines(bounded_lines(stream, LONGEST_RECORD), too_long)
        first = list(islice(lines, HEADER_ROWS * 2))  # with blank lines between
        separator = _separator(first, is_header)
        reader = csv.reader(_chained(first, lines), delimiter=separator)
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                place = record_of(item, number)
                yield number, Unreadable(place, "broken_csv_row", reason=str(error))
                continue
            while too_long and too_long[0] <= reader.line_num:
                place = record_of(item, too_long.pop(0))
                yield number, Unreadable(place, "record_too_long", limit=LONGEST_RECORD)
            if cells is None:
                return
            if not all(is_empty(cell) for cell in cells):
                yield number, cells


def _lines(numbered: Iterator[tuple[int, str | None]], too_long: list[int]) -> Iterator[str]:
    for number, line in numbered:
        if line is None:
            too_long.append(number)
        yield "\n" if line is None else line


def _chained(first: Sequence[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest


def _separator(lines: Sequence[str], is_header: Header) -> str:
    """Return the separator that makes one of the first lines a header, of the most columns."""
    for line in lines:
        cut = {separator: line.rstrip("\r\n").split(separator) for separator in _SEPARATORS}
        found = [s for s, cells in cut.items() if is_header([c.strip(' "') for c in cells])]
        if found:
            return max(found, key=lambda separator: len(cut[separator]))
    return _SEPARATORS[0]
