"""Things with a form of their own: order numbers, sums of money, phones, addresses, products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detectors.entities import NUMBERS, Entity, Kind, entities, holds_long_number
from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.listening import Heard, heard, quoted, span_in
from detectors.parameters import About, Unfit
from detectors.phrases import PhraseSet, phrase_set
from detectors.place import Place
from detectors.wording.phrase import checked_set
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFound:
    """Finds things of one ``kind``; sums of money also by how much they come to.

    Products are the ``names`` of the rule, or, without any, the product of the interaction.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})

    kind: Kind
    names: tuple[str, ...] = ()
    at_least: Annotated[float | None, About(unit="of the sum's currency")] = None
    at_most: Annotated[float | None, About(unit="of the sum's currency")] = None
    min_hits: Annotated[int, About(unit="hits", low=1)] = 1
    party: Party | None = None
    or_unknown: bool = False
    within: Place | None = None
    words: PhraseSet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_names(self.kind, self.names)
        limits = [n for n in ("at_least", "at_most") if getattr(self, n) is not None]
        if limits and self.kind is not Kind.AMOUNT:
            found = f"{limits[0]} for {self.kind}"
            raise Unfit(limits[0], found=found, allowed="only for amount", code="not_a_choice")
        object.__setattr__(self, "words", checked_set("names", self.names))

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return (self.words,) if self.words.phrases else ()

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each thing, in time order.

        Raises:
            CannotTell: A product is asked for, and neither rule nor interaction names one.
        """
        every = entities_of(features, self.kind, self.words)
        if not any(every):
            return
        listened = heard(features, self.party, or_unknown=self.or_unknown, within=self.within)
        found = [e for i in listened.which for one in every[i] if (e := self._at(listened, i, one))]
        if len(found) >= self.min_hits:
            yield from sorted(found, key=lambda e: e.start_ms)

    def _at(self, listened: Heard, index: int, entity: Entity) -> Evidence | None:
        if entity.value is not None and not self._is_much(entity.value):
            return None
        features = listened.features
        utterance = features.utterances[index]
        span, quote = span_in(features, index, entity.start, entity.end)
        if not listened.has(utterance, span):
            return None
        return quoted(utterance, span, quote, f"entity_{self.kind}")

    def _is_much(self, value: float) -> bool:
        is_above = self.at_least is None or value >= self.at_least
        return is_above and (self.at_most is None or value <= self.at_most)


def check_names(kind: Kind, names: tuple[str, ...]) -> None:
    """Refuse names of products where something else is asked for.

    Raises:
        Unfit: As said.
    """
    if names and kind is not Kind.PRODUCT:
        allowed = "only for product"
        raise Unfit("names", found=f"names for {kind}", allowed=allowed, code="not_a_choice")


def entities_of(features: Features, kind: Kind, names: PhraseSet) -> list[list[Entity]]:
    """Return the things of a kind in each utterance, worked out once.

    Raises:
        CannotTell: A product is asked for, and neither rule nor interaction names one.
    """
    if kind is not Kind.PRODUCT:
        return features.once(("entities", kind), lambda: _entities_of(features, kind))
    product = features.interaction.product
    words = names
    if not words.phrases and product:
        words = features.once("product", lambda: phrase_set((product,)))
    if not words.phrases:
        raise CannotTell("no_product")
    found: list[list[Entity]] = [[] for _ in features.utterances]
    for hit in features.hits(words):
        found[hit.utterance].append(Entity(hit.start, hit.end))
    return found


def _entities_of(features: Features, kind: Kind) -> list[list[Entity]]:
    texts = features.normal.texts
    if kind not in NUMBERS:
        return [entities(text, kind) for text in texts]
    held = features.once("long numbers", lambda: [holds_long_number(text) for text in texts])
    return [entities(text, kind) if held[i] else [] for i, text in enumerate(texts)]
