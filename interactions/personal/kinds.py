"""Kinds of personal data, and what is found of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class PersonalKind(StrEnum):
    """What kind of personal data something is."""

    IDENTITY_CARD = "identity_card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    PASSPORT = "passport"
    PERMIT = "permit"
    PLATE = "plate"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"
    ORDER_NUMBER = "order_number"
    TRACKING_NUMBER = "tracking_number"
    VERIFICATION_CODE = "verification_code"
    NUMBER = "number"


LABELS: Mapping[PersonalKind, tuple[str, str]] = MappingProxyType(
    {
        PersonalKind.IDENTITY_CARD: ("身份证", "ID-CARD"),
        PersonalKind.MOBILE: ("手机", "MOBILE"),
        PersonalKind.LANDLINE: ("座机", "PHONE"),
        PersonalKind.BANK_CARD: ("银行卡", "CARD"),
        PersonalKind.PASSPORT: ("护照", "PASSPORT"),
        PersonalKind.PERMIT: ("通行证", "PERMIT"),
        PersonalKind.PLATE: ("车牌", "PLATE"),
        PersonalKind.EMAIL: ("邮箱", "EMAIL"),
        PersonalKind.ADDRESS: ("地址", "ADDRESS"),
        PersonalKind.NAME: ("姓名", "NAME"),
        PersonalKind.ORDER_NUMBER: ("订单", "ORDER"),
        PersonalKind.TRACKING_NUMBER: ("运单", "PARCEL"),
        PersonalKind.VERIFICATION_CODE: ("验证码", "CODE"),
        PersonalKind.NUMBER: ("号码", "NUMBER"),
    }
)
"""Kind → how a pseudonym begins, zh and en. ``NUMBER``: a long number of no known kind."""

LEAST = 0.5
"""Confidence from which something is hidden. Ours: rather hidden than not."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one utterance's original text, ``[start, end)``; ``line`` counts from 0."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One identifier, wherever parts of it stand.

    Attributes:
        places: In order; several for a number that is read in parts, or read back.
        value: The identifier in one form however it was said: what makes a pseudonym consistent.
            Never shown, and not in ``repr``: it would be in logs.
        confidence: 0 to 1.
        because: Codes: ``check_digit``, ``form``, ``context``, ``parts`` (several utterances),
            ``misheard`` (characters taken for digits), ``again`` (part of one found elsewhere).
    """

    kind: PersonalKind
    places: tuple[Place, ...]
    value: str = field(repr=False)
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a form found on a sheet, before what overlaps is settled: as ``Hit``.

    Attributes:
        spans: Stretches of the sheet's text, in order.
    """

    kind: PersonalKind
    spans: tuple[tuple[int, int], ...]
    value: str = field(repr=False)
    confidence: float
    because: tuple[str, ...]
