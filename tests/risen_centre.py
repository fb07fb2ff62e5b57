"""A centre for tests in which leaks of one product rise in one region, for six days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np

from hotwords.counts import Kind, TermCount, contact, count
from hotwords.spikes import rising
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party
from pipelines.keeping import keep, key_of
from pipelines.settings import load
from warehouse.rows import CountedDay, count_tables, interaction_tables, spike_tables
from warehouse.spool import Spool

FIRST = date(2026, 1, 5)
RISE, ACTION, LAST = (FIRST + timedelta(days=n) for n in (56, 62, 76))
ZONE = ZoneInfo("Asia/Shanghai")
PRODUCTS, REGIONS = ("冰箱", "空调", "热水器"), ("华东", "华北")


def about(number: int, day: date, product: str, region: str, *, has_term: bool) -> Interaction:
    said = "机器漏水了怎么办" if has_term else "想问安装时间"
    return Interaction(
        interaction_id=f"c{number}",
        channel=Channel.CHAT,
        started_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
        duration_ms=0,
        source="test",
        content_hash=str(number),
        language=Language.ZH,
        queue="售后",
        customer=f"u{number}",
        product=product,
        attributes=MappingProxyType({"region": region}),
        utterances=(Utterance(0, Party.CUSTOMER, 0, 0, said),),
        transcriber="written",
    )


def everyone() -> Iterator[Interaction]:
    """77 days of 60 contacts; leaks of one product in one region from RISE to ACTION."""
    random = np.random.default_rng(4)
    number = 0
    for day in (FIRST + timedelta(days=n) for n in range(77)):
        for _ in range(int(random.poisson(60))):
            number += 1
            product, region = PRODUCTS[number % 3], REGIONS[number % 2]
            leaks = bool(random.random() < 0.06)
            yield about(number, day, product, region, has_term=leaks)
        if RISE <= day < ACTION:
            for _ in range(18):
                number += 1
                yield about(number, day, "冰箱", "华东", has_term=True)


def make(folder: Path) -> Path:
    """A centre that was counted, and compared on the rise's third day."""
    (folder / "inbox").mkdir(parents=True)
    own = '[rules]\npacks = []\n[hotwords]\nserved = "served.csv"\n'
    (folder / "tingjian.toml").write_text(own, encoding="utf-8")
    orders = (f"{FIRST + timedelta(days=n)},500" for n in range(77))
    (folder / "served.csv").write_text("\n".join(("day,orders", *orders)), encoding="utf-8")
    settings = load(folder)
    told = list(everyone())
    counts: list[TermCount] = count(
        contact(
            one,
            terms=frozenset({"漏水"}) if "漏水" in one.utterances[0].text else frozenset(),
            timezone=ZONE,
        )
        for one in told
    )
    day = RISE + timedelta(days=2)
    days = sorted({one.day for one in counts})
    spool = Spool(settings.spool)
    spool.write("texts", key_of("texts"), interaction_tables(told))
    counted = [CountedDay(one, Kind.TERM, "1", "x") for one in days]
    spool.write("counts", key_of("counts"), count_tables(counts, counted=counted))
    found = {(one, Kind.TERM): "1" for one in (day, LAST)}
    spool.write("spikes", key_of("spikes"), spike_tables(rising(counts, day), days=found))
    keep(settings)
    return folder
