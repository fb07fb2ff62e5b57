"""Personal data planted in real dialogues, written, said, misheard and in parts.

What is planted stands between ``⟦`` and ``⟧`` until its place is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks._misheard import Mishearing
from benchmarks._personal_values import Digits
from benchmarks._personal_wordings import Wordings
from interactions.personal.kinds import PersonalKind

K = PersonalKind
MANNERS = ("written", "spoken", "misheard", "parts")
MISHEARD = 0.1
"""Share of the spoken digits that are replaced by what sounds like them."""
_SPOKEN = "零一二三四五六七八九"
CHECKABLE = (K.IDENTITY_CARD, K.MOBILE, K.BANK_CARD, K.EMAIL)
"""Kinds with a check digit or a form of their own."""
SPOKEN_KINDS = (
    K.IDENTITY_CARD, K.MOBILE, K.BANK_CARD, K.LANDLINE, K.ORDER_NUMBER, K.VERIFICATION_CODE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """An identifier and where it stands: line of the dialogue, first and last place."""

    kind: PersonalKind
    manner: str
    places: tuple[tuple[int, int, int], ...]


Line = tuple[str, str]


class Planting:
    """Plants; the same seed plants the same.

    Args:
        seed: Of chance.
        wordings: How things are said.
        values: How identifiers are made up.
    """

    def __init__(
        self, seed: int, wordings: Wordings, values: Mapping[PersonalKind, Digits]
    ) -> None:
        self._wordings, self._values = wordings, values
        self._chance = Random(seed)  # noqa: S311 - a seeded generator is the point
        self._mishearing = Mishearing(seed)

    def planted(
        self, dialogue: Sequence[Line], kind: PersonalKind, manner: str
    ) -> tuple[list[Line], Planted]:
        """Return a dialogue with one more identifier in it, and where that stands."""
        at = self._chance.randint(0, len(dialogue))
        lines = self._lines(kind, manner)
        places = []
        clean = []
        for number, (party, text) in enumerate(lines):
            plain = text.replace("⟦", "").replace("⟧", "")
            clean.append((party, plain))
            for count, match in enumerate(re.finditer("⟦[^⟧]*⟧", text)):
                start = match.start() - 2 * count
                places.append((at + number, start, start + len(match[0]) - 2))
        return [*dialogue[:at], *clean, *dialogue[at:]], Planted(kind, manner, tuple(places))

    def _lines(self, kind: PersonalKind, manner: str) -> list[Line]:
        asked, said = self._chance.choice(self._wordings.carriers[kind])
        value = self._values[kind](self._chance)
        before = [("agent", asked)] if asked else []
        if manner == "parts":
            return before + self._parts(kind, value, said)
        written = self._written(kind, value, manner)
        return [*before, ("user", said.format(f"⟦{written}⟧"))]

    def _written(self, kind: PersonalKind, value: str, manner: str) -> str:
        if kind not in self._wordings.groups:
            return value
        groups = self._groups(kind, value)
        joints = self._wordings.joints["spoken" if manner == "parts" else manner]
        if manner == "written":
            return self._chance.choice(joints).join(groups)
        said = [self._said(group) for group in groups]
        out = said[0]
        for group in said[1:]:
            out += self._chance.choice(joints) + group
        if manner == "misheard":
            out = "".join(
                self._mishearing.text(c, MISHEARD) if c in _SPOKEN or c == "幺" else c for c in out
            )
        return out

    def _groups(self, kind: PersonalKind, value: str) -> list[str]:
        groups = []
        for size in self._chance.choice(self._wordings.groups[kind]):
            groups.append(value[:size])
            value = value[size:]
        if value:
            groups[-1] += value
        return [group for group in groups if group]

    def _said(self, group: str) -> str:
        one = self._chance.choice("幺幺一")
        said = "".join(one if c == "1" else c if c == "X" else _SPOKEN[int(c)] for c in group)
        return said.replace("X", self._chance.choice(("叉", "X")))

    def _parts(self, kind: PersonalKind, value: str, said: str) -> list[Line]:
        groups = self._groups(kind, value)
        if len(groups) == 1:
            half = len(value) // 2
            groups = [value[:half], value[half:]]
        lines: list[Line] = []
        for number, group in enumerate(groups):
            spoken = f"⟦{self._said(group)}⟧"
            lead = self._chance.choice(self._wordings.leads) if number else said.partition("{}")[0]
            lines.append(("user", lead + spoken))
            if number < len(groups) - 1:
                echo = self._chance.choice(self._wordings.echoes)
                lines.append(("agent", echo.format(spoken)))
        return lines
