"""faster-whisper behind our protocol, with small random weights: the same shape, the same gates."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest
import torch
import whisper
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import get_tokenizer

from asr.spectrogram import spectrogram
from asr.speech import regions
from asr.transcriber import Job, Transcription
from asr.trust import REASONS
from asr.waveform import Waveform
from asr.weights import Weights, WeightsError
from asr.whisper_model import quietly, read_model
from interactions.interaction import Language
from interactions.sound import Party

pytest.importorskip("faster_whisper", reason="faster-whisper is an extra and is not installed")

from faster_whisper import WhisperModel

from asr.converted import convert, folder_of
from asr.faster_whisper_engine import Options, load

RATE = 8000
TEXTS = ("您好，请问有什么可以帮您？", " Don't you have 3.5 kilos?", "a  b\n 😀 naïve", "")
ALONE = Options(device="cpu", threads=1, beam=1)


def small(path, *, n_vocab=51865):
    """A checkpoint as openai-whisper saves it."""
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=32, n_audio_head=2, n_audio_layer=1,
        n_vocab=n_vocab, n_text_ctx=448, n_text_state=32, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    torch.manual_seed(5)
    model = Whisper(dims)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    torch.save({"dims": asdict(dims), "model_state_dict": model.state_dict()}, path)
    return path


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory):
    """Converted checkpoints are kept in the user's cache: not in that of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return small(tmp_path_factory.mktemp("weights") / "small.pt")


@pytest.fixture(scope="module")
def model(weights):
    return read_model(Weights("small", weights))[0]


@pytest.fixture(scope="module")
def folder(model, tmp_path_factory):
    made = tmp_path_factory.mktemp("folders") / "small"
    convert(model, made, quantization="float32")
    return made


@pytest.fixture(scope="module")
def engine(weights):
    return load(str(weights), options=ALONE)


@pytest.fixture(scope="module")
def call(spoken):
    tracks = np.random.default_rng(0).normal(0, 1e-3, (2, 30 * RATE)).astype(np.float32)
    for track, at in ((0, 1), (0, 14), (1, 6), (1, 21)):
        tracks[track, at * RATE : at * RATE + len(spoken)] += spoken
    return Waveform(tracks, RATE, "pcm_mulaw", RATE)


@pytest.fixture(scope="module")
def spoken_regions(call):
    return regions(call)


@pytest.fixture(scope="module")
def heard(engine, call, spoken_regions):
    return engine.transcribe(call, spoken_regions, language=Language.ZH)


def test_a_converted_model_hears_what_the_checkpoint_hears(model, folder, spoken):
    converted = WhisperModel(str(folder), device="cpu", compute_type="float32", cpu_threads=1)
    mel = spectrogram(np.repeat(spoken, 2), bands=80)
    with quietly():
        _, chances = whisper.detect_language(model, mel)
    (found,) = converted.model.detect_language(converted.encode(mel.numpy()[None]))
    assert {token[2:-2] for token, _ in found} == set(chances)
    assert max(abs(chance - chances[token[2:-2]]) for token, chance in found) < 1e-4


def test_a_converted_model_reads_and_writes_the_same_tokens(folder):
    converted = WhisperModel(str(folder), device="cpu", compute_type="float32", cpu_threads=1)
    with quietly():
        tokenizer = get_tokenizer(multilingual=True, num_languages=99)
    for text in TEXTS:
        ids = converted.hf_tokenizer.encode(text, add_special_tokens=False).ids
        assert ids == tokenizer.encode(text)
        assert converted.hf_tokenizer.decode(ids) == text
    for name, token in tokenizer.special_tokens.items():
        assert converted.hf_tokenizer.token_to_id(name) == token


def test_a_checkpoint_is_converted_once(weights):
    first = folder_of(weights)
    written = (first / "model.bin").stat().st_mtime_ns
    assert folder_of(weights) == first
    assert (first / "model.bin").stat().st_mtime_ns == written


def test_name_carries_engine_and_weights(engine, weights):
    assert engine.name.startswith("faster-whisper-small@")
    assert load(str(weights), options=ALONE).name == engine.name
    assert load(str(folder_of(weights)), options=ALONE).name.endswith(engine.name[-9:])


def test_utterances_are_those_of_the_protocol(heard, spoken_regions):
    assert all(heard.tracks)
    for utterances, spans in zip(heard.tracks, spoken_regions, strict=True):
        assert [one.seq for one in utterances] == list(range(len(utterances)))
        for one in utterances:
            assert spans[0].start_ms - 300 <= one.start_ms <= one.end_ms <= spans[-1].end_ms + 300
            assert one.party is Party.UNKNOWN
            assert all(a.end_ms <= b.start_ms for a, b in pairwise(one.words))
            assert one.dropped_because is None or one.dropped_because in REASONS


def test_batches_and_repetition_change_nothing(weights, engine, heard, call, spoken_regions):
    assert engine.transcribe(call, spoken_regions, language=Language.ZH) == heard
    one_by_one = load(str(weights), options=Options(device="cpu", threads=1, beam=1, batch=1))
    again = one_by_one.transcribe(call, spoken_regions, language=Language.ZH)
    assert [[u.text for u in track] for track in again.tracks] == [
        [u.text for u in track] for track in heard.tracks
    ]


def test_several_recordings_and_how_far_it_has_come(engine, heard, call, spoken_regions):
    told = []
    jobs = [
        Job(call, ((), ()), Language.UNKNOWN),
        Job(call, spoken_regions, Language.ZH),
        Job(call, spoken_regions, Language.MIXED, "延保、以旧换新。"),
    ]
    silent, plain, prompted = engine.transcribe_many(jobs, advance=told.append)
    assert silent == Transcription(((), ()), Language.UNKNOWN)
    assert plain == heard
    assert prompted.language is Language.MIXED
    assert len(told) == 4  # one window of each track
    assert min(told) > 5_000


def test_a_second_try_and_an_unknown_language(weights, call, spoken_regions):
    careful = load(str(weights), options=Options(device="cpu", threads=1, beam=2))
    only = (spoken_regions[0][:1], ())
    found = careful.transcribe(call, only, language=Language.UNKNOWN)
    assert found.language in {Language.ZH, Language.EN}
    assert found.tracks[1] == ()


def test_english_weights_refuse_mandarin(tmp_path, call, spoken_regions):
    english = load(str(small(tmp_path / "small.en.pt", n_vocab=51864)), options=ALONE)
    with pytest.raises(WeightsError, match="only knows English"):
        english.transcribe(call, spoken_regions, language=Language.ZH)


def test_weights_that_are_not_here_are_not_downloaded(tmp_path):
    with pytest.raises(WeightsError, match="not on this machine"):
        load("turbo", folder=tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.bin").write_bytes(b"no model")
    with pytest.raises(WeightsError, match="no Whisper folder for CTranslate2"):
        load(str(tmp_path / "broken"), options=ALONE)
