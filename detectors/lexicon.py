"""All the words that any rule listens for, found in one pass over an interaction's normal text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from detectors.automata import automaton_of
from detectors.english_forms import EnglishForms
from detectors.hearing_alike import AlikePhrases, Heard, HeardPlace
from detectors.phrases import BETWEEN, Hear, Hit, PhraseSet, Sure
from interactions.sound import Party

_HEARS: Mapping[Hear, frozenset[Heard]] = {
    Hear.AUTO: frozenset(Heard),
    Hear.EXACT: frozenset({Heard.EXACT}),
    Hear.TONE: frozenset({Heard.EXACT, Heard.TONE, Heard.STEM}),
    Hear.NEAR: frozenset(Heard),
}


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


class _Text(NamedTuple):
    """The utterances of an interaction as one text."""

    joined: str
    starts: Sequence[int]
    parties: Sequence[Party]

    def place(self, start: int) -> tuple[int, int]:
        """Return which utterance holds a character, and where that utterance begins."""
        utterance = bisect_right(self.starts, start) - 1
        return utterance, self.starts[utterance]


Owner = tuple[PhraseSet, int, Party | None]
"""Whose phrase it is, which of that set's, and who has to say it."""


class _Owned:
    """Whose each of some phrases is.

    Attributes:
        owners: Of each phrase, in order.
        is_latin: Whether it begins or ends with an English word or a number.
    """

    def __init__(self, owners: Mapping[str, Sequence[Owner]]) -> None:
        self.owners = tuple(tuple(each) for each in owners.values())
        self.is_latin = tuple(_is_word(p[0]) or _is_word(p[-1]) for p in owners)


class _Phrases(_Owned):
    """Phrases that are found by their characters."""

    def __init__(self, owners: Mapping[str, Sequence[Owner]]) -> None:
        super().__init__(owners)
        self._automaton = automaton_of(tuple(owners)) if owners else None

    def matches(self, text: str) -> list[tuple[int, int, int]]:
        """Return which phrase is where in ``text``, in the order of their ends."""
        if self._automaton is None:
            return []
        return self._automaton.find_matches_as_indexes(text, overlapping=True)


class _Ears(NamedTuple):
    """What listens to the sound.

    Attributes:
        alike: The phrases by their syllables.
        spoken: Whose they are.
        others: All other phrases, by their characters.
        forms: English phrases by their stems and spellings.
    """

    alike: AlikePhrases
    spoken: _Owned
    others: _Phrases
    forms: EnglishForms


def _add_written(
    found: dict[PhraseSet, list[Hit]],
    text: _Text,
    phrases: _Owned,
    matches: Iterable[tuple[int, int, int]],
) -> list[tuple[int, int]]:
    """Add the hits of the characters; return where they are in the joined text."""
    written: list[tuple[int, int]] = []
    joined, starts, parties = text
    make = tuple.__new__  # a Hit's own constructor takes half as long again
    owners, is_latin, exact = phrases.owners, phrases.is_latin, Heard.EXACT
    utterance = base = 0
    following = starts[1]
    for which_phrase, start, end in matches:
        if is_latin[which_phrase] and _cuts_word(joined, start, end):
            continue
        while start >= following:  # matches come in the order of their ends
            utterance += 1
            base, following = following, starts[utterance + 1]
        for one, which, party in owners[which_phrase]:
            if party is not None and parties and parties[utterance] is not party:
                continue
            hit = make(Hit, (utterance, start - base, end - base, which, exact, 1.0))
            places = found.get(one)
            if places is None:
                found[one] = [hit]
            else:
                places.append(hit)
        written.append((start, end))
    return written


