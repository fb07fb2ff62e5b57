"""JSON lines: one record a line. One JSON array of records, or one record alone, is read too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from interactions.items import record_of
from interactions.problems import Unreadable
from interactions.tables.encoding import bounded_lines, encoding_of, is_broken, open_text
from interactions.tables.row import Row, is_empty

LONGEST_LINE = 16 << 20
"""Characters of one line: a chat of many hours, with every message's own fields."""
_BLANK = "\ufeff \t\r\n\0"
_LARGEST_ARRAY = 256 << 20  # an array cannot be read record by record


def json_rows(path: Path, *, item: str) -> Iterator[Row | Unreadable]:
    """Yield one row a record; a record that cannot be read is yielded as its problem.

    Raises:
        Unreadable: Nothing of the file can be read.
    """
    encoding = encoding_of(path, item=item)
    with open_text(path, encoding) as stream:
        start = stream.read(64).lstrip(_BLANK)
        if start.startswith("[") or start.split("\n", 1)[0].rstrip() == "{":
            yield from _whole(path, item=item)
            return
        stream.seek(0)
        for number, line in bounded_lines(stream, LONGEST_LINE):
            if line is None:
                yield Unreadable(record_of(item, number), "record_too_long", limit=LONGEST_LINE)
            elif line.strip(_BLANK):
                yield row_of(number, line, item=record_of(item, number))


def parsed(text: str, *, item: str) -> object:
    """Return what the JSON ``text`` says; NaN and infinities, which JSON does not have, are None.

    Raises:
        Unreadable: ``broken_json`` with the character where it breaks.
    """
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise Unreadable(item, "broken_json", column=error.pos + 1, reason=error.msg) from error
    except (ValueError, RecursionError) as error:  # a number of 5 000 digits; nested too deep
        reason = "too deep" if isinstance(error, RecursionError) else "number too long"
        raise Unreadable(item, "broken_json", column=1, reason=reason) from error


def whole_json(path: Path, *, item: str, largest: int = _LARGEST_ARRAY) -> object:
    """Return what a file that is one JSON value says.

    Raises:
        Unreadable: It is empty, too large, in an unknown encoding, or no JSON.
    """
    encoding = encoding_of(path, item=item)
    if path.stat().st_size > largest:
        raise Unreadable(item, "record_too_long", limit=largest)
    with open_text(path, encoding) as stream:
        text = stream.read()
    if is_broken(text):
        raise Unreadable(item, "wrong_encoding")
    return parsed(text.lstrip("\ufeff"), item=item)


def _whole(path: Path, *, item: str) -> Iterator[Row | Unreadable]:
    """Yield the records of an array, or the one record of a file laid out over many lines."""
    value = whole_json(path, item=item)
    for number, record in enumerate(value if isinstance(value, list) else [value], start=1):
        yield _row(number, record, item=record_of(item, number))


def row_of(number: int, line: str, *, item: str) -> Row | Unreadable:
    """Return the row that one line is, or why it is none."""
    if is_broken(line):
        return Unreadable(item, "wrong_encoding")
    try:
        return _row(number, parsed(line.strip(_BLANK), item=item), item=item)
    except Unreadable as problem:
        return problem


def _row(number: int, record: object, *, item: str) -> Row | Unreadable:
    if not isinstance(record, dict):
        return Unreadable(item, "not_a_record")
    return Row(number, {name: value for name, value in record.items() if not is_empty(value)})
