"""Identifiers that are digits alone: what a row of digits may be, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from interactions.personal.forms import bank_card, code, identity_card, landline, mobile, order
from interactions.personal.kinds import PersonalKind


class Taken(NamedTuple):
    """What a row of digits is taken for.

    Attributes:
        value: The identifier in one form, however it was said.
    """

    kind: PersonalKind
    value: str
    confidence: float
    because: tuple[str, ...]


Judge = Callable[[str, PersonalKind | None], tuple[float, str] | None]
"""Digits and the kind that is spoken of → confidence and reason; None where they are not it."""

JUDGES: Sequence[tuple[PersonalKind, Judge]] = (
    (PersonalKind.IDENTITY_CARD, identity_card.judged),
    (PersonalKind.MOBILE, mobile.judged),
    (PersonalKind.BANK_CARD, bank_card.judged),
    (PersonalKind.LANDLINE, landline.judged),
    (PersonalKind.VERIFICATION_CODE, code.judged),
    (PersonalKind.TRACKING_NUMBER, order.tracking),
    (PersonalKind.ORDER_NUMBER, order.judged),
    (PersonalKind.NUMBER, order.unknown),
)
_ABROAD = re.compile("(?:00)?86(?=1[3-9][0-9]{9}$)")


def taken_for(digits: str, spoken_of: PersonalKind | None) -> Taken | None:
    """Return what digits (the last may be X) most likely are.

    Args:
        digits: One row, without anything between.
        spoken_of: What the context says that it is.
    """
    best: Taken | None = None
    for kind, judge in JUDGES:
        said = judge(digits, spoken_of)
        if said is not None and (best is None or said[0] > best.confidence):
            value = _ABROAD.sub("", digits)
            best = Taken(kind, value.upper(), said[0], tuple(said[1].split()))
    return best