def _sure_in(text: _Text, sure: Sure) -> Callable[[int, int], float | None]:
    """Return ``sure`` for places in the joined text."""

    def of(start: int, end: int) -> float | None:
        utterance, base = text.place(start)
        return sure(utterance, start - base, end - base)

    return of


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
        self._owners: dict[str, list[Owner]] = {}
        for one in in_order:
            for which, phrase in enumerate(one.phrases):
                self._owners.setdefault(phrase, []).append((one, which, one.party))
        self._listens = any(one.hear is not Hear.EXACT for one in in_order)
        self._asks = any(one.hear in (Hear.TONE, Hear.NEAR) for one in in_order)

    def hits(
        self,
        texts: Sequence[str],
        *,
        parties: Sequence[Party] = (),
        spoken: bool = False,
        sure: Sure | None = None,
    ) -> Mapping[PhraseSet, list[Hit]]:
        """Return every hit of every set, by utterance and place; sets without hits are absent.

        Args:
            texts: The utterances in normal form.
            parties: Who says each; none: nobody knows, and everything counts.
            spoken: Whether a recogniser wrote them: then ``Hear.AUTO`` listens to the sound.
            sure: What the recogniser thinks of its characters.
        """
        if not self._owners or not texts:
            return {}
        starts = [0, *accumulate(len(one) + 1 for one in texts)]
        text = _Text(BETWEEN.join(texts), starts, parties)
        found: dict[PhraseSet, list[Hit]] = {}
        if (spoken and self._listens) or self._asks:
            ears = self._ears
            written = _add_written(found, text, ears.others, ears.others.matches(text.joined))
            matches, to_judge = ears.alike.matches(text.joined)
            written += _add_written(found, text, ears.spoken, matches)
            sure_of = _sure_in(text, sure) if sure else None
            places = ears.alike.believed(text.joined, to_judge, sure_of)
            self._add_heard(found, text, self._apart(text.joined, places, written), spoken=spoken)
        else:
            _add_written(found, text, self._written, self._written.matches(text.joined))
        for hits in found.values():
            hits.sort()
        return found

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
            for one, which, party in self._listeners[place.which]:
                if party is not None and text.parties and text.parties[utterance] is not party:
                    continue
                if place.heard in _HEARS[one.hear] and (spoken or one.hear is not Hear.AUTO):
                    start, end = place.start - base, place.end - base
                    hit = Hit(utterance, start, end, which, place.heard, place.score)
                    found.setdefault(one, []).append(hit)

    def _apart(
        self, text: str, places: Iterable[HeardPlace], written: Sequence[tuple[int, int]]
    ) -> Iterator[HeardPlace]:
        """Yield the places that are no part of what is written, and English forms."""
        for place in places:
            phrase = self._heard_phrases[place.which]
            if any(start <= place.start and place.end <= end for start, end in written):
                continue  # 转人 of a written 转人工 is not taken for 专人
            is_latin = _is_word(phrase[0]) or _is_word(phrase[-1])
            if not (is_latin and _cuts_word(text, place.start, place.end)):
                yield place
        yield from self._ears.forms.places(text)

    @cached_property
    def _written(self) -> _Phrases:
        """Every phrase, by its characters."""
        return _Phrases(self._owners)

    @cached_property
    def _heard_phrases(self) -> tuple[str, ...]:
        """The phrases that are listened for beyond their characters."""
        pairs = self._owners.items()
        return tuple(p for p, owners in pairs if any(o.hear is not Hear.EXACT for o, *_ in owners))

    @cached_property
    def _listeners(self) -> tuple[tuple[Owner, ...], ...]:
        """Whose each of them is."""
        return tuple(
            tuple(owner for owner in self._owners[p] if owner[0].hear is not Hear.EXACT)
            for p in self._heard_phrases
        )

    @cached_property
    def _ears(self) -> _Ears:
        """The automata over syllables and stems: made when something is first listened to."""
        alike = AlikePhrases(self._heard_phrases)
        spoken = {p: self._owners[p] for p in map(self._heard_phrases.__getitem__, alike.which)}
        others = {p: owners for p, owners in self._owners.items() if p not in spoken}
        return _Ears(
            alike,
            _Owned(spoken),
            _Phrases(others),
            EnglishForms(self._heard_phrases),
        )
