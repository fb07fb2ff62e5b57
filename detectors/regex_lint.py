r"""Regular expressions that are safe to run over every word of every call.

Python's own parser (syntax of ``re``) gives the expression's parts; these are refused before
anything runs:

- a repeat whose number varies inside another repeat, ``(a+)+``: the number of ways to share out a
  text doubles with every character. An optional part (``?``) is free, and a possessive repeat
  (``a++``) or an atomic group (``(?>…)``) shares out nothing.
- branches inside a repeat that begin alike, ``(a|ab)+``, for the same reason;
- more than ``MOST_OPEN`` repeats without a limit in one expression: each multiplies the time by
  the length of the text. ``.{0,20}`` has a limit;
- more than 2 to the power of ``MOST_BITS`` ways to share out a text among the repeats that do have
  one, ``a?a?a?…``;
- what can never match the normal form, and ``\b``, which is not there between 号 and 1.

What is left runs at most in the square of an utterance's length for each place where it begins.
The time limit at run time is a last resort for what no check foresees.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any as Anything

import regex

from detectors.parameters import Unfit
from interactions.text import normal

MOST_OPEN = 2
"""Repeats without a limit in one expression. Ours: with two, 1 000 characters take 10^6 steps."""
MOST_BITS = 16.0
"""Ours: three of ``.{0,30}`` take 15 bits, that is 3 * 10^4 steps for each place."""
OPEN_FROM = 100  # a repeat that may go on this long is as good as without a limit
LONGEST = 1000  # characters in one expression

Tree = Anything  # of Python's own parser, which has no types
Part = tuple[Anything, Anything]

_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)


def compiled(name: str, text: str, *, original: bool) -> regex.Pattern[str]:
    """Return the expression, ready to search.

    Args:
        name: The parameter it stands in.
        text: The expression in the syntax of Python's ``re``.
        original: Whether it searches the original words, case and all, not the normal form.

    Raises:
        Unfit: It is no regular expression, matches nothing or everything, or could run for ages.
    """
    tree = _parsed(name, text)
    parts = list(_parts(tree))
    _check_time(name, text, tree, parts)
    if any(op is sre.AT and at in (sre.AT_BOUNDARY, sre.AT_NON_BOUNDARY) for op, at in parts):
        raise Unfit(name, found="\\b", allowed="(?<![0-9]) and (?![0-9])", code="word_boundary")
    if not original:
        _check_form(name, parts)
    return regex.compile(text, 0 if original else regex.IGNORECASE)


def stays_in_line(text: str) -> bool:
    """Tell whether what an accepted expression matches can never depend on another line.

    Then one search over all lines at once says whether any of them matches.
    """
    tree = parser.parse(text)
    if tree.state.flags & (re.DOTALL | re.MULTILINE):
        return False
    return not any(_leaves_line(op, value) for op, value in _parts(tree))


def _leaves_line(op: object, value: Tree) -> bool:
    if op in (sre.NOT_LITERAL, sre.AT):
        return True
    if op is sre.LITERAL:
        return bool(chr(value) == "\n")
    if op is not sre.IN:
        return False
    inside = [kind for kind, _ in value]
    is_plain = set(inside) <= {sre.LITERAL, sre.RANGE, sre.CATEGORY}
    known = (sre.CATEGORY_DIGIT, sre.CATEGORY_WORD)
    return not is_plain or any(
        (kind is sre.CATEGORY and one not in known)
        or (kind is sre.LITERAL and chr(one) == "\n")
        or (kind is sre.RANGE and one[0] <= ord("\n"))
        for kind, one in value
    )


def _parsed(name: str, text: str) -> Tree:
    allowed = f"a regular expression of 1 to {LONGEST} characters"
    if not 0 < len(text) <= LONGEST:
        raise Unfit(name, found=f"{len(text)} characters", allowed=allowed, code="bad_regex")
    try:
        tree = parser.parse(text)
        matches_nothing = re.compile(text).search("") is not None
        regex.compile(text)
    except (re.error, regex.error, OverflowError, RecursionError) as error:
        found = f"{text!r} from character {(getattr(error, 'pos', None) or 0) + 1}"
        raise Unfit(name, found=found, allowed=allowed, code="bad_regex") from error
    if matches_nothing:
        allowed = "an expression that needs at least one character"
        raise Unfit(name, found=repr(text), allowed=allowed, code="bad_regex")
    return tree


def _parts(tree: Tree) -> Iterator[Part]:
    """Yield every part of an expression, those inside others included."""
    for part in tree:
        yield part
        for inner in _inner(part):
            yield from _parts(inner)


def _inner(part: Part) -> Sequence[Tree]:
    """Return the expressions inside one part."""
    op, value = part
    if op in (*_REPEATS, sre.POSSESSIVE_REPEAT, sre.SUBPATTERN):
        return (value[-1],)
    if op is sre.ATOMIC_GROUP:
        return (value,)
    if op is sre.BRANCH:
        return tuple(value[1])
    if op in (sre.ASSERT, sre.ASSERT_NOT, sre.GROUPREF_EXISTS):
        return tuple(one for one in value[1:] if one is not None)
    return ()


def _check_time(name: str, text: str, tree: Tree, parts: Sequence[Part]) -> None:
    allowed = f"no repeat inside a repeat, at most {MOST_OPEN} repeats without a limit"
    repeats = [value for op, value in parts if op in _REPEATS]
    open_ended = sum(1 for _, most, _ in repeats if most >= OPEN_FROM)
    nested = any(most > 1 and _shares_out(inner) for _, most, inner in repeats)
    is_long = tree.getwidth()[0] > LONGEST
    if nested or open_ended > MOST_OPEN or is_long or _bits(tree) > MOST_BITS:
        raise Unfit(name, found=repr(text), allowed=allowed, code="slow_regex")


def _bits(tree: Tree) -> float:
    """Return the logarithm of how many ways there are to share out a text, limited repeats only."""
    bits = 0.0
    for part in tree:
        op, value = part
        inner = [_bits(one) for one in _inner(part)]
        if op in _REPEATS and value[1] < OPEN_FROM:
            bits += math.log2(value[1] - value[0] + 1) + value[1] * inner[0]
        elif op is sre.BRANCH:
            bits += max(inner) + _begin_alike(value[1])
        elif op not in (sre.POSSESSIVE_REPEAT, sre.ATOMIC_GROUP):
            bits += sum(inner)
    return bits


def _shares_out(tree: Tree) -> bool:
    """Tell whether there is more than one way to match one text with what is repeated."""
    for op, value in tree:
        if op in _REPEATS:
            least, most, inner = value
            if (least != most and most > 1) or _shares_out(inner):
                return True
        elif op is sre.BRANCH:
            if _begin_alike(value[1]) or any(_shares_out(one) for one in value[1]):
                return True
        elif op is sre.SUBPATTERN and _shares_out(value[3]):
            return True
    return bool(tree.getwidth()[0] == 0)


def _begin_alike(branches: Sequence[Tree]) -> bool:
    """Tell whether two branches may begin with the same character; where it is not sure, yes."""
    heads: set[int] = set()
    for branch in branches:
        head = branch[0] if len(branch) else None
        if head is None or head[0] is not sre.LITERAL or head[1] in heads:
            return True
        heads.add(head[1])
    return False


def _check_form(name: str, parts: Sequence[Part]) -> None:
    """Refuse a character that the normal form never holds."""
    codes = [value for op, value in parts if op is sre.LITERAL]
    for op, value in parts:
        if op is sre.IN:
            codes += [inner for kind, inner in value if kind is sre.LITERAL]
    for code in codes:
        char = chr(code)
        form = normal(char).text
        if form and form != char.lower():
            raise Unfit(name, found=repr(char), allowed=repr(form), code="regex_form")
