"""The fast path: chats that are written into the inbox are told of within the minute."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
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
            customers=contacts, hours=(*(0,) * 9, contacts),
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
    assert usual(centre).contacts == sum(usual(centre).contacts_by_hour) == 28 * 200
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


@pytest.mark.slow
def test_a_running_watch_tells_within_a_minute_of_the_contact_that_made_it_sure(
    centre: Settings,
) -> None:
    fill(centre)
    command = [
        sys.executable, "-m", "console", "--centre", str(centre.folder), "--lang", "en",
        "hotwords", "watch", "--every", "1", "--looks", "8",
    ]  # fmt: skip
    path = centre.inbox / "now.jsonl"
    written: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as watch:
        assert watch.stdout is not None
        assert "Watching the inbox" in watch.stdout.readline()
        with path.open("a", encoding="utf-8") as file:
            for number in range(12):
                file.write(line(number, "付款页面白屏了"))
                file.flush()
                written.append(time.monotonic())
                time.sleep(0.2)
        told = next(said for said in watch.stdout if "白屏" in said)
        heard_at = time.monotonic()
        watch.stdout.read()
    found = re.search(r": (\d+) contacts of (\d+) customers .* told ([\d.]+) s after", told)
    assert found is not None, told
    contacts, customers, delay_s = int(found[1]), int(found[2]), float(found[3])
    assert contacts == customers >= 5
    assert delay_s < 60
    assert heard_at - written[contacts - 1] < 60  # of its n-th contact, by this clock


def test_without_a_past_there_is_nothing_to_compare_with(centre: Settings) -> None:
    with pytest.raises(WarehouseProblem):
        Watcher(centre)
    open_warehouse(centre.warehouse).close()
    assert usual(centre).contacts == 0
