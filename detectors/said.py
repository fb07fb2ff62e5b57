"""Places where words of a rule were said: by whom, when, not taken back, not in a longer phrase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from detectors.features import Features
from detectors.negation import is_negated
from detectors.phrases import Hit, PhraseSet
from detectors.place import Place
from interactions.interaction import Utterance
from interactions.sound import Party, Span


class Negated(StrEnum):
    """What to do with a phrase that is negated just before it."""

    DROP = "drop"
    KEEP = "keep"
    ONLY = "only"


class Said(NamedTuple):
    """One phrase as it was said.

    Attributes:
        which: Index of the phrase in its set.
        start: Where it begins in the original text; ``end`` where it ends.
        span: When.
        quote: The original characters.
        score: 0 to 1, the recogniser's confidence in these words; 1 where it gave none.
    """

    utterance: Utterance
    which: int
    start: int
    end: int
    span: Span
    quote: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose words count, where, and which do not."""

    party: Party | None
    or_unknown: bool
    within: Place | None
    notin: PhraseSet
    negated: Negated
    reach: int

    def counts(self, features: Features, utterance: Utterance) -> bool:
        """Tell whether this party's words are meant."""
        if self.party is None or utterance.party is self.party:
            return True
        is_unknown = utterance.party is Party.UNKNOWN or not features.roles_known
        return self.or_unknown and is_unknown

    def messages(self, features: Features) -> tuple[Utterance, ...]:
        """Return the utterances whose words count, wherever they are."""
        return tuple(u for u in features.utterances if self.counts(features, u))

    def window(self, features: Features) -> Span:
        """Return the stretch of time that is listened to."""
        if self.within is None:
            return Span(0, features.interaction.duration_ms)
        return self.within.window(features.interaction, self.messages(features))

    def said(self, features: Features, words: PhraseSet) -> Iterator[Said]:
        """Yield where ``words`` were said and count, in order."""
        hits = features.hits(words)
        if not hits:
            return
        longer = features.hits(self.notin) if self.notin.phrases else []
        messages = self.messages(features) if self.within else ()
        chosen = self.within.chosen(messages) if self.within else frozenset()
        window = self.window(features) if self.within else None
        for hit in hits:
            utterance = features.utterances[hit.utterance]
            if not self.counts(features, utterance) or not self._stands(features, hit, longer):
                continue
            one = _said(features, hit, utterance)
            if window is None or self._is_inside(one, window, chosen):
                yield one

    def _is_inside(self, one: Said, window: Span, chosen: frozenset[int]) -> bool:
        return self.within is None or self.within.has(one.span, one.utterance, window, chosen)

    def _stands(self, features: Features, hit: Hit, longer: list[Hit]) -> bool:
        """Tell whether the hit is no part of a longer phrase and negated as asked."""
        for other in longer:
            is_here = other.utterance == hit.utterance
            if is_here and other.start <= hit.start and hit.end <= other.end:
                return False
        if self.negated is Negated.KEEP:
            return True
        text = features.normal[hit.utterance].text
        is_taken_back = is_negated(text, hit.start, reach=self.reach)
        return is_taken_back is (self.negated is Negated.ONLY)


def _said(features: Features, hit: Hit, utterance: Utterance) -> Said:
    start, end = features.normal[hit.utterance].original(hit.start, hit.end)
    span = features.span_of(utterance, start, end)
    sure = [
        w.confidence
        for w in utterance.words
        if w.confidence is not None and w.start_ms < span.end_ms and w.end_ms > span.start_ms
    ]
    if sure:
        score = sum(sure) / len(sure)
    else:
        score = 1.0 if utterance.confidence is None else utterance.confidence
    return Said(utterance, hit.which, start, end, span, utterance.text[start:end], round(score, 3))
