"""The phrases that a rule listens for, and where they were found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from detectors.hearing_alike import Heard
from interactions.sound import Party
from interactions.text import normal

BETWEEN = "\n"
"""Stands between utterances in the searched text: no phrase reaches across it."""


class Hear(StrEnum):
    """How far from its characters a phrase is still heard.

    ``auto`` is ``near`` in speech, where the characters are a recogniser's, and ``exact`` in
    writing, where they are the writer's own.
    """

    AUTO = "auto"
    EXACT = "exact"
    TONE = "tone"
    NEAR = "near"


@dataclass(frozen=True, slots=True, eq=False)
class PhraseSet:
    """Phrases that belong together in one detector.

    Two sets are the same only when they are one object, so each detector finds its own hits.

    Attributes:
        phrases: In normal form, in the author's order.
        hear: How far from their characters they are still heard.
        party: Who has to say them; None: anybody.
    """

    phrases: tuple[str, ...]
    hear: Hear = Hear.EXACT
    party: Party | None = None


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


def phrase_set(
    phrases: Iterable[str], *, hear: Hear = Hear.EXACT, party: Party | None = None
) -> PhraseSet:
    """Return the set in normal form; a phrase without a letter, digit or sign is left out."""
    forms = (normal(phrase).text.strip() for phrase in phrases)
    return PhraseSet(tuple(form.replace(BETWEEN, " ") for form in forms if form), hear, party)


def by_utterance(hits: Iterable[Hit]) -> Mapping[int, list[Hit]]:
    """Return the hits of each utterance that has any."""
    grouped: dict[int, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.utterance, []).append(hit)
    return grouped
