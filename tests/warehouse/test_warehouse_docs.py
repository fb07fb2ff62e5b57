"""docs/warehouse.md against the warehouse itself."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from hotwords.counts import Kind, Slice, TermCount
from warehouse.rows import CountedDay, count_tables

DOCS = (Path(__file__).parents[2] / "docs" / "warehouse.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL)


@pytest.fixture
def reader(filled, keep, tmp_path, monkeypatch):
    day = date(2026, 3, 2)
    counts = [
        TermCount(day=day, kind=Kind.TERM, term=term, slice=Slice(), contacts=n, customers=n)
        for term, n in (("", 5), ("退款", 2))
    ]
    keep(count_tables(counts, counted=[CountedDay(day, Kind.TERM, "1", "x")]))
    filled.close()
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(str(filled.path), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_runs_read_only(reader, example):
    result = reader.execute(example).fetchall()
    empty = ("set_aside", "ranked_interactions", "severity = 'critical'")
    assert result or any(word in example for word in empty)


def test_there_are_examples():
    assert len(EXAMPLES) >= 10


def test_every_table_and_column_is_explained(reader):
    rows = reader.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    views = {row[0] for row in reader.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal"
    ).fetchall()}  # fmt: skip
    sections = re.split(r"\n(?=\*\*)|\n## ", DOCS)
    missing = []
    for table, column in rows:
        if table in views:
            place = DOCS if f"| `{table}` |" in DOCS else ""
        else:
            place = "\n".join(one for one in sections if f"**{table}**" in one)
        if f"`{column}`" not in place:
            missing.append((table, column))
    assert missing == []
    assert len(rows) > 150
