"""openai-whisper's real code with small random weights: what it hears is noise, how it is put
together is not."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest
import torch
from whisper.model import ModelDimensions, Whisper

from asr.packing import Piece, Window
from asr.quantised import Arithmetic
from asr.speech import regions
from asr.transcriber import Job, Transcription
from asr.trust import REASONS, units
from asr.waveform import Waveform
from asr.weights import WeightsError
from asr.whisper_engine import Options, load
from asr.whisper_model import ANY_LENGTH, BEAM_SIZE
from interactions.interaction import Language
from interactions.sound import Party, Span

RATE = 8000


def small(path, *, n_vocab=51865, seed=3, spread=0.3):
    """A checkpoint as openai-whisper saves it; 51865 is the multilingual vocabulary."""
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=16, n_audio_head=2, n_audio_layer=1,
        n_vocab=n_vocab, n_text_ctx=48, n_text_state=16, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    torch.manual_seed(seed)
    model = Whisper(dims)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=spread)
    torch.save({"dims": asdict(dims), "model_state_dict": model.state_dict()}, path)
    return path


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return small(tmp_path_factory.mktemp("weights") / "small.pt")


@pytest.fixture(scope="module")
def engine(weights):
    return load(str(weights), options=Options(device="cpu", threads=1, beam=1))


@pytest.fixture(scope="module")
def call(spoken):
    """Two tracks: three utterances of the agent, two of the customer, over 30 s of talk."""
    tracks = np.random.default_rng(0).normal(0, 1e-3, (2, 45 * RATE)).astype(np.float32)
    for track, at in ((0, 1), (0, 14), (0, 40), (1, 6), (1, 21)):
        tracks[track, at * RATE : at * RATE + len(spoken)] += spoken
    return Waveform(tracks, RATE, "pcm_mulaw", RATE)


@pytest.fixture(scope="module")
def spoken_regions(call):
    return regions(call)


@pytest.fixture(scope="module")
def heard(engine, call, spoken_regions):
    return engine.transcribe(call, spoken_regions, language=Language.ZH)


def test_name_carries_the_weights(engine, weights):
    assert engine.name.startswith("whisper-small@")
    assert len(engine.name.split("@")[1]) == 8
    assert load(str(weights)).name == engine.name


def test_utterances_lie_in_the_speech_of_their_track(heard, spoken_regions):
    assert all(heard.tracks)
    for utterances, spans in zip(heard.tracks, spoken_regions, strict=True):
        for utterance in utterances:
            assert any(
                s.start_ms - 300 <= utterance.start_ms <= utterance.end_ms <= s.end_ms + 300
                for s in merged(spans)
            )
            assert utterance.party is Party.UNKNOWN
            assert utterance.text == utterance.text.strip() != ""


def merged(spans):
    """Join stretches whose pause is inside one utterance."""
    result = [spans[0]]
    for span in spans[1:]:
        if span.start_ms - result[-1].end_ms < 600:
            result[-1] = Span(result[-1].start_ms, span.end_ms)
        else:
            result.append(span)
    return result


def test_word_times_are_monotone_and_inside_their_utterance(heard):
    utterances = [u for track in heard.tracks for u in track]
    assert sum(len(u.words) for u in utterances) > 5
    for utterance in utterances:
        for word in utterance.words:
            assert utterance.start_ms <= word.start_ms <= word.end_ms <= utterance.end_ms
            assert 0 <= word.confidence <= 1
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(utterance.words))


def test_utterances_are_in_time_order_and_numbered(heard):
    for utterances in heard.tracks:
        assert [u.seq for u in utterances] == list(range(len(utterances)))
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(utterances))


def test_no_word_is_lost_between_text_and_words(heard):
    for utterance in (u for track in heard.tracks for u in track):
        letters = "".join(c for c in utterance.text if c.isalnum())
        assert "".join(c for w in utterance.words for c in w.text if c.isalnum()) == letters


def test_random_weights_are_not_believed(heard):
    dropped = {u.dropped_because for track in heard.tracks for u in track}
    assert dropped <= set(REASONS)
    assert dropped


def texts(transcription):
    return [[u.text for u in track] for track in transcription.tracks]


@pytest.mark.parametrize("arithmetic", [Arithmetic.FP32, Arithmetic.INT8])
def test_is_the_same_on_every_run_and_for_every_batch(weights, call, spoken_regions, arithmetic):
    found = []
    for batch in (1, 2, 16):
        options = Options(device="cpu", arithmetic=arithmetic, threads=1, batch=batch, beam=1)
        engine = load(str(weights), options=options)
        found.append(engine.transcribe(call, spoken_regions, language=Language.ZH))
        assert engine.transcribe(call, spoken_regions, language=Language.ZH) == found[-1]
    assert texts(found[0]) == texts(found[1]) == texts(found[2])
    assert any(texts(found[0]))


def test_recordings_heard_together_are_heard_as_alone(engine, call, spoken_regions):
    """Different languages, prompts and lengths in one call; and how much is done is told."""
    first = (spoken_regions[0][:2], ())
    jobs = [
        Job(call, spoken_regions, Language.ZH),
        Job(call, ((), ()), Language.UNKNOWN),
        Job(call, first, Language.EN, "Terms: refund."),
        Job(call, spoken_regions, Language.MIXED),
        Job(call, first, Language.UNKNOWN, "请讲普通话。"),
    ]
    done = []
    together = engine.transcribe_many(jobs, advance=done.append)
    alone = [
        engine.transcribe(job.waveform, job.regions, language=job.language, prompt=job.prompt)
        for job in jobs
    ]
    assert [texts(found) for found in together] == [texts(found) for found in alone]
    assert [found.language for found in together] == [found.language for found in alone]
    assert together[1] == Transcription(((), ()), Language.UNKNOWN)
    speech = [s.duration_ms for job in jobs for track in job.regions for s in track]
    assert sum(speech) <= sum(done) < 3 * sum(speech)
    assert engine.transcribe_many([]) == ()


def test_a_prompt_of_the_recording_takes_the_place_of_the_engines(weights, call, spoken_regions):
    only = (spoken_regions[0][:2], ())
    given = Options(device="cpu", threads=1, beam=1, initial_prompt="请讲普通话。")
    prompted = load(str(weights), options=given)
    plain = load(str(weights), options=Options(device="cpu", threads=1, beam=1))
    own = plain.transcribe(call, only, language=Language.ZH, prompt=given.initial_prompt)
    assert prompted.transcribe(call, only, language=Language.ZH) == own
    none = prompted.transcribe(call, only, language=Language.ZH, prompt="")
    assert none == plain.transcribe(call, only, language=Language.ZH)
    assert texts(none) != texts(own)


def test_windows_are_cut_only_for_weights_that_hear_any_length(
    tmp_path, engine, call, spoken_regions
):
    path = small(tmp_path / "any.pt")
    held = torch.load(path, weights_only=True)
    torch.save(held | {ANY_LENGTH: True}, path)
    cut, one_by_one = (
        load(str(path), options=Options(device="cpu", threads=1, beam=1, batch=batch))
        for batch in (16, 1)
    )
    window = Window(0, (Piece(Span(1000, 5500), 0),))
    job = Job(call, spoken_regions, Language.ZH)
    with torch.inference_mode():
        assert len(cut._heard(window, job)) == (4500 + 400) // 20
        assert len(engine._heard(window, job)) == 1500
    found = cut.transcribe(call, spoken_regions, language=Language.ZH)
    assert all(found.tracks)
    again = one_by_one.transcribe(call, spoken_regions, language=Language.ZH)
    assert texts(again) == texts(found)


@pytest.mark.parametrize("language", list(Language))
def test_silence_is_not_listened_to(engine, language, call):
    found = engine.transcribe(call, ((), ()), language=language)
    assert found == Transcription(((), ()), language)


def test_the_recogniser_decides_on_one_of_two_languages(engine, call, spoken_regions):
    found = engine.transcribe(call, spoken_regions, language=Language.UNKNOWN)
    assert found.language in {Language.ZH, Language.EN}
    fixed = engine.transcribe(call, spoken_regions, language=found.language)
    assert fixed == found


def test_mixed_calls_are_decided_window_by_window(engine, call, spoken_regions):
    found = engine.transcribe(call, spoken_regions, language=Language.MIXED)
    assert found.language is Language.MIXED
    assert all(found.tracks)


def test_a_prompt_and_a_second_try_by_beam_search(weights, call, spoken_regions):
    careful = load(
        str(weights),
        options=Options(device="cpu", threads=1, initial_prompt="您好,请讲普通话。", beam=2),
    )
    only = (spoken_regions[0][:2], ())
    found = careful.transcribe(call, only, language=Language.ZH)
    assert found.tracks[1] == ()
    assert careful.transcribe(call, only, language=Language.ZH) == found


def test_a_first_try_by_beam_search(tmp_path, engine, call, spoken_regions):
    only = (spoken_regions[0][:2], ())
    path = small(tmp_path / "asks.pt")
    torch.save(torch.load(path, weights_only=True) | {BEAM_SIZE: 3}, path)
    asked, told = (
        load(str(path), options=Options(device="cpu", threads=1, beam=1, **more))
        for more in ({}, {"first_beam": 1})
    )
    searched = asked.transcribe(call, only, language=Language.ZH)
    assert all(u.words for u in searched.tracks[0])
    assert searched == asked.transcribe(call, only, language=Language.ZH)
    assert told.transcribe(call, only, language=Language.ZH) == engine.transcribe(
        call, only, language=Language.ZH
    )


def test_a_loop_is_dropped(tmp_path, call, spoken_regions):
    """Weights that can only say one word, again and again."""
    path = small(tmp_path / "loop.pt", spread=0.02)
    held = torch.load(path, weights_only=True)
    state = held["model_state_dict"]
    state["decoder.ln.weight"].zero_()
    state["decoder.ln.bias"].fill_(4.0)
    word = 2053  # an ordinary one of the vocabulary
    state["decoder.token_embedding.weight"][word] += 4.0
    torch.save(held, path)
    looping = load(str(path), options=Options(device="cpu", threads=1, beam=1))
    found = looping.transcribe(call, spoken_regions, language=Language.EN)
    # Nothing else can be said: the recogniser is sure of it, and it is dropped all the same.
    long = [u for track in found.tracks for u in track if len(units(u.text)) >= 4]
    assert long
    assert {u.dropped_because for u in long} == {"repetition"}


def test_english_weights_refuse_mandarin(tmp_path, call, spoken_regions):
    english = load(
        str(small(tmp_path / "small.en.pt", n_vocab=51864)),
        options=Options(device="cpu", threads=1, beam=1),
    )
    with pytest.raises(WeightsError, match="only knows English"):
        english.transcribe(call, spoken_regions, language=Language.ZH)
    found = english.transcribe(call, (spoken_regions[0][:1], ()), language=Language.UNKNOWN)
    assert found.language is Language.EN
