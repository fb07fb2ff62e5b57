"""Dead air: nobody speaks for longer than the rule allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.parameters import About
from detectors.phrases import PhraseSet, phrase_set
from interactions.sound import Party, Span

WAITS = (
    *(
        "稍等",
        "等一下",
        "等一等",
        "等我一下",
        "等一会",
        "请等待",
        "不要挂机",
        "别挂",
        "帮您查",
        "为您查询",
    ),
    *("给您查一下", "查一下", "核实一下", "看一下", "确认一下", "保持在线", "马上为您", "为您转接"),
    *("one moment", "one second", "just a moment", "just a second", "a moment please", "hold on"),
    *("bear with me", "let me check", "let me look", "let me see", "hold the line", "give me a"),
    *("put you on hold", "place you on hold", "while i check", "while i look", "hang on"),
)
"""Words that announce a wait. Ours."""
ANNOUNCED_WITHIN_MS = 10_000  # an announcement this long before a silence still explains it; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Finds silence of at least ``min_s``, from where speech was found, not from word times.

    An announced wait (请稍等, "one moment") is excused up to ``excuse_s``. Ringing before the first
    word and what follows the last are no silence.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.SPEECH})

    min_s: Annotated[
        float,
        About(unit="s", low=0.5, source="call-ai-metrics 0.1.0: long silence of 10 s or more"),
    ] = 10.0
    excuse_s: Annotated[float, About(unit="s", low=0.0, source="ours")] = 60.0
    waits: Annotated[tuple[str, ...], About(source="ours: 35 phrases, zh and en")] = WAITS
    customer_waits: bool = False
    after: Party | None = None
    min_count: Annotated[int, About(unit="silences", low=1)] = 1
    words: PhraseSet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", phrase_set(self.waits))

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return (self.words,) if self.words.phrases else ()

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each silence that is long enough, in time order."""
        long = [s for s in features.silences if s.duration_ms >= self.min_s * 1000]
        found = [evidence for s in long if (evidence := self._judged(features, s))]
        if len(found) >= self.min_count:
            yield from found

    def _judged(self, features: Features, silence: Span) -> Evidence | None:
        if self.after is not None and self.after not in _spoke_last(features, silence):
            return None
        is_announced = self.is_announced(features, silence)
        if is_announced and silence.duration_ms < self.excuse_s * 1000:
            return None
        because = "silence" if features.utterances else "silence_wordless"
        return Evidence(
            start_ms=silence.start_ms,
            end_ms=silence.end_ms,
            because="silence_announced" if is_announced else because,
            measure="silence",
            value=silence.duration_ms / 1000,
            unit="s",
            limit=max(self.min_s, self.excuse_s) if is_announced else self.min_s,
        )

    def is_announced(self, features: Features, silence: Span) -> bool:
        """Tell whether someone said shortly before that there would be a wait."""
        for hit in features.hits(self.words):
            utterance = features.utterances[hit.utterance]
            is_before = utterance.start_ms <= silence.start_ms
            is_near = utterance.end_ms >= silence.start_ms - ANNOUNCED_WITHIN_MS
            counts = self.customer_waits or utterance.party is not Party.CUSTOMER
            if counts and is_before and is_near:
                return True
        return False


def _spoke_last(features: Features, silence: Span) -> set[Party]:
    return {
        party
        for party, spans in features.speech.items()
        if any(span.end_ms == silence.start_ms for span in spans)
    }
