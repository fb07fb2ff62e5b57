"""What of an interaction a rule looks at, so that a back-test reads no more than that.

Everything here errs on the safe side: of a detector or a parameter that it does not know, it says
that everything is needed and that nothing can be left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from detectors.evidence import Need
from detectors.parameters import parameters_of
from detectors.phrases import Hear
from detectors.rule_nodes import All, Leaf, Node, Not, leaves
from detectors.rule_nodes import Any as AnyOf
from detectors.wording.phrase import Phrase
from interactions.text import HAN, normal

# The parameters of ``phrase`` that change nothing about what has to be read.
_HARMLESS = frozenset(
    (
        *("any", "all", "of", "n_of", "none", "notin", "synonyms", "min_hits", "party"),
        *("or_unknown", "scope", "negated", "negation_reach", "quoted", "case_sensitive"),
    )
)
_LISTS = ("any", "all", "of")
# Characters that become digits beside others of their kind; said together they all do.
_SPOKEN_DIGITS = "零〇一二三四五六七八九幺两"
_HAN = re.compile(f"[{HAN}]")
_FIRST_CODE_POINT, _LAST_CODE_POINT = 0x21, 0x323AF  # up to the last Chinese character
# White space, and what the normal form takes out: marks, controls, tags, and half characters as the
# warehouse writes them.
_BETWEEN = (
    r"(?:[\s\p{Z}\p{C}\p{M}\x{180b}-\x{180f}\x{2060}-\x{206f}\x{e0000}-\x{e0fff}]"
    r"|\\u[0-9a-f]{4})*"
)


def needs_word_times(tree: Node) -> bool:
    """Whether an answer may depend on when, or how surely, each word was heard."""
    if not _is_plain(tree):
        return True
    return not all(_is_timeless(leaf, spoken=True) for leaf in leaves(tree))


def needs_contours(tree: Node) -> bool:
    """Whether an answer may depend on loudness or pitch."""
    if not _is_plain(tree):
        return True
    return any(Need.CONTOURS in leaf.detector.NEEDS for leaf in leaves(tree))


def _is_plain(node: Node) -> bool:
    match node:
        case Leaf():
            return True
        case Not(part):
            return _is_plain(part)
        case All(parts) | AnyOf(parts):
            return all(_is_plain(part) for part in parts)
        case _:
            return False


def _is_timeless(leaf: Leaf, *, spoken: bool) -> bool:
    """Whether this is ``phrase`` by its characters alone, anywhere in the interaction."""
    detector = leaf.detector
    if not isinstance(detector, Phrase) or type(detector) is not Phrase:
        return False
    known = parameters_of(Phrase).keys() <= _HARMLESS | {"within", "hear"}
    exact = (Hear.EXACT,) if spoken else (Hear.EXACT, Hear.AUTO)
    return known and detector.within is None and detector.hear in exact


def required_phrases(node: Node, *, spoken: bool) -> frozenset[str] | None:
    """Return phrases, in normal form, of which one stands wherever the rule finds something.

    Args:
        node: A rule's tree.
        spoken: Whether a recogniser wrote the words, so that phrases may be heard by their sound.

    Returns:
        None where the rule may find something without any particular characters.
    """
    match node:
        case Leaf():
            return _phrases(node, spoken=spoken)
        case All(parts):
            every = [required_phrases(part, spoken=spoken) for part in parts]
            known = [one for one in every if one is not None]
            return min(known, key=len) if known else None
        case AnyOf(parts):
            every = [required_phrases(part, spoken=spoken) for part in parts]
            known = [one for one in every if one is not None]
            return frozenset().union(*known) if len(known) == len(every) else None
        case _:
            return None


def _phrases(leaf: Leaf, *, spoken: bool) -> frozenset[str] | None:
    detector = leaf.detector
    if not isinstance(detector, Phrase) or not _is_timeless(leaf, spoken=spoken):
        return None
    wanted = (detector.wanted[name] for name in _LISTS if name in detector.wanted)
    return frozenset(phrase for one in wanted for phrase in one.words.phrases)


def pattern(phrases: Iterable[str]) -> str | None:
    """Return an RE2 pattern that matches every text whose normal form holds one of the phrases.

    It may match others too. Each character of a phrase stands for all those that the normal form
    turns into it, with whatever the normal form takes out between them; one that the normal form
    turns into several (㈱) stands for a match by itself. None where a phrase has a character that
    the normal form may put together from several.
    """
    found: list[str] = []
    for phrase in sorted(set(phrases)):
        letters = [c for c in phrase if c != " "]
        if not letters or not all(c in _variants() for c in letters):
            return None
        found.append(_BETWEEN.join(f"[{_variants()[c].raw}]" for c in letters))
        found += [f"[{wide}]" for c in dict.fromkeys(letters) if (wide := _variants()[c].wide)]
    return "|".join(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Variants:
    """What the normal form turns into one character, as the insides of character classes.

    Attributes:
        raw: One for one.
        wide: Into several, this one among them.
    """

    raw: str
    wide: str


@lru_cache(maxsize=1)
def _variants() -> Mapping[str, _Variants]:
    """Chinese or ASCII character → everything that becomes it."""
    raws: dict[str, list[int]] = {}
    wides: dict[str, list[int]] = {}
    for code in range(_FIRST_CODE_POINT, _LAST_CODE_POINT + 1):
        raw = chr(code)
        if unicodedata.category(raw) in ("Cn", "Cs", "Co"):
            continue
        plain = normal(raw).text
        for one in plain:
            if one.isascii() or _HAN.match(one):
                (raws if len(plain) == 1 else wides).setdefault(one, []).append(code)
    for spoken, digit in zip(_SPOKEN_DIGITS, normal(_SPOKEN_DIGITS).text, strict=True):
        raws[digit] += raws[spoken]
    return {
        one: _Variants(_inside(codes), _inside(wides.get(one, ()))) for one, codes in raws.items()
    }


def _inside(codes: Iterable[int]) -> str:
    return "".join(f"\\x{{{code:x}}}" for code in codes)
