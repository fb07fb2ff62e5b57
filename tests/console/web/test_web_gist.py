"""The summary and the risk's parts on the page of an interaction."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.web.gist import gist
from console.web.rendering import LANGUAGE_COOKIE, words
from detectors.mood import risk, signs
from pipelines.redaction import redaction_of
from tests.desk_centre import call, chat


def section(page: str) -> str:
    found = re.search(r'<section class="gist.*?</section>', page, re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ["概要", "问题", "不满（对公司）", "不满风险", "说的话和做的事", "客户"]),
        (
            "en",
            [
                "In short",
                "issue",
                "anger at the company",
                "Dissatisfaction risk",
                "words and deeds",
            ],
        ),
    ],
)
def test_the_page_says_it_in_short_with_links(web, language: str, expected: list[str]) -> None:
    rui = web("rui")
    rui.client.cookies.set(LANGUAGE_COOKIE, language)
    page = rui.get("/interaction", id="call-0").text
    told = section(page)
    assert [one for one in expected if one not in told] == []
    linked = re.findall(r'href="#(u-\d+)" data-t="(\d+)"', told)
    assert len(linked) >= 4
    for anchor, start in linked:
        assert f'id="{anchor}"' in page
        assert f'data-s="{start}"' in page
    assert "你这是什么态度" in told
    assert "13800138000" not in told


def test_what_is_personal_stays_hidden_until_it_is_revealed(web, tmp_path: Path, webcentre) -> None:
    assert "13800138000" not in web("rui").get("/interaction", id="call-0").text
    one = call(tmp_path, 0)
    hidden = redaction_of(one)
    told = gist(webcentre.desk.settings, one, hidden)
    clear = gist(webcentre.desk.settings, one, None)
    assert told is not None
    assert clear is not None
    assert told.risk == clear.risk  # the figure is that of the night, hidden or not
    assert all("13800138000" not in line.text for line in told.about.lines)


def test_parts_add_up_and_the_worst_turns_are_named(tmp_path: Path, webcentre) -> None:
    told = gist(webcentre.desk.settings, call(tmp_path, 0), None)
    assert told is not None
    assert told.risk is not None
    assert [turn.utterance.seq for turn in told.turns] == sorted(
        t.utterance.seq for t in told.turns
    )
    assert 3 in [turn.utterance.seq for turn in told.turns]  # the threat
    assert all(turn.value > 0 and turn.signs for turn in told.turns)
    assert told.because == ""


def test_what_a_centre_wrote_wrongly_leaves_the_page_standing(fresh) -> None:
    folder = fresh.desk.settings.folder / "sentiment"
    folder.mkdir()
    (folder / "phrases.yaml").write_text("灯不亮: 很坏\n", "utf-8")
    assert gist(fresh.desk.settings, chat(0), None) is None


def test_every_part_and_sign_has_a_name_in_both_languages() -> None:
    names = {f"risk.{name}" for name in (*risk.WEIGHTS, "words_and_deeds")}
    names |= {f"sign.{name}" for name in (*signs.WEIGHTS, "learned")}
    assert names <= set(words())
