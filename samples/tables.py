"""Tables as exports write them: CSV and XLSX, the same bytes every time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Font

Cell = str | int | float | datetime | None
_ARCHIVE_DATE = (2026, 1, 1, 0, 0, 0)
_WRITTEN_AT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FIXED = b"2026-01-01T00:00:00Z"


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    encoding: str = "utf-8-sig",
) -> None:
    """Write a CSV file as spreadsheet programs do: with a byte order mark and CRLF."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([_text(cell) for cell in row] for row in rows)


def write_xlsx(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    merged_columns: int = 0,
) -> None:
    """Write an XLSX workbook.

    Args:
        path: Where to.
        header: Column names.
        rows: Cells; naive times are local.
        merged_columns: In so many columns from the left, a row's cells are merged with those of
            the rows above that begin with the same first cell, as people's exports often are.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "导出"
    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
    for first, last in _blocks(rows) if merged_columns else ():
        for column in range(1, merged_columns + 1):
            sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)
    written = io.BytesIO()
    book.save(written)
    path.write_bytes(_timeless(written))


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return "" if cell is None else str(cell)


def _blocks(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, int]]:
    blocks: list[tuple[int, int]] = []
    first = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place][0] != rows[first][0]:
            # Sheet rows count from 1 and the header is the first.
            if place - first > 1:
                blocks.append((first + 2, place + 1))
            first = place
    return blocks


def _timeless(written: io.BytesIO) -> bytes:
    """Return the archive without the moment of writing, which openpyxl puts in two places."""
    fixed = io.BytesIO()
    with ZipFile(written) as old, ZipFile(fixed, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _WRITTEN_AT.sub(_FIXED, content)
            entry = ZipInfo(name, _ARCHIVE_DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return fixed.getvalue()
