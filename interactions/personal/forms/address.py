"""Addresses: administrative levels (GB/T 2260), a road or estate, and numbers on it.

Found from their end: a numbered part (88号, 3栋, 502室) with a road or estate before it, or three
levels (市, 区, 路) in a row. What stands before the first level is left out as far as it can be
told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from interactions.personal.kinds import Found, PersonalKind
from interactions.personal.sheet import Sheet
from interactions.text import HAN

_NUMBER = "(?:[0-9a-z]{1,5}|[零一二三四五六七八九十百]{1,5})"
_PART = f"(?:{_NUMBER}(?:-{_NUMBER})?(?:号楼?|栋|幢|弄|单元|楼|层|室|座|门|组|队))"
_NUMBERED = re.compile(
    f"{_PART}(?:[ ,]?(?:[{HAN}]{{1,8}}?)?[ ,]?(?:{_PART}|[0-9]{{3,4}}(?![0-9元块]))){{0,4}}"
)
_UNIT = re.compile("u")  # over the shape, as are
_BEFORE_UNIT = frozenset("0acn")
_DIGITS = 11
_NUMERALS = re.compile("[0-9a-z零一二三四五六七八九十百-]+$")
_ROAD = (
    "路|街道?|大道|巷|胡同|道|弄|村|小区|花园|公寓|苑|里|大厦|广场|镇|乡|城|庄|园|府|湾|郡|庭|"
    "中心|国际|家园|新村"
)
_ENDS_IN_ROAD = re.compile(f"[{HAN}]{{1,12}}(?:{_ROAD})(?:[东西南北中][段侧]?)?$")
_LEVELS = re.compile(
    f"[{HAN}]{{2,8}}?(?:省|自治区)[ ,]?(?:[{HAN}]{{1,8}}?(?:市|州|盟|地区)[ ,]?)"
    f"(?:[{HAN}]{{1,8}}?(?:区|县|市|旗))?"
    f"(?:[{HAN}]{{1,10}}?(?:{_ROAD}))?"
    f"|[{HAN}]{{2,6}}?市[ ,]?[{HAN}]{{1,6}}?(?:区|县|旗)[ ,]?[{HAN}]{{1,10}}?(?:{_ROAD})"
)
_LEVEL = re.compile("[省市区县]")
_LEAD = re.compile(
    "(?:地址|住址|住处|家)(?:是|在|为|改成|改为|换成|变成)?[:,]?|送到|寄到|发到|寄往|送往|住在|住|位于|安装在|改到|改成|改为|换成|填的|写的|"
    "搬到|快递到|配送到|收货|就在|在|到|是|去|[,.:;!?()]"
)
_AUTONOMOUS = "自治区"
_HIGH = re.compile("h")  # over the shape
_REACH, _NAME = 40, 8
_ENGLISH = re.compile(
    r"(?<![0-9a-z-])[0-9]{1,5}[a-z]? (?:[a-z0-9'.]{1,20} ){1,4}?"
    r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|way|place|terrace|square)(?![a-z])"
    r"(?:[ ,.]+(?:apartment|apt|suite|unit|flat|floor) ?#?[0-9a-z]{1,5})?"
)
_STREETS = re.compile(" (?:st|av|ro|rd|dr|la|ln|bo|bl|co|ct|way|pl|te|sq)")
_NO_STREET = frozenset(
    [
        "minutes",
        "minute",
        "hours",
        "hour",
        "days",
        "day",
        "times",
        "way",
        "a",
        "the",
        "of",
        "in",
        "weeks",
        "months",
        "years",
    ]
)
_K = PersonalKind.ADDRESS


def find(sheet: Sheet) -> Iterator[Found]:
    """Yield the addresses on a sheet."""
    text = sheet.text
    done = 0
    for unit in _UNIT.finditer(sheet.shape):
        if sheet.shape[unit.start() - 1] not in _BEFORE_UNIT:
            continue
        number = _NUMERALS.search(text, max(done, unit.start() - _DIGITS), unit.start())
        match = _NUMBERED.match(text, number.start()) if number else None
        if match is None or not match.start() < unit.start() < match.end():
            continue
        line_start = sheet.bounds(sheet.line_of(match.start()))[0]
        left = text[max(line_start, done, match.start() - _REACH) : match.start()]
        if _ENDS_IN_ROAD.search(left):
            start = match.start() - len(left) + _first(left)
            done = match.end()
            yield Found(_K, ((start, done),), text[start:done], 0.9, ("form",))
    for match in _levels(sheet):
        start = match.start() + _first(match[0])
        if len(_LEVEL.findall(text, start, match.end())) > 1:
            yield Found(_K, ((start, match.end()),), text[start : match.end()], 0.7, ("form",))
    if sheet.has_words and _STREETS.search(text):
        yield from _english(text)


def _levels(sheet: Sheet) -> Iterator[re.Match[str]]:
    """Yield levels in a row: looked for from where a province or city ends."""
    text, done = sheet.text, 0
    ends = [match.start() for match in _HIGH.finditer(sheet.shape)]
    if _AUTONOMOUS in text:
        ends = sorted([*ends, *(match.start() for match in re.finditer(_AUTONOMOUS, text))])
    for end in ends:
        match = _LEVELS.search(text, max(done, end - _NAME), end + _REACH)
        if match:
            done = match.end()
            yield match


def _first(left: str) -> int:
    """Return where in the text before a number the address begins: behind what leads up to it."""
    level = _LEVEL.search(left)
    # 在 and 到 stand in names of roads too, so only what comes before the first level counts
    limit = level.start() if level else len(left)
    ends = [match.end() for match in _LEAD.finditer(left) if match.end() <= limit]
    return ends[-1] if ends else 0


def _english(text: str) -> Iterator[Found]:
    for match in _ENGLISH.finditer(text):
        if not _NO_STREET & set(match[0].split()):
            yield Found(_K, (match.span(),), match[0], 0.85, ("form",))
