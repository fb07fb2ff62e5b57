"""Check digits and other arithmetic that tells a real number from any number."""

from __future__ import annotations

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_IDENTITY_LENGTH, _OLD_LENGTH = 18, 15
_REGIONS = range(11, 92)  # GB/T 2260: 11 Beijing to 91 abroad
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


def luhn(digits: str) -> bool:
    """Whether the last digit is Luhn's check digit (ISO/IEC 7812-1, annex B)."""
    numbers = [int(d) for d in reversed(digits)]
    doubled = [d if place % 2 == 0 else sum(divmod(2 * d, 10)) for place, d in enumerate(numbers)]
    return sum(doubled) % 10 == 0


def identity_check(digits: str) -> bool:
    """Whether 18 characters end in their check digit (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if len(digits) != _IDENTITY_LENGTH or not digits[:-1].isdigit():
        return False
    total = sum(int(d) * weight for d, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == digits[-1].upper()


def identity_form(digits: str) -> bool:
    """Whether 18 or 15 characters begin as an identity number: a region and a day of birth."""
    if len(digits) not in (_IDENTITY_LENGTH, _OLD_LENGTH) or int(digits[:2]) not in _REGIONS:
        return False
    born = digits[6:14] if len(digits) == _IDENTITY_LENGTH else f"19{digits[6:12]}"
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    return _FIRST_YEAR <= day.year <= _LAST_YEAR
