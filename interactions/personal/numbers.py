"""Identifiers of digits on a sheet: written, said, misheard, in parts, said back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from interactions.personal.context import WORDS, Context, Nearness
from interactions.personal.forms.numbers import Taken, taken_for
from interactions.personal.kinds import LEAST, Found, PersonalKind
from interactions.personal.rows import Row, rows, stretches
from interactions.personal.runs import Item, Run
from interactions.personal.sheet import Sheet

_SHORTEST, _LONGEST = 3, 34
_PART = 4
"""Digits from which a part of a known identifier is hidden wherever it stands. Ours."""
_LIKELY, _SURE = 0.8, 0.9
_SKIPS = 0.9  # how much less sure a number is that skips what sounds like a digit of it
_FAR = 0.85  # how much less a word counts that nobody asked with
_WHOLE = 0.06  # how much surer a number is that leaves nothing of a row over
_MOST_WEAK = 6
_SHORTEST_WEAK, _CODE = 11, 4  # a mobile number, a verification code
_LEAST_STRONG = 6
_STRONG_SHARE = 0.6
_SIGNS_OF_CODES = ("码", "口令", "otp", "cvv", "pin", "passcode")
_MISHEARD = 0.95  # how much less sure a number with weak digits is
_ENDS_IN_X = re.compile(
    "(?:[ ,.;-]|那个|然后|最后|后面|是|嗯|呃|啊){0,5}(?:x|叉|[埃艾爱]克斯)(?![a-z])"
)
_BEFORE_X = 17
_WRITTEN = re.compile("[0-9-]+")
_LETTER = re.compile("[a-z]")
_TAKES_WEAK = frozenset({PersonalKind.IDENTITY_CARD, PersonalKind.MOBILE, PersonalKind.BANK_CARD})
_WITH_WORD = frozenset(
    {PersonalKind.LANDLINE, PersonalKind.VERIFICATION_CODE, PersonalKind.ORDER_NUMBER}
)
_HAS_FORM = frozenset({"form", "check_digit"})
_GROUP = 10
"""Digits said in one breath, at most: parts that are longer are numbers of their own. Ours."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """Runs read as one number; ``items`` are the characters that are digits of it."""

    runs: tuple[Run, ...]
    items: tuple[Item, ...]
    taken: Taken
    end: int


def _is_between(items: Sequence[Item], at: int) -> bool:
    """Whether an item is weak, with digits right before and behind it."""
    before, one, behind = items[at - 1 : at + 2]
    is_inside = before.end == one.start and one.end == behind.start
    return one.is_weak and is_inside and not (before.is_weak and behind.is_weak)


def _weighed(digits: str, spoken_of: PersonalKind | None, near: Nearness) -> Taken | None:
    """Return what digits are; a word further off does not outweigh a form of their own."""
    taken = taken_for(digits, spoken_of)
    if near < Nearness.LINE:
        by_form = taken_for(digits, None)
        if by_form and by_form.confidence >= (_SURE if near == Nearness.ASKED else _LIKELY):
            return by_form
        if taken and near < Nearness.ASKED and not _HAS_FORM & set(taken.because):
            return taken._replace(confidence=taken.confidence * _FAR)
    return taken


def _speak_of_codes(sheet: Sheet) -> bool:
    kind = PersonalKind.VERIFICATION_CODE
    may_speak = sheet.has_words or any(sign in sheet.text for sign in _SIGNS_OF_CODES)
    if not may_speak or not any(word in sheet.text for word in WORDS[kind]):
        return False
    return sheet.once(Context).speaks_of(kind)


class _Numbers:
    """Finds the numbers of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._rows = rows(sheet)

    def found(self) -> list[Found]:
        found = [self._found(one) for row in self._rows for one in self._readings(row)]
        return found + list(self._again(found))

    def _speaks_of_codes(self) -> bool:
        return self._sheet.once(_speak_of_codes)

    def _spoken_of(self, start: int, end: int) -> tuple[PersonalKind | None, Nearness]:
        return self._sheet.once(Context).spoken_of(start, end)

    def _readings(self, row: Row) -> Iterator[_Reading]:
        """Yield the numbers of a row: the surest first, then what lies on both sides of it."""
        size = sum([len(run.digits) for run in row.runs])
        if size < _SHORTEST or (size < _LEAST_STRONG and not self._speaks_of_codes()):
            return
        readings = [r for some in stretches(row) for r in self._read(some)]
        if not readings:
            return
        new = sum(not again for again in row.repeated)
        best = max(
            readings,
            key=lambda r: (
                r.taken.confidence + _WHOLE * (len(r.runs) == new),
                len(r.taken.value),
                -len(r.runs),
            ),
        )
        yield best
        first, last = row.runs.index(best.runs[0]), row.runs.index(best.runs[-1])
        for part in (slice(0, first), slice(last + 1, None)):
            rest = Row(row.runs[part], row.repeated[part])
            # what only repeats the number just found is no number of its own
            if not all(run.digits in best.taken.value for run in rest.runs):
                yield from self._readings(rest)

    def _read(self, some: tuple[Run, ...]) -> Iterator[_Reading]:
        size = sum([len(run.digits) for run in some])
        if not _SHORTEST <= size <= _LONGEST:
            return
        items = tuple([item for run in some for item in run.items])
        strong = tuple([item for item in items if not item.is_weak])
        if self._is_inside_word(strong):
            return
        is_sounding = len(strong) < len(items)
        spoken_of = self._spoken_of(strong[0].start, strong[-1].end)
        plain = self._taken(some, strong, spoken_of)
        if plain is not None:
            if is_sounding and any(_is_between(items, at) for at in range(1, len(items) - 1)):
                less = plain.taken._replace(confidence=plain.taken.confidence * _SKIPS)
                plain = replace(plain, taken=less)
            if plain.taken.confidence >= LEAST:
                yield plain
        is_sure = (
            plain is not None
            and plain.taken.kind in _TAKES_WEAK
            and plain.taken.confidence >= _SURE
        )
        if (
            is_sounding
            and not is_sure
            and size >= (_SHORTEST if spoken_of[0] in _WITH_WORD else _LEAST_STRONG)
        ):
            yield from self._misheard(some, items, spoken_of)

    def _is_inside_word(self, items: Sequence[Item]) -> bool:
        text = self._sheet.text
        before = text[items[0].start - 1 : items[0].start]
        after = text[items[-1].end : items[-1].end + 1]
        is_x = after == "x"
        if text.startswith(".htm", items[-1].end):
            return True  # …/11258090.html
        return bool(_LETTER.match(before)) or (bool(_LETTER.match(after)) and not is_x)

    def _taken(
        self,
        some: tuple[Run, ...],
        items: Sequence[Item],
        spoken_of: tuple[PersonalKind | None, Nearness],
    ) -> _Reading | None:
        digits = "".join([item.digits for item in items])
        end = items[-1].end
        if len(digits) == _BEFORE_X and (x := _ENDS_IN_X.match(self._sheet.text, end)):
            digits, end = f"{digits}X", x.end()
        taken = _weighed(digits, *spoken_of)
        if taken is None or taken.confidence < LEAST:
            return None
        if taken.kind not in _TAKES_WEAK and not self._is_one(some, items, taken.kind):
            return None
        return _Reading(some, tuple(items), taken, end)

    def _is_one(self, some: tuple[Run, ...], items: Sequence[Item], kind: PersonalKind) -> bool:
        """Whether runs that no check digit or form holds together are one number."""
        if "." in self._sheet.text[items[0].start : items[-1].end] and self._has_point(some):
            return False  # 3.21.953
        if kind is PersonalKind.NUMBER:
            return items[-1].end - items[0].start == len(items)
        if _WRITTEN.fullmatch(self._sheet.text, items[0].start, items[-1].end):
            return True
        is_said = not self._sheet.original((some[0].start, some[0].end)).isascii()
        if is_said and some[0].line == some[-1].line:
            return True
        if len(some) == 1 or (is_said and kind is PersonalKind.LANDLINE):
            return True
        return all(len(run.digits) <= _GROUP for run in some)

    def _has_point(self, some: tuple[Run, ...]) -> bool:
        """Whether a point stands between digits; a full stop (。) is only a pause."""
        gaps = [(a.end, b.start) for a, b in pairwise(some) if a.line == b.line]
        spans = [*gaps, *((run.start, run.end) for run in some)]
        return any("." in self._sheet.original(span) for span in spans)

    def _misheard(
        self,
        some: tuple[Run, ...],
        items: Sequence[Item],
        spoken_of: tuple[PersonalKind | None, Nearness],
    ) -> Iterator[_Reading]:
        """Yield the number that is there when characters which sound like digits are digits."""
        weak = [at for at, item in enumerate(items) if item.is_weak]
        if not 0 < len(weak) <= _MOST_WEAK or len(items) < (
            _CODE if spoken_of[0] in _WITH_WORD else _SHORTEST_WEAK
        ):
            return
        for chosen in product((True, False), repeat=len(weak)):
            left_out = {at for at, is_in in zip(weak, chosen, strict=True) if not is_in}
            kept = [item for at, item in enumerate(items) if at not in left_out]
            if sum(not item.is_weak for item in kept) < _STRONG_SHARE * len(kept):
                continue
            one = self._taken(some, kept, spoken_of)
            if one is None:
                continue
            by_word = one.taken.kind in _WITH_WORD and spoken_of[1] >= Nearness.ASKED
            by_form = one.taken.kind in _TAKES_WEAK and _HAS_FORM & set(one.taken.because)
            if by_word or by_form:
                doubt = _MISHEARD ** (1 + sum(not is_in for is_in in chosen))
                because = (*one.taken.because, "misheard")
                less = one.taken._replace(confidence=one.taken.confidence * doubt, because=because)
                yield replace(one, taken=less)

    def _found(self, one: _Reading) -> Found:
        kept = {item.start for item in one.items}
        spans: list[tuple[int, int]] = []
        for run in one.runs:
            own = [item for item in run.items if item.start in kept]
            start, end = own[0].start, own[-1].end
            if spans and self._sheet.line_of(spans[-1][0]) == run.line:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        spans[-1] = (spans[-1][0], max(spans[-1][1], one.end))
        taken = one.taken
        because = (*taken.because, "parts") if len(spans) > 1 else taken.because
        return Found(taken.kind, tuple(spans), taken.value, taken.confidence, because)

    def _again(self, found: Sequence[Found]) -> Iterator[Found]:
        """Yield parts of known identifiers that stand elsewhere: said back, or corrected."""
        taken = [span for one in found for span in one.spans]
        near: dict[Found, range] = {}
        for one in found:
            lines = [self._sheet.line_of(start) for start, _ in one.spans]
            near[one] = range(lines[0], lines[-1] + 3)
        for run in (run for row in self._rows for run in row.runs):
            if len(run.digits) == 1 or any(a < run.end and run.start < b for a, b in taken):
                continue
            for one in found:
                is_part = len(run.digits) >= _PART or run.line in near[one]
                if is_part and run.digits in one.value:
                    because = (*one.because, "again")
                    yield Found(one.kind, ((run.start, run.end),), one.value, LEAST, because)
                    break


def numbers(sheet: Sheet) -> list[Found]:
    """Return the identifiers of digits on a sheet."""
    return _Numbers(sheet).found()
