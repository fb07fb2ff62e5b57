"""Files to take away: coaching collections as ZIP, tables as XLSX and CSV."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from openpyxl import Workbook

from console.messages.texts import clean
from console.web.rendering import Words, environment
from interactions.personal.redaction import redacted_text
from warehouse.said import CoachingCase, Collection

if TYPE_CHECKING:
    from console.web.coaching import Told

Cell = str | float | int | None
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same cases make the same file
_WRITTEN_AT = re.compile(rb">[0-9T:.+Z-]+</dcterms")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_xlsx(head: Sequence[str], rows: Sequence[Sequence[Cell]], title: str) -> bytes:
    """Return a workbook of one sheet; no text in it is ever taken for a formula."""
    book = Workbook()
    sheet = book.active
    if sheet is None:  # openpyxl makes one
        sheet = book.create_sheet()
    sheet.title = "".join(c for c in title if c not in "[]:*?/\\")[:31] or "1"
    for at, row in enumerate((head, *rows), start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            cell.value = clean(value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return _timeless(written)


def _timeless(written: io.BytesIO) -> bytes:
    """Return the workbook without the time it was written at: same cells, same file."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _WRITTEN_AT.sub(b">1980-01-01T00:00:00Z</dcterms", content)
            target.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def as_csv(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return CSV that spreadsheets open as UTF-8; formulas are defused (OWASP, *CSV Injection*)."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in (head, *rows):
        writer.writerow([_defused(value) for value in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


def _defused(value: Cell) -> Cell:
    if isinstance(value, str):
        value = clean(value)
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value


def as_zip(
    collection: Collection, cases: Sequence[Told], clips: Mapping[str, bytes], t: Words
) -> bytes:
    """Return a ZIP with ``index.html``, ``cases.xlsx`` and one WAV file a clip.

    Args:
        collection: What it is called.
        cases: In its order.
        clips: Case → WAV.
        t: In whose language.
    """
    # trainers write about people too
    collection = replace(collection, title=redacted_text(collection.title))
    cases = [replace(one, case=_masked(one.case)) for one in cases]
    names = {case.case.case_id: f"clip-{n}.wav" for n, case in enumerate(cases, start=1)}
    html = (
        environment()
        .get_template("offline.html")
        .render(t=t, collection=collection, cases=cases, names=names, clips=clips)
    )
    head = [t(f"coach.{name}") for name in ("title", "kind", "topic", "product", "difficulty")]
    head += [t("coach.said"), t("coach.advice"), t("coach.clip")]
    rows = [
        [
            c.case.title, t(f"coach.{c.case.polarity}"), c.case.topic, c.case.product,
            t(f"coach.{c.case.difficulty}"), "\n".join(text for _, text in c.said), c.case.advice,
            names[c.case.case_id] if c.case.case_id in clips else "",
        ]
        for c in cases
    ]  # fmt: skip
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "index.html", html.encode("utf-8", "replace"))
        _put(archive, "cases.xlsx", as_xlsx(head, rows, collection.title))
        for case_id, sound in clips.items():
            _put(archive, names[case_id], sound)
    return written.getvalue()


def _masked(case: CoachingCase) -> CoachingCase:
    return replace(
        case,
        title=redacted_text(case.title),
        topic=redacted_text(case.topic),
        product=redacted_text(case.product),
        advice=redacted_text(case.advice),
    )


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
