"""``tingjian hotwords``: a planted rise is told with its reasons, its part and its fix."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

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


@pytest.fixture(scope="module")
def risen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre that was counted, and compared on the rise's third day."""
    folder = tmp_path_factory.mktemp("rise") / "centre"
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


def test_the_page_tells_why_where_and_what_to_hear(
    risen: Path, tingjian: Callable[..., Any], tmp_path: Path
) -> None:
    page = tmp_path / "rises.html"
    day = RISE + timedelta(days=2)
    answer = tingjian(
        "--centre", risen, "--lang", "en", "hotwords", "show", "--day", day, "--html", page
    )
    assert answer.status == 0, answer.err
    assert "漏水" in answer.folded
    assert "product 冰箱" in answer.folded
    assert "region 华东" in answer.folded
    assert "different customers" in answer.folded
    assert "Hear these: c" in answer.folded
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") >= 1
    for shown in (answer.folded, html):
        assert "Out of 500 orders: " in shown
        assert " different customers: " in shown
        assert "By the hour: ▁▁▁▁▁▁▁▁▁▁▁▁█" in shown  # noon in Shanghai
    assert 'class="high"' in html
    assert "<script" not in html
    assert "http" not in html


def test_the_carrier_is_the_planted_part(risen: Path, tingjian: Callable[..., Any]) -> None:
    day = RISE + timedelta(days=2)
    answer = tingjian("--centre", risen, "hotwords", "show", "--day", day, "--json")
    stories = json.loads(answer.out)["stories"]
    (story,) = [one for one in stories if one["rise"]["spike"]["slice"]["dimension"] == "all"] or [
        stories[0]
    ]
    assert story["rise"]["spike"]["term"] == "漏水"
    places = {one["dimension"]: one["value"] for one in story["attribution"]["carrier"]["place"]}
    assert places.items() <= {"product": "冰箱", "region": "华东"}.items()
    assert len(story["band"]["contacts"]) == 57
    assert story["action"] is None


def test_a_fix_is_kept_and_measured(risen: Path, tingjian: Callable[..., Any]) -> None:
    answer = tingjian(
        "--centre", risen, "--lang", "en", "hotwords", "act", "漏水", "--cause", "process",
        "--owner", "王敏", "--action", "换密封圈", "--from", ACTION, "--by", "li",
    )  # fmt: skip
    assert answer.status == 0, answer.err
    assert "The fix worked" in answer.folded
    shown = tingjian(
        "--centre", risen, "--lang", "zh", "hotwords", "show", "--day", RISE + timedelta(days=2)
    )
    assert "负责人：王敏" in shown.folded
    assert "措施有效" in shown.folded


@pytest.mark.parametrize(
    ("command", "said"),
    [("words", "No new words"), ("drift", "compared, 0 with too few interactions")],
)
def test_what_is_new_or_drifts_is_told(
    risen: Path, tingjian: Callable[..., Any], command: str, said: str
) -> None:
    answer = tingjian("--centre", risen, "--lang", "en", "hotwords", command)
    assert answer.status == 0, answer.err
    assert said in answer.folded
    data = tingjian("--centre", risen, "hotwords", command, "--json")
    assert json.loads(data.out) is not None


def test_watching_an_inbox_where_nothing_comes_ends_quietly(
    risen: Path, tingjian: Callable[..., Any]
) -> None:
    answer = tingjian(
        "--centre", risen, "--lang", "en", "hotwords", "watch", "--every", "1", "--looks", "1"
    )
    assert answer.status == 0, answer.err
    assert "Watching the inbox, a look every 1 s" in answer.folded


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ("act", "没有", "--cause", "process", "--owner", "a", "--action", "b"),
            1,
            "没有 没有 的突增",
        ),
        (
            ("act", "漏水", "--cause", "bad", "--owner", "a", "--action", "b"),
            2,
            "--cause 不能是 bad",
        ),
        (("show", "--day", "yesterday"), 2, "yesterday 不是日期"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    risen: Path, tingjian: Callable[..., Any], arguments: tuple[str, ...], status: int, said: str
) -> None:
    answer = tingjian("--centre", risen, "--lang", "zh", "hotwords", *arguments)
    assert answer.status == status
    assert said in " ".join(answer.err.split())
