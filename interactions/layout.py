"""What a centre's export calls things, where our own lists of names do not have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from interactions.interaction import Channel
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLayout:
    """What a centre's export calls things, where ``docs/intake.md`` does not list it.

    Attributes:
        columns: The export's column → ours (``role``, ``text``, ``sent_at``, ``agent`` …).
        roles: The export's name for a sender → party.
        channel: The channel of records that name none; by default chat for messages, e-mail or
            ticket for single rows.
        written_as: A format of ``datetime.strptime`` for times in an unusual form.
        assumed_date: The day for records without any time, set by a person who knows it. Such
            interactions carry it as the attribute ``assumed_date``.
        one_chat_per_file: The whole file is one chat; it needs no conversation id.
    """

    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    roles: Mapping[str, Party] = field(default_factory=lambda: MappingProxyType({}))
    channel: Channel | None = None
    written_as: str | None = None
    assumed_date: date | None = None
    one_chat_per_file: bool = False


DEFAULT_LAYOUT = ChatLayout()
