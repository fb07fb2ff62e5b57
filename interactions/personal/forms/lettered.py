"""Numbers with letters: passports, permits, orders, parcels.

Passports (GA/T 704): E and G with eight digits, E with a letter and seven, D, S and P; Hong Kong's
H and K. Permits: C and W to Hong Kong and Macao, T and L to Taiwan, H and M of residents there.
Parcels begin with their carrier's letters (SF, YT, JD, ZT …) or, of the post, end in two (S10 of
the UPU).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from interactions.personal.context import Context
from interactions.personal.kinds import Found, PersonalKind
from interactions.personal.sheet import Sheet

_K = PersonalKind
_DIGIT = "[0-9零〇一二三四五六七八九幺两]"
_NUMBER = re.compile(
    rf"(?<![0-9a-z@./])(?:[a-z][ ]?){{1,4}}[ ,-]{{0,2}}{_DIGIT}"
    rf"(?:[ -]?(?:{_DIGIT}|[a-z](?=[ -]?{_DIGIT}))){{5,24}}(?:[a-z]{{1,2}})?(?![a-z0-9@])"
)
_BEGINS_WITH_DIGITS = re.compile(
    r"(?<![0-9a-z@./-])(?=[0-9-]{0,20}[a-z])[0-9][0-9a-z-]{7,29}(?![0-9a-z@])"
)
_MIXED = re.compile(
    f"[a-z][ ,-]{{0,2}}{_DIGIT}[ -]?(?:{_DIGIT}|[a-z])[ -]?(?:{_DIGIT}|[a-z])"
    "|[0-9][a-z][0-9a-z-]{3}"
)
_MEET = re.compile("a(?=[ ,-]{0,2}[0c])|0(?=a)")  # over the shape
_PATTERNS = (
    (_NUMBER, re.compile("[a-z]"), 4),
    (_BEGINS_WITH_DIGITS, re.compile("[0-9a-z-]"), 30),
)
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")
_PASSPORT = re.compile(
    "(?:[eg][0-9]{8}|e[a-z][0-9]{7}|[dsp][e]?[0-9]{7,8}|[hk][a-z]?[0-9]{8}|[a-z]{1,2}[0-9]{6,8})"
)
_PERMIT = re.compile("(?:[cwtl][a-z]?[0-9]{7,8}|[hm][0-9]{8}(?:[0-9]{2})?|[a-z][0-9]{8,10})")
_PARCEL = re.compile(
    "(?:sf|yt|jd[a-z]?|jdv|zto|zt|sto|st|yd|ems|dpk|dbk|jt|hhtt)[0-9]{9,15}|[a-z]{2}[0-9]{9}[a-z]{2}"
)
_ORDER = re.compile("(?=(?:[a-z-]*[0-9]){5})[0-9a-z-]{6,30}")
_OWN = MappingProxyType(
    {
        _K.PASSPORT: (_PASSPORT, 0.95),
        _K.PERMIT: (_PERMIT, 0.95),
        _K.TRACKING_NUMBER: (_ORDER, 0.85),
        _K.ORDER_NUMBER: (_ORDER, 0.85),
    }
)
_CERTAIN: Mapping[PersonalKind, re.Pattern[str]] = MappingProxyType(
    {_K.TRACKING_NUMBER: _PARCEL, _K.PASSPORT: re.compile("[eg][0-9]{8}|e[a-z][0-9]{7}")}
)


def find(sheet: Sheet) -> Iterator[Found]:
    """Yield the numbers with letters on a sheet."""
    done = 0
    for meeting in _MEET.finditer(sheet.shape):
        mixed = _MIXED.match(sheet.text, meeting.start()) if meeting.start() >= done else None
        match = _around(sheet.text, mixed.start(), done) if mixed else None
        if match is None:
            continue
        done = match.end()
        value = re.sub("[ ,-]", "", match[0]).translate(_DIGITS)
        taken = _taken(value, sheet.once(Context).of(*match.span()))
        if taken is not None:
            kind, confidence, because = taken
            yield Found(kind, (match.span(),), value.upper(), confidence, because)


def _around(text: str, at: int, done: int) -> re.Match[str] | None:
    """Return the number in which a letter and a digit meet."""
    for pattern, beside, reach in _PATTERNS:
        start = at
        while start > max(done, at - reach) and beside.match(text, start - 1):
            start -= 1
        match = pattern.match(text, start)
        if match:
            return match
    return None


def _taken(
    value: str, spoken_of: PersonalKind | None
) -> tuple[PersonalKind, float, tuple[str, ...]] | None:
    if spoken_of is _K.ORDER_NUMBER and _PARCEL.fullmatch(value):
        spoken_of = None  # its carrier's letters say more
    if spoken_of is not None and spoken_of in _OWN:
        form, confidence = _OWN[spoken_of]
        if form.fullmatch(value):
            return spoken_of, confidence, ("form", "context")
    if spoken_of is _K.NUMBER:
        return None
    for kind, form in _CERTAIN.items():
        if form.fullmatch(value):
            return kind, 0.8, ("form",)
    return None
