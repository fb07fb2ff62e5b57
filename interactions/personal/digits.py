"""Digits as they are written, said and misheard: runs of them on a sheet.

A digit is strong where it is one (3, 三, 幺, three), weak where a character only sounds like one
(是 for 四): weak ones count between and beside strong ones alone. What people say between two
digits (fillers, 对, 杠) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from interactions.personal.english_digits import spoken_in_english
from interactions.personal.runs import Item, Run, run_of
from interactions.personal.shape import table_of, translated
from interactions.personal.sheet import Sheet

_STRONG = {"零": 0, "〇": 0, "洞": 0, "幺": 1, "两": 2, "拐": 7, "勾": 9}
_STRONG |= {c: i for i, c in enumerate("〇一二三四五六七八九")}
_STRONG |= {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")}
_STRONG |= {str(i): i for i in range(10)}
_WEAK = "abcdefghij"
_WEAK_LED = frozenset(_WEAK)
BETWEEN = re.compile(
    "(?:[ ,.;~…()·!?嗯呃啊哦额诶欸唉哎对是好的行杠呢吧-]|那个|这个|然后|接着|接下来|后[面边]|"
    "最后|就是|再来|空格|下面|继续|没错|您说|你说|ok|um+|uh+|er+|and|then|yes|yeah|right|dash|space|\n)*"
)
"""What people say between two parts of a number."""
_ENDS = " ,.!?;\n"
_PASSED = " -,.;~…()·嗯呃啊哦额诶欸唉哎杠"
_GAP = 3
"""Characters passed over, or only sounding like digits, between two strong digits. Ours."""
_RUN = re.compile(rf"[0-9](?:[a-j ]{{0,{_GAP}}}[0-9])+(?:[a-j]{{1,3}})?")
_NOBODYS = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}"
    r"(?:[ -]?[0-9]{1,2}[:-][0-9]{2}(?:[:-][0-9]{2})?)?(?![0-9-])"
    r"|(?<![0-9])[48]00[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9:])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:])"
)
_PUNCTUATED = re.compile("00{0,3}(?:[-./: ]0|0{6})")  # over the shape
_PIECE, _PAIR, _NEAR = 3, 2, 3
_PAIRS = 30
"""Characters between the first and the third of three pairs that are one number. Ours."""
_LAST_APART = re.compile("[0-9] +[0-9]{1,2}$")
_LONG = 7
"""From this many digits on a number has no unit behind it. Ours."""
_UNITS = (
    "元块毛角年月日号点分秒个件台次天小岁升寸米斤公%度倍折款层楼栋单室人位张条套只双包箱瓶"
    "万千百十亿期步"
)
_COUNTED = re.compile(rf" ?(?:[{_UNITS}]|(?:dollars?|bucks|usd|days?|hours?|minutes?|percent)\b)")
_BESIDE = 8
_ALONE = re.compile("\n[^0-9\n]{0,5}([0-9])[ .]{0,2}(?=\n)")
_LEADS_ON = "那这然接后就再空下继没您你对是好"
_MONEY = "¥$€£第"
_REPEATED = re.compile(
    "([2-6二两三四五六])个([0-9零〇幺一二三四五六七八九])(?![十百千万个直般共定样起些点])"
)
_MANY = frozenset("23456二两三四五六")
_ONE = frozenset("1一")  # in 一直, 一起: in the normal form 1 behind digits


def _runs_in(sheet: Sheet, codes: str, span: tuple[int, int]) -> Iterator[Run]:
    start, end = span
    digits, line = codes[start:end], sheet.line_of(start)
    is_plain = digits.isdigit() and codes[start - 1 : start] not in _WEAK_LED
    is_plain = is_plain and "g" not in sheet.shape[start:end]
    if is_plain and (len(digits) < _LONG or sheet.original(span).isascii()):
        yield Run(line, start, end, digits)
        return
    for piece in _pieces(_of_one_script(sheet, _led(codes, *span), codes)):
        yield run_of(piece, line)


def runs(sheet: Sheet) -> list[Run]:
    """Return the runs of a sheet, in order: of two digits at least, or one alone on its line."""
    codes = _codes(sheet)
    spans = [
        span
        for match in _RUN.finditer(codes)
        for span in [_uncounted(sheet.text, codes, *match.span())]
        if not _is_no_part(sheet.text, codes, *span)
    ]
    found = [run for span in _worth_reading(spans) for run in _runs_in(sheet, codes, span)]
    found += _alone(sheet, codes)
    found += [one for run in found for one in _behind(sheet, codes, run)]
    if sheet.has_words:
        found += spoken_in_english(sheet)
    return sorted(found, key=lambda run: run.start)


def _worth_reading(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the runs but for pairs near no longer run and no two other pairs: no number."""
    long = [at for at, (start, end) in enumerate(spans) if end - start > _PAIR]
    near = {other for at in long for other in range(at - _NEAR, at + _NEAR + 1)}
    for at in range(len(spans) - 2):
        if spans[at + 2][0] - spans[at][1] <= _PAIRS:
            near |= {at, at + 1, at + 2}
    return [span for at, span in enumerate(spans) if at in near]


def _alone(sheet: Sheet, codes: str) -> Iterator[Run]:
    """Yield the digits that are all that is said on their line: the last one of a card."""
    for match in _ALONE.finditer(f"\n{codes}\n"):
        at = match.start(1) - 1
        if BETWEEN.fullmatch(sheet.text, match.start(), at):
            yield run_of(tuple(_items(sheet.text, codes, (at, at + 1))), sheet.line_of(at))


