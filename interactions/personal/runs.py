"""Runs of digits: what stands where, and which characters only sound like digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Item(NamedTuple):
    """One character of a run; repeated digits (三个零) are one item with several digits."""

    start: int
    end: int
    digits: str
    is_weak: bool


@dataclass(slots=True, eq=False)
class Run:
    """Digits with nothing between them but what is passed over.

    Attributes:
        line: On which line of the sheet.
        start: Where its first strong digit begins.
        end: Where its last strong digit ends.
        digits: Its strong digits.
        known: Its items, where they are more than one character for each digit.
    """

    line: int
    start: int
    end: int
    digits: str
    known: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Its characters in order, weak ones too."""
        if not self.known:  # most runs are never looked at so closely
            places = range(self.start, self.end)
            self.known = tuple(
                [Item(at, at + 1, d, False) for at, d in zip(places, self.digits, strict=True)]  # noqa: FBT003
            )
        return self.known

    @property
    def first(self) -> int:
        """Where its first item begins."""
        return self.known[0].start if self.known else self.start

    @property
    def last(self) -> int:
        """Where its last item ends."""
        return self.known[-1].end if self.known else self.end


def run_of(items: tuple[Item, ...], line: int) -> Run:
    """Return the run that items are."""
    strong = [item for item in items if not item.is_weak]
    digits = "".join([item.digits for item in strong])
    return Run(line, strong[0].start, strong[-1].end, digits, items)
