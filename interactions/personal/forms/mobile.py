"""Mobile numbers: eleven digits from 13 to 19 (numbering plan of the MIIT)."""

from __future__ import annotations

import re

from interactions.personal.kinds import PersonalKind

_MAINLAND = re.compile("(?:(?:00)?86)?1[3-9][0-9]{9}")
_BEGINNING = re.compile("(?:86)?1[3-9]")
_NEAR = range(10, 13)  # a digit lost or doubled by a recogniser
_SAID = (PersonalKind.MOBILE, PersonalKind.LANDLINE)


def judged(digits: str, spoken_of: PersonalKind | None) -> tuple[float, str] | None:
    """Say how surely digits are a mobile number."""
    if _MAINLAND.fullmatch(digits):
        if spoken_of in _SAID:
            return 0.99, "form context"
        if spoken_of is PersonalKind.NUMBER:
            return None
        return (0.9, "form") if spoken_of is None else (0.75, "form")
    is_near = len(digits) in _NEAR and _BEGINNING.match(digits) is not None
    return (0.6, "context") if is_near and spoken_of is PersonalKind.MOBILE else None
