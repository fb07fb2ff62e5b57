"""A night says how long it will take: from headers, and from what recognition took before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from asr.costs import Cost, known_cost, remember
from pipelines import night
from pipelines.forecast import calls_waiting, forecast, recogniser_key
from pipelines.progress import Forecast, watching
from pipelines.settings import Settings
from warehouse.store import Run, open_warehouse

LENGTHS_MS = 4_000 + 5_000 + 6_000
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def with_weights(settings: Settings, weights: Path) -> Settings:
    weights.touch()
    speech = settings.speech.model_copy(update={"weights": str(weights)})
    return settings.model_copy(update={"speech": speech})


def runs(settings: Settings, *figures: tuple[str, int, int]) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        for number, (recogniser, recognised_ms, recognition_ms) in enumerate(figures):
            started = AT + timedelta(days=number)
            run = Run(run_id=f"r{number}", flow="nightly", started_at=started, ended_at=started)
            summary = {
                "recogniser": recogniser,
                "recognised_ms": recognised_ms,
                "recognition_ms": recognition_ms,
            }
            warehouse.record_run(replace(run, state="completed", summary=summary))


def test_without_weights_nothing_is_to_be_found(centre: Settings) -> None:
    expected = forecast(centre, calls_waiting(centre))
    assert (expected.calls, expected.unheard_ms, expected.work_ms) == (4, 0, None)
    assert LENGTHS_MS <= expected.sound_ms < LENGTHS_MS + 100
    assert not centre.warehouse.exists()


def test_nobody_has_measured_yet(centre: Settings, tmp_path: Path) -> None:
    heard = with_weights(centre, tmp_path / "mine.pt")
    expected = forecast(heard, calls_waiting(heard))
    assert expected.unheard_ms == expected.sound_ms
    assert (expected.factor, expected.basis, expected.work_ms) == (None, "", None)


def test_what_the_doctor_measured_counts_until_nights_have_run(
    centre: Settings, tmp_path: Path
) -> None:
    weights = tmp_path / "mine.pt"
    heard = with_weights(centre, weights)
    remember(weights, "whisper", Cost(load_s=1, encode_s=4.5, decode_s=1.5, tokens=108, cores=2))
    assert known_cost(weights, "faster-whisper") is None
    expected = forecast(heard, calls_waiting(heard))
    # 6 s of a core for 30 s of speech, two cores, 0.89 s of speech in a second of a call.
    assert (expected.factor, expected.basis) == (pytest.approx(0.1 * 0.89), "machine")
    assert expected.work_ms == round(expected.unheard_ms * 0.089)

    key = recogniser_key(heard)
    runs(heard, ("whisper/other/auto", 900_000, 900_000), (key, 40_000, 20_000))
    assert forecast(heard, calls_waiting(heard)).basis == "machine"  # too little was heard
    runs(
        heard, ("whisper/other/auto", 900_000, 900_000), (key, 40_000, 20_000), (key, 60_000, 5_000)
    )
    expected = forecast(heard, calls_waiting(heard))
    assert (expected.factor, expected.basis) == (0.25, "nights")


def test_whoever_watches_is_told(centre: Settings) -> None:
    class Told:
        def __init__(self) -> None:
            self.forecast: Forecast | None = None

        def stage(self, name: str, total: int | None) -> None: ...

        def advance(self, n: int) -> None: ...

        def expect(self, forecast: Forecast) -> None:
            self.forecast = forecast

    told = Told()
    with watching(told):
        night.tell_forecast(centre, night.scan(centre))
    assert told.forecast is not None
    assert told.forecast.calls == 4


def test_a_header_that_tells_no_length_is_guessed_by_size(
    tmp_path: Path, make_centre: Callable[[Path], Settings]
) -> None:
    settings = make_centre(tmp_path / "centre")
    calls = {call.item: call for call in calls_waiting(settings)}
    text = calls["calls/text.wav"]  # 16 bytes of no sound: 1 ms of two tracks of G.711
    assert forecast(settings, [text]).sound_ms == 1
