"""All the words that any rule listens for, found in one pass over an interaction's normal text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from detectors.automata import automaton_of
from detectors.english_forms import EnglishForms
from detectors.hearing_alike import AlikePhrases, Heard, HeardPlace
from interactions.text import normal

_BETWEEN = "\n"  # between utterances in the searched text: no phrase reaches across it


class Hear(StrEnum):
    """How far from its characters a phrase is still heard.

    ``auto`` is ``near`` in speech, where the characters are a recogniser's, and ``exact`` in
    writing, where they are the writer's own.
    """

    AUTO = "auto"
    EXACT = "exact"
    TONE = "tone"
    NEAR = "near"


_HEARS: Mapping[Hear, frozenset[Heard]] = {
    Hear.AUTO: frozenset(Heard),
    Hear.EXACT: frozenset({Heard.EXACT}),
    Hear.TONE: frozenset({Heard.EXACT, Heard.TONE, Heard.STEM}),
    Hear.NEAR: frozenset(Heard),
}


@dataclass(frozen=True, slots=True, eq=False)
class PhraseSet:
    """Phrases that belong together in one detector.

    Two sets are the same only when they are one object, so each detector finds its own hits.

    Attributes:
        phrases: In normal form, in the author's order.
        hear: How far from their characters they are still heard.
    """

    phrases: tuple[str, ...]
    hear: Hear = Hear.EXACT


class Hit(NamedTuple):
    """One phrase at one place. Positions are characters of the utterance's normal text.

    Attributes:
        which: Index of the phrase in its set.
        heard: How it was recognised; everything but ``exact`` is not what the text holds.
        score: 0 to 1, how sure that is: 1 for ``exact``, 0.5 for a toss-up.
    """

    utterance: int
    start: int
    end: int
    which: int
    heard: Heard = Heard.EXACT
    score: float = 1.0


Sure = Callable[[int, int, int], float | None]
"""The recogniser's confidence, 0 to 1, in characters ``[start, end)`` of an utterance's normal text
(utterance, start, end); None where it gave none."""


def phrase_set(phrases: Iterable[str], *, hear: Hear = Hear.EXACT) -> PhraseSet:
    """Return the set in normal form; a phrase without a letter, digit or sign is left out."""
    forms = (normal(phrase).text.strip() for phrase in phrases)
    return PhraseSet(tuple(form.replace(_BETWEEN, " ") for form in forms if form), hear)


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


def _is_inside(place: HeardPlace, written: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place.start and place.end <= end for start, end in written)


class _Text(NamedTuple):
    """The utterances of an interaction as one text."""

    joined: str
    starts: Sequence[int]

    def place(self, start: int) -> tuple[int, int]:
        """Return which utterance holds a character, and where that utterance begins."""
        utterance = bisect_right(self.starts, start) - 1
        return utterance, self.starts[utterance]


class Lexicon:
    """Every phrase of many sets, found in one pass.

    Characters are matched, never tokens: tokens lose 3 to 43 % of the phrases that the
    characters hold, because phrases cross token boundaries. English phrases and numbers match
    whole words only. Sets that listen further than their characters share one more automaton over
    syllables and one over English stems.
    """

    def __init__(self, sets: Iterable[PhraseSet]) -> None:
        in_order = tuple(dict.fromkeys(sets))
        self.sets = frozenset(in_order)
        owners: dict[str, list[tuple[PhraseSet, int]]] = {}
        for one in in_order:
            for which, phrase in enumerate(one.phrases):
                owners.setdefault(phrase, []).append((one, which))
        self._phrases = tuple(owners)
        self._owners = tuple(tuple(o) for o in owners.values())
        self._is_latin = tuple(_is_word(p[0]) or _is_word(p[-1]) for p in owners)
        self._automaton = automaton_of(self._phrases) if owners else None
        self._listens = any(one.hear is not Hear.EXACT for one in in_order)
        self._asks = any(one.hear in (Hear.TONE, Hear.NEAR) for one in in_order)

    def hits(
        self, texts: Sequence[str], *, spoken: bool = False, sure: Sure | None = None
    ) -> Mapping[PhraseSet, list[Hit]]:
        """Return every hit of every set, by utterance and place; sets without hits are absent.

        Args:
            texts: The utterances in normal form.
            spoken: Whether a recogniser wrote them: then ``Hear.AUTO`` listens to the sound.
            sure: What the recogniser thinks of its characters.
        """
        if self._automaton is None or not texts:
            return {}
        text = _Text(_BETWEEN.join(texts), [0, *accumulate(len(one) + 1 for one in texts)])
        found: dict[PhraseSet, list[Hit]] = {}
        written = self._add_written(found, text)
        if (spoken and self._listens) or self._asks:
            places = self._places(text, written, sure)
            self._add_heard(found, text, places, spoken=spoken)
        for hits in found.values():
            hits.sort()
        return found

    def _add_written(self, found: dict[PhraseSet, list[Hit]], text: _Text) -> list[tuple[int, int]]:
        """Add the hits of the characters; return where they are in the joined text."""
        written: list[tuple[int, int]] = []
        if self._automaton is None:
            return written
        joined, starts = text
        make = tuple.__new__  # a Hit's own constructor takes half as long again
        for pattern, start, end in self._automaton.find_matches_as_indexes(
            joined, overlapping=True
        ):
            if self._is_latin[pattern] and _cuts_word(joined, start, end):
                continue
            utterance = bisect_right(starts, start) - 1
            base = starts[utterance]
            first, last = start - base, end - base
            for one, which in self._owners[pattern]:
                hit = make(Hit, (utterance, first, last, which, Heard.EXACT, 1.0))
                found.setdefault(one, []).append(hit)
            written.append((start, end))
        return written

    def _add_heard(
        self,
        found: dict[PhraseSet, list[Hit]],
        text: _Text,
        places: Iterator[HeardPlace],
        *,
        spoken: bool,
    ) -> None:
        for place in places:
            utterance, base = text.place(place.start)
            for one, which in self._listeners[place.which]:
                if place.heard in _HEARS[one.hear] and (spoken or one.hear is not Hear.AUTO):
                    start, end = place.start - base, place.end - base
                    hit = Hit(utterance, start, end, which, place.heard, place.score)
                    found.setdefault(one, []).append(hit)

    def _places(
        self, text: _Text, written: Sequence[tuple[int, int]], sure: Sure | None
    ) -> Iterator[HeardPlace]:
        def sure_of(start: int, end: int) -> float | None:
            utterance, base = text.place(start)
            return sure(utterance, start - base, end - base) if sure else None

        alike, forms = self._forms
        for place in alike.places(text.joined, sure_of if sure else None):
            phrase = self._heard_phrases[place.which]
            if _is_inside(place, written):
                continue  # 转人 of a written 转人工 is not taken for 专人
            is_latin = _is_word(phrase[0]) or _is_word(phrase[-1])
            if not (is_latin and _cuts_word(text.joined, place.start, place.end)):
                yield place
        yield from forms.places(text.joined)

    @cached_property
    def _heard_phrases(self) -> tuple[str, ...]:
        """The phrases that are listened for beyond their characters."""
        pairs = zip(self._phrases, self._owners, strict=True)
        return tuple(p for p, owners in pairs if any(o.hear is not Hear.EXACT for o, _ in owners))

    @cached_property
    def _listeners(self) -> tuple[tuple[tuple[PhraseSet, int], ...], ...]:
        """Whose each of them is."""
        known = dict(zip(self._phrases, self._owners, strict=True))
        return tuple(
            tuple((one, which) for one, which in known[phrase] if one.hear is not Hear.EXACT)
            for phrase in self._heard_phrases
        )

    @cached_property
    def _forms(self) -> tuple[AlikePhrases, EnglishForms]:
        """The automata over syllables and stems: made when something is first listened to."""
        return AlikePhrases(self._heard_phrases), EnglishForms(self._heard_phrases)
