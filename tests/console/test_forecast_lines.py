"""How long a night will take, before it begins."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from console.forecast_lines import forecast_lines
from console.messages.texts import Texts
from console.progress import bars
from pipelines.progress import Forecast, current, watching
from pipelines.settings import Settings

Call = Callable[..., Any]
TEN = Forecast(calls=3, sound_ms=7_200_000, unheard_ms=3_600_000, factor=0.31, basis="nights")


def lines(forecast: Forecast, language: str = "en") -> list[str]:
    return [line.plain for line in forecast_lines(forecast, Texts(language))]


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        (Forecast(calls=0, sound_ms=0, unheard_ms=0), []),
        (Forecast(calls=2, sound_ms=61_000, unheard_ms=0), ["Calls to hear: 2, length 01:01."]),
        (TEN, ["Calls to hear: 3, length 2:00:00.",
               ("Finding the words of 1:00:00 will take about 18:36: 0.31 s for a second, "
                "as in the last nights.")]),
        (Forecast(calls=1, sound_ms=9_000, unheard_ms=9_000),
         ["Calls to hear: 1, length 00:09.",
          ("Nobody has measured yet how long finding the words of 00:09 takes here: "
           "`tingjian doctor` does.")]),
    ],
)  # fmt: skip
def test_in_words(forecast: Forecast, said: list[str]) -> None:
    assert lines(forecast) == said


def test_in_mandarin() -> None:
    machine = Forecast(calls=3, sound_ms=60_000, unheard_ms=60_000, factor=0.5, basis="machine")
    assert lines(machine, "zh")[1] == (
        "转写 01:00 的录音约需 30.0 秒：每秒录音 0.5 秒，按本机实测。"
    )


def test_it_stands_above_the_bars() -> None:
    file = io.StringIO()
    with bars(Console(file=file, width=120), Texts("en")) as shown, watching(shown):
        current().expect(TEN)
        current().stage("hear", 3)
    text = file.getvalue()
    assert text.index("Finding the words of 1:00:00") < text.index("Hearing calls")


def test_a_plan_is_told_and_nothing_is_written(
    tingjian: Call, tmp_path: Path, make_centre: Callable[[Path], Settings]
) -> None:
    settings = make_centre(tmp_path / "centre")
    answer = tingjian("--centre", settings.folder, "--lang", "en", "run", "--plan")
    assert (answer.status, answer.out) == (0, "Calls to hear: 4, length 00:15.\n")
    assert not settings.warehouse.exists()
    told = tingjian("--centre", settings.folder, "run", "--plan", "--json").out
    assert '"unheard_ms": 0' in told
    assert '"work_ms": null' in told
    for file in (settings.folder / "inbox" / "calls").glob("*.wav"):
        file.unlink()
    nothing = tingjian("--centre", settings.folder, "--lang", "zh", "run", "--plan")
    assert nothing.out == "没有要听的通话。\n"
