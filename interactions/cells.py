"""What one cell of an export says: text, an id, a channel, a language, an attribute.

The same value must come out the same from CSV, where everything is text, and from XLSX or JSON,
where a number is a number: else one chat in two exports would be two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType

from interactions.columns import key_of
from interactions.interaction import AttributeValue, Channel, Language
from interactions.items import printable
from interactions.moments import Times, clock, day, moment, zone_of
from interactions.problems import Unreadable
from interactions.sound import Party
from interactions.tables.row import is_empty
from interactions.text import well_formed

# From here on a double, which spreadsheets keep numbers in, has no room for every digit.
_LARGEST_EXACT = 10**15
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2}")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,9})\.[0-9]{1,6}")


def _by_key(table: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(
        {key_of(name): ours for ours, names in table.items() for name in [ours, *names.split(",")]}
    )


CHANNELS = _by_key(
    {
        Channel.VOICE: "call,phone,telephone,audio,电话,语音,热线,通话,呼入,呼出,录音",
        Channel.CHAT: "im,text,message,messaging,webchat,web,app,sms,wechat,whatsapp,在线,在线客服,"
        "聊天,文字,文本,微信,企业微信,公众号,小程序,网页,短信,会话",
        Channel.EMAIL: "mail,e-mail,邮件,电子邮件,邮箱",
        Channel.TICKET: "case,form,issue,complaint,工单,留言,表单,投诉单",
    }
)
LANGUAGES = _by_key(
    {
        Language.ZH: "cn,cmn,chinese,mandarin,putonghua,中文,汉语,普通话,国语,华语",
        Language.EN: "english,英文,英语",
        Language.MIXED: "zh-en,en-zh,中英,中英文,混合",
        Language.UNKNOWN: "",
    }
)
AGENT_TRACKS = _by_key(
    {"left": "l,1,ch1,channel1,track1,左,左声道", "right": "r,2,ch2,channel2,track2,右,右声道"}
)


def text_of(value: object) -> str | None:
    """Return a cell as one line of text, or None where it is empty."""
    if isinstance(value, bool) or value is None:
        return None if value is None else str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_EXACT:
        value = int(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if not isinstance(value, str | int | float):
        return None
    return " ".join(well_formed(str(value)).split()) or None


def id_of(value: object, *, item: str) -> str | None:
    """Return a cell as an id, or None where it is empty.

    Raises:
        Unreadable: ``id_lost_digits``: a spreadsheet rounded it, and two ids may now be one.
    """
    text = text_of(value)
    if text is None:
        return None
    rounded = isinstance(value, float) and abs(value) >= _LARGEST_EXACT
    if rounded or _SCIENTIFIC.fullmatch(text):
        raise Unreadable(item, "id_lost_digits", value=text)
    return text


def channel_of(value: object, *, column: str, item: str) -> Channel | None:
    """Return the channel that a cell names, or None where it is empty.

    Raises:
        Unreadable: ``unknown_value``.
    """
    text = text_of(value)
    if text is None:
        return None
    found = CHANNELS.get(key_of(text))
    if found is None:
        raise _unknown(text, column=column, item=item, allowed=", ".join(Channel))
    return Channel(found)


def language_named(value: object) -> Language | None:
    """Return the language that a cell names (``zh-CN``, 普通话, English); others are unknown."""
    text = text_of(value)
    if text is None:
        return None
    whole = LANGUAGES.get(key_of(text))
    main = LANGUAGES.get(key_of(re.split("[-_]", text)[0]))
    return Language(whole or main or Language.UNKNOWN)


def tracks_of(value: object, *, column: str, item: str) -> tuple[Party, ...]:
    """Return who is on which track, from a cell that says which track the agent is on.

    Raises:
        Unreadable: ``unknown_value``.
    """
    text = text_of(value)
    if text is None:
        return ()
    side = AGENT_TRACKS.get(key_of(text))
    if side is None:
        raise _unknown(text, column=column, item=item, allowed="left, right, 1, 2")
    pair = (Party.AGENT, Party.CUSTOMER)
    return pair if side == "left" else pair[::-1]


def path_of(value: object, *, item: str) -> str | None:
    """Return a cell as a relative path with ``/``, or None where it is empty.

    Raises:
        Unreadable: ``file_outside_folder``.
    """
    if is_empty(value) or not isinstance(value, str | int):
        return None
    written = str(value).strip()
    path = PurePosixPath(written.replace("\\", "/"))
    outside = path.is_absolute() or PureWindowsPath(written).drive or ".." in path.parts
    if outside or "\0" in written:
        raise Unreadable(item, "file_outside_folder", value=printable(written))
    return str(path)


def start_of(
    value: Mapping[str, object], at: Mapping[str, str], *, item: str, times: Times
) -> datetime | None:
    """Return when it started, in UTC; a day and a time of day in two columns belong together.

    Args:
        value: Cells by our names: ``started_at``, ``date``, ``timezone``.
        at: The columns' own names, for the report.
        item: Whose cells these are.
        times: How the export writes times.

    Raises:
        Unreadable: ``unknown_timezone``, ``unreadable_time``.
    """
    name = text_of(value.get("timezone")) or times.timezone
    try:
        zone = zone_of(name)
    except ValueError as error:
        raise Unreadable(item, "unknown_timezone", value=printable(name)) from error
    column = "started_at" if "started_at" in value else "date"
    written = value.get(column)
    if written is None:
        return None
    try:
        of_day = clock(written) if "date" in value and column == "started_at" else None
        if of_day is not None:
            on_day = day(value["date"], zone=zone)
            return moment(datetime.combine(on_day, of_day), zone=zone)
        return moment(written, zone=zone, written_as=times.written_as)
    except ValueError as error:
        shown = printable(str(written))[:80]
        raise Unreadable(item, "unreadable_time", column=at[column], value=shown) from error


def attribute_of(value: object) -> AttributeValue | None:
    """Return a cell as an attribute, or None where it is empty or holds a list or record.

    Text that is a number as a program writes it becomes one, so that rules can compare it; what
    has leading zeros or more than 15 digits is a code and stays text.
    """
    if isinstance(value, bool):
        return value
    text = text_of(value)
    if text is None:
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) or isinstance(value, float):
        return float(text)
    lowered = text.lower()
    return lowered == "true" if lowered in {"true", "false"} else text


def _unknown(value: str, *, column: str, item: str, allowed: str) -> Unreadable:
    return Unreadable(item, "unknown_value", column=column, value=value, allowed=allowed)
