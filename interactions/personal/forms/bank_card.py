"""Bank cards (ISO/IEC 7812-1): 13 to 19 digits that end in Luhn's check digit.

What a card begins with: 62 UnionPay, 4 Visa, 51 to 55 and 22 to 27 Mastercard, 34 and 37 American
Express, 35 JCB, 6011 and 65 Discover, 30, 36 and 38 Diners; many Chinese debit cards begin with 9
and 6 too.
"""

from __future__ import annotations

import re

from interactions.personal.checks import luhn
from interactions.personal.kinds import PersonalKind

_ISSUED = re.compile("62|4|5[1-5]|2[2-7]|3[04-8]|6011|65|9[4-8]|60|68|69")
_LENGTHS = range(13, 20)
_USUAL = range(16, 20)
_NEAR = range(15, 21)


def judged(digits: str, spoken_of: PersonalKind | None) -> tuple[float, str] | None:
    """Say how surely digits are a card's."""
    if not digits.isdigit() or len(digits) not in (*_LENGTHS, _NEAR[-1]):
        return None
    is_said = spoken_of is PersonalKind.BANK_CARD
    if len(digits) in _LENGTHS and luhn(digits):
        if is_said:
            return 0.98, "check_digit context"
        # one number in ten has a right check digit by chance
        is_usual = len(digits) in _USUAL or digits[:2] in ("34", "37")
        is_issued = is_usual and _ISSUED.match(digits)
        return (0.85 if spoken_of is None else 0.6, "check_digit") if is_issued else None
    return (0.65, "context") if is_said and len(digits) in _NEAR else None
