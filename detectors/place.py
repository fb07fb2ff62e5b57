"""Where in an interaction a rule listens, and how far apart two things may lie.

A place: ``first 30 s``, ``last 20 %``, ``last 3 messages``, ``first 2 agent messages``,
``between 30 and 90 s``, ``between 2 and end messages``, ``between 10 and 60 s from end``.
A distance: ``30 s``, ``5 messages``, ``2 agent messages``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from detectors.parameters import Unfit
from interactions.interaction import Interaction, Utterance
from interactions.sound import Party, Span

_PARTIES = "|".join(p.value for p in Party)
_UNIT = rf"(?P<unit>s|%|(?:(?P<party>{_PARTIES})\s+)?messages?)"
_NUMBER = r"\d{1,9}(?:\.\d{1,3})?"
_FROM_AN_END = rf"\s*(?P<end>first|last)\s+(?P<amount>{_NUMBER})\s*{_UNIT}\s*"
_BETWEEN = (
    rf"\s*between\s+(?P<start>{_NUMBER})\s+and\s+(?P<amount>{_NUMBER}|end)\s*{_UNIT}"
    r"(?P<end>\s+from\s+end)?\s*"
)
PLACE = rf"{_FROM_AN_END}|{_BETWEEN.replace('?P<', '?P<b_')}"
DISTANCE = rf"\s*(?P<amount>{_NUMBER})\s*{_UNIT.replace('s|%|', 's|')}\s*"
_PLACE = re.compile(PLACE)
_DISTANCE = re.compile(DISTANCE)
ALLOWED = (
    "first or last, a number, then s, % or messages: 'first 30 s', 'last 3 messages', "
    "'first 2 agent messages'; or between two of them: 'between 30 and 90 s', "
    "'between 2 and end messages', 'between 10 and 60 s from end'"
)
ALLOWED_DISTANCE = "a number, then s or messages: '30 s', '5 messages', '2 agent messages'"
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
        amount: How far from that end it reaches: seconds, per cent of the duration, or messages
            (counted from 1); infinite for all the rest.
        start: How far from that end it begins, in the same unit: 0 for the end itself, else for
            messages the first that is meant.
        party: Whose messages are counted; None for those of the rule's party where it names one,
            else everybody's.
    """

    end: End
    amount: float
    unit: PlaceUnit
    start: float = 0.0
    party: Party | None = None

    def __str__(self) -> str:
        unit = f"{self.party} {self.unit}" if self.party else str(self.unit)
        if not self.start and math.isfinite(self.amount):
            return f"{self.end} {self.amount:g} {unit}"
        until = f"{self.amount:g}" if math.isfinite(self.amount) else "end"
        behind = " from end" if self.end is End.LAST else ""
        return f"between {self.start:g} and {until} {unit}{behind}"

    @classmethod
    def parse(cls, name: str, text: str) -> Place:
        """Read ``text`` as a rule writes it.

        Raises:
            Unfit: It is none of the forms, is empty, or is more than 100 %.
        """
        form = _PLACE.fullmatch(text)
        if form is None:
            raise Unfit(name, found=text, allowed=ALLOWED, code="bad_place")
        place = _short(form) if form["end"] else _between(form)
        if not place._makes_sense():  # noqa: SLF001 - a place asks itself
            raise Unfit(name, found=text, allowed=ALLOWED, code="bad_place")
        return place

    def _makes_sense(self) -> bool:
        known = [n for n in (self.start, self.amount) if math.isfinite(n)]
        if self.unit is PlaceUnit.MESSAGES:
            ordered = max(1.0, self.start) <= self.amount
            return ordered and all(n.is_integer() for n in known)
        is_share = self.unit is not PlaceUnit.PERCENT or max(known) <= _ALL_PERCENT
        return self.start < self.amount and is_share

    def window(self, interaction: Interaction, counted: Sequence[Utterance]) -> Span:
        """Return the stretch of time that is meant.

        Args:
            interaction: Gives the duration, and the messages of this place's own ``party``.
            counted: The messages that count where this place names no party, in order.
        """
        whole = interaction.duration_ms
        if self.unit is PlaceUnit.MESSAGES:
            return self._messages(self._counted(interaction, counted), whole)
        scale = 1000.0 if self.unit is PlaceUnit.SECONDS else whole / _ALL_PERCENT
        near = round(min(self.start * scale, whole))
        far = round(min(self.amount * scale, whole)) if math.isfinite(self.amount) else whole
        if self.end is End.FIRST:
            return Span(near, far)
        return Span(whole - far, whole - near)

    def _counted(
        self, interaction: Interaction, counted: Sequence[Utterance]
    ) -> Sequence[Utterance]:
        if self.party is None:
            return counted
        return [u for u in interaction.spoken() if u.party is self.party]

    def _messages(self, counted: Sequence[Utterance], whole: int) -> Span:
        if not counted:
            return Span(0, whole)
        part = self._part(counted)
        if not part:
            return Span(whole, whole)
        from_ms = 0 if part[0] is counted[0] and self.end is End.FIRST else part[0].start_ms
        is_open = part[-1] is counted[-1] and (self.end is End.LAST or math.isinf(self.amount))
        return Span(from_ms, whole if is_open else max(u.end_ms for u in part))

    def _part(self, counted: Sequence[Utterance]) -> Sequence[Utterance]:
        first = max(0, int(self.start) - 1)
        last = len(counted) if math.isinf(self.amount) else min(len(counted), int(self.amount))
        if self.end is End.FIRST:
            return counted[first:last]
        return counted[len(counted) - last : len(counted) - first]

    def has(self, hit: Span, utterance: Utterance, window: Span, counted: frozenset[int]) -> bool:
        """Tell whether a hit lies in this place.

        Seconds and per cent are judged at the matched word's own time, not its utterance's.

        Args:
            hit: The matched words' time.
            utterance: Where they were said.
            window: This place's ``window``.
            counted: This place's ``chosen`` messages.
        """
        if self.unit is PlaceUnit.MESSAGES and self.party is None:
            return utterance.seq in counted
        return window.start_ms <= hit.start_ms <= window.end_ms

    def chosen(self, counted: Sequence[Utterance]) -> frozenset[int]:
        """Return ``seq`` of the messages inside, for places that count the rule's messages."""
        if self.unit is not PlaceUnit.MESSAGES or self.party is not None:
            return frozenset()
        return frozenset(u.seq for u in self._part(counted))


