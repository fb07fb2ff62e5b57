"""``tingjian transcribe``: recordings in, text out, and nothing else needed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from whisper.model import ModelDimensions, Whisper

from asr.hearing import Transcribed
from console.messages.texts import Texts
from console.transcript_files import Written, as_record, places, rendered
from interactions.interaction import Language, Utterance, Word
from interactions.sound import Party, Quality, Recording
from samples.telephone import FORMS, write

Call = Callable[..., Any]
RATE = 8_000
HOSTILE = "\x1b[31mred\u202e.wav"


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads of so small a model wait for each other longer than they work."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small random weights: what they hear is noise, and most of it is not believed."""
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=16, n_audio_head=2, n_audio_layer=1,
        n_vocab=51865, n_text_ctx=48, n_text_state=16, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    torch.manual_seed(3)
    model = Whisper(dims)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    path = tmp_path_factory.mktemp("weights") / "small.pt"
    torch.save({"dims": asdict(dims), "model_state_dict": model.state_dict()}, path)
    return path


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory, spoken: NDArray[np.float32]) -> Path:
    folder = tmp_path_factory.mktemp("calls")
    tracks = np.random.default_rng(0).normal(0, 1e-3, (2, 9 * RATE)).astype(np.float32)
    tracks[0, RATE : RATE + len(spoken)] += spoken
    tracks[1, 5 * RATE : 5 * RATE + len(spoken)] += spoken
    for name in ("mulaw", "ima_adpcm", "mp3", "opus"):
        write(folder / f"{name}{FORMS[name].suffix}", tracks, FORMS[name])
    write(folder / "mono.flac", tracks[:1], FORMS["flac"])
    write(folder / HOSTILE, tracks[:, : 2 * RATE], FORMS["alaw"])
    write(folder / "quiet.wav", tracks[:, -RATE // 2 :] * 0, FORMS["mulaw"])
    (folder / "page.wav").write_text("<html>" * 99)
    return folder


@pytest.fixture
def transcribe(tingjian: Call, weights: Path, tmp_path: Path) -> Call:
    def call(*arguments: object) -> Any:
        options = ("--lang", "en", "--centre", tmp_path / "nowhere")
        given = ("--weights", weights, "--language", "zh")
        return tingjian(*options, "transcribe", *given, *arguments)

    return call


def test_every_codec_and_the_others_go_on_where_one_fails(transcribe: Call, calls: Path) -> None:
    files = sorted(calls.iterdir())
    answer = transcribe("--format", "json", *files)
    assert answer.status == 1
    found = {Path(one["file"]).name: one for one in json.loads(answer.out)}
    assert set(found) == {path.name for path in files} - {"page.wav"}
    assert f"{calls / 'page.wav'}: the content is no sound file" in answer.err
    assert "Not written down: 1" in answer.err
    assert "\x1b" not in answer.out + answer.err
    for name in ("mulaw.wav", "ima_adpcm.wav", "mp3.mp3", "opus.ogg"):
        one = found[name]
        assert 8_900 <= one["duration_ms"] <= 9_100
        assert one["tracks"] == ["unknown", "unknown"]
        assert one["transcriber"].startswith("whisper-small@")
        assert one["real_time_factor"] > 0
        assert {said["party"] for said in one["utterances"]} == {"unknown"}
        assert all(said["words"] for said in one["utterances"])
    assert found["mono.flac"]["tracks"] == ["unknown"]
    assert found["quiet.wav"]["utterances"] == []
    assert found["quiet.wav"]["transcriber"] == "none"


def test_the_answer_goes_to_a_folder_and_progress_to_standard_error(
    transcribe: Call, calls: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "folder"
    files = [calls / "mulaw.wav", calls / HOSTILE, calls / "mono.flac"]
    answer = transcribe("--format", "vtt", "--tracks", "customer,agent", "--out", out, *files)
    assert (answer.status, answer.out) == (0, "")
    assert "Loading the weights" in answer.err
    assert "Written down: 3; 00:20 of sound in" in answer.err
    written = {path.name for path in out.iterdir()}
    assert written == {"mulaw.vtt", f"{HOSTILE.removesuffix('.wav')}.vtt", "mono.vtt"}
    assert (out / "mulaw.vtt").read_text("utf-8").startswith("WEBVTT\n")


def test_several_on_standard_output_are_told_apart(transcribe: Call, calls: Path) -> None:
    answer = transcribe(calls / "quiet.wav", calls / HOSTILE)
    assert answer.out.startswith(f"== {calls / 'quiet.wav'} ==\n== ")
    assert "\ufffd[31mred\ufffd.wav ==" in answer.out
    assert "==" not in transcribe(calls / "quiet.wav").out


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--format", "srt", "a.wav", "b.wav"), 2, "name a folder with --out"),
        (("--format", "docx", "a.wav"), 2, "--format cannot be docx; allowed: text, json, srt"),
        (("--language", "fr", "a.wav"), 2, "--language cannot be fr"),
        (("--tracks", "agent,boss", "a.wav"), 2, "--tracks cannot be boss"),
        (("--weights", "none", "a.wav"), 2, "--weights cannot be none"),
        (("--weights", "gone.pt", "a.wav"), 1, "no weights at gone.pt"),
        (("--out", "/proc/nothing", "a.wav"), 2, "/proc/nothing cannot be made"),
        (("gone.wav",), 1, "gone.wav: "),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    transcribe: Call, arguments: tuple[str, ...], status: int, words: str
) -> None:
    answer = transcribe(*arguments)
    assert (answer.status, answer.out) == (status, "")
    assert words in answer.err


def written(*utterances: Utterance) -> Written:
    recording = Recording(
        recording_id="0", files=(Path("a.wav"),), duration_ms=10_000, sample_rate=8_000,
        codec="pcm_mulaw", tracks=(Party.AGENT, Party.CUSTOMER), quality=Quality(),
    )  # fmt: skip
    words = Transcribed(
        utterances=utterances, language=Language.ZH, transcriber="whisper-small@0", trust=0.9,
        role_confidence=0.95, recording=recording, speech={}, contours={},
    )  # fmt: skip
    return Written(path=Path("a.wav"), words=words, took_s=2.5)


SAID = (
    Utterance(0, Party.AGENT, 1_000, 2_000, "您好。", (Word(1_000, 2_000, "您", 0.9),), 0.9),
    Utterance(1, Party.CUSTOMER, 62_000, 63_000, "退货\x1b[2J"),
    Utterance(2, Party.UNKNOWN, 64_000, 65_000, "谁"),
    Utterance(3, Party.AGENT, 66_000, 67_000, "谢谢观看", dropped_because="boilerplate"),
)


def test_text_leaves_out_what_is_not_believed_and_json_does_not() -> None:
    assert rendered(written(*SAID), "text", Texts("zh")) == (
        "00:01  坐席  您好。\n01:02  客户  退货\ufffd[2J\n01:04  谁\n"
    )
    record = json.loads(rendered(written(*SAID), "json", Texts("en")))
    assert record["utterances"][3]["dropped_because"] == "boilerplate"
    assert record["real_time_factor"] == as_record(written())["real_time_factor"] == 0.25
    assert written(*SAID).dropped == {"boilerplate": 1}
    assert "坐席：您好。" in rendered(written(*SAID), "srt", Texts("zh"))


def test_no_number_in_a_files_name_is_shown(transcribe: Call, calls: Path, tmp_path: Path) -> None:
    named = tmp_path / "13912345678_quiet.wav"
    broken = tmp_path / "13987654321.wav"
    shutil.copy(calls / "quiet.wav", named)
    broken.write_text("no sound", encoding="utf-8")
    for form in ("text", "json"):
        answer = transcribe("--format", form, named, broken, calls / "quiet.wav")
        assert "[手机-1]_quiet.wav" in answer.out
        assert "[手机-1].wav: the content is no sound file" in answer.err
        assert "13912345678" not in answer.out + answer.err
        assert "13987654321" not in answer.out + answer.err


def test_no_two_transcripts_get_one_file(tmp_path: Path) -> None:
    paths = [Path("a/call.wav"), Path("b/Call.mp3"), Path("c/call.wav"), Path("call-2.wav")]
    found = [path.name for path in places(paths, tmp_path, "srt")]
    assert found == ["call.srt", "Call-2.srt", "call-3.srt", "call-2-2.srt"]
