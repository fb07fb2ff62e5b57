"""Chats, e-mails and tickets from JSON lines, CSV and XLSX exports.

Three shapes, told by what the columns hold:

- a record with a list of messages: one chat a record (JSON);
- one message a row, with a conversation id and who sent it: rows of one id are one chat, wherever
  in the file they stand;
- one row an e-mail or ticket: title and text, and perhaps the answer.

Files are read row by row. Only the chats whose last row is still to come are held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from interactions.columns import MESSAGE, recognised
from interactions.interaction import Interaction
from interactions.items import printable, record_of
from interactions.layout import DEFAULT_LAYOUT, ChatLayout
from interactions.messages import Record, interaction_of
from interactions.moments import DEFAULT_TIMEZONE, Times, zone_of
from interactions.problems import Unreadable
from interactions.records import Records
from interactions.tables.reading import Rows, rows_of
from interactions.tables.row import Row, shown

__all__ = ["DEFAULT_LAYOUT", "ChatLayout", "read_chats"]

_NEEDED = ("text", "role", "conversation")
# A row is the header where it names a text or title, or two other things of a message.
_FEWEST_NAMES = 2


def read_chats(
    path: Path,
    *,
    item: str,
    layout: ChatLayout = DEFAULT_LAYOUT,
    timezone: str = DEFAULT_TIMEZONE,
) -> Iterator[Interaction | Unreadable]:
    """Yield the file's interactions; what cannot be read comes as its problem, the rest goes on.

    Args:
        path: JSON lines, CSV or XLSX, told by its content.
        item: The file's name in reports.
        layout: What the export calls things.
        timezone: The zone of times that name none.
    """
    try:
        reader = _Reader(item, layout, timezone)
        yield from reader.read(rows_of(path, item=item, is_header=reader.is_header))
    except Unreadable as problem:
        yield problem


class _Reader:
    """Reads one file: finds out its shape, and which rows belong together."""

    def __init__(self, item: str, layout: ChatLayout, timezone: str) -> None:
        try:
            self._zone = zone_of(timezone)
        except ValueError as error:
            raise Unreadable(item, "unknown_timezone", value=printable(timezone)) from error
        self._item = item
        self._layout = layout
        self._records = Records(
            item, layout, Times(timezone=timezone, written_as=layout.written_as)
        )
        self._hashes: dict[str, str] = {}

    def is_header(self, cells: Sequence[str]) -> bool:
        places = recognised(cells, MESSAGE, own=self._layout.columns)
        return len(places) >= _FEWEST_NAMES or bool({"text", "title"} & set(places))

    def read(self, rows: Rows) -> Iterator[Interaction | Unreadable]:
        first = next((row for row in rows() if isinstance(row, Row)), None)
        if first is not None and self._records.has_list(first):
            yield from self._each(rows)
            return
        columns, last_rows, is_repeated = self._survey(rows)
        places = recognised(columns, MESSAGE, own=self._layout.columns)
        if self._is_one_a_row(places, is_repeated=is_repeated):
            yield from self._each(rows)
            return
        for needed in _NEEDED:
            if needed not in places and not (needed == "conversation" and self._is_one_chat):
                found = shown(columns)
                raise Unreadable(self._item, "missing_column", column=needed, found=found)
        yield from self._grouped(rows, last_rows)

    @property
    def _is_one_chat(self) -> bool:
        return self._layout.one_chat_per_file

    def _is_one_a_row(self, places: Mapping[str, str], *, is_repeated: bool) -> bool:
        """Say whether each row is an e-mail or ticket of its own."""
        if self._is_one_chat:
            return False
        if "role" not in places:
            return not is_repeated
        return "conversation" not in places and "title" in places  # who sent the e-mail

    def _survey(self, rows: Rows) -> tuple[tuple[str, ...], dict[str, int], bool]:
        """Return all columns, each conversation's last row, and whether one has several rows."""
        columns: dict[str, None] = {}
        last_rows: dict[str, int] = {}
        is_repeated = False
        for row in rows():
            if isinstance(row, Row):
                columns.update(dict.fromkeys(row.cells))
                conversation = self._conversation(row)
                is_repeated = is_repeated or conversation in last_rows
                if conversation is not None:
                    last_rows[conversation] = row.number
        return tuple(columns), last_rows, is_repeated

    def _conversation(self, row: Row) -> str | None:
        return "" if self._is_one_chat else self._records.conversation(row)

    def _each(self, rows: Rows) -> Iterator[Interaction | Unreadable]:
        for row in rows():
            try:
                if isinstance(row, Unreadable):
                    raise row
                found = self._interaction(self._records.whole(row))
                self._check_id(found, row)
                yield found
            except Unreadable as problem:
                yield problem

    def _check_id(self, found: Interaction, row: Row) -> None:
        known = self._hashes.setdefault(found.interaction_id, found.content_hash)
        if known != found.content_hash:
            place = record_of(self._item, row.number)
            raise Unreadable(place, "same_id_twice", value=printable(found.interaction_id))

    def _grouped(
        self, rows: Rows, last_rows: Mapping[str, int]
    ) -> Iterator[Interaction | Unreadable]:
        open_chats: dict[str, list[Row]] = {}
        for row in rows():
            if isinstance(row, Unreadable):
                yield row
                continue
            conversation = self._conversation(row)
            if conversation is None:
                yield Unreadable(record_of(self._item, row.number), "row_without_conversation")
                continue
            open_chats.setdefault(conversation, []).append(row)
            if row.number == last_rows[conversation]:
                try:
                    together = self._records.together(open_chats.pop(conversation), conversation)
                    yield self._interaction(together)
                except Unreadable as problem:
                    yield problem

    def _interaction(self, record: Record) -> Interaction:
        return interaction_of(record, zone=self._zone, assumed_date=self._layout.assumed_date)
