"""Chats while they run: which lines belong to which, what was said so far, and when one ended.

Nothing of a running chat is kept but its alerts: its lines lie in the inbox, and a watch that
begins anew reads them again. When nothing was added for a while, or a line says ``"ended": true``,
the chat is what the night would read from the same file: same id, same content, so neither keeps it
twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.items import record_of
from interactions.layout import ChatLayout
from interactions.messages import Record, interaction_of
from interactions.metadata import Metadata
from interactions.moments import Times, zone_of
from interactions.problems import Unreadable
from interactions.records import Records
from interactions.tables.row import Row
from pipelines.settings import Settings
from pipelines.watching.tail import Line, row_in
from pipelines.watching.timers import Said

NS = 1_000_000_000
ENDED = "ended"


@dataclass(slots=True)
class RunningChat:
    """A chat to which lines may still be added.

    Attributes:
        key: Unique among running chats.
        about: What its first lines say of it.
        said: Its messages as far as they could be read.
        landed_ns: When the last line lay on the disk, nanoseconds since 1970.
        told: Rules and timers that were told of it.
    """

    key: str
    item: str
    conversation: str
    rows: list[Row] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    about: Metadata = field(default_factory=Metadata)
    landed_ns: int = 0
    is_over: bool = False
    told: set[str] = field(default_factory=set)

    @property
    def queue(self) -> str:
        """Its routing queue; empty where its lines do not say."""
        return self.about.queue or ""


@dataclass(frozen=True, slots=True)
class Finished:
    """A whole chat, e-mail or ticket, and when its last line lay on the disk."""

    interaction: Interaction
    landed_ns: int


class Chats:
    """Sorts added lines into running chats, and hands out those that ended.

    Attributes:
        running: By key.
        others: Files that hold something else (e-mails, tickets); read when they are whole.
    """

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
        self._inbox = settings.inbox
        self._over: set[str] = set()
        self._of_chats: set[str] = set()
        self.running: dict[str, RunningChat] = {}
        self.others: set[str] = set()

    def add(self, line: Line) -> RunningChat | Finished | None:
        """Take a line in: the chat that it is a message of, or the whole record that it is."""
        records = self._of_file(line.item)
        if records.has_list(line.row):
            self._of_chats.add(line.item)
            return self._whole(records, line)
        conversation = records.conversation(line.row)
        key = f"{line.item}\x1f{conversation}"
        chat = self.running.get(key)
        if conversation is None or (chat is None and not records.is_message(line.row)):
            self.others |= {line.item} - self._of_chats  # one stray line makes no other file
            return None
        if chat is None:
            self._of_chats.add(line.item)
            chat = self._begun(records, line, conversation)
        chat.rows.append(line.row)
        chat.landed_ns = line.landed_ns
        chat.is_over = chat.is_over or line.row.cells.get(ENDED) is True
        self._note(records, chat, line)
        return chat

    def said_ns(self, line: Line) -> int | None:
        """Return when a message was said, nanoseconds since 1970; None where it does not say."""
        try:
            at = self._of_file(line.item).message(line.row, Metadata()).sent_at
        except Unreadable:
            return None
        return None if at is None else round(at.timestamp() * NS)

    def so_far(self, chat: RunningChat) -> Interaction | None:
        """Return what was said so far as an interaction, for rules; None where nothing was."""
        return _running(chat, chat.said) if chat.said else None

    def line(self, chat: RunningChat) -> Interaction | None:
        """Return the last message alone; None where nothing was said."""
        return _running(chat, chat.said[-1:]) if chat.said else None

    def whole(self, chat: RunningChat) -> Interaction | None:
        """Return the chat as the night would read it from the same lines; None where it cannot."""
        try:
            record = self._of_file(chat.item).together(chat.rows, chat.conversation)
            return self._interaction(record)
        except Unreadable:
            return None

    def ended(self, now_ns: int) -> Iterator[Finished]:
        """Yield the chats that ended, and forget them; one that goes on later is read anew."""
        over = [
            chat
            for chat in self.running.values()
            if chat.is_over or now_ns - chat.landed_ns >= self._idle_ns
        ]
        for chat in over:
            del self.running[chat.key]
            self._over.add(chat.key)
            whole = self.whole(chat)
            if whole is not None:
                yield Finished(whole, chat.landed_ns)

    def _begun(self, records: Records, line: Line, conversation: str) -> RunningChat:
        """Return a new chat; one that ended and goes on has its earlier lines again."""
        chat = RunningChat(f"{line.item}\x1f{conversation}", line.item, conversation)
        self.running[chat.key] = chat
        chat.about = _about(records, line.row, conversation)
        if chat.key in self._over:
            self._over.discard(chat.key)
            for row in self._earlier(records, line, conversation):
                chat.rows.append(row)
                self._note(records, chat, Line(line.item, row, line.landed_ns))
        return chat

    def _earlier(self, records: Records, line: Line, conversation: str) -> list[Row]:
        with (self._inbox / line.item).open("rb") as file:
            before = enumerate(islice(file, line.row.number - 1), start=1)
            rows = [row_in(raw, number, line.item) for number, raw in before]
        return [one for one in rows if one and records.conversation(one) == conversation]

    def _whole(self, records: Records, line: Line) -> Finished | None:
        try:
            return Finished(self._interaction(records.whole(line.row)), line.landed_ns)
        except Unreadable:
            return None  # the night says what is wrong with it

    def _note(self, records: Records, chat: RunningChat, line: Line) -> None:
        """Note who said what when; a line without its own time was said when it landed."""
        try:
            one = records.message(line.row, chat.about)
        except Unreadable:  # who it is may be in another column, or in an earlier line
            try:
                record = records.together(chat.rows, chat.conversation)
            except Unreadable:
                return
            chat.about = record.about
            one = record.messages[-1]
        if one.text.strip():
            landed = datetime.fromtimestamp(line.landed_ns / NS, UTC)
            chat.said.append(Said(one.party, one.sent_at or landed, one.text))

    def _interaction(self, record: Record) -> Interaction:
        return interaction_of(record, zone=self._zone, assumed_date=self._layout.assumed_date)

    def _of_file(self, item: str) -> Records:
        if item not in self._records:
            times = Times(timezone=self._timezone, written_as=self._layout.written_as)
            self._records[item] = Records(item, self._layout, times)
        return self._records[item]


def _about(records: Records, row: Row, conversation: str) -> Metadata:
    try:
        return records.together([row], conversation).about
    except Unreadable:
        return Metadata(interaction_id=conversation)


def _running(chat: RunningChat, said: Sequence[Said]) -> Interaction:
    start = said[0].at
    utterances = tuple(
        Utterance(seq, one.party, at_ms, at_ms, one.text)
        for seq, one in enumerate(said)
        for at_ms in [max(0, (one.at - start) // timedelta(milliseconds=1))]
    )
    about = chat.about
    return Interaction(
        interaction_id=about.interaction_id or chat.conversation,
        channel=about.channel or Channel.CHAT,
        started_at=about.started_at or start,
        duration_ms=utterances[-1].end_ms,
        source=record_of(chat.item, chat.conversation),
        content_hash="",
        language=about.language or Language.UNKNOWN,
        agent=about.agent,
        team=about.team,
        queue=about.queue,
        customer=about.customer,
        product=about.product,
        attributes=about.attributes,
        utterances=utterances,
        transcriber="written",
        trust=1.0,
        role_confidence=1.0,
    )
