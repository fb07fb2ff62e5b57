"""English phrases found by their stems, and by the spelling of long words.

Words are compared by their Snowball stem (Porter 2), so "complaint" finds "complaints". A word of
eight letters or more is also found where one letter is missing, doubled, swapped with its
neighbour, or is another vowel ("cancelation", "definately"): one edit that makes misspellings,
but not another word out of a word ("expensive", "extensive"). Both rules are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import Stemmer
from ahocorasick_rs import AhoCorasick
from rapidfuzz.distance import OSA

from detectors.hearing_alike import Heard, HeardPlace

SHORTEST_STEMMED = 4
"""Letters of the shortest word that is compared by its stem: "was" is no form of "wa"."""
SHORTEST_SPELLED = 8
"""Letters of the shortest word that may be misspelt."""

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*")
_PHRASE = re.compile(r"[a-z]+(?:'[a-z]+)*(?: [a-z]+(?:'[a-z]+)*)*")
_ENGLISH = re.compile("[a-z]")
_FIRST_CODE = 0x10000  # beyond every code that Unicode keeps for itself
_UNKNOWN = "\x00"
_BREAK = ("\x01", Heard.STEM)
_SCORES = {Heard.STEM: 0.95, Heard.SPELLING: 0.8}
_KNOWN = 1 << 16
_VOWELS = frozenset("aeiouy")


class EnglishForms:
    """The English phrases that are listened for in every form.

    Args:
        phrases: In normal form. Those that are not English words alone are not listened for.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        listed = [
            (which, phrase) for which, phrase in enumerate(phrases) if _PHRASE.fullmatch(phrase)
        ]
        self._which = tuple(which for which, _ in listed)
        self._phrases = tuple(phrase for _, phrase in listed)
        self._codes: dict[str, str] = {}
        self._long: list[str] = []
        patterns = ["".join(map(self._learned, _TOKEN.findall(p))) for p in self._phrases]
        self._automaton = AhoCorasick(patterns) if patterns else None
        self._met: dict[str, tuple[str, Heard]] = {}

    def places(self, text: str) -> Iterator[HeardPlace]:
        """Yield where a phrase stands in another form than its own, in normal ``text``."""
        if self._automaton is None or not _ENGLISH.search(text):
            return
        spans: list[tuple[int, int]] = []
        met: list[tuple[str, Heard]] = []
        for token in _TOKEN.finditer(text):
            start, end = token.span()
            if spans and text[spans[-1][1] : start] != " ":
                spans.append((start, start))
                met.append(_BREAK)
            spans.append((start, end))
            met.append(self._code(token.group()))
        coded = "".join(code for code, _ in met)
        for number, first, last in self._automaton.find_matches_as_indexes(coded, overlapping=True):
            start, end = spans[first][0], spans[last - 1][1]
            if text[start:end] == self._phrases[number]:
                continue
            misspelt = any(how is Heard.SPELLING for _, how in met[first:last])
            heard = Heard.SPELLING if misspelt else Heard.STEM
            yield HeardPlace(self._which[number], start, end, heard, _SCORES[heard])

    def _learned(self, word: str) -> str:
        if len(word) >= SHORTEST_SPELLED and word not in self._long:
            self._long.append(word)
        return self._codes.setdefault(self._key(word), chr(_FIRST_CODE + len(self._codes)))

    def _key(self, word: str) -> str:
        return str(self._stemmer.stemWord(word)) if len(word) >= SHORTEST_STEMMED else word

    def _code(self, word: str) -> tuple[str, Heard]:
        known = self._met.get(word)
        if known is None:
            if len(self._met) > _KNOWN:
                self._met.clear()
            known = self._met[word] = self._looked_up(word)
        return known

    def _looked_up(self, word: str) -> tuple[str, Heard]:
        code = self._codes.get(self._key(word))
        if code is not None:
            return code, Heard.STEM
        if len(word) >= SHORTEST_SPELLED - 1:
            for meant in self._long:
                if is_misspelt(word, meant):
                    return self._codes[self._key(meant)], Heard.SPELLING
        return _UNKNOWN, Heard.STEM


def is_misspelt(written: str, meant: str) -> bool:
    """Tell whether one edit that makes misspellings leads from ``meant`` to ``written``."""
    if written[0] != meant[0] or OSA.distance(written, meant, score_cutoff=1) != 1:
        return False
    if len(written) != len(meant):
        return True
    differing = [(a, b) for a, b in zip(written, meant, strict=True) if a != b]
    is_swap = len(differing) > 1
    return is_swap or _VOWELS.issuperset(differing[0])