def _short(form: re.Match[str]) -> Place:
    unit, party = _unit(form["unit"], form["party"])
    return Place(End(form["end"]), float(form["amount"]), unit, 0.0, party)


def _between(form: re.Match[str]) -> Place:
    unit, party = _unit(form["b_unit"], form["b_party"])
    amount = math.inf if form["b_amount"] == "end" else float(form["b_amount"])
    end = End.LAST if form["b_end"] else End.FIRST
    return Place(end, amount, unit, float(form["b_start"]), party)


def _unit(unit: str, party: str | None) -> tuple[PlaceUnit, Party | None]:
    is_time = unit in {PlaceUnit.SECONDS, PlaceUnit.PERCENT}
    return PlaceUnit(unit) if is_time else PlaceUnit.MESSAGES, Party(party) if party else None


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart two things may lie.

    Attributes:
        amount: Seconds from the end of the one to the start of the other, or how many messages the
            other comes later (0: in the same message).
        party: Whose messages are counted; None for everybody's.
    """

    amount: float
    unit: PlaceUnit
    party: Party | None = None

    def __str__(self) -> str:
        return f"{self.amount:g} {f'{self.party} ' if self.party else ''}{self.unit}"

    @classmethod
    def parse(cls, name: str, text: str) -> Distance:
        """Read ``text`` as a rule writes it.

        Raises:
            Unfit: It is none of the forms.
        """
        form = _DISTANCE.fullmatch(text)
        if form is not None:
            unit, party = _unit(form["unit"], form["party"])
            amount = float(form["amount"])
            if unit is not PlaceUnit.MESSAGES or amount.is_integer():
                return cls(amount, unit, party)
        raise Unfit(name, found=text, allowed=ALLOWED_DISTANCE, code="bad_distance")
