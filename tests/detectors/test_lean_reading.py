"""What a back-test may leave out: never anything that could change an answer."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.lean_reading import needs_contours, needs_word_times, pattern, required_phrases
from detectors.rules import Rule, load_rules
from interactions.text import normal
from warehouse.plain import safe

PHRASES = ("投诉", "12315", "can't wait", "台湾", "零食")
# Everything that the normal form takes out or changes, and what people type instead.
NOISE = (" ", "\u3000", "\u200b", "\ufe0f", "\u00ad", "\t", "\U000e0041", "\ud800", "", "")
WRITTEN = {
    "投": "投", "诉": "诉訴", "1": "1１①一幺", "2": "2２二两", "3": "3三", "5": "5五⑤", "c": "cC",
    "a": "aAａ", "台": "台臺", "湾": "湾灣", "零": "零", "食": "食⻝", "t": "tT", "n": "nＮ",
}  # fmt: skip


def rule_of(folder: Path, find: str) -> Rule:
    path = folder / "r.yaml"
    path.write_text(
        "rules:\n  - id: r\n    version: 1\n    title: {zh: 名, en: name}\n    severity: minor\n"
        f"    find:\n      {find}\n",
        encoding="utf-8",
    )
    (rule,) = load_rules([path]).rules
    return rule


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """A phrase, and a text in which somebody may have written it."""
    phrase = draw(st.sampled_from(PHRASES))
    letters = [draw(st.sampled_from(WRITTEN.get(c, c))) for c in phrase]
    noise = [draw(st.sampled_from(NOISE)) for _ in letters]
    around = st.text("您好,。 x㈱0九", max_size=4)
    body = "".join(n + c for n, c in zip(noise, letters, strict=True))
    return phrase, draw(around) + body + draw(around)


@settings(deadline=None)  # the first builds the table of variants
@given(disguised())
def test_a_text_whose_normal_form_holds_a_phrase_always_matches(case: tuple[str, str]) -> None:
    phrase, text = case
    if normal(phrase).text not in normal(text).text:
        return
    sought = pattern([normal(phrase).text])
    query = "SELECT regexp_matches($text, $pattern)"
    row = duckdb.execute(query, {"text": safe(text), "pattern": sought}).fetchone()
    assert row == (True,)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("我要投訴", True),
        ("投 诉", True),
        ("打幺二三幺五", True),
        ("㈱", False),
        ("投了,诉", False),
        ("12316", False),
        ("CAN’T WAIT", True),
        ("", False),
    ],
)
def test_the_pattern_leaves_out_what_cannot_hold_a_phrase(text: str, *, holds: bool) -> None:
    sought = pattern(["投诉", "12315", "can't wait"])
    query = "SELECT regexp_matches($text, $pattern)"
    assert duckdb.execute(query, {"text": text, "pattern": sought}).fetchone() == (holds,)


def test_a_character_put_together_from_several_is_never_looked_for() -> None:
    assert pattern(["café"]) is None
    assert pattern(["投诉", "приvet"]) is None


@pytest.mark.parametrize(
    ("find", "written", "spoken"),
    [
        ("phrase: {any: [投诉, 退款]}", {"投诉", "退款"}, None),
        ("phrase: {any: [投诉], hear: exact}", {"投诉"}, {"投诉"}),
        ("phrase: {any: [投诉], hear: near}", None, None),
        ("phrase: {any: [投诉], within: first 30 s}", None, None),
        ("phrase: {all: [投诉, 退款], none: [谢谢], notin: [投诉电话]}", {"投诉", "退款"}, None),
        ("phrase: {any: [退款], synonyms: [退款 = 退钱]}", {"退款", "退钱"}, None),
        ("missing_phrase: {any: [您好]}", None, None),
        ("silence: {min_s: 5}", None, None),
        ("not: {phrase: {any: [投诉]}}", None, None),
        (
            "any: [{phrase: {any: [投诉]}}, {phrase: {any: [退款]}}]",
            {"投诉", "退款"},
            None,
        ),
        ("any: [{phrase: {any: [投诉]}}, {silence: {min_s: 5}}]", None, None),
        ("all: [{phrase: {any: [投诉]}}, {silence: {min_s: 5}}]", {"投诉"}, None),
        ("all: [{phrase: {any: [投诉]}}, {not: {phrase: {any: [抱歉]}}}]", {"投诉"}, None),
        ("sequence: {steps: [{phrase: {any: [投诉]}}, {phrase: {any: [退款]}}]}", None, None),
    ],
)
def test_which_phrases_a_rule_cannot_do_without(
    tmp_path: Path, find: str, written: set[str] | None, spoken: set[str] | None
) -> None:
    tree = rule_of(tmp_path, find).tree
    assert required_phrases(tree, spoken=False) == written
    assert required_phrases(tree, spoken=True) == spoken


@pytest.mark.parametrize(
    ("find", "words", "contours"),
    [
        ("phrase: {any: [投诉], hear: exact}", False, False),
        ("phrase: {any: [投诉]}", True, False),
        ("phrase: {any: [投诉], hear: exact, within: first 30 s}", True, False),
        ("silence: {min_s: 5}", True, False),
        ("raised_voice: {min_s: 2}", True, True),
        ("not: {phrase: {any: [投诉], hear: exact}}", False, False),
    ],
)
def test_what_has_to_be_read(tmp_path: Path, find: str, *, words: bool, contours: bool) -> None:
    tree = rule_of(tmp_path, find).tree
    assert (needs_word_times(tree), needs_contours(tree)) == (words, contours)
