"""Rows of digits: runs that belong together, on one line or read out over several.

A customer says 幺三八, the agent says it back, the customer goes on. Runs are one row where nothing
stands between them but what people say between digits. Of a row, each stretch of runs may be a
number by itself, with what the other party only repeats left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interactions.personal.digits import BETWEEN, runs
from interactions.personal.runs import Run
from interactions.personal.sheet import Sheet

MOST_LINES = 4
"""Between two parts of a number: its other party says it back, or says nothing. Ours."""
MOST_RUNS = 14
"""In a row. A number of nineteen digits is read in seven groups, each said back. Ours."""
_SHORT = 7
"""Up to this many characters beside a part may be anything (后面呢, 您继续说). Ours."""


@dataclass(frozen=True, slots=True)
class Row:
    """Runs in order; ``repeated`` tells which of them only say back what the other party said."""

    runs: tuple[Run, ...]
    repeated: tuple[bool, ...]


def rows(sheet: Sheet) -> list[Row]:
    """Return the rows of a sheet, in order, none of them sharing a run."""
    found: list[Row] = []
    open_runs: list[Run] = []
    for run in runs(sheet):
        if open_runs and not _goes_on(sheet, open_runs, run):
            found.append(_row(sheet, open_runs))
            open_runs = []
        open_runs.append(run)
    if open_runs:
        found.append(_row(sheet, open_runs))
    return found


def _goes_on(sheet: Sheet, row: Sequence[Run], run: Run) -> bool:
    last = row[-1]
    if len(row) >= MOST_RUNS or run.line - last.line > MOST_LINES:
        return False
    if run.line == last.line:
        return bool(BETWEEN.fullmatch(sheet.text, last.last, run.first))
    return (
        _is_light(sheet, last.end, sheet.bounds(last.line)[1])
        and all(_is_light(sheet, *sheet.bounds(n)) for n in range(last.line + 1, run.line))
        and (
            _is_light(sheet, sheet.bounds(run.line)[0], run.start) or _is_repeated(sheet, row, run)
        )
    )


def _is_light(sheet: Sheet, start: int, end: int) -> bool:
    return end - start <= _SHORT or bool(BETWEEN.fullmatch(sheet.text, start, end))


def _is_repeated(sheet: Sheet, row: Sequence[Run], run: Run) -> bool:
    """Whether a run only says back what who reads the number out, the first of the row, said."""
    party = sheet.parties[run.line]
    if not row or party == sheet.parties[row[0].line]:
        return False
    said = "".join(one.digits for one in row if sheet.parties[one.line] != party)
    return len(run.digits) > 1 and run.digits in said


def _row(sheet: Sheet, found: Sequence[Run]) -> Row:
    repeated = tuple(_is_repeated(sheet, found[:at], run) for at, run in enumerate(found))
    return Row(tuple(found), repeated)


def stretches(row: Row) -> Iterator[tuple[Run, ...]]:
    """Yield the runs that may be a number together: each stretch, without what is said back."""
    count = len(row.runs)
    for first in range(count):
        for last in range(first, count):
            every = row.runs[first : last + 1]
            if not any(row.repeated[first : last + 1]):
                yield every
                continue
            new = tuple(
                run
                for run, again in zip(every, row.repeated[first : last + 1], strict=True)
                if not again
            )
            if new and not row.repeated[first] and not row.repeated[last]:
                yield new
