"""Digits said in English: oh one three, double five."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interactions.personal.runs import Item, Run, run_of
from interactions.personal.sheet import Sheet

_ENGLISH = {
    w: str(i) for i, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven"])
}
_ENGLISH |= {"eight": "8", "nine": "9", "oh": "0", "o": "0"}
_TIMES = {"double": 2, "triple": 3}
_ENGLISH_WORD = "(?:(?:double|triple) )?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|o)"
_ENGLISH_GAP = "(?:[ ,.-]{1,3}(?:(?:uh|um|er|and|then)[ ,.]{1,2})?)"
_ENGLISH_RUN = re.compile(
    rf"(?<![a-z]){_ENGLISH_WORD}(?:{_ENGLISH_GAP}{_ENGLISH_WORD}(?![a-z]))+(?![a-z])"
)
# begins with no look-behind, so that most places are passed over at once
_ENGLISH_PAIR = re.compile(
    "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|o)"
    "[ ,.-]{1,3}(?:double|triple|zero|oh|one|two|three|four|five|six|seven|eight|nine|uh|um|and|o)"
)
_SPOKEN_ENGLISH = re.compile(_ENGLISH_WORD)


def spoken_in_english(sheet: Sheet) -> Iterator[Run]:
    """Yield the runs of English digits on a sheet."""
    if not _ENGLISH_PAIR.search(sheet.text):
        return
    for match in _ENGLISH_RUN.finditer(sheet.text):
        items = []
        for word in _SPOKEN_ENGLISH.finditer(sheet.text, *match.span()):
            *times, name = word[0].split(" ")
            digits = _ENGLISH[name] * (_TIMES[times[0]] if times else 1)
            items.append(Item(word.start(), word.end(), digits, is_weak=False))
        yield run_of(tuple(items), sheet.line_of(match.start()))
