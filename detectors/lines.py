"""Which of many short texts hold a pattern: all of them searched in one go.

A search costs some tenths of a microsecond before it looks at the first letter, and most of an
interaction's utterances hold none of what the signs of mood and effort look for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

_LATIN = re.compile("[a-z]")


class Lines:
    """Normal texts, a line each; line breaks in them become spaces.

    Args:
        texts: The texts, in order.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        lines = [(i, one.replace("\n", " ")) for i, one in enumerate(texts)]
        self._every = _Joined.of(lines)
        self._latin = _Joined.of([line for line in lines if _LATIN.search(line[1])])

    def holding(self, wanted: LinePattern) -> list[int]:
        """Return the numbers of the lines that hold what is wanted, in order."""
        found = self._every.holding(wanted.anywhere)
        if wanted.english is None or not self._latin.text:
            return found
        return sorted({*found, *self._latin.holding(wanted.english)})


class _Joined(NamedTuple):
    text: str
    starts: Sequence[int]
    numbers: Sequence[int]

    @classmethod
    def of(cls, lines: Sequence[tuple[int, str]]) -> _Joined:
        starts = list(accumulate((len(text) + 1 for _, text in lines), initial=0))
        return cls("\n".join([text for _, text in lines]), starts, [i for i, _ in lines])

    def holding(self, wanted: re.Pattern[str]) -> list[int]:
        return [
            self.numbers[bisect_right(self.starts, match.start()) - 1]
            for match in wanted.finditer(self.text)
        ]


@dataclass(frozen=True, slots=True)
class LinePattern:
    """What is looked for in lines.

    Attributes:
        anywhere: Looked for in all texts; takes the rest of its line, so that a line is found once.
        english: Looked for in lines with Latin letters.
    """

    anywhere: re.Pattern[str]
    english: re.Pattern[str] | None


def line_pattern(anywhere: str, english: str = "") -> LinePattern:
    """Return the pattern of a line that holds ``anywhere`` or ``english``.

    ``re`` skips to the first letter that may begin a match only where every alternative begins with
    a letter of its own; so ``anywhere`` should be written that way, and look-behinds, which English
    words need, stand apart. ``^`` and ``$`` are a line's ends.
    """
    return LinePattern(_whole(anywhere), _whole(english) if english else None)


def _whole(expression: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{expression})[^\n]*", re.MULTILINE)
