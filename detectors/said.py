"""Places where words of a rule were said: by whom, when, not taken back, not in a longer phrase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from detectors.features import Features
from detectors.hearing_alike import Heard
from detectors.listening import sureness
from detectors.negation import is_negated
from detectors.phrases import Hit, PhraseSet, by_utterance
from detectors.place import Place
from interactions.interaction import Utterance
from interactions.sound import Party, Span


class Negated(StrEnum):
    """What to do with a phrase that is negated just before it."""

    DROP = "drop"
    KEEP = "keep"
    ONLY = "only"


class Quoted(StrEnum):
    """What to do with a phrase that stands between quotation marks: somebody else's words."""

    KEEP = "keep"
    DROP = "drop"


class Said(NamedTuple):
    """One phrase as it was said.

    Attributes:
        which: Index of the phrase in its set.
        start: Where it begins in the original text; ``end`` where it ends.
        span: When.
        quote: The original characters.
        score: 0 to 1, the recogniser's confidence in these words (1 where it gave none) times how
            sure it is that the phrase was heard.
        heard: How the phrase was recognised.
        wanted: The phrase in normal form.
    """

    utterance: Utterance
    which: int
    start: int
    end: int
    span: Span
    quote: str
    score: float
    heard: Heard = Heard.EXACT
    wanted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose words count, where, and which do not."""

    party: Party | None
    or_unknown: bool
    within: Place | None
    notin: PhraseSet
    negated: Negated
    reach: int
    quoted: Quoted = Quoted.KEEP

    def counts(self, features: Features, utterance: Utterance) -> bool:
        """Tell whether this party's words are meant."""
        if self.party is None or utterance.party is self.party:
            return True
        return self.or_unknown and (utterance.party is Party.UNKNOWN or not features.roles_known)

    def messages(self, features: Features) -> tuple[Utterance, ...]:
        """Return the utterances whose words count, wherever they are."""
        return features.once(
            ("messages", self.party, self.or_unknown),
            lambda: tuple(u for u in features.utterances if self.counts(features, u)),
        )

    def window(self, features: Features) -> Span:
        """Return the stretch of time that is listened to."""
        if self.within is None:
            return Span(0, features.interaction.duration_ms)
        return self.within.window(features.interaction, self.messages(features))

    def said(self, features: Features, words: PhraseSet) -> list[Said]:
        """Return where ``words`` were said and count, in order."""
        found = [said_at(features, hit, words) for hit in self.hits(features, words)]
        if self.within is None or not found:
            return found
        chosen, window = self._listened(features)
        return [one for one in found if self._is_inside(one, window, chosen)]

    def is_said(self, features: Features, words: PhraseSet) -> bool:
        """Tell whether any of ``words`` was said and counts."""
        hits = self.hits(features, words)
        if self.within is None or not hits:
            return bool(hits)
        chosen, window = self._listened(features)
        return any(self._is_inside(said_at(features, h, words), window, chosen) for h in hits)

    def _listened(self, features: Features) -> tuple[frozenset[int], Span]:
        messages = self.messages(features)
        return self.within.chosen(messages) if self.within else frozenset(), self.window(features)

    def _is_inside(self, one: Said, window: Span, chosen: frozenset[int]) -> bool:
        return self.within is None or self.within.has(one.span, one.utterance, window, chosen)

    def hits(self, features: Features, words: PhraseSet) -> list[Hit]:
        """Return the hits of ``words`` by the right party that stand, wherever they are."""
        hits = features.hits(words)
        if not hits:
            return []
        if self.party is not None and words.party is not self.party:
            utterances = features.utterances
            hits = [hit for hit in hits if self.counts(features, utterances[hit.utterance])]
        if not self.notin.phrases and self.quoted is Quoted.KEEP:
            return hits if self.negated is Negated.KEEP else self._as_negated(features, hits)
        longer = by_utterance(features.hits(self.notin)) if self.notin.phrases else {}
        return [h for h in hits if self._stands(features, h, longer.get(h.utterance, ()))]

    def _stands(self, features: Features, hit: Hit, longer: Sequence[Hit]) -> bool:
        """Tell whether the hit is no part of a longer phrase, and negated and quoted as asked."""
        if longer and any(o.start <= hit.start and hit.end <= o.end for o in longer):
            return False
        text = features.normal.texts[hit.utterance]
        if self.quoted is Quoted.DROP and _is_quoted(text, hit):
            return False
        return self.negated is Negated.KEEP or bool(self._as_negated(features, [hit]))

    def _as_negated(self, features: Features, hits: Sequence[Hit]) -> list[Hit]:
        """Return those that are negated as asked."""
        texts, reach, only = features.normal.texts, self.reach, self.negated is Negated.ONLY
        return [h for h in hits if is_negated(texts[h.utterance], h.start, reach=reach) is only]


def _is_quoted(text: str, hit: Hit) -> bool:
    """Tell whether quotation marks are open before the hit and close behind it."""
    return text.count('"', 0, hit.start) % 2 == 1 and '"' in text[hit.end :]


def said_at(features: Features, hit: Hit, words: PhraseSet) -> Said:
    """Return the hit of one of ``words`` as it was said."""
    utterance = features.utterances[hit.utterance]
    start, end = features.normal.original(hit.utterance, hit.start, hit.end)
    span = features.span_of(utterance, start, end)
    score = hit.score
    if utterance.words or utterance.confidence is not None:
        score = round(sureness(utterance, span) * score, 3)
    quote, wanted = utterance.text[start:end], words.phrases[hit.which]
    return Said(utterance, hit.which, start, end, span, quote, score, hit.heard, wanted)
