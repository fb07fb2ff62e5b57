"""What no centre is without: recordings that cannot be used, each in its own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from samples.sounds import RATE
from samples.telephone import FORMS, write

_KEPT_SHARE = 0.4
_SHORT_MS = 100
_SEED = 1


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that a night must set aside (or, the duplicate, skip).

    Attributes:
        name: File name in the folder of calls.
        in_manifest: Whether the manifest knows it.
        exists: Whether the file is there at all.
    """

    name: str
    kind: str
    why: str
    in_manifest: bool = True
    exists: bool = True


def break_some(folder: Path, wave: Path) -> tuple[Broken, ...]:
    """Write the broken files into ``folder``.

    Args:
        folder: Of the calls.
        wave: A whole G.711 recording there, to be cut and copied.
    """
    files: tuple[tuple[Broken, Callable[[Path, Path], None]], ...] = (
        (Broken("broken_01_cut.wav", "truncated", "export broke off"), _cut),
        (Broken("broken_02_empty.wav", "empty", "0 bytes"), _empty),
        (Broken("broken_03_page.wav", "text", "a web page saved as .wav"), _page),
        (Broken("broken_04_blip.wav", "too_short", "0.1 s: hung up at once"), _blip),
        (Broken("broken_05_again.wav", "duplicate", f"same bytes as {wave.name}"), _copy),
        (
            Broken("broken_06_stray.wav", "no_metadata", "in no manifest", in_manifest=False),
            _quieter,
        ),
    )
    for broken, make in files:
        make(folder / broken.name, wave)
    missing = Broken("broken_07_gone.wav", "missing", "only the manifest has it", exists=False)
    return (*(broken for broken, _ in files), missing)


def _cut(path: Path, wave: Path) -> None:
    content = wave.read_bytes()
    path.write_bytes(content[: int(len(content) * _KEPT_SHARE)])


def _empty(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def _page(path: Path, _: Path) -> None:
    page = "<html><head><title>登录</title></head><body>会话已过期，请重新登录。</body></html>\n"
    path.write_text(page, encoding="utf-8")


def _blip(path: Path, _: Path) -> None:
    rng = np.random.default_rng(_SEED)
    noise = rng.standard_normal((2, RATE * _SHORT_MS // 1000)).astype(np.float32) / np.float32(100)
    write(path, noise, FORMS["alaw"])


def _copy(path: Path, wave: Path) -> None:
    path.write_bytes(wave.read_bytes())


def _quieter(path: Path, wave: Path) -> None:
    samples, _ = soundfile.read(wave, dtype="float32", always_2d=True)
    write(path, samples.T / 2, FORMS["mulaw"])
