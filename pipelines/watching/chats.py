"""Chats while they run: which lines belong to which, what was said so far, and when one ended.

Nothing of a running chat is kept but its alerts: its lines lie in the inbox, and a watch that
begins anew reads them again. When nothing was added for a while, or a line says ``"ended": true``,
the chat is what the night would read from the same file: same id, same content, so neither keeps it
twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from interactions.interaction import Interaction
from interactions.layout import ChatLayout
from interactions.messages import Record, interaction_of
from interactions.moments import Times, zone_of
from interactions.problems import Unreadable
from interactions.records import Records
from interactions.tables.row import Row
from pipelines.settings import Settings
from pipelines.watching.tail import Line
from pipelines.watching.timers import Said

NS = 1_000_000_000
ENDED = "ended"


@dataclass(slots=True)
class RunningChat:
    """A chat to which lines may still be added.

    Attributes:
        key: Unique among running chats.
        queue: As its lines say; empty where they do not.
        said: Its messages as far as they could be read.
        landed_ns: When the last line lay on the disk, nanoseconds since 1970.
        told: Rules and timers that were told of it.
    """

    key: str
    item: str
    conversation: str
    rows: list[Row] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    queue: str = ""
    landed_ns: int = 0
    is_over: bool = False
    told: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Finished:
    """A whole chat, e-mail or ticket, and when its last line lay on the disk."""

    interaction: Interaction
    landed_ns: int


class Chats:
    """Sorts added lines into running chats, and hands out those that ended."""

    def __init__(self, settings: Settings) -> None:
        assumed = settings.intake.assumed_date
        self._layout = ChatLayout(
            columns=settings.intake.columns,
            assumed_date=date.fromisoformat(assumed) if assumed else None,
        )
        self._timezone = settings.centre.timezone
        self._zone = zone_of(self._timezone)
        self._idle_ns = settings.watch.chat_idle_seconds * NS
        self._records: dict[str, Records] = {}
        self.running: dict[str, RunningChat] = {}

    def add(self, line: Line) -> RunningChat | Finished | None:
        """Take a line in: the chat that it is a message of, or the whole record that it is."""
        records = self._of_file(line.item)
        conversation = None if records.has_list(line.row) else records.conversation(line.row)
        if conversation is None:
            return self._whole(records, line)
        key = f"{line.item}\x1f{conversation}"
        chat = self.running.get(key)
        if chat is None:
            chat = RunningChat(key, line.item, conversation)
            self.running[key] = chat
        chat.rows.append(line.row)
        chat.landed_ns = line.landed_ns
        chat.is_over = chat.is_over or line.row.cells.get(ENDED) is True
        self._note(records, chat, line)
        return chat

    def said_ns(self, line: Line) -> int | None:
        """Return when a message was said, nanoseconds since 1970; None where it does not say."""
        try:
            record = self._of_file(line.item).together([line.row], "x")
        except Unreadable:
            return None
        at = next((one.sent_at for one in record.messages if one.sent_at is not None), None)
        return None if at is None else round(at.timestamp() * NS)

    def so_far(self, chat: RunningChat) -> Interaction | None:
        """Return what was said so far as an interaction; None where it cannot be read."""
        return self._read(chat, chat.rows)

    def line(self, chat: RunningChat) -> Interaction | None:
        """Return the last message alone; None where it cannot be read."""
        return self._read(chat, chat.rows[-1:])

    def ended(self, now_ns: int) -> Iterator[Finished]:
        """Yield the chats that ended, and forget them; one that goes on later is read anew."""
        over = [
            chat
            for chat in self.running.values()
            if chat.is_over or now_ns - chat.landed_ns >= self._idle_ns
        ]
        for chat in over:
            del self.running[chat.key]
            whole = self.so_far(chat)
            if whole is not None:
                yield Finished(whole, chat.landed_ns)

    def _whole(self, records: Records, line: Line) -> Finished | None:
        try:
            return Finished(self._interaction(records.whole(line.row)), line.landed_ns)
        except Unreadable:
            return None  # the night says what is wrong with it

    def _note(self, records: Records, chat: RunningChat, line: Line) -> None:
        """Note who said what when; a line without its own time was said when it landed."""
        try:
            record = records.together([line.row], chat.conversation)
        except Unreadable:
            return
        chat.queue = record.about.queue or chat.queue
        landed = datetime.fromtimestamp(line.landed_ns / NS, UTC)
        chat.said += [Said(m.party, m.sent_at or landed, m.text) for m in record.messages if m.text]

    def _read(self, chat: RunningChat, rows: list[Row]) -> Interaction | None:
        try:
            record = self._of_file(chat.item).together(rows, chat.conversation)
            return self._interaction(record)
        except Unreadable:
            return None

    def _interaction(self, record: Record) -> Interaction:
        return interaction_of(record, zone=self._zone, assumed_date=self._layout.assumed_date)

    def _of_file(self, item: str) -> Records:
        if item not in self._records:
            times = Times(timezone=self._timezone, written_as=self._layout.written_as)
            self._records[item] = Records(item, self._layout, times)
        return self._records[item]
