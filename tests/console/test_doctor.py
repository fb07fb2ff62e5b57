"""``tingjian doctor``: what is here, what is missing, and what to do about it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from packaging.requirements import Requirement
from whisper.model import ModelDimensions, Whisper

from asr import costs
from asr.weights import PUBLISHED
from console import machine, needs
from console.machine import State, needed, of_machine
from console.messages.texts import Texts
from console.needs import of_centre

Call = Callable[..., Any]
ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from warehouse.store import open_warehouse
with open_warehouse(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def no_prefect_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    monkeypatch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")


def checkpoint(path: Path) -> Path:
    """A checkpoint of a very small model."""
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=64, n_audio_head=2, n_audio_layer=1,
        n_vocab=51865, n_text_ctx=448, n_text_state=64, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    torch.save({"dims": asdict(dims), "model_state_dict": Whisper(dims).state_dict()}, path)
    return path


def changed(centre: Path, old: str, new: str) -> None:
    path = centre / "tingjian.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def found(centre: Path, name: str) -> machine.Check:
    (check,) = [one for one in of_centre(centre, Texts("en")) if one.name == name]
    return check


def test_a_new_centre_is_ready(tingjian: Call, centre: Path) -> None:
    answer = tingjian("--centre", centre, "doctor")
    assert answer.status == 0
    assert f"✓ Python {'.'.join(map(str, sys.version_info[:3]))}" in answer.folded
    assert "none yet; the first run makes" in answer.folded
    assert "set speech.weights to have calls written down" in answer.folded
    assert "off: DO_NOT_TRACK=1" in answer.folded
    assert "a run starts Prefect's own server for itself" in answer.folded
    assert "✗" not in answer.out
    assert answer.out.endswith("Everything that this centre needs is here.\n")


def test_without_a_centre_it_says_how_to_make_one(tingjian: Call, tmp_path: Path) -> None:
    answer = tingjian("--centre", tmp_path / "nowhere", "--lang", "zh", "doctor")
    assert answer.status == 1
    assert "tingjian init DIR` 建立中心" in answer.folded
    assert "缺 1 项" in answer.out


def test_the_packages_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = needed()
    assert {one.name for one in asked["base"]} == {
        re.match(r"[A-Za-z0-9-]+", line)[0] for line in project["dependencies"]
    }
    assert [one.name for one in asked["samples"]] == ["espeakng-loader"]


def test_a_missing_or_too_old_package_is_named_with_its_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = {
        "base": [Requirement("numpy>=2"), Requirement("no-such-one<3"), Requirement("rich>999")],
        "samples": [Requirement("nor-this")],
    }
    monkeypatch.setattr(machine, "needed", lambda: asked)
    base, samples = [one for one in of_machine(tmp_path) if one.name == "packages"]
    assert base.state is State.MISSING
    assert base.values["quoted"] == "'no-such-one<3' 'rich>999'"
    assert (samples.state, samples.says, samples.values["quoted"]) == (
        State.ADVICE, "espeak_missing", "nor-this",
    )  # fmt: skip
    remedy = Texts("en")("doctor.remedy.packages", **base.values)
    assert remedy == "in this environment: pip install 'no-such-one<3' 'rich>999'"


def test_little_room_and_no_right_to_write_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(machine, "LEAST_FREE", 1 << 60)
    place = Path("/proc")  # nobody, not even root, makes a file there
    checks = {one.name: one for one in of_machine(place)}
    assert checks["disk"].state is State.ADVICE
    assert checks["writing"].state is State.MISSING
    assert checks["writing"].values["path"] == str(place)
    below = {one.name: one for one in of_machine(tmp_path / "not" / "there")}
    assert below["writing"].values["path"] == str(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "name", "state", "says"),
    [
        ('inbox = "inbox"', 'inbox = "nix"', "inbox", State.MISSING, "inbox_missing"),
        ('weights = "none"', 'weights = "base"', "weights", State.MISSING, "weights_missing"),
        ('weights = "none"', 'weights = "x/y.pt"', "weights", State.MISSING, "weights_missing"),
        ("packs = []", 'packs = ["nix"]', "rules", State.MISSING, "settings_wrong"),
        ("packs = []", 'packs = ["service_zh"]', "rules", State.OK, "rules"),
        ('folder = "rules"', 'folder = "nix"', "rules", State.ADVICE, "rules_none"),
        ("workers = 2", "workers = 0", "settings", State.MISSING, "settings_wrong"),
    ],
)
def test_what_the_settings_ask_for_is_looked_for(
    centre: Path, old: str, new: str, name: str, state: State, says: str
) -> None:
    changed(centre, old, new)
    check = found(centre, name)
    assert (check.state, check.says) == (state, says)


def test_a_broken_rule_is_told_with_its_first_error(centre: Path) -> None:
    (centre / "rules" / "b.yaml").write_text("rules: 3\n")
    check = found(centre, "rules")
    assert (check.state, check.values["count"]) == (State.MISSING, 1)
    assert str(check.values["first"]).startswith("b.yaml:1: rules: found '3'")


def test_weights_in_whispers_cache_and_by_path_are_found(
    centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "is_damaged", lambda _path: False)
    cache = tmp_path / "cache" / "whisper"
    cache.mkdir(parents=True)
    for name in ("base.pt", "large-v3-turbo.pt"):
        (cache / name).touch()
    for name, path in (("base", "base.pt"), ("turbo", "large-v3-turbo.pt")):
        changed(centre, 'weights = "none"', f'weights = "{name}"')
        check = found(centre, "weights")
        assert (check.state, check.values["path"]) == (State.OK, str(cache / path))
        changed(centre, f'weights = "{name}"', 'weights = "none"')
    assert "base, large-v3-turbo" in str(found(centre, "weights").values["names"])
    changed(centre, 'weights = "none"', f'weights = "{cache / "base.pt"}"')
    assert found(centre, "weights").state is State.OK


def test_weights_with_a_published_name_and_other_bytes_are_told(
    tingjian: Call, centre: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "large-v3-turbo.pt").write_bytes(b"cut off")
    changed(centre, 'weights = "none"', 'weights = "turbo"')
    changed(centre, 'folder = ""', f'folder = "{tmp_path / "mine"}"')
    assert found(centre, "weights").says == "weights_damaged"
    answer = tingjian("--centre", centre, "doctor")
    assert answer.status == 1
    assert "is damaged or incomplete: its SHA-256 is not that of turbo" in answer.folded
    assert re.search(r"large-v3-turbo │ \S+mine │ +0 │ damaged", answer.folded)


def test_the_weights_that_a_night_uses_are_measured_once(
    tingjian: Call, centre: Path, tmp_path: Path
) -> None:
    path = checkpoint(tmp_path / "own.pt")
    assert found(centre, "weights").says == "weights_none"
    changed(centre, 'weights = "none"', f'weights = "{path}"')
    first = tingjian("--centre", centre, "doctor")
    assert first.status == 0
    assert "Measuring own …" in first.err
    cost = costs.known_cost(path, "whisper")
    assert cost is not None
    assert f"{cost.core_s * 60:.2f}" in first.out
    again = tingjian("--centre", centre, "doctor")
    assert "Measuring" not in again.err
    assert f"{cost.core_s * 60:.2f}" in again.out
    os.utime(path, ns=(1, 1))  # another file, as far as anyone can tell
    assert costs.known_cost(path, "whisper") is None


def test_architectures_are_measured_without_weights(tingjian: Call, tmp_path: Path) -> None:
    answer = tingjian("--centre", tmp_path, "--lang", "zh", "doctor", "--measure", "tiny")
    assert "tiny 的结构，随机权重" in answer.folded
    assert re.search(r"随机权重 │ +│ +│ +\d\.\d\d │", answer.folded)
    wrong = tingjian("--centre", tmp_path, "--lang", "en", "doctor", "--measure", "tiny,nix")
    assert wrong.status == 2
    assert "there are no weights called nix here, and no such architecture" in wrong.err


def test_how_to_get_others_is_told_with_name_source_and_checksum(
    tingjian: Call, tmp_path: Path
) -> None:
    answer = tingjian("--centre", tmp_path, "--lang", "en", "doctor", "--others")
    assert answer.status == 0
    for one in PUBLISHED:
        assert f"{one.file}  SHA-256 {one.sha256}" in answer.out
        assert one.url in answer.out
    assert str(tmp_path / "cache" / "whisper") in answer.out


def test_faster_whisper_that_is_not_installed_is_told(
    centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(centre, 'weights = "none"', f'weights = "{checkpoint(tmp_path / "own.pt")}"')
    changed(centre, 'engine = "whisper"', 'engine = "faster-whisper"')
    monkeypatch.setattr(needs, "find_spec", lambda _name: None)
    check = found(centre, "weights")
    assert (check.state, check.says) == (State.MISSING, "engine_missing")


def test_who_has_the_warehouse_open_is_named(tingjian: Call, centre: Path) -> None:
    path = centre / "warehouse.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as owner:  # fmt: skip
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        answer = tingjian("--centre", centre, "doctor")
        worklist = tingjian("--centre", centre, "worklist")
        owner.communicate("")
    assert answer.status == 1
    assert str(owner.pid) in answer.folded
    assert worklist.status == 1
    assert str(owner.pid) in worklist.err
    assert worklist.err.count("\n") == 1
    assert found(centre, "warehouse").says == "warehouse_free"


def test_a_file_that_is_no_warehouse_is_told(tingjian: Call, centre: Path) -> None:
    (centre / "warehouse.duckdb").write_text("not a database, whatever its name says" * 100)
    answer = tingjian("--centre", centre, "worklist")
    assert answer.status == 1
    assert answer.err.count("\n") == 1
    assert found(centre, "warehouse").state is State.MISSING


def test_a_prefect_server_that_does_not_answer_is_told(centre: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "console", "--centre", str(centre), "doctor"],
        cwd=ROOT,
        env={**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api", "DO_NOT_TRACK": "0"},
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    told = " ".join(answer.stdout.split())
    assert answer.returncode == 1
    assert "http://127.0.0.1:9/api does not answer" in told
    assert "prefect server start" in told
    assert "! Telemetry on: someone set DO_NOT_TRACK" in told
