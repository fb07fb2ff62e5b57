"""Landlines: an area code (010, 02x, 03xx to 09xx) with seven or eight digits; numbers abroad.

Numbers that many share (400, 800, 95xxx) are a company's, not a person's: they are left alone.
"""

from __future__ import annotations

import re

from interactions.personal.kinds import PersonalKind

_WITH_AREA = re.compile("(?:010|02[0-9])[2-9][0-9]{7}|0[3-9][0-9]{2}[2-9][0-9]{6,7}")
_LOCAL = re.compile("[2-9][0-9]{6,7}")
_COMPANY = re.compile("[48]00[0-9]{7}|9[56][0-9]{3,6}|1[02][0-9]{3}")
_ABROAD = re.compile("1?[2-9][0-9]{2}[2-9][0-9]{6}|(?:0|44)[1-9][0-9]{8,9}|852[2-9][0-9]{7}")
_SAID = (PersonalKind.MOBILE, PersonalKind.LANDLINE)


def judged(digits: str, spoken_of: PersonalKind | None) -> tuple[float, str] | None:
    """Say how surely digits are a landline."""
    if _COMPANY.fullmatch(digits):
        return None
    if _WITH_AREA.fullmatch(digits):
        return (0.95, "form context") if spoken_of in _SAID else (0.87, "form")
    if _ABROAD.fullmatch(digits) and spoken_of is PersonalKind.LANDLINE:
        return 0.8, "form context"
    if _LOCAL.fullmatch(digits) and spoken_of in _SAID:
        sure = 0.8 if spoken_of is PersonalKind.LANDLINE else 0.65
        return sure, "form context"
    return None
