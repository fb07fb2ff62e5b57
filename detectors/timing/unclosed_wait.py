"""A wait that was announced and not closed: 请稍等 … and no 感谢等待."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.parameters import About
from detectors.phrases import PhraseSet
from detectors.timing.silence import WAITS
from detectors.wording.phrase import checked_set
from interactions.interaction import Utterance
from interactions.sound import Party

THANKS = (
    *("感谢您的等待", "感谢等待", "感谢您的耐心", "谢谢您的等待", "谢谢等待", "让您久等", "久等了"),
    *("感谢耐心等待", "谢谢您的耐心", "抱歉让您等", "不好意思让您等"),
    *("thank you for holding", "thanks for holding", "thank you for waiting", "thanks for waiting"),
    *("for your patience", "sorry for the wait", "sorry about the wait", "for the wait"),
)
"""Words that close a wait. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclosedWait:
    """Finds waits of ``min_s`` or more that the agent announced and did not close.

    The wait runs from the end of the announcing message to the start of the agent's next one, and
    is closed where one of ``thanks`` stands in that or the ``messages - 1`` agent's messages after.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.TRUST, Need.ROLES})

    min_s: Annotated[float, About(unit="s", low=0.0, source="ours")] = 10.0
    messages: Annotated[int, About(unit="messages", low=1, source="ours")] = 2
    waits: Annotated[tuple[str, ...], About(source="ours: 35 phrases, zh and en")] = WAITS
    thanks: Annotated[tuple[str, ...], About(source="ours: 19 phrases, zh and en")] = THANKS
    min_count: Annotated[int, About(unit="waits", low=1)] = 1
    words: tuple[PhraseSet, PhraseSet] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = (checked_set("waits", self.waits), checked_set("thanks", self.thanks))
        object.__setattr__(self, "words", words)

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return tuple(one for one in self.words if one.phrases)

    def wakes(self) -> tuple[PhraseSet, ...]:
        """Return the phrases without which nothing is found."""
        return self.words[:1]

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each wait that was not closed, in time order."""
        said = [(i, u) for i, u in enumerate(features.utterances) if u.party is Party.AGENT]
        announced = {hit.utterance for hit in features.hits(self.words[0])}
        closed = {hit.utterance for hit in features.hits(self.words[1])}
        found = []
        for place, (i, utterance) in enumerate(said[:-1]):
            if i not in announced:
                continue
            after = said[place + 1 : place + 1 + self.messages]
            if closed.isdisjoint(j for j, _ in after):
                evidence = self._evidence(utterance, after[0][1])
                found += [evidence] if evidence else []
        if len(found) >= self.min_count:
            yield from found

    def _evidence(self, before: Utterance, after: Utterance) -> Evidence | None:
        waited_s = (after.start_ms - before.end_ms) / 1000
        if waited_s < self.min_s:
            return None
        return Evidence(
            start_ms=before.end_ms,
            end_ms=after.start_ms,
            because="unclosed_wait",
            party=Party.AGENT,
            utterance_seq=before.seq,
            quote=before.text,
            measure="wait",
            value=waited_s,
            unit="s",
            limit=self.min_s,
        )
