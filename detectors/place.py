"""Where in an interaction a rule listens: ``first 30 s``, ``last 20 %``, ``last 3 messages``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from detectors.parameters import Unfit
from interactions.interaction import Interaction, Utterance
from interactions.sound import Span

_FORM = re.compile(r"\s*(first|last)\s+(\d+(?:\.\d+)?)\s*(s|%|messages?)\s*")
ALLOWED = "first or last, a number, then s, % or messages: 'first 30 s', 'last 3 messages'"
_ALL_PERCENT = 100


class End(StrEnum):
    """Which end of the interaction a place is counted from."""

    FIRST = "first"
    LAST = "last"


class PlaceUnit(StrEnum):
    """What a place is counted in."""

    SECONDS = "s"
    PERCENT = "%"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Place:
    """A part of an interaction counted from one of its ends.

    Attributes:
        amount: Seconds, per cent of the duration, or messages. Messages are counted among those
            of the rule's party where it names one, else among everybody's.
    """

    end: End
    amount: float
    unit: PlaceUnit

    def __str__(self) -> str:
        return f"{self.end} {self.amount:g} {self.unit}"

    @classmethod
    def parse(cls, name: str, text: str) -> Place:
        """Read ``text`` as a rule writes it.

        Raises:
            Unfit: It is none of the forms, is zero, or is more than 100 %.
        """
        form = _FORM.fullmatch(text)
        if form is None or not float(form[2]):
            raise Unfit(name, found=text, allowed=ALLOWED, code="bad_place")
        unit = PlaceUnit.MESSAGES if form[3].startswith("message") else PlaceUnit(form[3])
        amount = float(form[2])
        is_whole = unit is not PlaceUnit.MESSAGES or amount.is_integer()
        if not is_whole or (unit is PlaceUnit.PERCENT and amount > _ALL_PERCENT):
            raise Unfit(name, found=text, allowed=ALLOWED, code="bad_place")
        return cls(End(form[1]), amount, unit)

    def window(self, interaction: Interaction, counted: Sequence[Utterance]) -> Span:
        """Return the stretch of time that is meant.

        Args:
            interaction: Gives the duration.
            counted: The messages that count, in order.
        """
        whole = interaction.duration_ms
        if self.unit is PlaceUnit.MESSAGES:
            return self._messages(counted, whole)
        share = self.amount / _ALL_PERCENT
        length = self.amount * 1000 if self.unit is PlaceUnit.SECONDS else share * whole
        length_ms = min(whole, round(length))
        if self.end is End.FIRST:
            return Span(0, length_ms)
        return Span(whole - length_ms, whole)

    def _messages(self, counted: Sequence[Utterance], whole: int) -> Span:
        number = int(self.amount)
        if not counted:
            return Span(0, whole)
        if self.end is End.FIRST:
            return Span(0, max(u.end_ms for u in counted[:number]))
        return Span(counted[-number:][0].start_ms, whole)

    def has(self, hit: Span, utterance: Utterance, window: Span, counted: frozenset[int]) -> bool:
        """Tell whether a hit lies in this place.

        Seconds and per cent are judged at the matched word's own time, not its utterance's.

        Args:
            hit: The matched words' time.
            utterance: Where they were said.
            window: This place's ``window``.
            counted: ``seq`` of the messages inside, for places counted in messages.
        """
        if self.unit is PlaceUnit.MESSAGES:
            return utterance.seq in counted
        return window.start_ms <= hit.start_ms <= window.end_ms

    def chosen(self, counted: Sequence[Utterance]) -> frozenset[int]:
        """Return ``seq`` of the messages inside, for places counted in messages."""
        if self.unit is not PlaceUnit.MESSAGES:
            return frozenset()
        number = int(self.amount)
        part = counted[:number] if self.end is End.FIRST else counted[-number:]
        return frozenset(u.seq for u in part)
