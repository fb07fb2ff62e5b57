"""Brings a warehouse file to the shape that this version of the code expects.

``schema/NNN_*.sql`` are applied once each, in order, and never changed after a release. The views
of ``views/NNN_*.sql`` hold nothing, so they are made anew whenever their text changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

import duckdb

_STATE = """
CREATE TABLE IF NOT EXISTS migrations (number INTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS view_texts (digest VARCHAR NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Script:
    """One numbered SQL file."""

    number: int
    name: str
    sql: str


def scripts(folder: str) -> tuple[Script, ...]:
    """Return the SQL files of ``warehouse/<folder>`` in the order of their numbers."""
    found = [_script(f) for f in (files("warehouse") / folder).iterdir() if f.name[:1].isdigit()]
    return tuple(sorted(found, key=lambda script: script.number))


def _script(file: Traversable) -> Script:
    return Script(int(file.name[:3]), file.name, file.read_text(encoding="utf-8"))


def version(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the last migration in the file; 0 for a file that has none."""
    known = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'migrations' AND NOT internal"
    ).fetchone()
    if known is None or known[0] == 0:
        return 0
    row = connection.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone()
    return 0 if row is None else int(row[0])


def newest() -> int:
    """Return the number of this code's last migration."""
    return max(script.number for script in scripts("schema"))


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Apply the migrations that the file lacks, one transaction each, and renew its views."""
    connection.execute(_STATE)
    done = version(connection)
    for script in scripts("schema"):
        if script.number > done:
            connection.begin()
            connection.execute(script.sql)
            connection.execute("INSERT INTO migrations VALUES (?, ?)", [script.number, script.name])
            connection.commit()
    _renew_views(connection)


def _renew_views(connection: duckdb.DuckDBPyConnection) -> None:
    views = scripts("views")
    digest = sha256("\x1e".join(v.name + v.sql for v in views).encode()).hexdigest()
    row = connection.execute("SELECT digest FROM view_texts").fetchone()
    if row is not None and row[0] == digest:
        return
    connection.begin()
    for view in views:
        connection.execute(view.sql)
    connection.execute("DELETE FROM view_texts")
    connection.execute("INSERT INTO view_texts VALUES (?)", [digest])
    connection.commit()
