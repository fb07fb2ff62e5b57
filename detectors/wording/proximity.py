"""Words close to each other in one message, or words that keep apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.listening import quoted
from detectors.negation import REACH
from detectors.parameters import About, Unfit
from detectors.phrases import PhraseSet
from detectors.place import Place
from detectors.said import Asked, Negated, Said
from detectors.wording.phrase import checked_set
from interactions.sound import Party, Span
from interactions.tokens import tokens


class Counted(StrEnum):
    """What the distance between two words is counted in."""

    TOKENS = "tokens"
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proximity:
    """Finds one of ``words`` with one of ``near`` at most ``at_most`` apart, in one message.

    The distance is what stands between the two: words of the tokenizer, or letters, digits and
    Chinese characters. With ``apart`` it finds one of ``words`` that has none of ``near`` there.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})

    words: tuple[str, ...]
    near: tuple[str, ...]
    at_most: Annotated[
        int, About(unit="tokens or characters", low=0, source="Verint NEAR: 0 to 3 words")
    ] = 3
    counted: Counted = Counted.TOKENS
    ordered: bool = False
    apart: bool = False
    min_hits: Annotated[int, About(unit="hits", low=1)] = 1
    party: Party | None = None
    or_unknown: bool = False
    within: Place | None = None
    negated: Negated = Negated.DROP
    sets: tuple[PhraseSet, PhraseSet] = field(init=False, repr=False, compare=False)
    asked: Asked = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("words", "near"):
            if not getattr(self, name):
                raise Unfit(name, found="nothing", allowed="at least one phrase", code="empty")
        asked = Asked(
            party=self.party,
            or_unknown=self.or_unknown,
            within=self.within,
            notin=PhraseSet(()),
            negated=self.negated,
            reach=REACH,
        )
        sets = (checked_set("words", self.words), checked_set("near", self.near))
        object.__setattr__(self, "sets", sets)
        object.__setattr__(self, "asked", asked)

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return self.sets

    def wakes(self) -> tuple[PhraseSet, ...]:
        """Return the phrases without which nothing is found."""
        return self.sets[:1]

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each pair, from the first word to the second, in time order.

        Raises:
            CannotTell: With ``apart``, the words cannot be trusted.
        """
        words = self.asked.said(features, self.sets[0])
        if not words:
            return
        others = self.asked.said(features, self.sets[1])
        found = list(self._alone(words, others) if self.apart else self._pairs(words, others))
        if len(found) < self.min_hits:
            return
        untrusted = features.lacks(frozenset({Need.TRUST})) if self.apart else None
        if untrusted:
            raise CannotTell(untrusted)
        yield from found

    def _alone(self, words: list[Said], others: list[Said]) -> Iterator[Evidence]:
        for one in words:
            if not any(self._is_near(one, other) for other in others):
                yield quoted(one.utterance, one.span, one.quote, "apart")

    def _pairs(self, words: list[Said], others: list[Said]) -> Iterator[Evidence]:
        for one in words:
            near = [other for other in others if self._is_near(one, other)]
            if near:
                other = min(near, key=lambda o: (self._between(one, o), o.start))
                start, end = min(one.start, other.start), max(one.end, other.end)
                span = Span(
                    min(one.span.start_ms, other.span.start_ms),
                    max(one.span.end_ms, other.span.end_ms),
                )
                text = one.utterance.text[start:end]
                yield quoted(one.utterance, span, text, "proximity")

    def _is_near(self, one: Said, other: Said) -> bool:
        if one.utterance.seq != other.utterance.seq:
            return False
        is_apart = other.start >= one.end or (not self.ordered and one.start >= other.end)
        return is_apart and self._between(one, other) <= self.at_most

    def _between(self, one: Said, other: Said) -> int:
        first, second = sorted((one, other), key=lambda said: said.start)
        text = one.utterance.text[first.end : second.start]
        if self.counted is Counted.CHARACTERS:
            return sum(char.isalnum() for char in text)
        return sum(token.is_word for token in tokens(text.lower()))
