"""Encrypting what is kept, and changing its keys, so that nothing is lost at any moment.

First a new data key is entered beside the old ones; then every file and database is made anew
under it, aside, and put in place of the old one. Whatever is killed in between leaves each file
whole under a key that ``keys.json`` holds; to run it again is the remedy. The key in use before
stays known until the next change: what was being written meanwhile still opens.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.cipher import NAME, STORAGE, attached, check_ready, quoted
from warehouse.keys import (
    Damaged,
    Keys,
    keep_keys,
    keys_of,
    replace_file,
    sealed_with,
    with_new_key,
)
from warehouse.problems import WarehouseProblem, problem_of
from warehouse.spool import ShardRef, Spool, corrupt

_FRESH = "fresh"
_HEAD = 64  # bytes, in which a sealed file says its key


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What was made anew under a new key."""

    files: int
    databases: int


def rekey(folder: Path, warehouses: Sequence[Path], spool: Spool, *, centre: bytes) -> Rekeyed:
    """Encrypt everything that is kept under a new data key; what is plain too.

    Args:
        folder: Of ``keys.json``; the key that it has now is asked of the environment.
        warehouses: Database files; those that are not there are passed over.
        spool: Of the centre.
        centre: The centre's key from now on.

    Raises:
        WarehouseBusy: Another process has one of the databases; nothing is changed.
        CorruptShard: A shard's file is not what was written; it stays as it is, to run this again
            once it is moved away ends the work.
        WarehouseProblem: No key, or the wrong one; nothing is changed.
    """
    before = keys_of(folder)
    keys = with_new_key(before)
    check_ready(folder)  # before a new centre is promised what it could not write
    there = [path for path in warehouses if path.exists()]
    with ExitStack() as held:
        open_ones = [(path, held.enter_context(closing(_opened(path, keys)))) for path in there]
        keep_keys(folder, keys, centre)
        files = sum(_resealed(shard, name, keys) for shard, name in _files(spool))
        asides = [_copied(connection, path, keys) for path, connection in open_ones]
    for path, aside in zip(there, asides, strict=True):
        _put(aside, path)
    used = {keys.active, *([before.active] if before else []), *_used(spool)}
    kept = {key_id: key for key_id, key in keys.known.items() if key_id in used}
    keep_keys(folder, Keys(keys.active, kept), centre)
    return Rekeyed(files, len(there))


def _opened(path: Path, keys: Keys) -> duckdb.DuckDBPyConnection:
    try:
        return attached(path, keys, read_only=False)
    except duckdb.Error as error:
        raise problem_of(path, str(error)) from None


def _files(spool: Spool) -> Iterator[tuple[ShardRef, str]]:
    for shard in spool.shards():
        for path in sorted(shard.path.glob("[!.]*.parquet")):
            yield shard, path.name


def _resealed(shard: ShardRef, name: str, keys: Keys) -> bool:
    path = shard.path / name
    if _key_of(path) == keys.active:
        return False  # written meanwhile
    try:
        content = keys.opened(path.read_bytes(), f"{shard}/{name}")
    except Damaged:
        raise corrupt(shard, name, "its bytes are not those that were sealed") from None
    replace_file(path, keys.sealed(content, f"{shard}/{name}"))
    return True


def _used(spool: Spool) -> set[str]:
    return {_key_of(shard.path / name) for shard, name in _files(spool)}


def _key_of(path: Path) -> str:
    with path.open("rb") as file:
        return sealed_with(file.read(_HEAD))


def _copied(connection: duckdb.DuckDBPyConnection, path: Path, keys: Keys) -> Path:
    """Write a database anew beside itself under the active key; return where."""
    aside = path.with_name(f".{path.name}.rekeyed")
    for left in (aside, _log_of(aside)):
        left.unlink(missing_ok=True)  # of a run that was killed
    key = quoted(keys.database(keys.active))
    connection.execute(
        f"ATTACH {quoted(str(aside.resolve()))} AS {_FRESH} "
        f"(ENCRYPTION_KEY {key}, STORAGE_VERSION '{STORAGE}')"
    )
    connection.execute(f"COPY FROM DATABASE {NAME} TO {_FRESH}")
    connection.execute(f"CHECKPOINT {_FRESH}")
    connection.execute(f"DETACH {_FRESH}")
    return aside


def _put(aside: Path, path: Path) -> None:
    for log in (_log_of(aside), _log_of(path)):
        if log.exists():  # its database's last words; closing takes them in
            raise WarehouseProblem(str(log), "warehouse_closed", error=log.name)
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.replace(path)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
