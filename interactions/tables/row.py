"""One row of an export, whichever format it came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Header = Callable[[Sequence[str]], bool]
"""Says whether a row's cells are the header: exports put titles and notes above it."""

LONGEST_RECORD = 1 << 20
"""Characters of one record. A long e-mail has some ten thousand; more is an attachment."""

HEADER_ROWS = 20
"""How many rows from the top may hold the header."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by column name.

    Attributes:
        number: Its line in the file, or row in the sheet, from 1, as a person counts there.
        cells: Values as the format gives them (text; numbers, dates and lists where the format has
            them). Empty cells are left out.
        repeated: Columns whose value stands in a merged cell that began in a row above.
    """

    number: int
    cells: Mapping[str, object]
    repeated: frozenset[str] = frozenset()


def named(header: Sequence[str]) -> tuple[str, ...]:
    """Return the header's names, each once: a second ``text`` is ``text (2)``."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def is_empty(value: object) -> bool:
    """Say whether a cell holds nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def shown(cells: Sequence[object]) -> str:
    """Return a row's cells for a report, shortened."""
    text = " | ".join(str(cell).strip() for cell in cells if not is_empty(cell))
    longest = 200
    return text if len(text) <= longest else text[:longest] + "…"
