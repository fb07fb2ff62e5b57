"""What the centre knows of an interaction, compared as text, number or time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.limits import Limits, checked_limits
from detectors.parameters import About, Unfit
from interactions.interaction import AttributeValue, Interaction
from interactions.text import normal

FIELDS = ("agent", "team", "queue", "customer", "product", "channel", "language")
"""Fields of every interaction; every other name is one of the centre's own attributes."""
_TIMES = ("before", "after")
_TEXTS = ("is_any", "is_none", "contains")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[0-2]\d:[0-5]\d)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Finds interactions of which ``name`` is what the rule asks: every comparator given must hold.

    ``is_any``, ``is_none`` and ``contains`` compare text whatever its case and width; ``at_least``,
    ``at_most``, ``above`` and ``below`` compare numbers; ``before`` and ``after`` compare text that
    is a date or time (``2026-03-30``, ``2026-03-30T09:00``, ``09:00``; ``started_at`` is in UTC).
    ``missing: true`` finds interactions that do not have it. A value that is not there, or is no
    number or time where one is needed, is not measured.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset()

    name: str
    is_any: tuple[str, ...] = ()
    is_none: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    at_least: Annotated[float | None, About()] = None
    at_most: Annotated[float | None, About()] = None
    above: Annotated[float | None, About()] = None
    below: Annotated[float | None, About()] = None
    before: str = ""
    after: str = ""
    missing: bool = False
    limits: Limits = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        limits = Limits(self.at_least, self.at_most, self.above, self.below)
        texts = [name for name in (*_TEXTS, *_TIMES) if getattr(self, name)]
        if bool(texts or limits.decisive is not None) is self.missing:
            allowed = "missing: true alone, or one comparator and more"
            raise Unfit("name", found="no comparator", allowed=allowed, code="empty")
        if limits.decisive is not None:
            checked_limits("at_least", limits)
        for name in _TIMES:
            given = getattr(self, name)
            if given and not (_CLOCK.fullmatch(given) or _is_day(given)):
                allowed = "2026-03-30, 2026-03-30T09:00 or 09:00"
                raise Unfit(name, found=repr(given), allowed=allowed, code="wrong_type")
        object.__setattr__(self, "limits", limits)

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence over the whole interaction; it quotes the value.

        Raises:
            CannotTell: There is no such value, or it is no number or time.
        """
        value = value_of(features.interaction, self.name)
        if value is None and not self.missing:
            raise CannotTell("no_attribute")
        if (value is None) is not self.missing or not (self.missing or self._holds(value)):
            return
        yield Evidence(
            start_ms=0,
            end_ms=features.interaction.duration_ms,
            because="metadata_missing" if self.missing else "metadata",
            quote=self.name if self.missing else f"{self.name} = {_shown(value)}",
        )

    def _holds(self, value: AttributeValue | None) -> bool:
        return (
            self._text_holds(_plain(value))
            and self._number_holds(value)
            and all(
                _in_order(value, getattr(self, name), name)
                for name in _TIMES
                if getattr(self, name)
            )
        )

    def _text_holds(self, text: str) -> bool:
        if self.is_any and text not in {_plain(one) for one in self.is_any}:
            return False
        if text in {_plain(one) for one in self.is_none}:
            return False
        return not self.contains or any(_plain(part) in text for part in self.contains)

    def _number_holds(self, value: AttributeValue | None) -> bool:
        if self.limits.decisive is None:
            return True
        try:
            return self.limits.hold(float(str(value).strip()))
        except ValueError:
            raise CannotTell("no_number") from None


def value_of(interaction: Interaction, name: str) -> AttributeValue | None:
    """Return one of the interaction's own fields, its start, or one of the centre's attributes."""
    if name == "started_at":
        return interaction.started_at.strftime("%Y-%m-%dT%H:%M")
    if name == "duration":
        return interaction.duration_ms / 1000
    value = getattr(interaction, name) if name in FIELDS else interaction.attributes.get(name)
    return None if value is None or value == "" else value


def _shown(value: AttributeValue | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: AttributeValue | None) -> str:
    return normal(_shown(value)).text


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return _DAY.fullmatch(text) is not None


def _in_order(value: AttributeValue | None, limit: str, name: str) -> bool:
    """Compare times as text, which ISO dates allow; a time of day with the value's own."""
    text = str(value)
    if _CLOCK.fullmatch(limit):
        clock = re.search(r"(?<!\d)(?:[01]\d|2[0-3]):[0-5]\d", text)
        if clock is None:
            raise CannotTell("no_time")
        text = clock[0]
    elif not re.match(r"\d{4}-\d{2}-\d{2}", text):
        raise CannotTell("no_time")
    text = text.replace(" ", "T")[: max(len(limit), len("09:00"))]
    return text < limit if name == "before" else text >= limit
