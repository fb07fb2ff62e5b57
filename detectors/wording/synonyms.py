"""Phrases as a rule wants them: with what may be said instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.parameters import Unfit
from detectors.phrases import Hear, PhraseSet, phrase_set
from interactions.sound import Party
from interactions.text import normal

BETWEEN_SYNONYMS = "="


@dataclass(frozen=True, slots=True)
class Wanted:
    """The phrases of one list of a rule, with every way to say them.

    Attributes:
        words: Every way, in normal form.
        meant: For each way, which phrase of the rule's list it says.
        as_written: For each way, as the rule's author writes it.
        different: How many different phrases the list has.
    """

    words: PhraseSet
    meant: tuple[int, ...]
    as_written: tuple[str, ...]
    different: int

    @classmethod
    def of(
        cls,
        name: str,
        phrases: Sequence[str],
        *,
        synonyms: Sequence[str] = (),
        hear: Hear,
        party: Party | None = None,
    ) -> Wanted:
        """Return the phrases with their synonyms put in.

        Args:
            name: The parameter, for the error.
            phrases: As written.
            synonyms: Groups of words that may stand for each other: ``退款 = 退钱 = 返款``.
            hear: How far from their characters they are still heard.
            party: Who has to say them; None: anybody.

        Raises:
            Unfit: A phrase holds nothing that could be said, or a group has fewer than two words.
        """
        groups = [_group(text) for text in synonyms]
        forms = [normal(phrase).text.strip() for phrase in phrases]
        for phrase, form in zip(phrases, forms, strict=True):
            if not form:
                allowed = "at least one letter, digit or character"
                raise Unfit(name, found=repr(phrase), allowed=allowed, code="empty_phrase")
        ways = [(which, way) for which, p in enumerate(phrases) for way in _ways(p, groups)]
        return cls(
            words=phrase_set((way for _, way in ways), hear=hear, party=party),
            meant=tuple(which for which, _ in ways),
            as_written=tuple(way for _, way in ways),
            different=len(set(forms)),
        )


def _group(text: str) -> tuple[str, ...]:
    words = tuple(word for part in text.split(BETWEEN_SYNONYMS) if (word := part.strip()))
    if len(words) < 2 or not all(normal(word).text.strip() for word in words):  # noqa: PLR2004
        allowed = "at least two words with = between them: 退款 = 退钱"
        raise Unfit("synonyms", found=repr(text), allowed=allowed, code="empty")
    return words


def _ways(phrase: str, groups: Sequence[Sequence[str]]) -> list[str]:
    """Return the phrase, then each way to say it with other words of the groups."""
    ways = [phrase]
    for group in groups:
        for way in tuple(ways):
            held = next((w for w in sorted(group, key=len, reverse=True) if w in way), None)
            if held is not None:
                ways += [way.replace(held, word) for word in group if word != held]
    return list(dict.fromkeys(ways))


def written_alike(wanted: str, quote: str) -> bool:
    """Tell whether the Latin letters of both are the same, capitals included."""
    return _latin(wanted) == _latin(quote)


def _latin(text: str) -> str:
    return "".join(c for c in normal_width(text) if c.isascii() and c.isalpha())


def normal_width(text: str) -> str:
    """Return full-width letters as plain ones, capitals kept."""
    return text.translate(_WIDE)


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
