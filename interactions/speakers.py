"""Who sent a message, by the name that the export gives the sender's side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from interactions.columns import key_of
from interactions.sound import Party

PARTY_NAMES: Mapping[Party, tuple[str, ...]] = MappingProxyType(
    {
        Party.SYSTEM: (
            *("system", "bot", "robot", "chatbot", "virtual agent", "automated agent", "ivr"),
            *("custom bot", "notification", "auto reply", "系统", "系统消息", "机器人", "智能客服"),
            *("智能助手", "机器人客服", "自动回复"),
        ),
        Party.AGENT: (
            *("agent", "human agent", "staff", "operator", "representative", "support", "service"),
            *("helpdesk", "seller", "advisor", "csr", "assistant", "employee", "supervisor"),
            *(
                "客服",
                "人工客服",
                "坐席",
                "座席",
                "人工",
                "商家",
                "店家",
                "卖家",
                "客服人员",
                "接待员",
            ),
        ),
        Party.CUSTOMER: (
            *("customer", "user", "client", "visitor", "buyer", "caller", "guest", "consumer"),
            *(
                "end user",
                "member",
                "客户",
                "用户",
                "顾客",
                "买家",
                "访客",
                "会员",
                "来访者",
                "消费者",
            ),
        ),
        Party.UNKNOWN: ("unknown", "未知"),
    }
)
"""Names of each party that need no settings; a name may go on with a number or a person's name."""

_BY_KEY = MappingProxyType(
    {key_of(name): party for party, names in PARTY_NAMES.items() for name in names}
)
# 客服小美, 用户12345: the longest known name that the sender's begins with. In Latin letters what
# follows must be no letter: "useful" is not a user.
_CHINESE = re.compile(
    "|".join(sorted((n for n in _BY_KEY if not n.isascii()), key=len, reverse=True))
)
_LATIN = re.compile(
    "(?:"
    + "|".join(sorted((n for n in _BY_KEY if n.isascii()), key=len, reverse=True))
    + ")(?![a-z])"
)


def party_named(name: str, *, own: Mapping[str, Party] = MappingProxyType({})) -> Party | None:
    """Return the party that ``name`` stands for, or None where it is not known.

    Args:
        name: ``agent``, 客服, ``customer-17``, 客服小美 …
        own: The centre's own names, taken first.
    """
    key = key_of(name)
    for theirs, party in own.items():
        if key_of(theirs) == key:
            return party
    if key in _BY_KEY:
        return _BY_KEY[key]
    begin = _CHINESE.match(key) or _LATIN.match(key)
    return _BY_KEY[begin.group()] if begin else None
