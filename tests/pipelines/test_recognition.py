"""A shard of calls, recognised with real (random) weights: what is counted, and what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray
from whisper.model import ModelDimensions, Whisper

from pipelines import night
from pipelines.reports import NightSummary, RunLog, markdown
from pipelines.settings import Settings
from warehouse.read import doubted_terms_of, recent_runs
from warehouse.spool import Spool
from warehouse.store import open_warehouse

RATE = 8_000


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads of so small a model wait for each other longer than they work."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def heard(
    centre: Settings, tmp_path: Path, spoken: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A centre with small random weights, whose first call has speech in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=16, n_audio_head=2, n_audio_layer=1,
        n_vocab=51865, n_text_ctx=48, n_text_state=16, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    torch.manual_seed(3)
    model = Whisper(dims)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    path = tmp_path / "small.pt"
    torch.save({"dims": asdict(dims), "model_state_dict": model.state_dict()}, path)
    tracks = np.zeros((10 * RATE, 2), np.float32)
    tracks[RATE : RATE + len(spoken), 0] = spoken
    soundfile.write(centre.inbox / "calls" / "a.wav", tracks, RATE, subtype="ULAW")
    speech = centre.speech.model_copy(update={"weights": str(path), "language": "zh"})
    return centre.model_copy(update={"speech": speech})


def done_in(settings: Settings) -> list[night.Done]:
    arrivals = night.scan(settings)
    return [night.hear_shard(settings, shard) for shard in night.shards(settings, arrivals)]


def summary_of(settings: Settings, done: list[night.Done]) -> NightSummary:
    with RunLog(settings, "nightly") as log:
        return log.summary(done, inspected=0)


def test_a_night_says_how_fast_recognition_was_and_what_it_does_not_believe(
    heard: Settings,
) -> None:
    done = done_in(heard)
    assert sum(one.recognised_ms for one in done) == sum(one.sound_ms for one in done) >= 21_000
    dropped = sum(sum(one.dropped.values()) for one in done)
    assert dropped > 0  # random weights are not believed
    summary = summary_of(heard, done)
    assert summary.recognition_ms > 0
    assert summary.real_time_factor == summary.recognition_ms / summary.recognised_ms
    assert sum(summary.dropped.values()) == dropped
    assert f"| 不采信的话 utterances not believed | {dropped} |" in markdown(summary)
    with open_warehouse(heard.warehouse) as warehouse:
        warehouse.commit_pending(Spool(heard.spool))
        (run,) = recent_runs(warehouse, "nightly", limit=9)
        assert run.summary["recogniser"] == f"whisper/{heard.speech.weights}/auto"
        assert run.summary["dropped"] == dropped
        assert run.summary["recognised_ms"] == summary.recognised_ms
        with warehouse.snapshot() as look:
            assert look.rows("SELECT count(*) FROM dropped_utterances") == [(dropped,)]
        assert doubted_terms_of(warehouse, "nobody") == []


def test_what_was_heard_before_is_not_recognised_again(heard: Settings) -> None:
    first, again = done_in(heard), done_in(heard)
    assert [one.kept for one in first] == [one.kept for one in again]
    assert [one.dropped for one in first] == [one.dropped for one in again]
    assert all(not one.busy and one.recognised_ms == 0 for one in again)
    assert summary_of(heard, again).real_time_factor is None


def test_other_terms_are_other_words_for_the_calls_that_hear_them(heard: Settings) -> None:
    shards = Spool(heard.spool)
    done_in(heard)
    before = {shard.key for shard in shards.shards() if shard.kind == "calls"}
    lexicon = heard.lexicon.model_copy(update={"queues": {"配送": ("延保",)}})
    done_in(heard.model_copy(update={"lexicon": lexicon}))
    after = {shard.key for shard in shards.shards() if shard.kind == "calls"}
    assert len(after - before) == 1  # that of the queue whose terms changed
    assert before < after


def test_without_weights_nothing_is_recognised(centre: Settings) -> None:
    done = done_in(centre)
    summary = summary_of(centre, done)
    assert (summary.recognised_ms, summary.real_time_factor) == (0, None)
    assert "| 识别时间 / 录音时间 real-time factor | — |" in markdown(summary)
    assert replace(summary, recognised_ms=10, recognition_ms=5).real_time_factor == 0.5
