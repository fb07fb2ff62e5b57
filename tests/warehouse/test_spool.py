from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest

from warehouse.problems import CorruptShard
from warehouse.spool import MANIFEST, Spool, read_shard

TABLES = {"files": pa.table({"item": ["甲.wav", "b"], "bytes": [1, 2]})}


def test_a_shard_is_read_as_it_was_written(spool):
    assert not spool.has("calls", "k1")
    shard = spool.write("calls", "k1", TABLES)
    assert spool.has("calls", "k1")
    assert spool.read(shard) == TABLES
    assert (shard.kind, shard.key, str(shard)) == ("calls", "k1", "calls/k1")
    assert list(spool.shards()) == [shard]
    assert list((spool.root / ".writing").iterdir()) == []


def test_a_shard_never_changes(spool):
    first = spool.write("calls", "k1", TABLES)
    written = read_shard(first).written_ns
    second = spool.write("calls", "k1", {"files": TABLES["files"].slice(1)})
    assert second == first
    assert spool.read(second) == TABLES
    assert read_shard(second).written_ns == written


def test_shards_come_in_order_of_kind_and_key(spool):
    for kind, key in (("texts", "b"), ("calls", "z"), ("texts", "a")):
        spool.write(kind, key, TABLES)
    assert [str(s) for s in spool.shards()] == ["calls/z", "texts/a", "texts/b"]


def test_an_empty_spool_has_no_shards(tmp_path):
    assert list(Spool(tmp_path / "nowhere").shards()) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "名", "x" * 121, "a\n"])
def test_names_that_could_leave_the_spool_are_refused(spool, name):
    with pytest.raises(ValueError, match="no name for a shard"):
        spool.write("calls", name, TABLES)
    with pytest.raises(ValueError, match="no name for a shard"):
        spool.has(name, "k")
    with pytest.raises(ValueError, match="no name for a shard"):
        spool.write("calls", "k", {name: TABLES["files"]})
    assert list(spool.shards()) == []


def test_half_written_shards_do_not_exist(spool):
    whole = spool.write("calls", "whole", TABLES)
    half = spool.root / "calls" / "half"
    shutil.copytree(whole.path, half)
    (half / MANIFEST).unlink()
    left = spool.root / ".writing" / "calls-x1"
    shutil.copytree(whole.path, left)
    assert list(spool.shards()) == [whole]
    assert not spool.has("calls", "half")
    made = spool.write("calls", "half", TABLES)
    assert spool.read(made) == TABLES


def test_sweep_removes_only_what_nobody_touches_any_more(tmp_path):
    spool = Spool(tmp_path / "spool")
    old, new = (spool.root / ".writing" / name for name in ("calls-old", "calls-new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (1_000_000_000, 1_000_000_000))
    assert spool.sweep() == 1
    assert new.is_dir()
    assert not old.exists()


def test_many_writers_of_one_shard_leave_one(spool):
    with ThreadPoolExecutor(8) as pool:
        shards = set(pool.map(lambda _: spool.write("calls", "k", TABLES), range(16)))
    assert len(shards) == 1
    assert spool.read(shards.pop()) == TABLES
    assert list((spool.root / ".writing").iterdir()) == []


def flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "file"),
    [
        (lambda place: flip_a_byte(place / "files.parquet"), "files.parquet"),
        (lambda place: (place / "files.parquet").unlink(), "files.parquet"),
        (lambda place: (place / "files.parquet").write_bytes(b""), "files.parquet"),
        (lambda place: (place / MANIFEST).write_text("{"), MANIFEST),
        (lambda place: (place / MANIFEST).write_text("[]"), MANIFEST),
        (lambda place: (place / MANIFEST).write_text('{"written_ns": 1}'), MANIFEST),
    ],
)
def test_damage_is_named(spool, damage, file):
    shard = spool.write("calls", "k1", TABLES)
    damage(shard.path)
    with pytest.raises(CorruptShard) as caught:
        spool.read(shard)
    assert caught.value.code == "corrupt_shard"
    assert caught.value.values["file"] == file
    for part in ("calls/k1", file, str(shard.path), "move the folder"):
        assert part in str(caught.value)


def test_something_else_in_the_place_of_a_table_is_named(spool):
    shard = spool.write("calls", "k1", TABLES)
    manifest = json.loads((shard.path / MANIFEST).read_text())
    (shard.path / "files.parquet").write_bytes(b"not parquet")
    manifest["tables"]["files"]["sha256"] = (
        "5b7e2f5fc1ad1b8d0a7ee4bdd1d5bb8a4ff3f6ef6a6d1b36a8a3f4a1d4b6a9c1"
    )
    (shard.path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(CorruptShard, match="not those that were written"):
        spool.read(shard)
