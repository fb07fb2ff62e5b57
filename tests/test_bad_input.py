"""A folder of everything that goes wrong: each item gets a line with what to do about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import soundfile

from interactions.problems import explain
from pipelines import keeping, night
from pipelines.settings import Settings

RATE = 8_000
HOURS_3 = 3 * 3600 * RATE


def spoken(seconds: float, rate: int = RATE, tracks: int = 2) -> np.ndarray:
    """Sound that is no silence and differs between its tracks."""
    rng = np.random.default_rng(int(seconds * 10) + rate + tracks)
    return rng.normal(0, 0.05, (int(seconds * rate), tracks)).astype(np.float32)


def truncated(path: Path) -> None:
    soundfile.write(path, spoken(20), RATE, subtype="ULAW")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3])


def not_a_number(path: Path) -> None:
    sound = spoken(4)
    sound[RATE:, 0] = np.nan
    soundfile.write(path, sound, RATE, format="WAV", subtype="FLOAT")


def three_hours(path: Path) -> None:
    with soundfile.SoundFile(path, "w", RATE, 1, "ULAW", format="WAV") as file:
        for _ in range(180):
            file.write(np.zeros(HOURS_3 // 180, dtype=np.float32))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated.wav": (truncated, "truncated"),
    "empty.wav": (Path.touch, "empty_file"),
    "no_samples.wav": (lambda p: soundfile.write(p, spoken(0), RATE), "no_sound"),
    "page.wav": (lambda p: p.write_text("<html>404</html>" * 99), "not_audio"),
    "blip.wav": (lambda p: soundfile.write(p, spoken(0.1), RATE), "too_short"),
    "nan.wav": (not_a_number, "bad_samples"),
    "six.wav": (lambda p: soundfile.write(p, spoken(4, tracks=6), RATE), "too_many_tracks"),
    "long.wav": (three_hours, "too_long"),
}
GOOD: dict[str, Callable[[Path], object]] = {
    "studio.wav": lambda p: soundfile.write(p, spoken(4, rate=96_000), 96_000),
    "flac.wav": lambda p: soundfile.write(p, spoken(5), RATE, format="FLAC"),
    "$(reboot);'\"--\n.wav": lambda p: soundfile.write(p, spoken(6), RATE),
}


@pytest.fixture
def bad(tmp_path: Path, make_centre: Callable[[Path], Settings]) -> Settings:
    """A centre whose inbox holds all of it, each recording with a start time."""
    settings = make_centre(tmp_path / "bad")
    inbox = settings.inbox
    shutil.rmtree(inbox)
    inbox.mkdir()
    for name, make in {**{n: m for n, (m, _) in BROKEN.items()}, **GOOD}.items():
        make(inbox / name)
        (inbox / name).with_suffix(".meta.json").write_text('{"started_at": "2026-03-01 09:00"}')
    raw = os.fsencode(inbox) + b"/\xb2\xe2.wav"  # GB 18030, as an old recorder writes
    shutil.copy(inbox / "studio.wav", os.fsdecode(raw))
    shutil.copy(inbox / "studio.meta.json", os.fsdecode(raw.replace(b".wav", b".meta.json")))
    (inbox / "no_column.csv").write_text("日期,备注\n2026-03-01,好\n", encoding="gb18030")
    (inbox / "manifest.csv").write_text("agent,queue\nA1,sales\n", encoding="utf-8")
    book = openpyxl.Workbook()
    rows = [
        ("conversation_id", "time", "role", "text"),
        ("K1", "2026-03-01 09:00", "customer", "我要退货"),
        (None, "2026-03-01 09:01", "agent", "好的"),
        ("K2", "2026-03-01 10:00", "customer", "在吗"),
    ]
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(inbox / "merged.xlsx")
    return settings


def test_each_item_gets_its_line_and_the_rest_goes_on(bad: Settings) -> None:
    arrivals = night.scan(bad)
    done = [night.read_texts(bad, arrivals)]
    done += [night.hear_shard(bad, shard) for shard in night.shards(bad, arrivals)]
    keeping.keep(bad)
    lines = {item.item: item for one in done for item in one.set_aside}
    assert {name: lines[name].code for name in BROKEN} == {
        name: code for name, (_, code) in BROKEN.items()
    }
    for name in set(lines) - set(BROKEN):
        assert name.startswith(("manifest.csv", "no_column.csv", "\\xb2\\xe2.wav")), name
    assert lines["\\xb2\\xe2.wav"].code == "duplicate"
    for item in lines.values():
        zh, en = (explain(item.code, item.values, language) for language in ("zh", "en"))
        assert "；" in zh
        assert "; " in en
        assert "{" not in zh + en
    kept = set(keeping.known(bad).contents.values())
    assert kept == {*GOOD, "merged.xlsx#K1", "merged.xlsx#K2"}
    assert sum(one.kept for one in done) == len(kept)
