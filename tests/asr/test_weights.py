"""Which weights a name means, and that the same weights carry the same identity."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, replace

import pytest
import torch
import whisper
from whisper.model import ModelDimensions, Whisper

from asr.weights import (
    CHECKPOINTS,
    PUBLISHED,
    Weights,
    WeightsError,
    available,
    find,
    is_damaged,
    present,
    published,
    whereabouts,
)
from asr.whisper_model import BEAM_SIZE, read_model, state_digest

DIMS = ModelDimensions(
    n_mels=80, n_audio_ctx=1500, n_audio_state=8, n_audio_head=2, n_audio_layer=1,
    n_vocab=51865, n_text_ctx=16, n_text_state=8, n_text_head=2, n_text_layer=2,
)  # fmt: skip


def checkpoint(path, *, dims=DIMS, value=0.5, **more):
    model = Whisper(dims)
    for parameter in model.parameters():
        torch.nn.init.constant_(parameter, value)
    state = model.state_dict()
    torch.save({"dims": asdict(dims), "model_state_dict": state, **more}, path)
    return path


def test_available_lists_a_folder_by_name(tmp_path):
    for name in ("b.pt", "a.pt", "README.md"):
        (tmp_path / name).touch()
    assert available(tmp_path) == (
        Weights("a", tmp_path / "a.pt"),
        Weights("b", tmp_path / "b.pt"),
    )


def test_find_by_name_path_and_default(tmp_path):
    packaged, elsewhere = tmp_path / "packaged", tmp_path / "else"
    packaged.mkdir()
    elsewhere.mkdir()
    own, other = packaged / "call.pt", elsewhere / "mine.pt"
    own.touch()
    other.touch()
    assert find("", folder=packaged) == Weights("call", own)
    assert find("call", folder=packaged) == Weights("call", own)
    assert find(str(other), folder=packaged) == Weights("mine", other)
    assert find("turbo", folder=packaged) == Weights("turbo")


def test_names_are_looked_for_nearby_and_in_whispers_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    nearby, cache, packaged = (tmp_path / name for name in ("near", "cache/whisper", "packaged"))
    for folder in (nearby / "fast", cache, packaged):
        folder.mkdir(parents=True)
    for file in ("near/large-v3-turbo.pt", "near/fast/model.bin", "cache/whisper/small.en.pt"):
        (tmp_path / file).touch()
    turbo, fast = nearby / "large-v3-turbo.pt", nearby / "fast"
    for name in ("turbo", "large-v3-turbo"):
        assert find(name, folder=packaged, nearby=nearby) == Weights("large-v3-turbo", turbo)
        assert find(name, folder=packaged) == Weights(name)
    assert find("fast", folder=packaged, nearby=nearby) == Weights("fast", fast)
    assert find(str(fast), folder=packaged) == Weights("fast", fast)
    assert find("tiny.en", folder=packaged) == Weights("tiny.en")
    assert whereabouts("turbo", nearby=nearby) == turbo
    assert whereabouts("small.en") == cache / "small.en.pt"
    assert whereabouts("turbo") is None
    assert [one.name for one in present(nearby)][-3:] == ["fast", "large-v3-turbo", "small.en"]


def test_a_folder_with_one_checkpoint_is_enough(tmp_path):
    (tmp_path / "mine.pt").touch()
    assert find(f"{tmp_path}/") == Weights("mine", tmp_path / "mine.pt")
    (tmp_path / "other.pt").touch()
    with pytest.raises(WeightsError, match="holds mine, other; name one"):
        find(str(tmp_path))


def test_what_is_published_is_what_openai_whisper_downloads():
    names = {name: one for one in PUBLISHED for name in one.names}
    assert {name: one.url for name, one in names.items()} == whisper._MODELS
    assert published("turbo").file == "large-v3-turbo.pt"
    assert published("call") is None
    assert {one.names[0] for one in PUBLISHED if one.only_english} == {
        name for name in whisper.available_models() if name.endswith(".en")
    }


def test_a_file_with_a_published_name_and_other_bytes_is_damaged(tmp_path):
    for name, damaged in (("turbo.pt", True), ("mine.pt", False)):
        (tmp_path / name).write_bytes(b"cut off")
        assert is_damaged(tmp_path / name) is damaged


def test_weights_of_the_package_are_known_as_such(tmp_path):
    assert Weights("call", CHECKPOINTS / "call.pt").is_packaged
    assert not Weights("call", tmp_path / "call.pt").is_packaged
    assert not Weights("turbo").is_packaged


@pytest.mark.parametrize("files", [[], ["a.pt", "b.pt"]])
def test_nothing_named_and_not_exactly_one_there(tmp_path, files):
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(WeightsError, match="a, b; name one" if files else "holds none"):
        find("", folder=tmp_path)


@pytest.mark.parametrize("name", ["gone.pt", "folder/gone"])
def test_a_path_to_nothing(tmp_path, name):
    with pytest.raises(WeightsError, match="no weights at"):
        find(name, folder=tmp_path)


def test_a_name_that_nobody_knows():
    with pytest.raises(WeightsError, match=r"openai-whisper knows .*turbo"):
        read_model(Weights("tubro"))


def test_identity_is_of_the_values_not_of_the_file(tmp_path):
    one = checkpoint(tmp_path / "one.pt")
    same = checkpoint(tmp_path / "same.pt", note="another file")
    other = checkpoint(tmp_path / "other.pt", value=0.25)
    digests = [read_model(Weights(p.stem, p))[1].split("@") for p in (one, same, other)]
    assert [name for name, _ in digests] == ["one", "same", "other"]
    assert digests[0][1] == digests[1][1] != digests[2][1]
    assert len(digests[0][1]) == 8


def test_digest_notices_names_shapes_and_types():
    state = {"a": torch.zeros(4), "b": torch.zeros(2)}
    changed = [
        {"a": torch.zeros(2), "b": torch.zeros(4)},
        {"a": torch.zeros(2, 2), "b": torch.zeros(2)},
        {"a": torch.zeros(4).half(), "b": torch.zeros(2)},
        {"a": torch.zeros(4), "c": torch.zeros(2)},
    ]
    assert len({state_digest(s) for s in [state, *changed]}) == 5
    assert state_digest(dict(reversed(state.items()))) == state_digest(state)


def test_half_precision_on_disk_is_full_in_memory(tmp_path):
    path = checkpoint(tmp_path / "half.pt")
    held = torch.load(path, weights_only=True)
    held["model_state_dict"] = {k: v.half() for k, v in held["model_state_dict"].items()}
    torch.save(held, path)
    model, _ = read_model(Weights("half", path))
    assert {p.dtype for p in model.parameters()} == {torch.float32}


def test_alignment_heads_of_the_checkpoint(tmp_path):
    path = checkpoint(tmp_path / "heads.pt", alignment_heads=[[0, 1], [1, 0]])
    model, _ = read_model(Weights("heads", path))
    assert model.alignment_heads.indices().T.tolist() == [[0, 1], [1, 0]]
    plain, _ = read_model(Weights("plain", checkpoint(tmp_path / "plain.pt")))
    assert plain.alignment_heads.indices().T.tolist() == [[1, 0], [1, 1]]  # the upper half


BROKEN = {
    "text": b"not a checkpoint",
    "empty": b"",
    "cut": None,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file(tmp_path, content):
    path = checkpoint(tmp_path / "broken.pt")
    path.write_bytes(path.read_bytes()[:5000] if content is None else content)
    with pytest.raises(WeightsError, match="is no Whisper checkpoint"):
        read_model(Weights("broken", path))


def test_a_checkpoint_of_something_else(tmp_path):
    path = tmp_path / "other.pt"
    torch.save({"weights": torch.zeros(3)}, path)
    with pytest.raises(WeightsError, match="must hold dims and model_state_dict"):
        read_model(Weights("other", path))
    wrong = checkpoint(tmp_path / "wrong.pt")
    held = torch.load(wrong, weights_only=True)
    torch.save({**held, "dims": asdict(replace(DIMS, n_text_layer=1))}, wrong)
    with pytest.raises(WeightsError, match="is no Whisper checkpoint"):
        read_model(Weights("wrong", wrong))


def test_a_checkpoint_may_ask_for_beams(tmp_path):
    path = checkpoint(tmp_path / "some.pt")
    held = torch.load(path, weights_only=True)
    assert read_model(Weights("some", path))[0].beam_size == 1
    torch.save({**held, BEAM_SIZE: 3}, path)
    assert read_model(Weights("some", path))[0].beam_size == 3
    for wrong in (0, 17, "many"):
        torch.save({**held, BEAM_SIZE: wrong}, path)
        with pytest.raises(WeightsError, match="asks for beam_size"):
            read_model(Weights("some", path))


def test_listing_loads_no_torch():
    code = "import sys, asr.weights; asr.weights.available(); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
