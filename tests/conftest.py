"""The suite's shared fixtures: the real data, and a small centre on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from pipelines.settings import Settings, load
from samples.voices import Voice, speak
from warehouse import cipher
from warehouse.keys import KEY, KEY_FILE, new_key, written
from warehouse.problems import WarehouseProblem

# Prefect reads its settings once, at the first import, whichever test that is in: the same that
# `flows.py` sets for a run of its own.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"
RATE = 8_000
SETTINGS = """
[rules]
packs = ["service_zh", "complaints_zh"]

[night]
shard_minutes = 1
shard_texts = 3
"""
ROWS = (
    ("a.wav", "2026-03-30 09:00:00", "A1", "售后"),
    ("b.wav", "2026-03-30 10:00:00", "A2", "售后"),
    ("c.wav", "2026-03-31 11:00:00", "A1", "配送"),
)


def tone(seconds: float, *, seed: int) -> np.ndarray:
    """Two tracks of telephone-like sound; every seed another one."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE)) / RATE
    voice = np.sin(2 * np.pi * (120 + seed) * t) * (np.sin(2 * np.pi * 3 * t) > 0) * 0.2
    noise = rng.normal(0, 0.001, (len(t), 2))
    return np.stack([voice, np.roll(voice, RATE)], axis=1) + noise


def chat(number: int, *, text: str = "我要投诉你们", day: str = "2026-03-30") -> dict[str, object]:
    """One chat of three messages."""
    return {
        "id": f"chat-{number}",
        "customer": f"C{number % 4}",
        "queue": "在线",
        "messages": [
            {"role": "customer", "text": text, "time": f"{day} 09:00:{number % 60:02d}"},
            {"role": "agent", "text": "您好,请问有什么可以帮您", "time": f"{day} 09:01:00"},
            {"role": "customer", "text": f"问题 {number}", "time": f"{day} 09:02:00"},
        ],
    }


def write_chats(path: Path, chats: list[dict[str, object]]) -> None:
    """Write chats as JSON lines."""
    lines = (json.dumps(one, ensure_ascii=False) for one in chats)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_centre(folder: Path) -> Settings:
    """Write a centre with three calls, seven chats and three items that cannot be read."""
    calls = folder / "inbox" / "calls"
    calls.mkdir(parents=True)
    (folder / "tingjian.toml").write_text(SETTINGS, encoding="utf-8")
    rows = ["文件,开始时间,坐席,队列,agent_track"]
    for seed, (name, *about) in enumerate(ROWS):
        soundfile.write(calls / name, tone(4 + seed, seed=seed), RATE, subtype="ULAW")
        rows.append(",".join((name, *about, "1")))
    rows.append("text.wav,2026-03-31 12:00:00,A1,售后,1")
    (calls / "text.wav").write_text("this is no sound", encoding="utf-8")
    (calls / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "inbox" / "empty.wav").touch()
    (folder / "inbox" / "photo.png").write_bytes(b"\x89PNG\r\n")
    write_chats(folder / "inbox" / "chats.jsonl", [chat(number) for number in range(7)])
    return load(folder)


@pytest.fixture(scope="session")
def eval_folder() -> Path:
    """Real recordings and dialogues, where this machine has them."""
    if not EVAL.is_dir():
        pytest.skip("the real data of ../shared/eval is not on this machine")
    return EVAL


@pytest.fixture
def make_centre() -> Callable[[Path], Settings]:
    """Write a centre with an inbox that no night has seen."""
    return write_centre


@pytest.fixture
def centre(tmp_path: Path) -> Settings:
    """A centre with an inbox that no night has seen."""
    return write_centre(tmp_path / "centre")


@pytest.fixture(scope="session")
def spoken() -> NDArray[np.float32]:
    """About 3 s of spoken English at 8 kHz with little silence before and behind, peak 0.5."""
    said = speak(Voice("en-us", "f2", 160, 50, 50), "Thank you for calling, how can I help you?")
    sound = soxr.resample(said.samples, said.sample_rate, 8000)
    return np.asarray(sound / np.abs(sound).max() * 0.5, dtype=np.float32)


@pytest.fixture
def can_encrypt(monkeypatch: pytest.MonkeyPatch) -> bool:
    """DuckDB can write encrypted files; the same ones with OpenSSL and with its own cipher.

    Where OpenSSL's extension is not here, its own is allowed, whose random numbers are not good
    enough for anything but a test. Returns whether it is here.
    """
    try:
        cipher.check_ready(Path())
    except WarehouseProblem:
        unsafe = "SET force_mbedtls_unsafe = true"
        monkeypatch.setattr(cipher, "make_ready", lambda connection, _: connection.execute(unsafe))
        return False
    return True


@pytest.fixture
def centre_key(monkeypatch: pytest.MonkeyPatch, can_encrypt: bool) -> bytes:
    """A centre's key, in the environment."""
    del can_encrypt  # asked for what it does
    key = new_key()
    monkeypatch.setenv(KEY, written(key))
    monkeypatch.delenv(KEY_FILE, raising=False)
    return key
