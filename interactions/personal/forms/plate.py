"""Number plates (GA 36): a province, a letter, five characters, six on green plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interactions.personal.kinds import Found, PersonalKind
from interactions.personal.shape import MARKS
from interactions.personal.sheet import Sheet

_CHARACTER = "[a-hj-np-z0-9零〇一二三四五六七八九幺两拐洞]"
_PLATE = re.compile(
    rf"[{MARKS['p']}][a-z][ ,·.-]{{0,2}}"
    rf"((?:{_CHARACTER}[ ,-]?){{5,6}}(?<![ ,-])[挂学警港澳]?"
    rf"|(?:{_CHARACTER}[ -]?){{4}}[挂学警港澳])"
    r"(?![a-z0-9])"
)
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两拐洞", "001234567891270")
_LEAST_DIGITS = 2


def find(sheet: Sheet) -> Iterator[Found]:
    """Yield the plates on a sheet."""
    if "pa" not in sheet.shape:
        return
    for match in _PLATE.finditer(sheet.text):
        value = re.sub("[ ,·.-]", "", match[0]).translate(_DIGITS)
        if sum(char.isdigit() for char in value) >= _LEAST_DIGITS:
            yield Found(PersonalKind.PLATE, (match.span(),), value, 0.9, ("form",))
