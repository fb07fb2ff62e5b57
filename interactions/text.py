"""The normal form of what was said or written, with a map back to the original characters.

One form for everything that compares words: phrases of rules, hotwords, sentiment, search. What is
shown to people stays the original; ``NormalText.original`` finds it.

What the normal form does, in this order:

1. Width and compatibility forms become the plain ones (Unicode NFKC): full-width letters and
   digits, half-width katakana, circled numbers, combined accents.
2. Traditional characters become simplified ones, one for one (OpenCC's ``t2s``, Apache-2.0, taken
   character by character so that positions stay), and letters become lower case.
3. Punctuation takes one shape: ``。`` is ``.``, ``、`` is ``,``, an ellipsis character is ``.``,
   every quotation mark is ``"`` or ``'``, every dash is ``-``. It is kept: a phrase does not reach
   over the end of a sentence.
4. Invisible characters go (zero-width and direction marks, soft hyphens, controls): they come from
   copying and hide words from a search.
5. A run of white space becomes one space; beside a Chinese character, and at both ends, it goes,
   so "转 人工" is "转人工" and "打开 app" is "打开app".
6. Digits said one by one become digits ("幺三八零零" is "13800"): runs of three and more, or of two
   that hold 零, 〇 or 幺. 幺 and 两 count only inside such a run; amounts ("三百五六十") stay.

Fillers (嗯, 呃, uh, um …) stay in the text, where pauses and hesitation are counted, and are listed
by ``NormalText.fillers``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import regex

from interactions.interaction import Language

if TYPE_CHECKING:
    from opencc import OpenCC

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""The Chinese characters, as the inside of a regular expression's character class."""

# OpenCC leaves these as they are: they are used in Taiwan and Hong Kong and mean the same.
_VARIANTS = {"妳": "你", "牠": "它", "祂": "它"}
_PUNCTUATION = {
    **dict.fromkeys("。｡…‥", "."),
    **dict.fromkeys("、､", ","),
    **dict.fromkeys("‘’‚‛′`´＇", "'"),
    **dict.fromkeys("“”„‟″「」『』〝〞〟«»《》〈〉＂", '"'),
    **dict.fromkeys("【〔〖", "["),
    **dict.fromkeys("】〕〗", "]"),
    **dict.fromkeys("‐‑‒–—―−─", "-"),
    **dict.fromkeys("～〜∼", "~"),
}
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
LOOSE_SPACE = re.compile(f"^ | $|  |(?<=[{HAN}]) | (?=[{HAN}])")
"""Spaces that the normal form does not keep."""
_SPACES = re.compile(" +")
_HAN = re.compile(f"[{HAN}]")
_LONGEST_CLUSTER = 32  # accents on one letter; Unicode's stream-safe format allows 30

_SPOKEN_DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")
_SPOKEN_RUN = re.compile("[0-9零〇一二三四五六七八九幺两]{2,}(?![十百千万亿拾佰仟])")
_SPOKEN_PAIR = re.compile("[零〇幺]")
_NOT_DIGITS = frozenset({"三三两两", "七七八八", "零零", "五五", "一一"})
_SHORTEST_RUN = 3

_FILLERS = re.compile(
    rf"[嗯呃]+|(?<![\w])(?:[额啊哦唔诶欸]+)(?![\w])"
    rf"|(?<![a-z0-9'-])(?:u+h+|u+h*m+|e+r+m*|h+m+|(?<![0-9] )m{(2,)}|a+h+|e+h+)(?![a-z0-9'-])"
)

