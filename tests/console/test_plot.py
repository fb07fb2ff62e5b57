"""An interaction drawn into a file."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.messages.texts import Texts
from console.plot_page import NothingToDraw, draw
from detectors.because import explain
from detectors.evidence import Evidence, Finding, Severity
from detectors.examples import Example
from interactions.interaction import Channel, Language
from interactions.sound import Party

A, C = Party.AGENT, Party.CUSTOMER
CALL = Example(
    speech={C: tuple((at, at + 3) for at in range(0, 24, 4)), A: ((24, 60),)},
    pitches={C: ((0, 24, 200), (8, 15, 300))},
    seconds=60,
).interaction(Channel.VOICE, Language.ZH)
FINDING = Finding(
    interaction_id="example",
    rule_id="raised",
    rule_version="1",
    severity=Severity.MAJOR,
    engine="1",
    evidence=(Evidence(start_ms=8000, end_ms=15_000, because="raised_voice", party=C),),
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["out.png", "out.svg"])
def test_a_picture_is_drawn_and_the_same_every_time(
    tmp_path: Path, language: str, name: str
) -> None:
    first, second = tmp_path / f"1{name}", tmp_path / f"2{name}"
    for path in (first, second):
        draw(CALL, [FINDING], path, Texts(language))
    begins = {".png": b"\x89PNG", ".svg": b"<?xml"}[first.suffix]
    assert first.read_bytes().startswith(begins)
    assert len(first.read_bytes()) > 20_000
    if first.suffix == ".png":
        assert first.read_bytes() == second.read_bytes()


def test_the_words_and_the_rules_stand_in_it(tmp_path: Path) -> None:
    import matplotlib as mpl

    path = tmp_path / "out.svg"
    with mpl.rc_context({"svg.fonttype": "none"}):
        draw(CALL, [FINDING], path, Texts("en"))
    drawn = path.read_text("utf-8")
    for word in ("example", "Who speaks", "Evidence", "raised", "agent", "customer", "75", "600"):
        assert f">{word}<" in drawn, word


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Customer raises a lo…", "agent", "dead air over 3 s", "talk-over")),
        ("zh", ("客户提高音量", "坐席", "超过 3 秒的静默", "抢话")),
    ],
)
def test_evidence_is_named_and_says_why(
    tmp_path: Path, language: str, expected: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib as mpl

    monkeypatch.setattr("console.plot_page._CHINESE", ("DejaVu Sans",))  # a font that is there
    title = {"en": "Customer raises a loud voice", "zh": "客户提高音量"}[language]
    path = tmp_path / "out.svg"
    with mpl.rc_context({"svg.fonttype": "none"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        draw(CALL, [FINDING], path, Texts(language), titles={"raised": title})
    drawn = path.read_text("utf-8")
    for word in expected:
        assert word in drawn, word
    assert explain(FINDING.evidence[0], language)[:20] in drawn


def test_without_findings_the_picture_says_so(tmp_path: Path) -> None:
    import matplotlib as mpl

    path = tmp_path / "out.svg"
    with mpl.rc_context({"svg.fonttype": "none"}):
        draw(CALL, [], path, Texts("en"))
    assert "the rules in force found nothing here" in path.read_text("utf-8")


def test_what_has_no_sound_is_not_drawn(tmp_path: Path) -> None:
    chat = Example().interaction(Channel.CHAT, Language.ZH)
    with pytest.raises(NothingToDraw):
        draw(chat, [], tmp_path / "out.png", Texts("en"))


def test_the_command_says_why_it_cannot(
    tingjian: Callable[..., Any], ran: Path, tmp_path: Path
) -> None:
    answer = tingjian("--centre", ran, "show", "chat-angry", "--plot", tmp_path / "out.png")
    assert (answer.status, answer.out) == (1, "")
    assert "chat-angry has no sound, so there is nothing to draw" in answer.err
    assert not (tmp_path / "out.png").exists()
