"""Words like one of several example sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.likeness import Grams, clauses, edit_likeness, likeness, telling_pairs
from detectors.listening import heard, quoted
from detectors.parameters import About, Unfit
from detectors.place import Place
from interactions.interaction import Utterance
from interactions.sound import Party, Span
from interactions.text import normal


class By(StrEnum):
    """How alike two texts are counted."""

    PAIRS = "pairs"
    EDITS = "edits"


@dataclass(frozen=True, slots=True)
class Sentence:
    """An example sentence, ready to compare."""

    text: str
    grams: Grams


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """Finds messages of which the whole, or one clause, is like one of ``sentences``.

    ``pairs`` compares pairs of neighbouring characters (English: runs of three letters), whatever
    their order in the sentence; ``edits`` compares the sentences character by character.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})

    sentences: tuple[str, ...]
    min_score: Annotated[
        float,
        About(
            unit="share",
            low=0.1,
            high=1.0,
            source="ours; Alibaba SCA's SIMILAR_MATCH shows 80 of 100 on its own scale",
        ),
    ] = 0.6
    by: By = By.PAIRS
    min_hits: Annotated[int, About(unit="hits", low=1)] = 1
    party: Party | None = None
    or_unknown: bool = False
    within: Place | None = None
    made: tuple[Sentence, ...] = field(init=False, repr=False, compare=False)
    all_grams: Grams = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        texts = [normal(sentence).text for sentence in self.sentences]
        made = tuple(Sentence(text, telling_pairs(text)) for text in texts)
        if not made or not all(one.grams for one in made):
            allowed = "sentences of at least two characters"
            raise Unfit("sentences", found="nothing", allowed=allowed, code="empty")
        object.__setattr__(self, "made", made)
        object.__setattr__(self, "all_grams", frozenset().union(*(one.grams for one in made)))

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each message that is alike, in time order; its value is the likeness."""
        listened = heard(features, self.party, or_unknown=self.or_unknown, within=self.within)
        found = []
        for i in listened.messages():
            parts = parts_of(features, i)
            if parts[0].grams.isdisjoint(self.all_grams):
                continue
            score = max(self._score(part) for part in parts)
            if score >= self.min_score:
                found.append(self._evidence(features.utterances[i], score))
        if len(found) >= self.min_hits:
            yield from found

    def _score(self, part: Sentence) -> float:
        if self.by is By.EDITS:
            return max(edit_likeness(part.text, one.text) for one in self.made)
        return max(likeness(part.grams, one.grams) for one in self.made)

    def _evidence(self, utterance: Utterance, score: float) -> Evidence:
        span = Span(utterance.start_ms, utterance.end_ms)
        return Evidence(
            start_ms=span.start_ms,
            end_ms=span.end_ms,
            because="similar",
            party=utterance.party,
            utterance_seq=utterance.seq,
            quote=utterance.text,
            measure="likeness",
            value=round(score, 2),
            unit="share",
            limit=self.min_score,
            score=quoted(utterance, span, "", "similar").score,
        )


def parts_of(features: Features, index: int) -> list[Sentence]:
    """Return an utterance and its clauses, ready to compare; worked out once."""
    return features.once(
        ("clauses", index),
        lambda: [
            Sentence(text, telling_pairs(text)) for text in clauses(features.normal.texts[index])
        ],
    )
