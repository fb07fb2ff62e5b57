"""Encryption at rest: the same rows, nothing to read without the key, nothing lost by a kill."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.keeping import keep
from pipelines.settings import Settings, load
from tests.desk_centre import SAID, make
from warehouse.digests import digests
from warehouse.holding import holding
from warehouse.keys import KEY, KEYS_FILE, keys_of, new_key, sealed_with, written
from warehouse.problems import CorruptShard, WarehouseBusy, WarehouseProblem
from warehouse.rekeying import rekey
from warehouse.spool import Spool
from warehouse.store import open_warehouse

KILLED = 9
CHILD = """
import os, sys
from pathlib import Path
from warehouse import cipher, keys, rekeying
from warehouse.spool import Spool

if {unsafe}:
    cipher.make_ready = lambda c, _: c.execute("SET force_mbedtls_unsafe = true")
writes, write = iter(range(10**6)), keys.replace_file

def counted(path, content):
    if next(writes) == {at}:
        os._exit({killed})
    write(path, content)

keys.replace_file = rekeying.replace_file = counted
if {at} < 0:
    rekeying._put = lambda aside, path: os._exit({killed})
folder = Path(sys.argv[1])
rekeying.rekey(
    folder, [folder / "warehouse.duckdb"], Spool(folder / "spool"),
    centre=keys.centre_key(os.environ),
)
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make(tmp_path_factory.mktemp("plain") / "centre", calls=1, chats=5)
    keep(made)
    return made.folder


@pytest.fixture
def centre(kept: Path, tmp_path: Path) -> Settings:
    return load(shutil.copytree(kept, tmp_path / "centre"))


def rows(settings: Settings) -> object:
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return digests(warehouse)


def anew(settings: Settings, key: bytes) -> object:
    warehouses = [settings.warehouse, settings.console_warehouse]
    return rekey(settings.folder, warehouses, Spool(settings.spool), centre=key)


def files(settings: Settings) -> list[Path]:
    return [settings.warehouse, *sorted(settings.spool.rglob("*.parquet"))]


def test_everything_is_encrypted_and_holds_the_same(centre: Settings, centre_key: bytes) -> None:
    before = rows(centre)
    plain = centre.spool / "texts" / "made" / "utterances.parquet"
    assert plain.read_bytes().startswith(b"PAR1")
    done = anew(centre, centre_key)
    assert (done.files, done.databases) == (len(files(centre)) - 1, 1)
    assert rows(centre) == before
    keys = keys_of(centre.folder)
    assert {sealed_with(path.read_bytes()) for path in files(centre)[1:]} == {keys.active}
    for path in files(centre):
        content = path.read_bytes()
        assert not any(said.encode() in content for said in SAID), path
        assert b"interaction_id" not in content, path
    assert [ids for _, ids in holding(Spool(centre.spool), ["chat-1"])] == [("chat-1",)]
    centre.warehouse.unlink()  # it is made anew from the spool, and is encrypted from the start
    keep(centre)
    assert rows(centre) == before
    assert b"interaction_id" not in centre.warehouse.read_bytes()


def test_a_new_key_of_the_centre_shuts_the_old_one_out(
    centre: Settings, centre_key: bytes, monkeypatch
) -> None:
    before = rows(centre)
    anew(centre, centre_key)
    first = keys_of(centre.folder).active
    other = new_key()
    anew(centre, other)
    for look in (lambda: rows(centre), lambda: keep(centre)):
        with pytest.raises(WarehouseProblem) as told:
            look()
        assert told.value.code == "key_wrong"
    monkeypatch.setenv(KEY, written(other))
    assert rows(centre) == before
    assert set(keys_of(centre.folder).known) == {first, keys_of(centre.folder).active}
    anew(centre, other)
    assert first not in keys_of(centre.folder).known  # nothing is under it any more


@pytest.mark.parametrize(("away", "code"), [("key", "key_missing"), ("keys.json", "keys_gone")])
def test_without_a_key_it_says_so(
    centre: Settings, centre_key: bytes, monkeypatch, away: str, code: str
) -> None:
    anew(centre, centre_key)
    if away == "key":
        monkeypatch.delenv(KEY)
    else:
        (centre.folder / KEYS_FILE).unlink()
    (shard, *_) = Spool(centre.spool).shards()
    for look in (lambda: rows(centre), lambda: Spool(centre.spool).read(shard)):
        with pytest.raises(WarehouseProblem) as told:
            look()
        assert told.value.code == code
        assert not isinstance(told.value, CorruptShard)  # a night must stop, not set it aside


@pytest.mark.parametrize(
    ("was_plain", "at"),
    [
        (True, 1),
        (False, 5),
        *(
            pytest.param(*one, marks=pytest.mark.slow)
            for one in ((False, 0), (True, 5), (False, -1))
        ),
    ],
)
def test_a_killed_rotation_loses_nothing(
    centre: Settings, centre_key: bytes, can_encrypt: bool, was_plain: bool, at: int
) -> None:
    before = rows(centre)
    if not was_plain:
        anew(centre, centre_key)
    child = CHILD.format(at=at, killed=KILLED, unsafe=not can_encrypt)
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", child, str(centre.folder)], cwd=root, env={**os.environ}, check=False
    )
    assert ran.returncode == KILLED
    assert rows(centre) == before
    with open_warehouse(centre.folder / "again.duckdb") as other:  # every shard still opens
        other.commit_pending(Spool(centre.spool))
        assert digests(other) == before
    anew(centre, centre_key)
    assert rows(centre) == before
    active = keys_of(centre.folder).active
    assert {sealed_with(path.read_bytes()) for path in files(centre)[1:]} == {active}


def test_a_damaged_shard_is_named_and_stays(centre: Settings, centre_key: bytes) -> None:
    anew(centre, centre_key)
    path = centre.spool / "texts" / "made" / "utterances.parquet"
    broken = path.read_bytes()[:-1] + b"\0"
    path.write_bytes(broken)
    with pytest.raises(CorruptShard, match="utterances"):
        anew(centre, centre_key)
    assert path.read_bytes() == broken
    rows(centre)


def test_nothing_is_changed_while_the_warehouse_is_open(
    centre: Settings, centre_key: bytes
) -> None:
    with open_warehouse(centre.warehouse, read_only=True), pytest.raises(WarehouseBusy):
        anew(centre, centre_key)
    assert not (centre.folder / KEYS_FILE).exists()


def test_two_look_at_once_but_none_writes_beside_them(centre: Settings, centre_key: bytes) -> None:
    anew(centre, centre_key)
    with (
        open_warehouse(centre.warehouse, read_only=True) as one,
        open_warehouse(centre.warehouse, read_only=True) as other,
    ):
        assert digests(one) == digests(other)
        with pytest.raises(WarehouseBusy):
            open_warehouse(centre.warehouse)
    with open_warehouse(centre.warehouse):
        pass
