"""Words that say what a number is: 手机号, 卡号, your order number.

The nearest word before a number decides, on its line or up to three lines above it (who asks says
what is asked for); a word right behind it counts too (13800138000 是我手机).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from functools import cache
from itertools import islice
from types import MappingProxyType

from ahocorasick_rs import AhoCorasick, MatchKind

from interactions.personal.kinds import PersonalKind
from interactions.personal.sheet import Sheet

LINES_ABOVE = 3
"""How far a question may stand above its answer. Ours."""
_REACH, _BEHIND, _BESIDE = 160, 8, 4  # characters

_K = PersonalKind
WORDS: Mapping[PersonalKind, tuple[str, ...]] = MappingProxyType(
    {
        _K.IDENTITY_CARD: (
            "身份证",
            "证件号",
            "身份号码",
            "id card",
            "identity number",
            "id number",
        ),
        _K.MOBILE: (
            *("手机", "移动电话", "联系方式", "联系电话", "来电号码", "预留电话", "预留号码"),
            *("联系", "快递员"),
            *("电话", "拨打", "号码", "微信"),
        ),
        _K.LANDLINE: (
            *("座机", "固话", "固定电话", "办公电话", "mobile", "cell", "phone", "landline"),
            *(
                "home number",
                "my number",
                "number is",
                "reach me",
                "call me",
                "contact number",
                "call back",
                "callback",
            ),
        ),
        _K.BANK_CARD: (
            *(
                "银行卡",
                "卡号",
                "信用卡",
                "工资卡",
                "张卡",
                "储蓄卡",
                "借记卡",
                "账号",
                "帐号",
                "账户",
                "对公",
                "打款",
                "退到",
            ),
            *("card number", "credit card", "debit card", "account number", "card"),
        ),
        _K.PASSPORT: ("护照", "passport"),
        _K.PERMIT: ("通行证", "台胞证", "回乡证", "居住证", "permit"),
        _K.PLATE: ("车牌", "牌照", "车号", "license plate", "plate number"),
        _K.ORDER_NUMBER: (
            *("订单", "单子", "交易号", "流水号", "工单", "服务单", "保单", "受理编号"),
            *("个单", "这单", "那单", "哪单", "一单", "笔单"),
            *("order number", "order id", "order", "reference number", "confirmation number"),
            *("policy number", "ticket number", "case number", "booking"),
        ),
        _K.TRACKING_NUMBER: (
            *("快递", "快递单", "运单", "物流单", "快递号", "物流号", "单号", "包裹号", "取件"),
            *("tracking", "shipment", "parcel"),
        ),
        _K.VERIFICATION_CODE: (
            *("验证码", "校验码", "动态码", "动态密码", "动态口令", "短信码", "确认码", "授权码"),
            *("verification code", "security code", "passcode", "one-time", "one time", "otp"),
            *("cvv", "the code", "pin"),
        ),
        _K.NUMBER: (
            # these say that a number is nobody's
            *("金额", "价格", "数量", "型号", "编码", "商品id", "商品编号", "工号", "sku", "版本"),
            *("积分", "余额", "优惠", "面积", "分钟", "公里", "快递费"),
        ),
    }
)
"""Kind → its words, in normal form. ``NUMBER``: what is no identifier of a person."""

_KIND_OF = {word: kind for kind, words in WORDS.items() for word in words}
_WORDS = list(_KIND_OF)
_LETTER = re.compile("[a-z]")
Word = tuple[int, int, PersonalKind]
"""Where a word begins and ends on a sheet, and what it says."""


_LEADS_TO_WORD = re.compile("(?:就?是|为)?(?:这个|那个)?(?:我|您|你|他|她|本人|客户)?的?")


class Nearness(IntEnum):
    """How near a word stands; ``ASKED``: the other party's, on the line above."""

    NONE = 0
    ABOVE = 1
    ASKED = 2
    LINE = 3


class Context:
    """The words of a sheet that say what a number is."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._lines: dict[int, list[Word]] = {}

    def speaks_of(self, kind: PersonalKind) -> bool:
        """Whether a kind is spoken of anywhere."""
        return any(
            one[2] is kind
            for line in range(len(self._sheet.originals))
            for one in self._words_on(line)
        )

    def _words_on(self, line: int) -> list[Word]:
        """Return the words of a line, looked for when they are first asked for."""
        if line not in self._lines:
            start, end = self._sheet.bounds(line)
            own = _words_in(self._sheet.text[start:end])
            self._lines[line] = [(start + a, start + b, kind) for a, b, kind in own]
        return self._lines[line]

    def of(self, start: int, end: int) -> PersonalKind | None:
        """Return the kind that is spoken of where something stands; None where none is."""
        return self.spoken_of(start, end)[0]

    def spoken_of(self, start: int, end: int) -> tuple[PersonalKind | None, Nearness]:
        """Return the kind, and how near its word stands."""
        line = self._sheet.line_of(start)
        own = [one for one in self._words_on(line) if one[0] < start]
        behind = next((one for one in self._words_on(line) if one[0] >= start), None)
        if behind is not None and not own and self._is_led_to(end, behind):
            return behind[2], Nearness.LINE
        for before in islice(self._before(line, own), _BESIDE):
            if start - before[1] > _REACH:
                return None, Nearness.NONE
            if before[2] is not PersonalKind.NUMBER or start - before[1] <= _BESIDE:
                return before[2], self._nearness(before, line)
        return None, Nearness.NONE

    def _is_led_to(self, end: int, word: Word) -> bool:
        """Whether a number and a word right behind it belong together (138… 是我手机)."""
        is_beside = word[0] - end in range(_BEHIND)
        return is_beside and bool(_LEADS_TO_WORD.fullmatch(self._sheet.text, end, word[0]))

    def _before(self, line: int, own: Sequence[Word]) -> Iterator[Word]:
        """Yield the words before a place, the nearest first, up to ``LINES_ABOVE`` above it."""
        yield from reversed(own)
        for above in range(line - 1, max(0, line - LINES_ABOVE) - 1, -1):
            yield from reversed(self._words_on(above))

    def _nearness(self, word: Word, line: int) -> Nearness:
        own = self._sheet.line_of(word[0])
        if own == line:
            return Nearness.LINE
        is_other = self._sheet.parties[own] != self._sheet.parties[line]
        return Nearness.ASKED if is_other and own == line - 1 else Nearness.ABOVE


@cache
def _automaton() -> AhoCorasick:
    return AhoCorasick(_WORDS, matchkind=MatchKind.LeftmostLongest)


def _words_in(text: str) -> Iterator[Word]:
    for number, start, end in _automaton().find_matches_as_indexes(text):
        word = _WORDS[number]
        is_whole = not word.isascii() or not (
            _LETTER.match(text[start - 1 : start]) or _LETTER.match(text, end)
        )
        if is_whole:
            yield start, end, _KIND_OF[word]
