"""The page of what rose tells what the command tells, and keeps what people do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotwords.counts import EVERYTHING
from pipelines.settings import load
from tests import desk_centre, risen_centre
from tests.console.web.conftest import Signed, sign_in
from tests.desk_centre import Served, served
from tests.risen_centre import ACTION, RISE
from warehouse.rows import said_tables
from warehouse.spike_actions import spike_actions


@pytest.fixture(scope="module")
def risen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = risen_centre.make(tmp_path_factory.mktemp("risen-web") / "centre")
    with served(load(folder)) as one:
        one.desk.say(said_tables([desk_centre.account(*who) for who in desk_centre.PEOPLE]))
        yield one


@pytest.fixture(scope="module")
def lead(risen: Served) -> Iterator[Signed]:
    signed = sign_in(risen, "lead")
    yield signed
    signed.client.close()


DAY = str(RISE.replace(day=RISE.day + 2))


def test_a_rise_is_drawn_and_set_against_what_it_is_out_of(lead: Signed) -> None:
    page = lead.get("/hotwords", day=DAY).text
    assert "漏水" in page
    assert 'class="high"' in page
    for said in ("冰箱", "华东", "orders", "95", "▁▁▁▁▁▁▁▁▁▁▁▁█"):
        assert said in page, said
    assert re.search(r'href="/interaction\?id=c\d+', page)


def test_what_is_done_is_measured(risen: Served, lead: Signed) -> None:
    page = lead.get("/hotwords", day=DAY).text
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    fields = dict(reversed(hidden))  # of the first rise
    fields.pop("csrf")
    told = fields | {
        "cause": "process",
        "owner": "王敏",
        "action": "换<b>密封圈",
        "acts_from": ACTION,
    }
    assert lead.post("/hotwords", **told).status_code in {200, 303}
    (kept,) = spike_actions(risen.desk.warehouse)
    assert (kept.term, kept.owner, kept.acts_from) == ("漏水", "王敏", ACTION)
    assert kept.decided_by == "lead"
    page = lead.get("/hotwords", day=DAY).text
    assert "措施有效" in page
    assert "换&lt;b&gt;密封圈" in page
    assert "<b>密封圈" not in page


@pytest.mark.parametrize(
    "wrong", [{"day": "yesterday"}, {"cause": "weather"}, {"kind": "noise"}, {"acts_from": "soon"}]
)
def test_what_cannot_be_meant_is_refused(lead: Signed, wrong: dict[str, str]) -> None:
    right = {"kind": "term", "term": "漏水", "dimension": EVERYTHING.dimension, "value": ""}
    right |= {"day": DAY, "cause": "process", "owner": "a", "action": "b"}
    assert lead.post("/hotwords", **(right | wrong)).status_code == 400
    assert lead.get("/hotwords", day="tomorrow").status_code == 400
