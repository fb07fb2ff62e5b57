"""The utterances of an interaction as one text in normal form, a line each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from interactions.normal_texts import NormalTexts, normal_texts
from interactions.personal.kinds import Place

Said = tuple[str, str]
"""Who says it (any name), and the original text."""


class Sheet:
    """One text to search: no form of personal data reaches over a line's end by itself.

    Args:
        said: In order.
        normal: Their normal forms, where they are made already.

    Attributes:
        text: The normal forms, joined by line ends.
        parties: Who says each line.
        originals: The texts as they were given.
    """

    def __init__(self, said: Sequence[Said], normal: NormalTexts | None = None) -> None:
        self.parties = [party for party, _ in said]
        self.originals = [text for _, text in said]
        self._normal = normal_texts(self.originals) if normal is None else normal
        lines = [one.replace("\n", " ") for one in self._normal.texts]
        self.text = "\n".join(lines)
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def line_of(self, position: int) -> int:
        """Return the line in which a position of ``text`` lies."""
        return bisect_right(self._starts, position) - 1

    def bounds(self, line: int) -> tuple[int, int]:
        """Return where a line begins and ends in ``text``."""
        return self._starts[line], self._starts[line + 1] - 1

    def place(self, span: tuple[int, int]) -> Place:
        """Return where in the original a stretch of one line stands."""
        line = self.line_of(span[0])
        first = self._starts[line]
        start, end = self._normal.original(line, span[0] - first, span[1] - first)
        return Place(line, start, end)

    def original(self, span: tuple[int, int]) -> str:
        """Return the original text of a stretch of one line."""
        place = self.place(span)
        return self.originals[place.line][place.start : place.end]
