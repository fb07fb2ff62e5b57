"""XLSX: rows of the first sheet that has a header we know, merged cells spread over their rows.

A workbook is a ZIP archive of XML from someone else, so it is checked before it is opened: how
large it unpacks, and no entity definitions (``defusedxml``). Rows are streamed.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from interactions.items import record_of
from interactions.problems import Unreadable
from interactions.tables.row import (
    HEADER_ROWS,
    LONGEST_RECORD,
    Header,
    Row,
    is_empty,
    named,
    shown,
)

_MB = 1 << 20
_LARGEST = 1024 * _MB  # a million rows of ten columns unpack to about half of it
_MOST_SQUEEZED = 200  # tables shrink 8 to 60 times; deflate's most is 1 032, which bombs come near
_SMALL = 10 * _MB  # too small to be a bomb
_MOST_PARTS = 10_000
_MOST_MERGES = 200_000
_LAST_ROW = 1_048_576  # ECMA-376's largest sheet
_LAST_COLUMN = 256
_LARGEST_EXACT = 10**15  # spreadsheets keep 15 digits of a number
_MOST_BLANK = 10_000

# What zipfile, ElementTree and openpyxl raise over a damaged workbook.
_DAMAGE = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    EOFError,
    OSError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
    ArithmeticError,
)


def workbook_rows(path: Path, *, item: str, is_header: Header) -> Iterator[Row | Unreadable]:
    """Yield the rows under the header of the first sheet that has one.

    Raises:
        Unreadable: The workbook is damaged, hostile or too large, or no sheet has a header.
    """
    try:
        _check_archive(path, item=item)
        yield from _rows(path, item=item, is_header=is_header)
    except _DAMAGE as error:
        # openpyxl wraps what its parts raise.
        if isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__ or error.__context__, DefusedXmlException
        ):
            raise Unreadable(item, "hostile_workbook") from error
        reason = type(error).__name__
        raise Unreadable(item, "broken_workbook", reason=reason) from error


def _check_archive(path: Path, *, item: str) -> None:
    with ZipFile(path) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > _MOST_PARTS or (unpacked > _SMALL and unpacked > _MOST_SQUEEZED * packed):
        raise Unreadable(item, "hostile_workbook")
    if unpacked > _LARGEST:
        sizes = {"size_mb": unpacked // _MB, "limit_mb": _LARGEST // _MB}
        raise Unreadable(item, "workbook_too_large", **sizes)


def _rows(path: Path, *, item: str, is_header: Header) -> Iterator[Row | Unreadable]:
    first_row = ""
    with path.open("rb") as file:
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which hold no data
            reader.read()
        parts = {sheet.name: rel.target for sheet, rel in reader.parser.find_sheets()}
        for sheet in reader.wb.worksheets:
            sheet.reset_dimensions()  # some exporters write "A1" whatever the size
            top = _plain_rows(sheet, above=0, columns=_LAST_COLUMN)
            at, names, found = _header(top, is_header)
            first_row = first_row or found
            if names:
                merges = _Merges.of(reader.archive, parts[sheet.title], item=item)
                rows = _plain_rows(sheet, above=at, columns=max(names) + 1)
                yield from _under(names, rows, merges, item=item)
                return
    raise Unreadable(item, "no_header", rows=HEADER_ROWS, found=first_row)


_Cells = tuple[int, list[object]]


def _plain_rows(sheet: ReadOnlyWorksheet, *, above: int, columns: int) -> Iterator[_Cells]:
    """Yield the rows below row ``above`` with their numbers, without openpyxl's remarks on dates.

    openpyxl makes up the rows that a sheet leaves out; their long runs end the sheet.
    """
    # The stubs tie the method to another class than the one that has it.
    rows = sheet.iter_rows(  # type: ignore[misc]
        min_row=above + 1, max_row=_LAST_ROW, max_col=columns, values_only=True
    )
    blank = 0
    for number in count(above + 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            row = next(rows, None)
        if row is None or blank > _MOST_BLANK:
            return
        blank = blank + 1 if all(map(is_empty, row)) else 0
        yield number, [_plain(value) for value in row]


def _plain(value: object) -> object:
    if isinstance(value, str):
        return unescape(value) if "_x" in value else value
    if isinstance(value, int) and abs(value) >= _LARGEST_EXACT:
        return float(value)  # what it was before it was written without a point
    return value


def _header(rows: Iterator[_Cells], is_header: Header) -> tuple[int, dict[int, str], str]:
    """Return the header's row, its names by column from 0, and the first row for the report.

    Without a header the names are empty.
    """
    first = ""
    full = ((at, cells) for at, cells in rows if not all(map(is_empty, cells)))
    for at, cells in islice(full, HEADER_ROWS):
        texts = ["" if cell is None else str(cell).strip() for cell in cells]
        first = first or shown(texts)
        if is_header(texts):
            return at, {i: name for i, name in enumerate(named(texts)) if texts[i]}, first
    return 0, {}, first


def _under(
    names: dict[int, str], rows: Iterator[_Cells], merges: _Merges, *, item: str
) -> Iterator[Row | Unreadable]:
    for number, cells in rows:
        repeated = merges.fill(number, cells)
        full = {names[at]: c for at, c in enumerate(cells) if at in names and not is_empty(c)}
        if set(full) <= {names.get(at) for at in repeated}:
            continue  # nothing of its own: the empty end of a merged block
        if any(isinstance(cell, str) and len(cell) > LONGEST_RECORD for cell in cells):
            yield Unreadable(record_of(item, number), "record_too_long", limit=LONGEST_RECORD)
            continue
        yield Row(number, full, frozenset(names[at] for at in repeated if at in names))


@dataclass(slots=True)
class _Merges:
    """Merged cells that reach down: their value belongs to all their rows."""

    starting: dict[int, list[tuple[int, int]]]
    active: dict[int, tuple[int, object]] = field(default_factory=dict)

    @classmethod
    def of(cls, archive: ZipFile, part: str, *, item: str) -> _Merges:
        starting: dict[int, list[tuple[int, int]]] = {}
        with archive.open(part) as sheet:
            if not _mentions_merges(sheet):
                return cls(starting)
        with archive.open(part) as sheet:
            for nth, reference in enumerate(_merge_references(sheet)):
                if nth >= _MOST_MERGES:
                    raise Unreadable(item, "hostile_workbook")
                left, top, _, bottom = range_boundaries(reference)
                if top and bottom and left and bottom > top:
                    starting.setdefault(top, []).append((left - 1, bottom))
        return cls(starting)

    def fill(self, row: int, cells: list[object]) -> set[int]:
        """Put the merged values into ``cells``; return the columns (from 0) that had none."""
        self.active = {at: (last, v) for at, (last, v) in self.active.items() if last >= row}
        repeated: set[int] = set()
        for at, (_, value) in self.active.items():
            if at < len(cells) and is_empty(cells[at]):
                cells[at] = value
                repeated.add(at)
        for at, last in self.starting.get(row, ()):
            if at < len(cells) and not is_empty(cells[at]):
                self.active[at] = (last, cells[at])
        return repeated


def _mentions_merges(sheet: IO[bytes]) -> bool:
    tail = b""
    while chunk := sheet.read(_MB):
        if b"mergeCell" in tail + chunk:
            return True
        tail = chunk[-16:]
    return False


def _merge_references(sheet: IO[bytes]) -> Iterator[str]:
    for _, element in iterparse(sheet):
        if element.tag.endswith("}mergeCell"):
            yield element.get("ref") or ""
        if not element.tag.endswith("}mergeCells"):
            element.clear()
