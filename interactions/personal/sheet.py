"""The utterances of an interaction as one text in normal form, a line each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TypeVar, cast

from interactions.normal_texts import NormalTexts, normal_texts
from interactions.personal.kinds import Place
from interactions.personal.shape import shape_of

Made = TypeVar("Made")
_WORDS = re.compile("a(?:a[ ,.:-]{1,3}a|[ ,.:-]{1,3}aa)")  # over the shape
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
        lines: Sequence[str] = self._normal.texts
        self.text = "\n".join(lines)
        if self.text.count("\n") >= max(len(lines), 1):
            lines = [one.replace("\n", " ") for one in lines]
            self.text = "\n".join(lines)
        self._starts = [0, *accumulate([len(line) + 1 for line in lines])]
        self._made: dict[Callable[[Sheet], object], object] = {}

    @cached_property
    def shape(self) -> str:
        """The kind of each character of ``text`` (``shape.MARKS``)."""
        return shape_of(self.text)

    @cached_property
    def has_words(self) -> bool:
        """Whether two words of Latin letters, one of several letters, follow each other."""
        return _WORDS.search(self.shape) is not None

    def once(self, make: Callable[[Sheet], Made]) -> Made:
        """Return ``make(self)``, made when it is first asked for."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Made", self._made[make])

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
