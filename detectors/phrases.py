"""All the words that any rule listens for, found in one pass over an interaction's normal text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from interactions.text import normal

_BETWEEN = "\n"  # between utterances in the searched text: no phrase reaches across it


@dataclass(frozen=True, slots=True, eq=False)
class PhraseSet:
    """Phrases that belong together in one detector.

    Two sets are the same only when they are one object, so each detector finds its own hits.

    Attributes:
        phrases: In normal form, in the author's order.
    """

    phrases: tuple[str, ...]


class Hit(NamedTuple):
    """One phrase at one place. Positions are characters of the utterance's normal text."""

    utterance: int
    start: int
    end: int
    which: int


def phrase_set(phrases: Iterable[str]) -> PhraseSet:
    """Return the set in normal form; a phrase without a letter, digit or sign is left out."""
    forms = (normal(phrase).text.strip() for phrase in phrases)
    return PhraseSet(tuple(form.replace(_BETWEEN, " ") for form in forms if form))


def by_utterance(hits: Iterable[Hit]) -> Mapping[int, list[Hit]]:
    """Return the hits of each utterance that has any."""
    grouped: dict[int, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.utterance, []).append(hit)
    return grouped


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Whether an English word or a number goes on across either end of the hit."""
    if start and _is_word(text[start]) and _is_word(text[start - 1]):
        return True
    if end >= len(text) or not _is_word(text[end - 1]):
        return False
    if _is_word(text[end]):
        return True
    # "can" is not in "can't", but "agent" is in "agent's"
    is_contracted = text[end] == "'" and end + 1 < len(text)
    return is_contracted and _is_word(text[end + 1]) and text[end + 1] != "s"


class Lexicon:
    """One Aho-Corasick automaton over the phrases of many sets.

    Characters are matched, never tokens: tokens lose 3 to 43 % of the phrases that the
    characters hold, because phrases cross token boundaries. English phrases and numbers match
    whole words only.
    """

    def __init__(self, sets: Iterable[PhraseSet]) -> None:
        in_order = tuple(dict.fromkeys(sets))
        self.sets = frozenset(in_order)
        owners: dict[str, list[tuple[PhraseSet, int]]] = {}
        for one in in_order:
            for which, phrase in enumerate(one.phrases):
                owners.setdefault(phrase, []).append((one, which))
        self._owners = tuple(tuple(o) for o in owners.values())
        self._is_latin = tuple(_is_word(p[0]) or _is_word(p[-1]) for p in owners)
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def hits(self, texts: Sequence[str]) -> Mapping[PhraseSet, list[Hit]]:
        """Return every hit of every set, by utterance and place; sets without hits are absent."""
        if self._automaton is None or not texts:
            return {}
        joined = _BETWEEN.join(texts)
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        found: dict[PhraseSet, list[Hit]] = {}
        for pattern, start, end in self._automaton.find_matches_as_indexes(
            joined, overlapping=True
        ):
            if self._is_latin[pattern] and _cuts_word(joined, start, end):
                continue
            utterance = bisect_right(starts, start) - 1
            base = starts[utterance]
            for one, which in self._owners[pattern]:
                found.setdefault(one, []).append(Hit(utterance, start - base, end - base, which))
        for hits in found.values():
            hits.sort()
        return found
