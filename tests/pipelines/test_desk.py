"""The desk: what is said is kept, once, in order, whatever happens to the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.desk import Desk, Overtaken, open_desk
from pipelines.settings import Settings, load
from warehouse.read import said
from warehouse.rows import said_tables
from warehouse.said import Audit, SavedView
from warehouse.spool import Spool
from warehouse.store import open_warehouse

AT = datetime(2026, 3, 30, tzinfo=UTC)


def noted(number: int, about: str = "x") -> Audit:
    return Audit(act=f"act-{number}", about=about, detail="", said_by="rui", said_at=AT)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "tingjian.toml").write_text("", "utf-8")
    return load(tmp_path)


def test_what_is_said_is_kept_and_can_be_read_at_once(settings: Settings) -> None:
    with open_desk(settings) as desk:
        view = SavedView(name="甲", query="a=1", is_removed=False, said_by="rui", said_at=AT)
        desk.say(said_tables([noted(1)]), said_tables([view]))
        assert said(desk.warehouse, Audit) == [noted(1)]
        assert said(desk.warehouse, SavedView, name="甲") == [view]
    with open_desk(settings) as again:  # another start
        assert said(again.warehouse, Audit) == [noted(1)]


def test_things_said_at_once_share_shards(settings: Settings) -> None:
    with open_desk(settings) as desk, ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: desk.say(said_tables([noted(n)])), range(64)))
        assert {one.act for one in said(desk.warehouse, Audit)} == {f"act-{n}" for n in range(64)}
        assert sum(1 for _ in desk.spool.shards()) < 64


def test_of_two_who_say_something_about_one_thing_one_is_told(settings: Settings) -> None:
    def objection(desk: Desk) -> str:
        return "overtaken" if said(desk.warehouse, Audit, about="one") else ""

    def tell(desk: Desk, number: int) -> bool:
        try:
            tables = said_tables([noted(number, "one")])
            desk.say(tables, about="one", objection=lambda: objection(desk))
        except Overtaken:
            return False
        return True

    with open_desk(settings) as desk, ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda n: tell(desk, n), range(8))) == 1
        assert len(said(desk.warehouse, Audit)) == 1


def test_an_objection_that_fails_is_told_and_the_desk_goes_on(settings: Settings) -> None:
    def broken() -> str:
        raise KeyError("x")

    with open_desk(settings) as desk:
        with pytest.raises(KeyError):
            desk.say(said_tables([noted(1)]), objection=broken)
        desk.say(said_tables([noted(2)]))
        assert said(desk.warehouse, Audit) == [noted(2)]


def test_the_desk_takes_in_what_others_finish_and_the_night_what_people_say(
    settings: Settings,
) -> None:
    spool = Spool(settings.spool)
    with open_desk(settings) as desk, open_warehouse(settings.warehouse) as night:
        desk.say(said_tables([noted(1)]))
        spool.write("said", "elsewhere", said_tables([noted(2)]))
        assert desk.take_in() == 1
        assert desk.take_in() == 0
        night.commit_pending(spool)
        for one in (desk.warehouse, night):
            assert {a.act for a in said(one, Audit)} == {"act-1", "act-2"}


TALKER = """
    import itertools, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from pipelines.desk import open_desk
    from pipelines.settings import load
    from warehouse.rows import said_tables
    from warehouse.said import Audit
    at = datetime(2026, 3, 30, tzinfo=UTC)
    with open_desk(load(Path(sys.argv[1]))) as desk:
        for n in itertools.count():
            one = Audit(act=f"act-{n}", about="", detail="", said_by="x", said_at=at)
            desk.say(said_tables([one]))
            print(n, flush=True)
"""


def test_after_kill_9_everything_acknowledged_is_there(settings: Settings) -> None:
    talker = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(TALKER), str(settings.folder)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert talker.stdout is not None
    acknowledged = [int(talker.stdout.readline()) for _ in range(25)]
    os.kill(talker.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in talker.stdout.read().split()]
    talker.wait()
    talker.stdout.close()
    with open_desk(settings) as desk:
        kept = {one.act for one in said(desk.warehouse, Audit)}
    assert {f"act-{n}" for n in acknowledged} <= kept
    settings.console_warehouse.unlink()
    with open_desk(settings) as desk:  # made again from the spool alone
        assert {one.act for one in said(desk.warehouse, Audit)} == kept
