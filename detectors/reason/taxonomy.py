"""A taxonomy: what interactions can be about, and what can come of them, in a centre's own words.

It has five dimensions. A category of a dimension is found by ``words`` (each weighs ``WORDS``), by
``hints`` (``HINTS``) and, where no words are found, by the likeness to its ``examples``. In words
and hints ``…`` stands for up to ``GAP`` characters within a clause: ``没…送到``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from detectors.phrases import PhraseSet
from detectors.reason.nearest import Nearest
from interactions.interaction import Language
from interactions.text import normal

WORDS = 2.0
HINTS = 0.8
GENERAL = 0.5
GAP = 10
"""Characters that ``…`` may stand for; of English ``GAP_LATIN``. Ours: two or three words."""
GAP_LATIN = 30
ELLIPSIS = "…"
UNSORTED = "unsorted"


class Dimension(StrEnum):
    """In which respect interactions are sorted."""

    REASON = "reason"
    PRODUCT = "product"
    RESOLUTION = "resolution"
    PROMISE = "promise"
    FOLLOW_UP = "follow-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One thing that an interaction can be about, or that can come of it.

    Attributes:
        category_id: Lower-case letters, digits, hyphens; its own within the dimension.
        title: ``zh`` and ``en``.
        by_product: Of a reason: the same of another product is another matter (a fault), so a
            contact about it repeats only contacts about the same product.
        general: Counts half, so that it gives way to what is particular ("broken" to "leaks").
        words: Each alone is enough.
        hints: Two of them are needed.
        examples: Whole sentences of customers.
    """

    category_id: str
    title: Mapping[str, str]
    by_product: bool = False
    general: bool = False
    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return the title in ``language``."""
        return self.title.get(language) or self.category_id


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """One phrase of one category, ready to be looked for; a taxonomy has each one once.

    Attributes:
        parts: In normal form; what stands between them is up to the customer.
        place: Which of the parts the automaton finds: the longest.
        which: Number of the category.
    """

    parts: tuple[str, ...]
    place: int
    which: int
    weight: float

    def stands(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Return where the whole wording stands around its found part; None where it does not.

        Args:
            text: Normal form of the utterance.
            start: Where the found part begins.
            end: Where it ends.
        """
        first, last = start, end
        for part in reversed(self.parts[: self.place]):
            at = text.rfind(part, max(0, first - _gap(part) - len(part)), first)
            if at < 0 or _parted(text, at + len(part), first):
                return None
            first = at
        for part in self.parts[self.place + 1 :]:
            at = text.find(part, last, last + _gap(part) + len(part))
            if at < 0 or _parted(text, last, at):
                return None
            last = at + len(part)
        return first, last


def _gap(part: str) -> int:
    return GAP_LATIN if part.isascii() else GAP


def _parted(text: str, start: int, end: int) -> bool:
    return any(mark in text[start:end] for mark in "。.!?！？;；\n")


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """Every category of every dimension, in the author's order.

    Attributes:
        categories: By dimension.
    """

    categories: Mapping[Dimension, tuple[Category, ...]]
    numbered: tuple[tuple[Dimension, Category], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        pairs = tuple((d, one) for d, every in self.categories.items() for one in every)
        object.__setattr__(self, "numbered", pairs)

    def __reduce__(self) -> tuple[Callable[..., Taxonomy], tuple[dict[Dimension, object]]]:
        """Travel to another process without the phrase set, which is known by identity."""
        return Taxonomy, (dict(self.categories),)

    @cached_property
    def version(self) -> str:
        """Hash of everything that it says."""
        parts = (
            "\x1f".join((d, c.category_id, f"{c.by_product} {c.general}", *_all_words(c)))
            for d, c in self.numbered
        )
        return sha256("\x1e".join(parts).encode()).hexdigest()[:12]

    @cached_property
    def wordings(self) -> Mapping[str, tuple[Wording, ...]]:
        """The found part of each wording, and the wordings that it may stand for."""
        found: dict[str, list[Wording]] = {}
        known: dict[tuple[object, ...], Wording] = {}
        for which, (_, one) in enumerate(self.numbered):
            share = GENERAL if one.general else 1.0
            for weight, phrases in ((WORDS * share, one.words), (HINTS * share, one.hints)):
                for parts in _parts(phrases):
                    place = max(range(len(parts)), key=lambda i: (len(parts[i]), i))
                    wording = known.setdefault(
                        (parts, which, weight), Wording(parts, place, which, weight)
                    )
                    found.setdefault(parts[place], []).append(wording)
        return {part: tuple(some) for part, some in found.items()}

    @cached_property
    def phrases(self) -> PhraseSet:
        """What a plan's automaton has to find."""
        return PhraseSet(tuple(self.wordings))

    @cached_property
    def by_hit(self) -> tuple[tuple[Wording, ...], ...]:
        """The wordings of each phrase of ``phrases``."""
        return tuple(self.wordings.values())

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimension of each numbered category."""
        return tuple(dimension for dimension, _ in self.numbered)

    @cached_property
    def products(self) -> Mapping[str, str]:
        """The product that each word in normal form names alone; the author's first one."""
        found: dict[str, str] = {}
        for one in self.categories.get(Dimension.PRODUCT, ()):
            for word in one.words:
                found.setdefault(normal(word).text, one.category_id)
        return found

    @cached_property
    def nearest(self) -> Nearest:
        """The examples of the reasons, ready to be compared with."""
        return Nearest(
            (which, sentence)
            for which, (dimension, one) in enumerate(self.numbered)
            if dimension is Dimension.REASON
            for sentence in one.examples
        )

    def category(self, dimension: Dimension, category_id: str) -> Category | None:
        """Return a category; None where there is none of this id."""
        every = self.categories.get(dimension, ())
        return next((one for one in every if one.category_id == category_id), None)

    def name(self, dimension: str, category_id: str, language: str | Language) -> str:
        """Return a category's title, or its id where this taxonomy does not have it."""
        known = {d.value for d in Dimension}
        one = self.category(Dimension(dimension), category_id) if dimension in known else None
        return category_id if one is None else one.name(str(language))


def _all_words(one: Category) -> tuple[str, ...]:
    return (*one.words, "", *one.hints, "", *one.examples)


def _parts(phrases: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for phrase in phrases:
        forms = (normal(part).text.strip() for part in phrase.split(ELLIPSIS))
        parts = tuple(form for form in forms if form)
        if parts:
            yield parts
