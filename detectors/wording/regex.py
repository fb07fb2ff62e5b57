"""Words that fit a regular expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

import regex

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.listening import Heard, heard, quoted, span_in
from detectors.negation import is_negated
from detectors.parameters import About
from detectors.place import Place
from detectors.regex_lint import compiled, stays_in_line
from detectors.said import Negated
from interactions.sound import Party, Span

TIME_LIMIT_S = 1.0  # for one utterance; what passes the check takes some thousandths of that


class Searched(StrEnum):
    """Which words an expression is compared with."""

    NORMAL = "normal"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex:
    """Finds what fits ``pattern`` in one message, where nothing in it fits ``none``.

    Compared with the normal form, whatever the case, or with ``on: original`` with the words as
    they were written. Expressions that could run for ages are refused (``detectors.regex_lint``).
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})

    pattern: str
    none: str = ""
    on: Searched = Searched.NORMAL
    min_hits: Annotated[int, About(unit="hits", low=1)] = 1
    party: Party | None = None
    or_unknown: bool = False
    within: Place | None = None
    negated: Negated = Negated.KEEP
    wanted: regex.Pattern[str] = field(init=False, repr=False, compare=False)
    unwanted: regex.Pattern[str] | None = field(init=False, repr=False, compare=False)
    in_line: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        original = self.on is Searched.ORIGINAL
        unwanted = compiled("none", self.none, original=original) if self.none else None
        object.__setattr__(self, "wanted", compiled("pattern", self.pattern, original=original))
        object.__setattr__(self, "unwanted", unwanted)
        object.__setattr__(self, "in_line", stays_in_line(self.pattern))

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each place that fits, in time order.

        Raises:
            CannotTell: An utterance took longer than ``TIME_LIMIT_S``.
        """
        try:
            if not self._may_hold(features):
                return
            listened = heard(features, self.party, or_unknown=self.or_unknown, within=self.within)
            found = [one for i in listened.which for one in self._here(features, listened, i)]
        except TimeoutError as error:
            raise CannotTell("regex_time") from error
        if len(found) >= self.min_hits:
            yield from sorted(found, key=lambda one: one.start_ms)

    def _may_hold(self, features: Features) -> bool:
        """Search all messages at once, where that says whether any of them matches."""
        if not self.in_line or self.on is Searched.ORIGINAL:
            return True
        text = features.once("lines", lambda: "\n".join(features.normal.texts))
        return self.wanted.search(text, timeout=TIME_LIMIT_S) is not None

    def _here(self, features: Features, listened: Heard, index: int) -> Iterator[Evidence]:
        utterance = features.utterances[index]
        is_original = self.on is Searched.ORIGINAL
        text = utterance.text if is_original else features.normal.texts[index]
        if self.unwanted and self.unwanted.search(text, timeout=TIME_LIMIT_S):
            return
        for match in self.wanted.finditer(text, timeout=TIME_LIMIT_S):
            start, end = match.span()
            if start == end or not self._stands(text, start):
                continue
            if is_original:
                span, quote = features.span_of(utterance, start, end), text[start:end]
            else:
                span, quote = span_in(features, index, start, end)
            if listened.has(utterance, Span(span.start_ms, span.end_ms)):
                yield quoted(utterance, span, quote, "regex")

    def _stands(self, text: str, start: int) -> bool:
        if self.negated is Negated.KEEP:
            return True
        return is_negated(text, start) is (self.negated is Negated.ONLY)
