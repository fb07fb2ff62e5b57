"""An interaction drawn into a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.messages.texts import Texts
from console.plot_page import NothingToDraw, draw
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
