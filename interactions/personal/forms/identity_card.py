"""Identity numbers (GB 11643): 18 characters with a check digit; those of 15 digits with a word."""

from __future__ import annotations

from interactions.personal.checks import identity_check, identity_form
from interactions.personal.kinds import PersonalKind

_LENGTH, _OLD_LENGTH = 18, 15
_NEAR = range(16, 20)


def judged(digits: str, spoken_of: PersonalKind | None) -> tuple[float, str] | None:
    """Say how surely digits, the last of which may be X, are an identity number."""
    is_said = spoken_of is PersonalKind.IDENTITY_CARD
    if identity_check(digits) and identity_form(digits):
        return 0.99, "check_digit context" if is_said else "check_digit"
    if not is_said:
        return None
    if len(digits) in (_LENGTH, _OLD_LENGTH) and digits[:-1].isdigit() and identity_form(digits):
        return 0.9, "form context"
    return (0.65, "context") if len(digits) in _NEAR else None
