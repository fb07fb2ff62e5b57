"""New words, slow drifts, agents who changed and interactions unlike others, from the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from detectors.evidence import Inspection, Measure
from hotwords.counts import EVERYTHING, Kind, contact, count
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party
from pipelines.keeping import keep, key_of
from pipelines.settings import Settings
from pipelines.unlike import unlike, unlisted
from warehouse.read_rises import hours_of
from warehouse.rows import CountedDay, count_tables, inspection_tables, interaction_tables
from warehouse.spool import Spool
from warehouse.store import Warehouse, open_warehouse

FIRST, DAYS = date(2026, 1, 5), 84
LAST = FIRST + timedelta(days=DAYS - 1)
ZONE = ZoneInfo("Asia/Shanghai")
SLOW = "一直卡顿"
NEW = (
    "我家的麦穗盒坏了",
    "麦穗盒怎么换",
    "买了麦穗盒",
    "请问麦穗盒在哪",
    "这麦穗盒漏水",
    "麦穗盒退货",
)


def everyone() -> Iterator[tuple[Interaction, float]]:
    """Twelve weeks of forty chats a day; one word grows, one agent slows down, one word is new."""
    random = np.random.default_rng(5)
    for number in range(DAYS * 40):
        day, place = FIRST + timedelta(days=number // 40), number % 40
        grows = random.random() < 0.03 * 1.15 ** (number / 280)
        text = SLOW if grows else "想问安装时间"
        if day == LAST and place < len(NEW):
            text = NEW[place]
        agent = f"A{number % 20}"
        is_slow = agent == "A2" and LAST - day < timedelta(days=14)
        wait = float(random.normal(90 if is_slow else 60, 10))
        if number == DAYS * 40 - 1:
            wait = 900.0
        yield (
            Interaction(
                interaction_id=f"c{number:05}", channel=Channel.CHAT, duration_ms=0,
                started_at=datetime(day.year, day.month, day.day, place // 4, tzinfo=UTC),
                source="test", content_hash=str(number), language=Language.ZH, queue="售后",
                agent=agent, customer=f"u{number}", transcriber="written",
                utterances=(Utterance(0, Party.CUSTOMER, 0, 0, text),),
            ),
            wait,
        )  # fmt: skip


def figure(one: Interaction, name: str, party: Party | None, value: float) -> Measure:
    return Measure(interaction_id=one.interaction_id, name=name, party=party, value=value, unit="s")


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    settings = Settings(folder=tmp_path_factory.mktemp("drift"))
    told = list(everyone())
    counts = count(
        contact(
            one, timezone=ZONE, terms=frozenset({"卡顿"} if SLOW in one.utterances[0].text else ())
        )
        for one, _ in told
    )
    spool = Spool(settings.spool)
    spool.write("texts", key_of("texts"), interaction_tables([one for one, _ in told]))
    counted = [CountedDay(one, counts[0].kind, "1", "x") for one in {row.day for row in counts}]
    spool.write("counts", key_of("counts"), count_tables(counts, counted=counted))
    inspections = [
        Inspection(
            interaction_id=one.interaction_id, plan="p", engine="e",
            measures=(
                figure(one, "first_reply", Party.AGENT, wait),
                figure(one, "unwatched", None, wait),
            ),
        )
        for one, wait in told
    ]  # fmt: skip
    spool.write("inspections", key_of("i"), inspection_tables(inspections, rules=()))
    keep(settings)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        yield warehouse


def test_what_grows_who_changed_and_who_is_unlike_are_told(
    drifted: Warehouse, centre: Settings
) -> None:
    found = unlike(drifted, LAST, centre)
    assert {one.key[2] for one in found.slow} == {"卡顿"}
    assert all(one.in_four_weeks.low < 1.15**4 < one.in_four_weeks.high for one in found.slow)
    (changed,) = found.groups
    assert (changed.group, changed.measure) == ("A2", "first_reply:agent")
    assert changed.change == pytest.approx(28.5, abs=4)  # 30 s, less what it moves the mean
    assert (found.compared, found.too_few) == (20, 0)
    assert found.outliers[0].interaction_id == f"c{DAYS * 40 - 1:05}"
    assert found.outliers[0].value == 900


def test_a_word_that_nobody_listed_is_found_once_it_is_new(
    drifted: Warehouse, centre: Settings
) -> None:
    assert [one.word for one in unlisted(drifted, LAST, centre, days=7)] == ["麦穗盒"]
    before = LAST - timedelta(days=1)
    assert unlisted(drifted, before, centre, days=7) == ()
    assert unlisted(drifted, FIRST + timedelta(days=20), centre, days=7) == ()


def test_counts_know_their_hours(drifted: Warehouse) -> None:
    hours = hours_of(drifted, Kind.TERM, "", EVERYTHING, FIRST, LAST)
    assert len(hours) == DAYS
    assert hours[LAST] == (*[0] * 8, *[4] * 10)  # eight hours east of UTC