def _behind(sheet: Sheet, codes: str, run: Run) -> Iterator[Run]:
    """Yield the one digit that ends a number behind a run and what is said between (那个，5)."""
    end = run.last
    filler = BETWEEN.match(sheet.text, end)
    at = filler.end() if filler else end
    is_digit = end < at < len(codes) and codes[at].isdigit() and sheet.line_of(at) == run.line
    if is_digit and (at + 1 == len(codes) or sheet.text[at + 1] in _ENDS):
        yield run_of(tuple(_items(sheet.text, codes, (at, at + 1))), run.line)


def _uncounted(text: str, codes: str, start: int, end: int) -> tuple[int, int]:
    """Return a run without what counts something behind a pause: 645087，6位的."""
    if end - start > _PIECE and _COUNTED.match(text, end):
        apart = _LAST_APART.search(codes[start:end])
        if apart:
            return start, start + apart.start() + 1
    return start, end


def _is_no_part(text: str, codes: str, start: int, end: int) -> bool:
    """Whether a short run is part of no number: it counts something, or stands in a sentence."""
    if end - start >= _LONG:
        return False
    if _COUNTED.match(text, end) or (start > 0 and text[start - 1] in _MONEY):
        return True
    if end - start > _PIECE or start < _BESIDE or codes[start - 1] != ".":
        return False
    beside = codes[start - _BESIDE : end + _BESIDE]
    is_amid = len(beside) == end - start + 2 * _BESIDE and "\n" not in beside
    return is_amid and codes[end] == "." and text[end] not in _LEADS_ON


def _of_one_script(sheet: Sheet, span: tuple[int, int], codes: str) -> tuple[Item, ...]:
    """Return a run's items; beside written digits a Chinese one (账号6473一直) is weak."""
    items = tuple(_items(sheet.text, codes, span))
    if len(items) < _LONG:
        return items
    if sheet.original((items[0].start, items[-1].end)).isascii():
        return items
    written = [sheet.original((item.start, item.end)).isascii() for item in items]
    strong = sum(not item.is_weak for item in items)
    if not strong / 2 < sum(written) < strong:
        return items
    return tuple(
        item if is_ascii else item._replace(is_weak=True)
        for item, is_ascii in zip(items, written, strict=True)
    )


def _pieces(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    """Yield a run's blocks of three and more digits each: 138 0013 8000 is three, 1 3 8 one."""
    first = 0
    if len(items) < 2 * _PIECE or items[-1].end - items[0].start == len(items):
        yield items
        return
    for at in range(1, len(items)):
        if items[at].start == items[at - 1].end:
            continue
        if _size(items[first:at]) >= _PIECE and _size(items[at:]) >= _PIECE:
            yield items[first:at]
            first = at
    yield items[first:]


def _size(items: tuple[Item, ...]) -> int:
    return sum(len(item.digits) for item in items if not item.is_weak)


def _codes(sheet: Sheet) -> str:
    """Return a code for each character: a digit, a letter for a weak one, a space, or a dot."""
    text, shape = sheet.text, sheet.shape
    codes = translated(text, _coding())
    done = 0
    for part in _PUNCTUATED.finditer(shape):
        match = _NOBODYS.match(text, part.start()) if part.start() >= done else None
        if match:
            done = match.end()
            codes = f"{codes[: match.start()]}{'.' * len(match[0])}{codes[match.end() :]}"
    at = shape.find("t", 1)
    while at > 0:
        if text[at - 1] in _ONE:
            codes = f"{codes[: at - 1]}{_WEAK[1]}{codes[at:]}"
        at = shape.find("t", at + 1)
    for match in _repeated(sheet):
        digit = str(_STRONG[match[2]])
        # the run's pattern sees three digits; ``_items`` reads them as what is meant
        codes = f"{codes[: match.start()]}{digit * 3}{codes[match.end() :]}"
    return codes


def _repeated(sheet: Sheet) -> Iterator[re.Match[str]]:
    done, at = 0, sheet.shape.find("g", 1)
    while at > 0:
        is_many = at > done and sheet.text[at - 1] in _MANY
        match = _REPEATED.match(sheet.text, at - 1) if is_many else None
        if match:
            done = match.end()
            yield match
        at = sheet.shape.find("g", at + 1)


def _led(codes: str, start: int, end: int) -> tuple[int, int]:
    """Return a run with the weak characters right before it."""
    first = start
    while first > 0 and start - first < _GAP and codes[first - 1] in _WEAK:
        first -= 1
    return first, end


def _items(text: str, codes: str, span: tuple[int, int]) -> Iterator[Item]:
    at, end = span
    while at < end:
        code = codes[at]
        if code in _WEAK:
            yield Item(at, at + 1, str(_WEAK.index(code)), is_weak=True)
        elif code != " ":
            many = _REPEATED.match(text, at)
            if many:
                yield Item(at, many.end(), code * _STRONG[many[1]], is_weak=False)
                at = many.end()
                continue
            yield Item(at, at + 1, code, is_weak=False)
        at += 1


@cache
def _coding() -> NDArray[np.uint8]:
    """Return the code of each code point."""
    coding = {"\n": "\n"}
    source = files("interactions.personal") / "sounding.txt"
    for line in source.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            digit, _, characters = line.partition(" ")
            coding |= dict.fromkeys(characters, _WEAK[int(digit)])
    coding |= dict.fromkeys(_PASSED, " ")
    coding |= {char: str(digit) for char, digit in _STRONG.items()}
    return table_of(coding, other=".")