# A Chinese word is about 1.5 characters long (jieba's dictionary over running text), so characters
# are weighed against English words by that.
_HAN_PER_WORD = 1.5
_ONE_LANGUAGE = 0.8  # share of the words from which a text counts as one language
_LATIN_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]+(?:['’][A-Za-z]+)?")
_OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u3040-\u30ff\u31f0-\u31ff\ua000-\ud7ff]")


class NormalText(NamedTuple):
    """A text in normal form.

    Attributes:
        text: The normal form.
        origin: For each character of ``text``, where in the original it begins.
        ends: For each character of ``text``, where in the original it ends (exclusive).
    """

    text: str
    origin: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the original's span for the span ``[start, end)`` of the normal form."""
        if start >= end:
            place = self.origin[start] if start < len(self.origin) else self._original_end()
            return place, place
        return self.origin[start], self.ends[end - 1]

    @property
    def fillers(self) -> tuple[tuple[int, int], ...]:
        """The spans of ``text`` that are hesitation sounds, in order."""
        return tuple(match.span() for match in _FILLERS.finditer(self.text))

    def without_fillers(self) -> NormalText:
        """Return this text with its hesitation sounds taken out, mapped to the same original."""
        fillers = self.fillers
        if not fillers:
            return self
        rest = _without(self.text, self.origin, self.ends, fillers)
        return _squeezed(rest.text, rest.origin, rest.ends)

    def _original_end(self) -> int:
        return self.ends[-1] if self.ends else 0


def normal(text: str) -> NormalText:
    """Return ``text`` in normal form (see the module's description)."""
    folded = text.translate(_FOLD)
    origin: Sequence[int] = range(len(text))
    ends: Sequence[int] = range(1, len(text) + 1)
    if len(folded) != len(text) or _shifts(folded):
        folded, origin, ends = _clusters(text)
    if " " in folded and LOOSE_SPACE.search(folded):
        squeezed = _squeezed(folded, origin, ends)
        folded, origin, ends = squeezed.text, squeezed.origin, squeezed.ends
    return NormalText(spoken_digits(folded), origin, ends)


def simplified(text: str) -> str:
    """Return ``text`` with traditional characters as simplified ones, for people to read.

    Unlike the normal form, by words where a character has two simplified forms (乾隆 stays, 乾淨
    becomes 干净). The length stays.
    """
    if not _HAN.search(text):
        return text
    written = _simplifier().convert(text).translate(str.maketrans(_VARIANTS))
    return written if len(written) == len(text) else "".join(map(_simplifier().convert, text))


def well_formed(text: str) -> str:
    """Return ``text`` with what no file can hold replaced by U+FFFD: half a character, or NUL.

    JSON may carry half of a surrogate pair, cut off by a system that counts in UTF-16; it cannot
    be written as UTF-8.
    """
    return _BROKEN.sub("\ufffd", text) if _BROKEN.search(text) else text


def language_of(text: str) -> Language:
    """Return the language of ``text`` by its script.

    Chinese characters are Mandarin, Latin letters English: these two are what the rules are
    written for. A fifth of the other makes it mixed; more letters of any third script, or no
    letters at all, make it unknown.
    """
    zh = len(_HAN.findall(text)) / _HAN_PER_WORD
    en = float(len(_LATIN_WORD.findall(text)))
    other = len(_OTHER_SCRIPT.findall(text)) / _HAN_PER_WORD
    if zh + en <= other:
        return Language.UNKNOWN
    if zh >= _ONE_LANGUAGE * (zh + en):
        return Language.ZH
    return Language.EN if en >= _ONE_LANGUAGE * (zh + en) else Language.MIXED


class _Fold(dict[int, str]):
    """Character code → normal form, filled as characters are met: nothing to build, one look-up."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_FOLD = _Fold()
_BROKEN = re.compile("[\u0000\ud800-\udfff]")


def _folded(char: str) -> str:
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", char)
    if " " in plain or _BROKEN.match(plain):
        return char  # a free-standing accent is "space + accent" in NFKC; half a character
    plain = "".join(_PUNCTUATION.get(c, c) for c in plain)
    if _HAN.match(plain):
        plain = _VARIANTS.get(plain) or _simplifier().convert(plain)
    lowered = plain.lower()
    return lowered if len(lowered) == len(plain) else plain


@cache
def _simplifier() -> OpenCC:
    from opencc import OpenCC  # noqa: PLC0415 - only text with Chinese characters needs it

    return OpenCC("t2s")


def _shifts(folded: str) -> bool:
    """Say whether characters are to be joined or taken out, so that positions shift."""
    if _INVISIBLE.search(folded):
        return True
    return not folded.isascii() and not unicodedata.is_normalized("NFC", folded)


def _clusters(text: str) -> tuple[str, list[int], list[int]]:
    """Fold ``text`` by what a reader sees as one character, with each one's place."""
    places = [at for at, char in enumerate(text) if not _INVISIBLE.match(char)]
    visible = "".join(text[at] for at in places)
    chars: list[str] = []
    origin: list[int] = []
    ends: list[int] = []
    for start, end in _cluster_spans(visible):
        plain = visible[start:end]
        if end - start > 1:
            plain = unicodedata.normalize("NFKC", plain)
        for char in plain.translate(_FOLD):
            chars.append(char)
            origin.append(places[start])
            ends.append(places[end - 1] + 1)
    return "".join(chars), origin, ends


def _cluster_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in regex.finditer(r"\X", text):
        start, end = match.span()
        # Normalising orders accents in quadratic time: what no language writes is cut up.
        steps = range(start, end, _LONGEST_CLUSTER)
        spans.extend((step, min(step + _LONGEST_CLUSTER, end)) for step in steps)
    return spans


def _squeezed(text: str, origin: Sequence[int], ends: Sequence[int]) -> NormalText:
    """Take out the spaces that the normal form does not keep."""
    drops: list[tuple[int, int]] = []
    for match in _SPACES.finditer(text):
        start, end = match.span()
        at_edge = start == 0 or end == len(text)
        beside_han = at_edge or _HAN.match(text[start - 1]) or _HAN.match(text[end])
        drops.append((start if beside_han else start + 1, end))
    return _without(text, origin, ends, drops)


def _without(
    text: str, origin: Sequence[int], ends: Sequence[int], drops: Sequence[tuple[int, int]]
) -> NormalText:
    edges = [(0, 0), *drops, (len(text), len(text))]
    kept = [(a, b) for (_, a), (b, _) in pairwise(edges) if a < b]
    return NormalText(
        "".join(text[a:b] for a, b in kept),
        [place for a, b in kept for place in origin[a:b]],
        [place for a, b in kept for place in ends[a:b]],
    )


def spoken_digits(text: str) -> str:
    """Return a folded text with digits said one by one as digits; its length stays."""
    return text if text.isascii() else _SPOKEN_RUN.sub(_run_as_digits, text)


def _run_as_digits(match: re.Match[str]) -> str:
    run: str = match.group()
    long_enough = len(run) >= _SHORTEST_RUN or _SPOKEN_PAIR.search(run)
    return run.translate(_SPOKEN_DIGITS) if long_enough and run not in _NOT_DIGITS else run
