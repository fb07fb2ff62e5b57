"""The spool: finished work as immutable shards, waiting for the warehouse and kept after it.

Layout: ``<spool>/<kind>/<key>/<table>.parquet`` and, beside them, ``shard.json`` with every
table's size and SHA-256. A shard is written under ``.writing``, flushed to the disk and renamed
into place, so a shard that exists is whole; whatever a killed process leaves behind has no
``shard.json`` in the right place and is ignored.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.keys import Damaged, keys_of, opened
from warehouse.problems import CorruptShard

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
MANIFEST = "shard.json"
_WRITING = ".writing"
_STEP_NS = 1_000_000_000
_LEFT_OVER_S = 86_400  # nobody takes a day to write one shard


@dataclass(frozen=True, slots=True)
class ShardRef:
    """One shard: what it is, the key of the work it holds, and its folder."""

    kind: str
    key: str
    path: Path

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"


@dataclass(frozen=True, slots=True)
class Shard:
    """What a shard holds.

    Attributes:
        written_ns: When it was written, nanoseconds since 1970: of two shards with the same rows
            the later one counts.
    """

    ref: ShardRef
    written_ns: int
    tables: Mapping[str, pa.Table]


class Spool:
    """A folder of shards; any number of processes may write to it at once.

    Args:
        root: The folder; made when the first shard is written.
        clock: Nanoseconds since 1970.
    """

    def __init__(self, root: Path, *, clock: Callable[[], int] = time.time_ns) -> None:
        self.root = root
        self._clock = clock

    def has(self, kind: str, key: str) -> bool:
        """Whether this work is done. ``kind`` and ``key`` are as in ``write``."""
        return (self._place(kind, key) / MANIFEST).is_file()

    def write(self, kind: str, key: str, tables: Mapping[str, pa.Table]) -> ShardRef:
        """Write a shard; if it exists already, it stays as it is.

        Args:
            kind: What work it is, for example ``calls``. Letters, digits and ``. _ -`` only.
            key: Hash of everything that the work depends on. Characters as for ``kind``.
            tables: By table name, from the functions of ``warehouse.rows``.

        Raises:
            ValueError: ``kind``, ``key`` or a table's name has other characters.
        """
        place = self._place(kind, key)
        ref = ShardRef(kind, key, place)
        if self.has(kind, key):
            return ref
        writing = self.root / _WRITING
        writing.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=writing))
        try:
            self._fill(folder, str(ref), tables)
            place.parent.mkdir(exist_ok=True)
            _rename(folder, place)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return ref

    def shards(self, *, kind: str = "") -> Iterator[ShardRef]:
        """Yield every whole shard, in the order of kind and key; of one kind where it is named."""
        folders = [self.root / _checked(kind)] if kind else _folders(self.root)
        for folder in folders:
            for place in _folders(folder):
                if (place / MANIFEST).is_file():
                    yield ShardRef(folder.name, place.name, place)

    def new_since(self, seen: dict[str, tuple[int, set[str]]]) -> Iterator[tuple[str, list[str]]]:
        """Yield each kind with the keys of its whole shards that are not in ``seen``, in order.

        A kind whose folder was not touched is not looked into, so that asking often costs little.

        Args:
            seen: Per kind the folder's time and the keys known; brought up to date.
        """
        for kind in _folders(self.root):
            touched = kind.stat().st_mtime_ns
            before, known = seen.get(kind.name, (-1, set()))
            if touched == before:
                continue
            names = sorted({one.name for one in kind.iterdir()} - known)
            whole = [one for one in names if (kind / one / MANIFEST).is_file()]
            # A folder touched this moment may be touched again within its clock's own step.
            settled = time.time_ns() - touched > _STEP_NS
            seen[kind.name] = (touched if settled else -1, known | set(whole))
            yield kind.name, whole

    def read(self, shard: ShardRef) -> dict[str, pa.Table]:
        """Return the shard's tables.

        Raises:
            CorruptShard: A file is missing, changed or not Parquet.
        """
        return dict(read_shard(shard).tables)

    def sweep(self) -> int:
        """Remove what killed processes left under ``.writing``; return how many shards.

        Only what nobody touched for a day, since other processes may be writing.
        """
        before = self._clock() / 1e9 - _LEFT_OVER_S
        old = [f for f in _folders(self.root / _WRITING) if f.stat().st_mtime < before]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)

    def _place(self, kind: str, key: str) -> Path:
        return self.root / _checked(kind) / _checked(key)

    def _fill(self, folder: Path, about: str, tables: Mapping[str, pa.Table]) -> None:
        described = {}
        keys = keys_of(self.root.parent)
        for name in sorted(tables):
            path = folder / f"{_checked(name)}.parquet"
            content = _parquet(tables[name])
            described[name] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
            path.write_bytes(keys.sealed(content, f"{about}/{path.name}") if keys else content)
            _flush(path)
        manifest = folder / MANIFEST
        body = {"written_ns": self._clock(), "tables": described}
        manifest.write_text(json.dumps(body, indent=1), encoding="utf-8")
        _flush(manifest)
        _flush(folder)


def read_shard(ref: ShardRef) -> Shard:
    """Read a shard and check every byte of it against what was written.

    Raises:
        CorruptShard: A file is missing, changed or not Parquet.
    """
    try:
        manifest: dict[str, Any] = json.loads((ref.path / MANIFEST).read_bytes())
        written_ns = int(manifest["written_ns"])
        described: dict[str, dict[str, Any]] = manifest["tables"]
        digests = {name: str(described[name]["sha256"]) for name in sorted(described)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise corrupt(ref, MANIFEST, f"{type(error).__name__}: {error}") from None
    tables = {name: _table(ref, name, digest) for name, digest in digests.items()}
    return Shard(ref, written_ns, tables)


def content_of(ref: ShardRef, file: str) -> bytes:
    """Return what a file of a shard holds, whether it is sealed or not.

    Raises:
        CorruptShard: It is missing, or not what was sealed.
        WarehouseProblem: It is sealed, and there is no key for it.
    """
    try:
        content = (ref.path / file).read_bytes()
        return opened(content, f"{ref}/{file}", ref.path.parents[2])
    except OSError as error:
        raise corrupt(ref, file, error.strerror or type(error).__name__) from None
    except Damaged:
        raise corrupt(ref, file, "its bytes are not those that were sealed") from None


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _table(ref: ShardRef, name: str, digest: str) -> pa.Table:
    file = f"{name}.parquet"
    content = content_of(ref, file)
    if sha256(content).hexdigest() != digest:
        raise corrupt(ref, file, "its bytes are not those that were written")
    try:
        return pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        raise corrupt(ref, file, str(error)) from None


def corrupt(ref: ShardRef, file: str, error: str) -> CorruptShard:
    """Return the problem of a shard whose file cannot be read."""
    return CorruptShard(str(ref), "corrupt_shard", file=file, error=error, folder=str(ref.path))


def _checked(name: str) -> str:
    if NAME.fullmatch(name) is None:
        msg = f"{name!r} is no name for a shard: letters, digits and . _ - only, at most 120"
        raise ValueError(msg)
    return name


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))


def _flush(path: Path) -> None:
    """Have the disk hold it: a rename may otherwise outlive the bytes it names (rename(2))."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rename(folder: Path, place: Path) -> None:
    if place.is_dir() and not (place / MANIFEST).is_file():
        shutil.rmtree(place)  # not ours: someone removed its manifest or copied half of it
    try:
        folder.rename(place)
    except OSError:
        if not (place / MANIFEST).is_file():
            raise
        return  # another process did the same work and was faster
    _flush(place.parent)
