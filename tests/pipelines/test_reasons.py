"""A centre's own taxonomy in the plan, matters in the warehouse, and new reasons to be named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines import inspection, keeping, night
from pipelines.effort import effort_of
from pipelines.inspection import plan_of
from pipelines.reasons import copy_shipped, new_reasons, own_path, taxonomy_of
from pipelines.settings import Settings, load
from warehouse.read import category_counts, matters_of
from warehouse.store import open_warehouse

OWN = """version: 1
reason:
  - {id: lamp, title: {zh: 灯, en: Lamp}, words: [灯发红]}
"""
TEXTS = ("空调漏水了", "空调还在漏水", "蓝牙耳机断开连接", "这个路由器灯发红")


def said(number: int, customer: str, text: str) -> str:
    at = f"2026-03-{2 + number % 5:02}T08:{number:02}"
    messages = [
        {"role": role, "text": words, "time": f"{at}:{n:02}+08:00"}
        for n, (role, words) in enumerate((("agent", "您好"), ("customer", text)))
    ]
    return json.dumps(
        {"conversation_id": f"c{number:02}", "customer": customer, "messages": messages}
    )


@pytest.fixture
def centre(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "tingjian.toml").write_text('[rules]\npacks = ["conversation"]\n', "utf-8")
    lines = [said(0, "A", TEXTS[0]), said(1, "A", TEXTS[1]), said(2, "B", TEXTS[3])]
    lines += [said(3 + i, f"D{i}", f"{TEXTS[2]}{'啊' * i}") for i in range(6)]
    lines += [said(9 + i, f"E{i}", f"普普通通的{'甲乙丙丁戊己庚辛壬癸'[i]}事情") for i in range(9)]
    (tmp_path / "inbox" / "chats.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    settings = load(tmp_path)
    night.read_texts(settings, night.scan(settings))
    keeping.keep(settings)
    inspect_all(settings)
    return settings


def inspect_all(settings: Settings) -> None:
    for part in inspection.parts_for_plan(settings):
        inspection.inspect_part(settings, part)
    keeping.keep(settings)


def test_matters_are_kept_and_repeats_are_told_from_them(centre: Settings) -> None:
    with open_warehouse(centre.warehouse, read_only=True) as warehouse:
        (reason, *_) = [m for m in matters_of(warehouse, "c00") if m.dimension == "reason"]
        assert (reason.category, reason.quote, reason.issue) == (
            "leak",
            "漏水",
            "leak · air-conditioner",
        )
        effort = effort_of(warehouse)
        counts = {(c.dimension, c.category): c.interactions for c in category_counts(warehouse)}
    assert effort is not None
    assert [one.repeats for one in effort.resolutions] == [0, 1, 1, 1]
    assert counts["reason", "leak"] == 2
    assert counts["reason", "unsorted"] == 16


def test_new_reasons_come_with_terms_and_examples(centre: Settings) -> None:
    with open_warehouse(centre.warehouse, read_only=True) as warehouse:
        count, groups = new_reasons(warehouse, least=4)
    assert count == 16
    assert {"蓝牙", "耳机"} <= {term for group in groups for term in group.terms}
    first = next(group for group in groups if "耳机" in group.terms)
    assert (first.size, first.examples[0].text) == (6, TEXTS[2])


def test_a_centres_own_taxonomy_is_another_plan_and_sorts_again(centre: Settings) -> None:
    before = plan_of(centre).key
    own_path(centre).write_text(OWN, "utf-8")
    assert plan_of(centre).key != before
    inspect_all(centre)
    with open_warehouse(centre.warehouse, read_only=True) as warehouse:
        told = {one: matters_of(warehouse, one)[0].category for one in ("c00", "c02")}
    assert told == {"c00": "unsorted", "c02": "lamp"}


def test_a_copy_says_the_same_and_is_never_overwritten(centre: Settings) -> None:
    shipped = taxonomy_of(centre).version
    copy_shipped(centre)
    assert taxonomy_of(centre).version == shipped
    with pytest.raises(FileExistsError):
        copy_shipped(centre)
