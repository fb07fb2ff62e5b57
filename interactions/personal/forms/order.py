"""Order and tracking numbers of digits, and long numbers of no known kind."""

from __future__ import annotations

import re

from interactions.personal.kinds import PersonalKind

_ORDER = range(6, 33)
_TRACKING = range(8, 23)
_MOBILE = re.compile("1[3-9][0-9]{9}")  # the courier's, rather
_LONG = range(12, 33)
"""From twelve digits on a number is no sum, date or model. Ours."""


def judged(digits: str, spoken_of: PersonalKind | None) -> tuple[float, str] | None:
    """Say how surely digits are an order's."""
    if spoken_of is PersonalKind.ORDER_NUMBER and len(digits) in _ORDER:
        return 0.85, "context"
    return None


def tracking(digits: str, spoken_of: PersonalKind | None) -> tuple[float, str] | None:
    """Say how surely digits are a parcel's."""
    if spoken_of is PersonalKind.TRACKING_NUMBER and len(digits) in _TRACKING:
        return (0.7 if _MOBILE.fullmatch(digits) else 0.85), "context"
    return None


def unknown(digits: str, spoken_of: PersonalKind | None) -> tuple[float, str] | None:
    """Say whether digits are rather somebody's number than not, whatever it is."""
    if len(digits) not in _LONG:
        return None
    return 0.4 if spoken_of is PersonalKind.NUMBER else 0.55, "form"
