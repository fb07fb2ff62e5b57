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
    """Print the figures alone, or a table and what was left out.

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
    table = Table("case", "engine", *columns, title=title)
    for case, engines in figures.items():
        for engine, metrics in engines.items():
            written = (
                format(metrics[name], how) if name in metrics else ""
                for name, how in columns.items()
            )
            table.add_row(case, engine, *written)
    console = Console()
    console.print(table)
    for line in absent:
        console.print(line)
