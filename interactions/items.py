"""What an item is called in a report: its path in the intake folder, and the record in the file.

File names and record ids come from other systems and may hold anything: bytes that are no UTF-8,
line breaks, terminal commands, a megabyte of text. What is shown and stored is one short, printable
line that still tells items apart.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_LONGEST_RECORD = 120


def item_of(path: Path, *, folder: Path) -> str:
    """Return the name of ``path`` as an item: relative to ``folder``, with ``/``, printable."""
    return printable(path.relative_to(folder).as_posix())


def record_of(item: str, record: object) -> str:
    """Return the name of one record of many in ``item``: ``item#record``."""
    name = printable(str(record).strip())
    if len(name) > _LONGEST_RECORD:
        digest = hashlib.sha256(name.encode()).hexdigest()[:12]
        name = f"{name[:_LONGEST_RECORD]}…{digest}"
    return f"{item}#{name}"


def printable(name: str) -> str:
    """Return ``name`` on one line, with bytes that are no UTF-8 and controls written as escapes."""
    if any("\ud800" <= char <= "\udfff" for char in name):
        name = os.fsencode(name).decode("utf-8", "backslashreplace") if _is_bytes(name) else name
        name = name.encode("utf-8", "backslashreplace").decode()
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def _is_bytes(name: str) -> bool:
    """Say whether the name's surrogates are Python's stand-ins for undecodable bytes."""
    return all("\udc80" <= char <= "\udcff" for char in name if "\ud800" <= char <= "\udfff")
