"""What mood is read with: the words, a centre's own phrases, and what was fitted to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256

from detectors.mood.learned import NOTHING, Learned
from detectors.mood.scoring import MoodWords, mood_words, words_with
from detectors.phrases import PhraseSet


@dataclass(frozen=True, slots=True, eq=False)
class Mood:
    """Mood words and a fitted model.

    Attributes:
        own: The centre's phrases and their weights, -3 to +3.
        learned: What was fitted to the centre's labels.
        words: The shipped lexicon with ``own`` above it.
    """

    own: Mapping[str, int] = field(default_factory=dict)
    learned: Learned = NOTHING
    words: MoodWords = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", words_with(self.own) if self.own else mood_words())

    def __reduce__(self) -> tuple[Callable[..., Mood], tuple[Mapping[str, int], Learned]]:
        """Travel to another process without the lexicon, whose sets are known by identity."""
        return Mood, (dict(self.own), self.learned)

    @property
    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """What a plan's automaton has to find."""
        return self.words.phrases, self.words.contrast

    @property
    def version(self) -> str:
        """Hash of the centre's own part; empty where there is none."""
        if not self.own:
            return self.learned.version
        phrases = "\n".join(f"{phrase}={weight}" for phrase, weight in sorted(self.own.items()))
        return sha256(f"{self.learned.version}\n{phrases}".encode()).hexdigest()[:12]


@cache
def shipped() -> Mood:
    """Return what is shipped, with nothing of any centre's."""
    return Mood()
