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

from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party
from pipelines.desk import Desk, Overtaken, open_desk
from pipelines.settings import Settings, load
from pipelines.triage import Entry
from warehouse.read import LineFilter, lines, said, unfinished
from warehouse.rows import interaction_tables, said_tables, worklist_tables
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


def chat(number: int, text: str) -> Interaction:
    return Interaction(
        interaction_id=f"chat-{number}", channel=Channel.CHAT, started_at=AT, duration_ms=1000,
        source=f"c#{number}", content_hash=f"{number:064x}", language=Language.ZH,
        transcriber="written", utterances=(Utterance(0, Party.CUSTOMER, 0, 0, text),),
    )  # fmt: skip


def found(desk: Desk, query: str) -> list[str]:
    """Return the lines of the worklist in which something is said."""
    only = LineFilter(numbers=desk.index.find(query))
    return [line.interaction_id for line in lines(desk.warehouse, only)]


def fill(settings: Settings) -> None:
    spool = Spool(settings.spool)
    chats = [chat(1, "退款没有到账"), chat(2, "怎么开发票")]
    spool.write("texts", "night", interaction_tables(chats))
    ranked = [Entry(n, f"chat-{n}", 0.5, is_control=False, rules=()) for n in (1, 2)]
    spool.write("worklist", "night", worklist_tables(ranked))


def test_the_index_is_made_again_where_it_is_lost(settings: Settings) -> None:
    fill(settings)
    index = settings.folder / "console.search.sqlite"
    with open_desk(settings) as desk:
        assert found(desk, "tuikuan") == ["chat-1"]
    index.unlink()
    with open_desk(settings) as desk:
        assert (found(desk, "退款"), found(desk, "发票")) == (["chat-1"], ["chat-2"])
        assert desk.index.extent() == (2, 2)


def test_what_a_killed_console_left_half_done_is_done_at_the_next_start(settings: Settings) -> None:
    fill(settings)
    with open_warehouse(settings.console_warehouse) as warehouse:  # and then it was killed
        warehouse.commit_pending(Spool(settings.spool))
    with open_desk(settings) as desk:
        assert found(desk, "发票") == ["chat-2"]
        assert unfinished(desk.warehouse, besides="desk") == []
    with open_warehouse(settings.console_warehouse) as warehouse:
        Spool(settings.spool).write("texts", "later", interaction_tables([chat(3, "退款")]))
        warehouse.commit_pending(Spool(settings.spool))
        assert unfinished(warehouse, besides="desk") == [("texts", "later")]
    with open_desk(settings) as desk:
        assert unfinished(desk.warehouse, besides="desk") == []
        assert "chat-3" in desk.index.held()
