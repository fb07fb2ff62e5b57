from __future__ import annotations

import itertools
import random
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa
import pytest

from hotwords.counts import Kind, Slice, TermCount
from warehouse import migrations, read
from warehouse.commits import GROUPS, KNOWN
from warehouse.digests import DATA_TABLES, digests
from warehouse.problems import CorruptShard, WarehouseBusy, WarehouseProblem
from warehouse.rows import (
    CountedDay,
    SetAside,
    count_tables,
    files_tables,
    inspection_tables,
    interaction_tables,
    set_aside_tables,
    spike_tables,
    worklist_tables,
)
from warehouse.spool import MANIFEST, Spool
from warehouse.store import Run, open_warehouse

# ---- one owner -------------------------------------------------------------------------------


def child(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


HOLD = """
    import sys
    from pathlib import Path
    from warehouse.store import open_warehouse
    with open_warehouse(Path(sys.argv[1])):
        print("open", flush=True)
        sys.stdin.read()
"""


def test_a_second_process_is_told_who_has_it_and_what_to_do(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with child(HOLD, path) as owner:
        assert owner.stdout.readline() == "open\n"
        for read_only in (False, True):
            with pytest.raises(WarehouseBusy) as caught:
                open_warehouse(path, read_only=read_only)
            assert caught.value.code == "warehouse_busy"
            assert caught.value.values["pid"] == owner.pid
            for part in (str(path), str(owner.pid), "wait until it ends"):
                assert part in str(caught.value)
        owner.communicate()
    with open_warehouse(path) as warehouse:
        assert read.totals(warehouse).kept == 0


def test_the_same_process_is_told_too(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path), pytest.raises(WarehouseBusy) as caught:
        open_warehouse(path, read_only=True)
    assert caught.value.code == "warehouse_open_here"


def test_several_may_look_at_once(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    open_warehouse(path).close()
    code = HOLD.replace("argv[1])", "argv[1]), read_only=True")
    with child(code, path) as other:
        assert other.stdout.readline() == "open\n"
        with open_warehouse(path, read_only=True) as warehouse:
            assert read.known_ids(warehouse) == {}
        other.communicate()


def test_a_file_that_cannot_be_used_says_why(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("hello " * 1_000)
    empty = tmp_path / "other.duckdb"
    duckdb.connect(str(empty)).close()
    newer = tmp_path / "newer.duckdb"
    open_warehouse(newer).close()
    with duckdb.connect(str(newer)) as connection:
        connection.execute("INSERT INTO migrations VALUES (999, '999_later.sql')")
    for path, read_only, code in (
        (text, False, "warehouse_foreign"),
        (tmp_path / "none.duckdb", True, "warehouse_missing"),
        (tmp_path / "no folder" / "w.duckdb", False, "warehouse_closed"),
        (empty, True, "warehouse_older"),
        (newer, False, "warehouse_newer"),
        (newer, True, "warehouse_newer"),
    ):
        with pytest.raises(WarehouseProblem) as caught:
            open_warehouse(path, read_only=read_only)
        assert (caught.value.code, caught.value.place) == (code, str(path))
    assert not (tmp_path / "none.duckdb").exists()


# ---- schema ----------------------------------------------------------------------------------


def test_migrations_are_applied_once_and_views_follow_their_text(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    for _ in range(2):
        with open_warehouse(path) as warehouse, warehouse.snapshot() as look:
            done = look.rows("SELECT number, name FROM migrations ORDER BY number")
            assert done == [(s.number, s.name) for s in migrations.scripts("schema")]
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE view_texts SET digest = 'of another version'")
        connection.execute("CREATE OR REPLACE VIEW words AS SELECT 1 AS one")
    with open_warehouse(path) as warehouse, warehouse.snapshot() as look:
        assert look.rows("SELECT count(text) FROM words") == [(0,)]


def test_the_numbers_of_the_scripts_are_unique():
    for folder in ("schema", "views"):
        numbers = [script.number for script in migrations.scripts(folder)]
        assert len(numbers) == len(set(numbers))


def test_every_data_table_is_digested_and_filled_by_a_commit(store):
    with store.snapshot() as look:
        tables = {row[0] for row in look.rows("SELECT table_name FROM duckdb_tables()")}
    about_keeping = {"shards", "runs", "origins", "plans", "migrations", "view_texts"}
    # made again, or signed in again
    about_the_console = {"sessions", "lines", "lines_made", "texts_held"}
    assert set(DATA_TABLES) == tables - about_keeping - about_the_console
    assert set(DATA_TABLES) == KNOWN - {"cleared", "runs", "plans"}
    assert set(digests(store)) == set(DATA_TABLES)


def test_nothing_is_fetched_from_a_network(store):
    with store.snapshot() as look:
        settings = dict(
            look.rows(
                "SELECT name, value FROM duckdb_settings() "
                "WHERE name LIKE 'auto%known_extensions' ORDER BY name"
            )
        )
    assert settings == {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


# ---- commits ---------------------------------------------------------------------------------


def test_the_same_shard_twice_changes_nothing(store, spool, build):
    shard = spool.write("calls", "k", interaction_tables([build.call(n) for n in range(3)]))
    assert store.commit(shard) is True
    before = digests(store)
    assert before["interactions"].rows == 3
    assert store.is_committed(shard)
    assert store.commit(shard) is False
    assert store.commit_pending(spool) == []
    assert digests(store) == before


def one_of_each(spool, build):
    """Shards that replace, contradict and depend on one another, in the order of writing."""
    a, b, c = build.call(1), build.call(2), build.chat(3)
    again = replace(a, transcriber="whisper-turbo@ffff", utterances=a.utterances[:1])
    rules, newer = (build.apology, build.shout), (build.apology_2, build.shout)
    first = [build.inspection(i.interaction_id) for i in (a, b)]
    second = [
        build.inspection(b.interaction_id, plan="plan-2", rules=newer, start_ms=1_000),
        build.inspection(c.interaction_id, plan="plan-2", rules=newer),
    ]
    third = [build.inspection(i.interaction_id, engine="engine-2", start_ms=5) for i in (a, c)]
    day = date(2026, 3, 2)
    count = TermCount(day=day, kind=Kind.TERM, term="退款", slice=Slice(), contacts=3, customers=2)
    tables = [
        set_aside_tables([SetAside(a.source, "empty_file", {}), SetAside("x.wav", "a", {"n": 1})]),
        interaction_tables([a, b]),
        inspection_tables(first, rules=rules),
        interaction_tables([again, c]),
        inspection_tables(second, rules=newer),
        inspection_tables(third, rules=rules),
        set_aside_tables([SetAside("y.wav", "b", {})], cleared=["x.wav"]),
        count_tables([count], counted=[CountedDay(day, Kind.TERM, "1", "d1")]),
        count_tables([replace(count, contacts=4)], counted=[CountedDay(day, Kind.TERM, "1", "d2")]),
        spike_tables([], days={(day, Kind.TERM): "1"}),
        files_tables([read.FileSeen("f", 1, 2, "h", "s")]),
        files_tables([read.FileSeen("f", 3, 4, "h2", "s")]),
        worklist_tables([]),
    ]
    return [spool.write("work", f"{n:02d}", one) for n, one in enumerate(tables)]


def test_the_order_of_shards_does_not_matter(tmp_path, spool, build, templates):
    shards = one_of_each(spool, build)
    rng = random.Random(7)
    orders = [shards, shards[::-1], *(rng.sample(shards, len(shards)) for _ in range(4))]
    found = []
    for number, order in enumerate(orders):
        path = shutil.copy(templates["empty"], tmp_path / f"{number}.duckdb")
        with open_warehouse(path) as warehouse:
            assert [warehouse.commit(shard) for shard in order] == [True] * len(order)
            found.append((digests(warehouse), current(warehouse), order))
    assert found[0][0]["findings"].rows == 5
    for digest, rows, order in found[1:]:
        assert digest == found[0][0], [s.key for s in order]
        assert rows == found[0][1], [s.key for s in order]


def current(warehouse):
    with warehouse.snapshot() as look:
        return look.rows("SELECT * FROM current_findings ORDER BY ALL")


def test_the_warehouse_can_be_rebuilt_from_the_spool(tmp_path, store, spool, build):
    for shard in one_of_each(spool, build):
        store.commit(shard)
    with open_warehouse(tmp_path / "rebuilt.duckdb") as rebuilt:
        assert len(rebuilt.commit_pending(Spool(spool.root))) == 13
        assert digests(rebuilt) == digests(store)
        assert current(rebuilt) == current(store)


def damage(place):
    parquet = min(place.glob("*.parquet"))
    parquet.write_bytes(parquet.read_bytes()[:-9])


def test_a_corrupt_shard_is_named_and_the_others_go_in(store, spool, build):
    good = [spool.write("calls", f"k{n}", interaction_tables([build.call(n)])) for n in (1, 3)]
    bad = spool.write("calls", "k2", interaction_tables([build.call(2)]))
    damage(bad.path)
    with pytest.raises(CorruptShard, match=r"calls/k2: .*contours\.parquet") as caught:
        store.commit_pending(spool)
    assert str(bad.path) in str(caught.value)
    assert [store.is_committed(shard) for shard in (*good, bad)] == [True, True, False]
    assert set(read.known_ids(store)) == {build.call(n).interaction_id for n in (1, 3)}


FILE = {"item": ["a"], "bytes": [1], "modified_ns": [1], "content_hash": ["h"], "stage": ["s"]}


@pytest.mark.parametrize(
    ("tables", "because"),
    [
        ({"passwords": {"a": [1]}}, "unknown table passwords"),
        ({"files": {**FILE, "colour": ["red"]}}, "colour"),
        ({"files": {**FILE, "bytes": ["many"]}}, "many"),
        ({"files": {**FILE, "stage": pa.nulls(1, pa.string())}}, "stage"),
        ({"inspections": {"interaction_id": ["a"], "plan": ["p"], "engine": ["e"]}}, "missing"),
    ],
)
def test_a_shard_that_does_not_fit_is_named_and_nothing_changes(store, spool, tables, because):
    before = digests(store)
    shard = spool.write("odd", "k", {name: pa.table(columns) for name, columns in tables.items()})
    with pytest.raises(CorruptShard) as caught:
        store.commit(shard)
    assert caught.value.code == "unfit_shard"
    assert "odd/k" in str(caught.value)
    assert because in str(caught.value)
    assert digests(store) == before
    assert not store.is_committed(shard)


def test_half_written_shards_are_ignored(store, spool, build):
    shard = spool.write("calls", "k", interaction_tables([build.call(1)]))
    (shard.path / MANIFEST).rename(shard.path / "shard.json.part")
    assert store.commit_pending(spool) == []
    assert read.known_ids(store) == {}


def test_tables_that_a_shard_lacks_count_as_empty(store, spool, build):
    tables = interaction_tables([build.chat(1)])
    shard = spool.write("calls", "old", {"interactions": tables["interactions"]})
    assert store.commit(shard)
    assert read.interactions(store, [build.chat(1).interaction_id])[0].utterances == ()
    assert {tables[0] for _, tables in GROUPS} <= KNOWN


def test_rows_stay_unique(filled):
    keys = {
        "interactions": "interaction_id",
        "recordings": "interaction_id",
        "utterances": "(interaction_id, seq)",
        "speech": "(interaction_id, party)",
        "contours": "(interaction_id, party)",
        "inspections": "(interaction_id, plan)",
        "plan_rules": "(plan, rule_id)",
        "findings": "finding_id",
        "evidence": "(finding_id, seq)",
        "not_measured": "(interaction_id, rule_id, rule_version)",
        "measures": "(interaction_id, name, party)",
        "origins": "(scope, id, part)",
    }
    with filled.snapshot() as look:
        for table, key in keys.items():
            counts = look.rows(f"SELECT count(*), count(DISTINCT {key}) FROM {table}")[0]  # noqa: S608
            assert counts[0] == counts[1] > 0, table


def test_a_snapshot_does_not_see_what_is_committed_meanwhile(store, spool, build):
    shards = [spool.write("c", f"k{n}", interaction_tables([build.call(n)])) for n in range(2)]
    store.commit(shards[0])
    with store.snapshot() as look:
        assert look.rows("SELECT count(*) FROM interactions") == [(1,)]
        store.commit(shards[1])
        assert look.rows("SELECT count(*) FROM interactions") == [(1,)]
    assert len(read.known_ids(store)) == 2


# ---- kill -9 ---------------------------------------------------------------------------------

COMMIT = """
    import sys
    from pathlib import Path
    from warehouse.spool import Spool
    from warehouse.store import open_warehouse
    with open_warehouse(Path(sys.argv[1])) as warehouse:
        print("open", flush=True)
        for shard in Spool(Path(sys.argv[2])).shards():
            if warehouse.commit(shard):
                print(shard.key, flush=True)
"""


def test_killed_at_any_moment_nothing_is_lost_torn_or_twice(tmp_path, spool, build):
    for n in range(10):
        interactions = [build.call(n * 5 + k) for k in range(5)]
        rules = (build.apology, build.shout)
        found = [build.inspection(one.interaction_id) for one in interactions]
        both = interaction_tables(interactions) | inspection_tables(found, rules=rules)
        spool.write("calls", f"{n:02d}", both)
    path = tmp_path / "killed.duckdb"
    acknowledged: set[str] = set()
    kills = 0
    for acknowledgements in (1, 3, 2):
        with child(COMMIT, path, spool.root) as committer:
            lines = list(itertools.islice(committer.stdout, acknowledgements + 1))
            committer.send_signal(signal.SIGKILL)
            lines += committer.stdout.readlines()
        kills += committer.returncode == -signal.SIGKILL
        acknowledged |= {line.strip() for line in lines if line.endswith("\n")} - {"open"}
    assert kills == 3
    with open_warehouse(path) as warehouse:
        with warehouse.snapshot() as look:
            kept = {row[0] for row in look.rows("SELECT key FROM shards")}
            rows = look.rows("SELECT count(*) FROM interactions")[0][0]
        assert acknowledged <= kept
        assert 6 <= len(acknowledged) < 10
        assert rows == 5 * len(kept)
        warehouse.commit_pending(spool)
        killed = digests(warehouse)
    with open_warehouse(tmp_path / "undisturbed.duckdb") as warehouse:
        warehouse.commit_pending(spool)
        assert digests(warehouse) == killed
    assert killed["interactions"].rows == 50


# ---- runs and plans --------------------------------------------------------------------------


def test_a_run_is_entered_once_and_kept_up_to_date(store):
    begun = Run(run_id="r1", flow="nightly", started_at=datetime(2026, 3, 2, 18, 0, 0, 5, UTC))
    ended = replace(
        begun,
        ended_at=datetime(2026, 3, 2, 19, tzinfo=UTC),
        state="completed",
        summary={"kept": 3, "share": 0.5, "centre": "北京"},
    )
    other = Run(run_id="r2", flow="reinspect", started_at=datetime(2026, 3, 3, tzinfo=UTC))
    assert read.last_run(store) is None
    store.record_run(begun)
    assert read.last_run(store) == begun
    store.record_run(ended)
    store.record_run(other)
    assert read.last_run(store) == other
    assert read.last_run(store, "nightly") == ended
    with store.snapshot() as look:
        assert look.rows("SELECT count(*) FROM runs") == [(2,)]


def test_a_plan_can_be_put_in_force_again(filled, build):
    one = build.call(1).interaction_id
    chat = build.chat(1).interaction_id

    def versions(interaction_id):
        return [f.rule_version for f in read.findings_of(filled, interaction_id)]

    assert (versions(one), versions(chat)) == (["2-bbbbbbbb"], ["1-aaaaaaaa"])
    filled.put_in_force("plan-1")
    assert (versions(one), versions(chat)) == (["1-aaaaaaaa"], ["1-aaaaaaaa"])
    assert read.uninspected(filled, "plan-1", engine="engine-1") == []
    filled.put_in_force("plan-2")
    filled.put_in_force("plan-2")
    assert (versions(one), versions(chat)) == (["2-bbbbbbbb"], ["1-aaaaaaaa"])
    assert len(read.uninspected(filled, "plan-2", engine="engine-1")) == 4
    assert len(read.uninspected(filled, "plan-2", engine="engine-2")) == 10
