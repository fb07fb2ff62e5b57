"""What the centre serves by day is read from its own file, and wrong rows say what is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from hotwords.counts import EVERYTHING, Slice
from interactions.problems import Unreadable
from pipelines.served import out_of, served
from pipelines.settings import Settings, load

DAY = date(2026, 3, 2)


def with_file(settings: Settings, text: str) -> Settings:
    (settings.folder / "tingjian.toml").write_text('[hotwords]\nserved = "served.csv"\n', "utf-8")
    (settings.folder / "served.csv").write_text(text, "utf-8")
    return load(settings.folder)


def test_columns_of_numbers_by_day_and_part(centre: Settings) -> None:
    assert served(centre) == {}
    text = (
        '日期,dimension,value,users,orders\n2026-03-02,,,"182,000",5310\n'
        "2026/3/2,,,1000,\n2026-03-02,queue,售后,,40\n"
    )
    found = served(with_file(centre, text))
    queue = Slice("queue", "售后")
    assert found == {
        EVERYTHING: {"users": {DAY: 183_000.0}, "orders": {DAY: 5310.0}},
        queue: {"orders": {DAY: 40.0}},
    }
    assert out_of(found, queue) == {"orders": {DAY: 40.0}}
    assert out_of(found, Slice("queue", "售前")) == found[EVERYTHING]
    assert out_of({}, queue) == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("day,users\nsoon,5\n", "served_no_day"),
        ("day,users\n,5\n", "served_no_day"),
        ("day,users\n2026-03-02,many\n", "served_no_number"),
        ("day,users\n2026-03-02,-1\n", "served_no_number"),
        ("day,users\n2026-03-02,inf\n", "served_no_number"),
    ],
)
def test_a_wrong_row_is_named(centre: Settings, text: str, code: str) -> None:
    with pytest.raises(Unreadable) as raised:
        served(with_file(centre, text))
    assert raised.value.code == code
    assert raised.value.item == "served.csv#2"
