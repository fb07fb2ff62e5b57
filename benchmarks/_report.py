"""What every benchmark's command does: its options, its figures as JSON, its table."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table

Figures = dict[str, dict[str, dict[str, float]]]
"""Case, engine, metric."""


def options(doc: str | None, *, quick: str) -> argparse.ArgumentParser:
    """Return the options that every benchmark has.

    Args:
        doc: The benchmark's docstring, of which the first line is shown.
        quick: What ``--quick`` does.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0] if doc else None)
    parser.add_argument("--json", action="store_true", help="print only the figures, as JSON")
    parser.add_argument("--quick", action="store_true", help=quick)
    return parser


def show(
    figures: Figures,
    columns: Mapping[str, str],
    *,
    title: str,
    as_json: bool,
    absent: Iterable[str] = (),
) -> None:
    """Print the figures alone, or tables and what was left out.

    Cases that are measured alike stand in one table: a column that is empty for most is not read.

    Args:
        figures: To be printed.
        columns: Metrics in the table's order, and how each is written (``format``'s notation).
        title: Of the table.
        as_json: Print only the figures.
        absent: Why engines are left out, a line each.
    """
    if as_json:
        print(json.dumps(figures, indent=2))
        return
    console = Console()
    for number, (names, cases) in enumerate(_alike(figures, columns)):
        console.print(_table(figures, cases, names, columns, title=title if number == 0 else ""))
    for line in absent:
        console.print(line)


def _alike(figures: Figures, columns: Mapping[str, str]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Return the metrics of each table, and its cases."""
    found: dict[tuple[str, ...], list[str]] = {}
    for case, engines in figures.items():
        measured = {name for metrics in engines.values() for name in metrics}
        found.setdefault(tuple(name for name in columns if name in measured), []).append(case)
    return list(found.items())


def _table(
    figures: Figures,
    cases: Iterable[str],
    names: tuple[str, ...],
    columns: Mapping[str, str],
    *,
    title: str,
) -> Table:
    table = Table("case", "engine", *names, title=title or None)
    for case in cases:
        for engine, metrics in figures[case].items():
            written = (
                format(metrics[name], columns[name]) if name in metrics else "" for name in names
            )
            table.add_row(case, engine, *written)
    return table
