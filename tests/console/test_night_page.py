"""The page after a run: figures, set aside, rules, spikes, worklist, and what to do next."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from console.json_output import as_json
from console.messages.texts import Texts
from console.night_page import page, summary_json, with_evidence
from console.session import Session
from hotwords.counts import Kind, Slice
from hotwords.rises import rises
from hotwords.spikes import Spike
from pipelines.reports import NightSummary, SetAsideItem
from pipelines.settings import Settings, load
from warehouse.read import Totals, totals, worklist
from warehouse.store import open_warehouse

SPIKE = Spike(
    kind=Kind.TERM,
    term="E6 [bold]",
    slice=Slice("product", "空调"),
    day=date(2026, 3, 2),
    contacts=40,
    customers=31,
    exposure=200,
    expected=4.25,
    low=1,
    high=9,
    p_value=1e-9,
    q_value=1e-7,
    since=date(2026, 3, 1),
    top_customer_share=0.1,
    is_few_customers=False,
    method="weeks",
    examples=("chat-angry",),
)
FEW = replace(
    SPIKE,
    term="退款",
    slice=Slice(),
    is_few_customers=True,
    top_customer_share=0.62,
    examples=("r1", "r2"),
)
OF_RULE = replace(
    FEW, kind=Kind.RULE, term="zh-regulator", top_customer_share=None, examples=("z1",)
)


def aside(count: int) -> tuple[SetAsideItem, ...]:
    return tuple(SetAsideItem(f"calls/{n}.wav", "empty_file", {}) for n in range(count))


def told(folder: Path, summary: NightSummary, settings: Settings, language: str = "en") -> str:
    file = io.StringIO()
    console = Console(file=file, width=200)
    session = Session(folder, Texts(language), console, console)
    for block in page(summary, with_evidence(summary, settings), session, settings):
        console.print(block)
    return " ".join(file.getvalue().split())


@pytest.fixture
def summary(ran: Path) -> NightSummary:
    settings = load(ran)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return NightSummary(
            flow="nightly",
            found=4,
            kept=3,
            set_aside=aside(1),
            unchanged=2,
            inspected=3,
            sound_ms=5_400_000,
            weights="base",
            wall_ms=12_345,
            totals=totals(warehouse),
            worklist=tuple(worklist(warehouse, limit=10)),
        )


def test_a_night_is_told_from_figures_to_what_next(ran: Path, summary: NightSummary) -> None:
    text = told(ran, summary, load(ran))
    for words in (
        "The night of Tingjian",
        "New or changed 4",
        "Kept 3",
        "Unchanged, skipped 2",
        "Sound heard 1:30:00",
        "Speech recognition base",
        "Took 12.3 s",
        "In the warehouse chat 3",
        "calls/0.wav the file is empty (0 bytes)",
        "example-threatens-to-complain",
        "Nothing rises beyond chance.",
        "00:20 The customer said “我要投诉”",
        f"`tingjian --centre {ran} show chat-",
        "Correct what was set aside and run again",
        "no audio is touched",
    ):
        assert words in text


def test_spikes_say_where_how_much_and_from_how_few(ran: Path, summary: NightSummary) -> None:
    rising = replace(summary, rises=tuple(rises((SPIKE, FEW, OF_RULE))))
    text = told(ran, rising, load(ran))
    assert "What rose in the last seven days" in text
    assert "E6 [bold] │ product 空调 │ 03-02 │ 40 (31) │ 4.2 (1–9) │ 03-01 │" in text
    assert "│ 退款 │ all │" in text
    assert "few customers: 62 % by one" in text
    assert "rule zh-regulator" in text
    zh = told(ran, rising, load(ran), "zh")
    assert "产品 空调" in zh
    assert "来自少数客户：一位占 62 %" in zh


def test_a_long_list_of_set_aside_is_cut_and_says_so(ran: Path, summary: NightSummary) -> None:
    text = told(ran, replace(summary, set_aside=aside(25)), load(ran))
    assert "calls/19.wav" in text
    assert "calls/20.wav" not in text
    assert "… and 5 more; `tingjian intake` shows them all" in text


def test_an_empty_night_says_where_to_put_things(ran: Path) -> None:
    empty = NightSummary(flow="nightly", totals=Totals(kept=0, inspected=0, set_aside=0))
    text = told(ran, empty, load(ran))
    assert "Nothing is kept yet." in text
    assert "and run again" in text
    assert "show" not in text


def test_a_centre_without_rules_is_told_to_choose_some(ran: Path, summary: NightSummary) -> None:
    text = told(ran, replace(summary, totals=replace(summary.totals, rules=())), load(ran))
    assert "No rule is in use: set rules.packs" in text


def test_reinspection_counts_no_inbox(ran: Path, summary: NightSummary) -> None:
    again = replace(summary, flow="reinspect", set_aside=())
    text = told(ran, again, load(ran))
    assert "Tingjian inspected again" in text
    assert "New or changed" not in text


def test_the_summary_for_scripts_has_reasons_in_words(summary: NightSummary) -> None:
    written = as_json(summary_json(replace(summary, rises=tuple(rises((SPIKE,)))), "zh"))
    assert '"in_words": "文件是空的（0 字节）' in written
    assert '"by_channel": {' in written
    assert '"day": "2026-03-02"' in written
    assert '"interaction_id": "chat-angry"' in written
    assert "is_control" not in written  # whoever judges must not know


def test_recognition_says_how_fast_it_was_and_what_it_does_not_believe(
    ran: Path, summary: NightSummary
) -> None:
    heard = replace(
        summary, sound_ms=600_000, weights="turbo", recognised_ms=500_000, recognition_ms=155_000,
        dropped={"repetition": 8, "boilerplate": 2}, doubted={"延保": 3, "除湿机": 1},
    )  # fmt: skip
    text = told(ran, heard, load(ran))
    assert "Recognition took 0.31 s for a second of sound" in text
    assert "Not believed the same words again and again, as a recogniser loops 8, subtitle" in text
    assert "Terms without sound 延保 3, 除湿机 1" in text
    record = summary_json(heard, "zh")
    assert record["real_time_factor"] == 0.31
    assert record["dropped"] == {"repetition": 8, "boilerplate": 2}
    assert "Recognition took" not in told(ran, summary, load(ran))
