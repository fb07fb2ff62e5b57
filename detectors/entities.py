"""Things with a form of their own in what is said: numbers, sums of money, addresses.

All patterns are for the normal form, in which digits said one by one are digits. They are ours;
check digits are those of GB 11643 (identity numbers) and of Luhn (bank cards, ISO/IEC 7812-1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from interactions.text import HAN


class Kind(StrEnum):
    """What kind of thing is looked for."""

    ORDER_NUMBER = "order_number"
    AMOUNT = "amount"
    PHONE = "phone"
    ADDRESS = "address"
    EMAIL = "email"
    IDENTITY_NUMBER = "identity_number"
    BANK_CARD = "bank_card"
    PRODUCT = "product"


class Entity(NamedTuple):
    """One thing in a normal text.

    Attributes:
        value: What a sum of money comes to; None for everything else.
    """

    start: int
    end: int
    value: float | None = None


_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_DIGITS |= {str(i): i for i in range(10)}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
# 一千零五 is 一千05 in the normal form
_HAN_NUMBER = "[一二两三四五六七八九十百千万][零一二两三四五六七八九十百千万0-9]{0,11}"
_NUMBER = r"[0-9]{1,12}(?:,[0-9]{3}){0,4}(?:\.[0-9]{1,4})?"
_SCALE = {"百": 100.0, "千": 1000.0, "万": 10_000.0, "k": 1000.0}

_AMOUNT = re.compile(
    rf"(?P<sign>[¥$€£] ?)(?P<signed>{_NUMBER})"
    rf"|(?P<han>{_HAN_NUMBER})(?:多|来)?(?:元|块)"
    rf"|(?<![0-9.])(?P<number>{_NUMBER}) ?(?P<scale>[百千万k])?(?:多|来)? ?"
    r"(?:元|块|rmb|人民币|dollars?|bucks|usd|yuan|euros?|pounds?)(?![a-z])"
)
_PHONE = re.compile(
    r"(?<![0-9])(?:(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}"
    r"|0[0-9]{2,3}-?[0-9]{7,8}|[48]00-?[0-9]{3}-?[0-9]{4}"
    r"|\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4})(?![0-9])"
)
_ORDER = re.compile(
    r"(?<![0-9a-z.-])(?=[a-z0-9-]{0,30}[0-9]{5})[a-z]{0,4}-?[0-9][0-9a-z-]{7,29}(?![0-9a-z])"
)
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3}")
_PLACES = "省|自治区|市|区|县|镇|乡|村|路|街|大道|巷|胡同|小区|花园|公寓|苑|里|大厦|广场"
_NUMBERED = "号楼?|栋|幢|弄|单元|楼|层|室|座"
_HAN_OR_DIGITS = "(?:[0-9a-z]{1,5}|[一二三四五六七八九十百]{1,4})"
_ADDRESS = re.compile(
    rf"(?:[{HAN}]{{1,7}}?(?:{_PLACES})){{1,5}}(?:[{HAN}]{{1,7}}(?:{_PLACES})?)?"
    rf"(?:{_HAN_OR_DIGITS}(?:{_NUMBERED})){{1,4}}"
    r"|(?<![0-9a-z])[0-9]{1,5} (?:[a-z]{1,20} ){1,3}"
    r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court)(?![a-z])"
)
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9x](?![0-9])")
_CARD = re.compile(r"(?<![0-9])[2-9][0-9]{3}(?:[ -]?[0-9]{4}){2,3}[ -]?[0-9]{1,4}(?![0-9])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10x98765432"
_CARD_LENGTHS = range(13, 20)
_NO_SUM = frozenset({"一块"})  # 我们一块去; one yuan is said 一块钱
_LONG_NUMBER = re.compile(r"[0-9](?:[ .()a-z-]{0,2}[0-9]){5}")
NUMBERS = frozenset({Kind.ORDER_NUMBER, Kind.PHONE, Kind.IDENTITY_NUMBER, Kind.BANK_CARD})
"""Kinds of at least six digits."""


def holds_long_number(text: str) -> bool:
    """Tell whether a normal text may hold one of ``NUMBERS``."""
    return _LONG_NUMBER.search(text) is not None


def entities(text: str, kind: Kind) -> list[Entity]:
    """Return the things of a kind in a normal text, in order; none for products."""
    return list(_FOUND[kind](text)) if kind in _FOUND else []


def _amounts(text: str) -> Iterator[Entity]:
    for match in _AMOUNT.finditer(text):
        if match["han"]:
            is_sum = match[0] not in _NO_SUM or text.startswith("钱", match.end())
            value = _han_value(match["han"]) if is_sum else None
        else:
            number = float((match["signed"] or match["number"]).replace(",", ""))
            value = number * _SCALE.get(match["scale"] or "", 1.0)
        if value is not None:
            yield Entity(match.start(), match.end(), value)


def _han_value(text: str) -> float | None:
    """Return the value of a written-out number (三百五十, 两万三); None where it is none."""
    whole = section = digit = 0
    last_unit = 1
    for char in text:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
            last_unit = 1 if char in "零0" else last_unit
        elif char == "万":
            whole, section, digit, last_unit = whole + (section + digit) * 10_000, 0, 0, 10_000
        else:
            section += (digit or 1) * _HAN_UNITS[char]
            digit, last_unit = 0, _HAN_UNITS[char]
    # 三百五 is 350 and 两万三 23 000: a last digit counts in the next unit down
    rest = digit * (last_unit // 10) if last_unit > 10 else digit  # noqa: PLR2004 - the ten of a ten
    total = whole + section + rest
    return float(total) if total else None


def _phones(text: str) -> Iterator[Entity]:
    yield from _matches(_PHONE, text)


def _orders(text: str) -> Iterator[Entity]:
    for one in _matches(_ORDER, text):
        if not _PHONE.fullmatch(text, one.start, one.end):
            yield one


def _addresses(text: str) -> Iterator[Entity]:
    yield from _matches(_ADDRESS, text)


def _emails(text: str) -> Iterator[Entity]:
    yield from _matches(_EMAIL, text)


def _identities(text: str) -> Iterator[Entity]:
    for one in _matches(_IDENTITY, text):
        digits = text[one.start : one.end]
        total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False))
        if _CHECK_DIGITS[total % 11] == digits[-1]:
            yield one


def _cards(text: str) -> Iterator[Entity]:
    for one in _matches(_CARD, text):
        digits = [int(c) for c in text[one.start : one.end] if c.isdigit()]
        if len(digits) in _CARD_LENGTHS and _luhn(digits):
            yield one


def _luhn(digits: list[int]) -> bool:
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits[::-1])]
    return sum(doubled) % 10 == 0


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Entity]:
    for match in pattern.finditer(text):
        yield Entity(match.start(), match.end())


_FOUND: Mapping[Kind, Callable[[str], Iterator[Entity]]] = {
    Kind.ORDER_NUMBER: _orders,
    Kind.AMOUNT: _amounts,
    Kind.PHONE: _phones,
    Kind.ADDRESS: _addresses,
    Kind.EMAIL: _emails,
    Kind.IDENTITY_NUMBER: _identities,
    Kind.BANK_CARD: _cards,
}

ASKS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ORDER_NUMBER: (
        *("提供订单号", "提供一下订单号", "提供下订单号", "订单号是多少", "订单号多少"),
        *("订单号发", "订单编号是多少", "订单号提供", "报一下订单号", "哪个订单", "哪一个订单"),
        *("your order number", "the order number", "what order number", "which order"),
    ),
    Kind.AMOUNT: ("多少钱呢", "金额是多少", "扣了多少", "how much was", "what amount"),
    Kind.PHONE: (
        *("您的电话", "您的手机号", "联系电话是多少", "提供手机号", "提供一下手机号", "提供电话"),
        *("提供联系方式", "留个电话", "留一下电话", "联系方式是", "手机号是多少", "电话是多少"),
        *("your phone number", "your number", "contact number", "best number to reach"),
    ),
    Kind.ADDRESS: (
        *("提供地址", "提供一下地址", "您的地址", "地址是哪里", "地址是多少", "收货地址是"),
        *("详细地址", "报一下地址", "your address", "shipping address", "what address"),
    ),
    Kind.EMAIL: ("您的邮箱", "提供邮箱", "邮箱是多少", "邮箱地址", "your email", "email address"),
    Kind.IDENTITY_NUMBER: ("身份证号是", "提供身份证", "身份证号码是", "报一下身份证"),
    Kind.BANK_CARD: ("银行卡号是", "提供银行卡号", "卡号是多少", "your card number"),
    Kind.PRODUCT: (
        *("哪款产品", "哪个产品", "什么型号", "产品型号", "哪一款", "哪款商品", "什么产品"),
        *("which product", "which model", "what model"),
    ),
}
"""Words that ask for a thing, where a rule gives none. Ours."""
