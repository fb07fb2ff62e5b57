"""Asked for and not obtained: the agent asks for a number and never gets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detectors.entities import ASKS, Kind
from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.listening import quoted
from detectors.negation import REACH
from detectors.parameters import About
from detectors.phrases import PhraseSet
from detectors.place import Place
from detectors.said import Asked, Negated
from detectors.wording.entity import check_names, entities_of
from detectors.wording.phrase import checked_set
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class NotObtained:
    """Finds where ``asker`` asks for a thing and nobody says one in the messages that follow.

    Looked for in the asking message itself and in the ``messages`` after it, of whatever party: an
    agent who repeats the number has it. Asked again in these messages, it is the last time that
    counts. Without ``asks``, the built-in words of the kind (``detectors.entities.ASKS``) ask.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.TRUST})

    kind: Kind
    asks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    messages: Annotated[int, About(unit="messages", low=1, source="ours")] = 6
    asker: Party = Party.AGENT
    within: Place | None = None
    words: tuple[PhraseSet, PhraseSet] = field(init=False, repr=False, compare=False)
    asked: Asked = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_names(self.kind, self.names)
        asked = Asked(
            party=self.asker,
            or_unknown=False,
            within=self.within,
            notin=PhraseSet(()),
            negated=Negated.DROP,
            reach=REACH,
        )
        asks = checked_set("asks", self.asks or ASKS[self.kind])
        object.__setattr__(self, "words", (asks, checked_set("names", self.names)))
        object.__setattr__(self, "asked", asked)

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return tuple(one for one in self.words if one.phrases)

    def wakes(self) -> tuple[PhraseSet, ...]:
        """Return the phrases without which nothing is found."""
        return self.words[:1]

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each asking that got nothing, in time order.

        Raises:
            CannotTell: A product is asked for, and neither rule nor interaction names one.
        """
        asks = self.asked.said(features, self.words[0])
        if not asks:
            return
        place = {u.seq: i for i, u in enumerate(features.utterances)}
        given = [i for i, e in enumerate(entities_of(features, self.kind, self.words[1])) if e]
        for one, later in zip(asks, [*asks[1:], None], strict=True):
            start = place[one.utterance.seq]
            end = start + self.messages
            is_last = later is None or place[later.utterance.seq] > end
            if is_last and not any(start <= i <= end for i in given):
                yield quoted(one.utterance, one.span, one.quote, f"not_obtained_{self.kind}")
