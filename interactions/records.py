"""From rows to records: which cell is the text, who sent it, when, and what else is said.

A record is one chat, e-mail or ticket; ``interactions.chat`` finds out which rows make one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from interactions.cells import id_of, text_of
from interactions.columns import ABOUT, MESSAGE, key_of, recognised
from interactions.interaction import Channel
from interactions.items import printable, record_of
from interactions.layout import ChatLayout
from interactions.messages import Message, Record
from interactions.metadata import Metadata, metadata_of
from interactions.moments import Times, moment, zone_of
from interactions.problems import Unreadable
from interactions.sound import Party
from interactions.speakers import party_named
from interactions.tables.row import LONGEST_RECORD, Row

_MAIL_COLUMNS = frozenset(
    map(key_of, ("subject", "cc", "邮件主题", "邮件正文", "发件人", "收件人", "抄送"))
)
_ID_COLUMNS = frozenset(ABOUT["interaction_id"])
_OF_A_MESSAGE = ("conversation", "role", "text", "sent_at", "messages")
_OF_A_TICKET = ("role", "text", "title", "reply", "replied_at", "messages")
_PAIR = 2  # the least of a message written as a list: who, what
_MOST_SHAPES = 1_000  # sets of columns whose places are remembered


class Records:
    """Reads the rows of one file by its layout.

    Args:
        item: The file's name in reports.
        layout: What the export calls things.
        times: How it writes times.
    """

    def __init__(self, item: str, layout: ChatLayout, times: Times) -> None:
        self._item = item
        self._layout = layout
        self._times = times
        self._shapes: dict[tuple[str, ...], Mapping[str, str]] = {}

    def has_list(self, row: Row) -> bool:
        """Say whether the row holds a whole chat: a list of messages."""
        return isinstance(self._value(row.cells, "messages"), list)

    def is_message(self, row: Row) -> bool:
        """Say whether the row is one message of a chat: which one, who sent it, and what."""
        return {"conversation", "role", "text"} <= self._places(row.cells).keys()

    def conversation(self, row: Row) -> str | None:
        """Return the id of the chat that the row is a message of."""
        return text_of(self._value(row.cells, "conversation"))

    def whole(self, row: Row) -> Record:
        """Return the record that one row is: a chat with its messages, an e-mail or a ticket.

        Raises:
            Unreadable: A cell in it cannot be read.
        """
        place = self._place(row)
        if self.has_list(row):
            cells = self._without(row.cells, ("messages",))
            about = self._about(cells, item=place)
            raw = self._value(row.cells, "messages")
            listed = raw if isinstance(raw, list) else []
            messages = [self._listed(message, about, item=place) for message in listed]
            return Record(item=place, about=about, messages=messages, channel=self._channel(None))
        about = self._about(self._without(row.cells, _OF_A_TICKET), item=place)
        about, messages = self._ticket(row, about, item=place)
        return Record(item=place, about=about, messages=messages, channel=self._channel(row))

    def together(self, rows: Sequence[Row], conversation: str) -> Record:
        """Return the record that several rows make, one message each.

        Args:
            rows: The chat's rows in the file's order.
            conversation: Its id; empty where the file is one chat.

        Raises:
            Unreadable: A cell in them cannot be read.
        """
        place = record_of(self._item, conversation) if conversation else self._item
        id_of(self._value(rows[0].cells, "conversation"), item=place)
        about = self._about(self._common(rows), item=place)
        if conversation:
            about = replace(about, interaction_id=conversation)
        messages = [self._message(row.cells, about, item=place, row=row) for row in rows]
        return Record(item=place, about=about, messages=messages, channel=self._channel(None))

    def message(self, row: Row, about: Metadata) -> Message:
        """Return the message that one row is, in a chat of which this much is known.

        Raises:
            Unreadable: A cell in it cannot be read.
        """
        return self._message(row.cells, about, item=self._item, row=row)

    def _place(self, row: Row) -> str:
        """Name the record by its own id where it has one, else by its line or row."""
        own = recognised(tuple(row.cells), ABOUT, own=self._layout.columns).get("interaction_id")
        name = text_of(row.cells[own]) if own else None
        return record_of(self._item, name or row.number)

    def _channel(self, ticket: Row | None) -> Channel:
        if self._layout.channel is not None:
            return self._layout.channel
        if ticket is None:
            return Channel.CHAT
        is_mail = any(key_of(column) in _MAIL_COLUMNS for column in ticket.cells)
        return Channel.EMAIL if is_mail else Channel.TICKET

    def _places(self, cells: Mapping[str, object]) -> Mapping[str, str]:
        columns = tuple(cells)
        places = self._shapes.get(columns)
        if places is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            places = recognised(columns, MESSAGE, own=self._layout.columns)
            self._shapes[columns] = places
        return places

    def _value(self, cells: Mapping[str, object], field: str) -> object:
        column = self._places(cells).get(field)
        return None if column is None else cells[column]

    def _without(self, cells: Mapping[str, object], fields: Sequence[str]) -> dict[str, object]:
        places = self._places(cells)
        left_out = {places[field] for field in fields if field in places}
        return {column: value for column, value in cells.items() if column not in left_out}

    def _about(self, cells: Mapping[str, object], *, item: str) -> Metadata:
        return metadata_of(cells, item=item, times=self._times, columns=self._layout.columns)

    def _common(self, rows: Sequence[Row]) -> dict[str, object]:
        """Return what the rows say about the chat: what we know by name, and what all agree on."""
        common: dict[str, object] = {}
        varying: set[str] = set()
        for row in rows:
            for column, value in self._without(row.cells, _OF_A_MESSAGE).items():
                if key_of(column) in _ID_COLUMNS:
                    continue  # the message's own id
                if common.setdefault(column, value) != value:
                    varying.add(column)
        known = set(recognised(tuple(common), ABOUT, own=self._layout.columns).values())
        return {c: value for c, value in common.items() if c in known or c not in varying}

    def _listed(self, message: object, about: Metadata, *, item: str) -> Message:
        if isinstance(message, list) and len(message) >= _PAIR:
            message = dict(zip(("role", "text", "sent_at"), message, strict=False))
        if not isinstance(message, dict):
            raise Unreadable(item, "not_a_record")
        return self._message(message, about, item=item)

    def _message(
        self, cells: Mapping[str, object], about: Metadata, *, item: str, row: Row | None = None
    ) -> Message:
        text = self._text(cells, "text", item=item)
        if row is not None and self._places(cells).get("text") in row.repeated:
            text = ""  # one message in a cell merged over several rows is one message
        party = self._party(text_of(self._value(cells, "role")), about, item=item)
        return Message(party, text, self._moment(cells, "sent_at", item=item))

    def _ticket(self, row: Row, about: Metadata, *, item: str) -> tuple[Metadata, list[Message]]:
        title, text, reply = (
            self._text(row.cells, field, item=item) for field in ("title", "text", "reply")
        )
        if not text:  # a column that may hold a list of messages holds plain text here
            text = self._text(row.cells, "messages", item=item)
        body = text if text.startswith(title) else f"{title}\n{text}"
        sender = text_of(self._value(row.cells, "role"))
        party = party_named(sender, own=self._layout.roles) if sender else Party.CUSTOMER
        if party is None:  # the name of the person who wrote
            party = Party.CUSTOMER
            about = replace(about, customer=about.customer or sender)
        at = about.started_at or self._moment(row.cells, "sent_at", item=item)
        messages = [Message(party, body, at)]
        if reply:
            at = self._moment(row.cells, "replied_at", item=item)
            messages.append(Message(Party.AGENT, reply, at))
        return about, messages

    def _text(self, cells: Mapping[str, object], field: str, *, item: str) -> str:
        value = self._value(cells, field)
        text = value if isinstance(value, str) else text_of(value) or ""
        if len(text) > LONGEST_RECORD:
            raise Unreadable(item, "record_too_long", limit=LONGEST_RECORD)
        return text

    def _party(self, name: str | None, about: Metadata, *, item: str) -> Party:
        if name is None:
            return Party.UNKNOWN
        party = party_named(name, own=self._layout.roles)
        if party is not None:
            return party
        if name == about.agent:
            return Party.AGENT
        if name == about.customer:
            return Party.CUSTOMER
        raise Unreadable(item, "unknown_role", role=printable(name)[:80])

    def _moment(self, cells: Mapping[str, object], field: str, *, item: str) -> datetime | None:
        value = self._value(cells, field)
        if value is None:
            return None
        zone = zone_of(self._times.timezone)
        try:
            return moment(value, zone=zone, written_as=self._times.written_as)
        except ValueError as error:
            column = self._places(cells)[field]
            shown = printable(str(value))[:80]
            raise Unreadable(item, "unreadable_time", column=column, value=shown) from error
