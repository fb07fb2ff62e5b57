"""The centre's terms: what the recogniser is told, and what is doubted afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from asr import weights
from interactions.interaction import Channel, Interaction, Utterance, Word
from interactions.sound import Party, Span
from pipelines.recogniser import Stopwatch, busy_ms, located, recogniser_of
from pipelines.settings import Settings
from pipelines.terms import doubts_of, lexicon_of, prompt_of, where_weights_lie

BASIS = {
    "lexicon": {"terms": ["延保"], "queues": {"售后": ["除湿机"]}},
    "hotwords": {"products": ["净化器"]},
}


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def settings(tmp_path: Path, **speech: str) -> Settings:
    return Settings(**BASIS, speech=speech, folder=tmp_path)


def call(transcriber: str, confidence: float) -> Interaction:
    words = tuple(Word(i * 200, i * 200 + 200, c, confidence) for i, c in enumerate("除湿机坏了"))
    return Interaction(
        interaction_id="voice-1", channel=Channel.VOICE, queue="售后", source="a.wav",
        started_at=datetime(2026, 3, 2, tzinfo=UTC), duration_ms=9_000, content_hash="0",
        utterances=(Utterance(0, Party.CUSTOMER, 0, 1_000, "除湿机坏了", words, confidence),),
        speech=MappingProxyType({Party.CUSTOMER: (Span(0, 2_000),)}), transcriber=transcriber,
    )  # fmt: skip


def test_queue_centre_and_products_in_this_order(tmp_path: Path) -> None:
    mine = settings(tmp_path, weights="turbo")
    assert lexicon_of(mine).of("售后") == ("除湿机", "延保", "净化器")
    assert prompt_of(mine, "售后") == "除湿机、延保、净化器。"
    assert prompt_of(mine, None) == "延保、净化器。"
    assert prompt_of(Settings(folder=tmp_path), "售后") is None


def test_the_checkpoint_in_the_box_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prompt_of(settings(tmp_path, weights="packaged"), "售后") is None
    monkeypatch.setattr(weights, "CHECKPOINTS", tmp_path)
    (tmp_path / "call.pt").touch()
    by_path = settings(tmp_path, weights=str(tmp_path / "call.pt"))
    assert prompt_of(by_path, "售后") is None


def test_only_words_of_the_centres_recogniser_are_doubted(tmp_path: Path) -> None:
    mine = settings(tmp_path, weights="turbo")
    calls = [call("whisper-turbo@0", 0.2), replace(call("vendor", 0.2), interaction_id="voice-2")]
    found = doubts_of(mine, calls, transcriber="whisper-turbo@0")
    assert {one: [d.because for d in doubts] for one, doubts in found.items()} == {
        "voice-1": ["unsure"]
    }
    assert doubts_of(mine, [call("whisper-turbo@0", 0.9)], transcriber="whisper-turbo@0") == {
        "voice-1": ()
    }


def test_weights_in_the_centres_folder_are_found_by_name(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    file = tmp_path / "own" / "large-v3-turbo.pt"
    file.touch()
    mine = settings(tmp_path, weights="turbo", folder="own")
    assert located(mine).weights == str(file)
    assert where_weights_lie(mine) == file
    assert located(settings(tmp_path, weights="small", folder="own")).weights == "small"
    assert where_weights_lie(settings(tmp_path, weights="gone.pt")) is None
    assert where_weights_lie(settings(tmp_path, weights="none")) is None
    assert recogniser_of(settings(tmp_path, weights="none")) is None


def test_what_ran_side_by_side_counts_once() -> None:
    assert busy_ms([]) == 0
    assert busy_ms([(100, 200), (150, 250), (400, 500), (410, 420)]) == 250


def test_a_stopwatch_passes_on_what_it_times() -> None:
    class Dummy:
        name = "whisper-x@0"

        def transcribe_many(self, jobs, *, advance=None):
            advance(5)
            return tuple("said" for _ in jobs)

    class Sound:
        duration_ms = 3_000

    watched, told = Stopwatch(Dummy()), []
    jobs = [type("Job", (), {"waveform": Sound()})() for _ in range(2)]
    assert watched.transcribe_many(jobs, advance=told.append) == ("said", "said")
    assert (watched.name, watched.sound_ms, told) == ("whisper-x@0", 6_000, [5])
    assert len(watched.busy) == 1
