"""The bars: every stage by its name in the person's language, full at its end."""

from __future__ import annotations

import io

from rich.console import Console

from console.messages.texts import Texts
from console.progress import bars
from pipelines.progress import current, watching


def drawn(language: str) -> str:
    file = io.StringIO()
    with bars(Console(file=file, width=100), Texts(language)) as shown, watching(shown):
        current().stage("hear", 4)
        current().advance(1)
        current().stage("keep", None)
        current().stage("[red]unknown\x1b", 1)
    return file.getvalue()


def test_stages_are_named_and_full_at_their_end() -> None:
    text = drawn("en")
    assert "✓ Hearing calls" in text
    assert "4/4" in text
    assert "✓ Taking into the warehouse" in text
    assert "[red]unknown\ufffd" in text
    assert "\x1b" not in text
    assert "听录音" in drawn("zh")


def test_advancing_before_any_stage_is_no_error() -> None:
    with bars(Console(file=io.StringIO()), Texts("en")) as shown:
        shown.advance(1)
        assert shown.last == ""
