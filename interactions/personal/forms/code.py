"""Verification codes: four to eight digits that are spoken of as one."""

from __future__ import annotations

import re

from interactions.personal.kinds import PersonalKind

_USUAL = (4, 6)
_LENGTHS = range(4, 9)
_COMPANY = re.compile("9[56][0-9]{3}|1[02][0-9]{3}|106[0-9]{5}")  # who sends the code
_CARD_CODE = 3  # a card's security code


def judged(digits: str, spoken_of: PersonalKind | None) -> tuple[float, str] | None:
    """Say how surely digits are a code."""
    if spoken_of is not PersonalKind.VERIFICATION_CODE or _COMPANY.fullmatch(digits):
        return None
    if len(digits) in _LENGTHS:
        return 0.9 if len(digits) in _USUAL else 0.8, "context"
    return (0.6, "context") if len(digits) == _CARD_CODE else None
