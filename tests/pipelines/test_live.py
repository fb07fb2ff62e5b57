"""The fast path: chats that are written into the inbox are told of within the minute."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from hotwords.counts import EVERYTHING, Kind, TermCount
from pipelines.keeping import keep, key_of
from pipelines.live import Watcher, usual
from pipelines.settings import Settings
from warehouse.problems import WarehouseProblem
from warehouse.rows import CountedDay, count_tables
from warehouse.spool import Spool
from warehouse.store import open_warehouse

FIRST = date(2026, 2, 2)


def fill(settings: Settings) -> None:
    """Four quiet weeks of 200 contacts a day and 300 terms."""
    days = [FIRST + timedelta(days=n) for n in range(28)]
    counts = [
        TermCount(
            day=day, kind=Kind.TERM, term=term, slice=EVERYTHING, contacts=contacts,
            customers=contacts,
        )
        for day in days
        for term, contacts in (("", 200), *((f"w{n}", 1 + (n + day.day) % 3) for n in range(300)))
    ]  # fmt: skip
    counted = [CountedDay(day, Kind.TERM, "1", "x") for day in days]
    tables = count_tables(counts, counted=counted)
    Spool(settings.spool).write("counts", key_of("counts"), tables)
    keep(settings)


def line(number: int, text: str) -> str:
    message = {"role": "customer", "text": text, "time": "2026-03-02 09:00:00"}
    chat = {"id": f"n{number}", "customer": f"C{number}", "messages": [message]}
    return json.dumps(chat, ensure_ascii=False) + "\n"


def test_a_planted_issue_is_told_within_the_minute(centre: Settings) -> None:
    fill(centre)
    assert usual(centre).contacts == 28 * 200
    watcher = Watcher(centre)
    path = centre.inbox / "now.jsonl"
    told = []
    with path.open("a", encoding="utf-8") as file:
        for number in range(40):
            said = "付款页面白屏了" if number >= 20 else "想问安装时间"
            file.write(line(number, said))
            file.flush()
            if number % 5 == 4:
                told += watcher.look()
        file.write(line(40, "付款页面白屏了")[:20])  # half a line waits
        file.flush()
        told += watcher.look()
    terms = {one.rise.term for one in told}
    assert any("白屏" in term for term in terms)
    assert all(one.delay_ms < 60_000 for one in told)
    assert all(one.rise.contacts >= 5 for one in told)
    assert "安装" not in terms
    assert watcher.look() == []


def test_without_a_past_there_is_nothing_to_compare_with(centre: Settings) -> None:
    with pytest.raises(WarehouseProblem):
        Watcher(centre)
    open_warehouse(centre.warehouse).close()
    assert usual(centre).contacts == 0
