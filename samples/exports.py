"""The written contacts as the centre's systems export them: JSON lines, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from interactions.interaction import Language
from interactions.sound import Party
from samples.contacts import Contact
from samples.messages import Message
from samples.tables import Cell, write_csv, write_xlsx
from samples.truth import write_lines

Written = tuple[Contact, tuple[Message, ...]]
ATTRIBUTES = ("region", "team_kind", "order", "firmware")
_ABOUT = ("渠道", "坐席工号", "班组", "技能组", "客户编号", "产品", "语言", *ATTRIBUTES)
_MESSAGE = ("角色", "发送时间", "内容")
_ROLES = MappingProxyType({Party.AGENT: "坐席", Party.CUSTOMER: "客户", Party.SYSTEM: "系统"})
_CHANNELS = MappingProxyType({"chat": "在线客服", "email": "邮件", "ticket": "工单"})
# Which days' chats come as a table instead of JSON lines, by the day's number in the sample.
_CSV_EVERY, _CSV_AT = 7, 3
_XLSX_EVERY, _XLSX_AT = 10, 5
# The old system still writes GB18030; the first workbook comes with merged cells.
_OLD_SYSTEM_AT = 17
_MERGED_AT = 5


def write_chats(folder: Path, day: date, number: int, chats: Sequence[Written]) -> str:
    """Write a day's chats and return the file's name.

    Args:
        folder: Where to.
        day: The day.
        number: Its number in the sample, from 0: decides the format.
        chats: Contacts with their messages.
    """
    header = ("会话编号", *_ABOUT, *_MESSAGE)
    rows = [row for contact, messages in chats for row in _message_rows(contact, messages)]
    if number % _CSV_EVERY == _CSV_AT:
        name = f"chats_{day}.csv"
        encoding = "gb18030" if number == _OLD_SYSTEM_AT else "utf-8-sig"
        write_csv(folder / name, header, rows, encoding=encoding)
    elif number % _XLSX_EVERY == _XLSX_AT:
        name = f"chats_{day}.xlsx"
        merged = 1 + len(_ABOUT) if number == _MERGED_AT else 0
        write_xlsx(folder / name, header, rows, merged_columns=merged)
    else:
        name = f"chats_{day}.jsonl"
        write_lines(folder / name, (_record(contact, messages) for contact, messages in chats))
    return name


def write_mail(folder: Path, month: str, mail: Sequence[Written]) -> str:
    """Write a month's e-mails (CSV) and return the file's name."""
    header = ("编号", *_ABOUT, "主题", "正文", "创建时间", "回复", "回复时间")
    name = f"mail_{month}.csv"
    write_csv(folder / name, header, [_letter_row(c, m, subject=True) for c, m in mail])
    return name


def write_tickets(folder: Path, month: str, tickets: Sequence[Written]) -> str:
    """Write a month's tickets (XLSX) and return the file's name."""
    header = ("工单号", *_ABOUT, "问题描述", "创建时间", "处理结果", "处理时间")
    name = f"tickets_{month}.xlsx"
    write_xlsx(folder / name, header, [_letter_row(c, m, subject=False) for c, m in tickets])
    return name


def subject_of(contact: Contact) -> str:
    """Return an e-mail's subject."""
    return f"关于{contact.product}" if contact.language is Language.ZH else "My order"


def local(moment: datetime) -> datetime:
    """Return the time as people at the centre read it, without its zone."""
    return moment.replace(tzinfo=None)


def _about(contact: Contact) -> list[Cell]:
    return [
        _CHANNELS[contact.channel],
        contact.agent.agent_id,
        contact.agent.team.name,
        contact.scenario.queue,
        contact.customer.customer_id,
        contact.product,
        str(contact.language),
        *(contact.attributes.get(name) for name in ATTRIBUTES),
    ]


def _message_rows(contact: Contact, messages: Sequence[Message]) -> list[list[Cell]]:
    about = _about(contact)
    return [
        [
            contact.interaction_id,
            *about,
            _ROLES[message.line.party],
            local(message.sent_at),
            message.line.text,
        ]
        for message in messages
    ]


def _letter_row(contact: Contact, messages: Sequence[Message], *, subject: bool) -> list[Cell]:
    asked, answered = messages
    return [
        contact.interaction_id,
        *_about(contact),
        *([subject_of(contact)] if subject else []),
        asked.line.text,
        local(asked.sent_at),
        answered.line.text,
        local(answered.sent_at),
    ]


def _record(contact: Contact, messages: Sequence[Message]) -> dict[str, object]:
    return {
        "interaction_id": contact.interaction_id,
        "channel": str(contact.channel),
        "started_at": contact.started_at.isoformat(),
        "agent": contact.agent.agent_id,
        "team": contact.agent.team.name,
        "queue": contact.scenario.queue,
        "customer": contact.customer.customer_id,
        "product": contact.product,
        "language": str(contact.language),
        **{name: contact.attributes[name] for name in ATTRIBUTES if name in contact.attributes},
        "messages": [
            {
                "role": str(message.line.party),
                "sent_at": message.sent_at.isoformat(),
                "text": message.line.text,
            }
            for message in messages
        ],
    }
