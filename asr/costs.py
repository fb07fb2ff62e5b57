"""What weights cost on this machine: measured once, and then remembered.

A window of 30 s is encoded and a fixed number of tokens is decoded, as the engine does it when it
transcribes. The figure is kept with what it was measured on; other weights, another processor or
another version of the engine are measured anew.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from asr.weights import CONVERTED, is_damaged

FILE = "costs.json"
WINDOW_S = 30.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What weights cost.

    Attributes:
        load_s: Seconds to load them, by the clock.
        encode_s: Seconds to encode one window of 30 s, of one core or of the GPU.
        decode_s: Likewise to decode ``tokens`` tokens of it.
        tokens: See there.
        cores: How many cores transcribe side by side; 1 for a GPU.
    """

    load_s: float
    encode_s: float
    decode_s: float
    tokens: int
    cores: int

    @property
    def core_s(self) -> float:
        """Seconds of one core, or of the GPU, for one second of speech."""
        return (self.encode_s + self.decode_s) / WINDOW_S

    @property
    def factor(self) -> float:
        """Seconds for one second of speech, if all cores work equally."""
        return self.core_s / self.cores


def known_cost(path: Path, engine: str) -> Cost | None:
    """Return what weights cost on this machine as it was measured; None where it was not.

    Args:
        path: Their file or folder.
        engine: ``whisper`` or ``faster-whisper``.
    """
    found = _cache().get(_key(path, engine))
    if not isinstance(found, dict) or set(found) != set(Cost.__dataclass_fields__):
        return None
    return Cost(**found)


def remember(path: Path, engine: str, cost: Cost) -> None:
    """Write down what was measured; where nothing can be written it is measured again."""
    _write(_cache() | {_key(path, engine): asdict(cost)})


def is_sound(path: Path) -> bool:
    """Whether weights with a published name have the published bytes.

    Said again without reading them while the file stays as it is.

    Raises:
        OSError: They cannot be read.
    """
    key = f"sound/{_key(path, '')}"
    known = _cache()
    if known.get(key) is True:
        return True
    if is_damaged(path):
        return False
    _write(known | {key: True})
    return True


def cache_folder() -> Path:
    """Return where figures about this machine are kept (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tingjian"


def _cache() -> dict[str, Any]:
    try:
        found = json.loads((cache_folder() / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(known: Mapping[str, Any]) -> None:
    place = cache_folder() / FILE
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        writing = place.with_suffix(f".{os.getpid()}")
        writing.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
        writing.replace(place)
    except OSError:
        return


def _key(path: Path, engine: str) -> str:
    """Return a digest of the weights, the machine and the code: what the figure was measured on."""
    file = path / CONVERTED if path.is_dir() else path
    try:
        stat = file.stat()
    except OSError:
        stat = None
    size = (0, 0) if stat is None else (stat.st_size, stat.st_mtime_ns)
    parts = (
        path.name, *map(str, size), engine, version("tingjian"), version("torch"),
        platform.machine(), _processor(), str(os.cpu_count()),
    )  # fmt: skip
    return sha256("\x1f".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
