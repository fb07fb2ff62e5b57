"""E-mail addresses, written (RFC 5322's dot-atom) or said (艾特, 小老鼠, at … dot com)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interactions.personal.kinds import Found, PersonalKind
from interactions.personal.sheet import Sheet

# "weights at gone.pt" is no address: where only the sign is said, the ending must be a usual one
_AT = re.compile(
    " ?(?:@|艾特|爱特|圈a|小老鼠)[ ,]?|"
    r" at (?=[a-z0-9 ]+(?: dot |\.(?:com|net|org|edu|gov|cn|hk|tw|io)(?![a-z0-9])))"
)
_BEFORE = re.compile(r"[a-z0-9](?:[a-z0-9._%+-]|点|下划线|杠| (?:dot|underscore|dash) ){0,63}$")
_BEHIND = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30})(?:(?: ?(?:\.|点)[ ,]?| dot )[a-z]{2,10}){1,3}")
_WORDS = (
    (" dot ", "."),
    ("点", "."),
    (" underscore ", "_"),
    ("下划线", "_"),
    ("杠", "-"),
    (" dash ", "-"),
)
_REACH = 64
_SIGNS = ("@", "艾特", "爱特", "圈a", "小老鼠")


def find(sheet: Sheet) -> Iterator[Found]:
    """Yield the e-mail addresses on a sheet."""
    text = sheet.text
    is_said = sheet.has_words and " at " in text
    if not is_said and not ("@" in sheet.shape and any(sign in text for sign in _SIGNS)):
        return
    for match in _AT.finditer(text):
        before = _BEFORE.search(text[max(0, match.start() - _REACH) : match.start()])
        behind = _BEHIND.match(text, match.end())
        if before and behind:
            start = match.start() - len(before[0])
            value = f"{before[0]}@{behind[0]}"
            for word, char in _WORDS:
                value = value.replace(word, char)
            value = value.replace(" ", "")
            yield Found(PersonalKind.EMAIL, ((start, behind.end()),), value, 0.99, ("form",))
