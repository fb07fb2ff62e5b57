"""Which recogniser's weights there are, and which a name means. No model is loaded here."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

CHECKPOINTS = Path(__file__).with_name("checkpoints")
"""The folder of weights that come with the package."""

SUFFIX = ".pt"
CONVERTED = "model.bin"
"""The file that makes a folder CTranslate2's (``faster-whisper``)."""

_SOURCE = "https://openaipublic.azureedge.net/main/whisper/models"


class WeightsError(Exception):
    """Weights that cannot be used. The message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that a name means.

    Attributes:
        name: For the transcriber's name, ``whisper-<name>@<hash>``.
        path: The file, or CTranslate2's folder; None for a name of openai-whisper's own, which it
            keeps in its cache and downloads when they are not there.
    """

    name: str
    path: Path | None = None

    @property
    def is_packaged(self) -> bool:
        """Whether they come with the package; those were trained without prompts."""
        return self.path is not None and self.path.parent == CHECKPOINTS


@dataclass(frozen=True, slots=True)
class Published:
    """Weights that OpenAI published (openai-whisper 20250625, ``whisper._MODELS`` and README).

    Attributes:
        names: Its names; the first is that of the file.
        millions: Parameters in millions, at two bytes each in the file.
        sha256: Of the file (hexadecimal).
        only_english: It knows no other language.
    """

    names: tuple[str, ...]
    millions: int
    sha256: str
    only_english: bool = False

    @property
    def file(self) -> str:
        """The file's name, which openai-whisper's cache and ours look for."""
        return f"{self.names[0]}{SUFFIX}"

    @property
    def url(self) -> str:
        """Where openai-whisper downloads it."""
        return f"{_SOURCE}/{self.sha256}/{self.file}"


PUBLISHED = (
    Published(("tiny",), 39, "65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9"),
    Published(("base",), 74, "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e"),
    Published(("small",), 244, "9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794"),
    Published(("medium",), 769, "345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1"),
    Published(
        ("large-v3-turbo", "turbo"),
        809,
        "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a",
    ),
    Published(
        ("large-v3", "large"),
        1550,
        "e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb",
    ),
    Published(
        ("large-v2",), 1550, "81f7c96c852ee8fc832187b0132e569d6c3065a3252ed18e56effd0b6a73e524"
    ),
    Published(
        ("large-v1",), 1550, "e4b87e7e0bf463eb8e6956e646f1e277e901512310def2c24bf0e11bd3c28e9a"
    ),
    Published(
        ("tiny.en",),
        39,
        "d3dd57d32accea0b295c96e26691aa14d8822fac7d9d27d5dc00b4ca2826dd03",
        only_english=True,
    ),
    Published(
        ("base.en",),
        74,
        "25a8566e1d0c1e2231d1c762132cd20e0f96a85d16145c3a00adf5d1ac670ead",
        only_english=True,
    ),
    Published(
        ("small.en",),
        244,
        "f953ad0fd29cacd07d5a9eda5624af0f6bcf2258be67c92b79389873d91e0872",
        only_english=True,
    ),
    Published(
        ("medium.en",),
        769,
        "d7440d1dc186f76616474e0ff0b3b6b879abc9d1a4926b7adfa41db2d497ab4f",
        only_english=True,
    ),
)
"""Multilingual ones by size, then those that know only English."""


def published(name: str) -> Published | None:
    """Return what OpenAI published under a name; None where it is no name of theirs."""
    return next((one for one in PUBLISHED if name in one.names), None)


def whisper_cache() -> Path:
    """Return the folder into which openai-whisper downloads (``whisper.load_model``)."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "whisper"


def available(folder: Path = CHECKPOINTS) -> tuple[Weights, ...]:
    """Return the weights that lie in ``folder``, by name."""
    files = [Weights(path.stem, path) for path in folder.glob(f"*{SUFFIX}")]
    folders = [Weights(path.parent.name, path.parent) for path in folder.glob(f"*/{CONVERTED}")]
    return tuple(sorted(files + folders, key=lambda weights: weights.name))


def present(nearby: Path | None = None) -> tuple[Weights, ...]:
    """Return all weights on this machine: the package's, those in ``nearby``, whisper's cache."""
    places = (CHECKPOINTS, *([nearby] if nearby is not None else []), whisper_cache())
    return tuple(weights for place in places for weights in available(place))


def find(name: str = "", *, folder: Path = CHECKPOINTS, nearby: Path | None = None) -> Weights:
    """Say which weights ``name`` means.

    Args:
        name: Nothing for the weights that come with the package, the name of one of them, a path
            to a file or to a folder with one checkpoint, the name of a file in ``nearby``, or a
            name of openai-whisper's (``turbo``, ``small``, ``large-v3`` …).
        folder: Where the package's own weights lie.
        nearby: A folder that is looked through before openai-whisper's cache.

    Raises:
        WeightsError: Nothing was named and the folder does not hold exactly one, or a path was
            given that is no file.
    """
    own = available(folder)
    if not name:
        return _only(own, folder)
    known = published(name)
    also_called = name if known is None else known.names[0]
    for weights in (*own, *(available(nearby) if nearby is not None else ())):
        if weights.name in {name, also_called}:
            return weights
    path = Path(name).expanduser()
    if path.is_file():
        return Weights(path.stem, path)
    is_path = os.sep in name
    if is_path and path.is_dir():
        return _of_folder(path)
    if is_path or path.suffix == SUFFIX:
        raise WeightsError(f"no weights at {name}; give the path of a Whisper checkpoint (*.pt)")
    return Weights(name)


def whereabouts(name: str = "", *, nearby: Path | None = None) -> Path | None:
    """Return where the weights that ``name`` means lie; None where they are not on this machine.

    Raises:
        WeightsError: As ``find``.
    """
    weights = find(name, nearby=nearby)
    if weights.path is not None:
        return weights.path
    known = published(weights.name)
    path = whisper_cache() / (known.file if known is not None else f"{weights.name}{SUFFIX}")
    return path if path.is_file() else None


def is_damaged(path: Path) -> bool:
    """Whether a file has the name of published weights and not their bytes.

    Reads the whole file: seconds for the large ones.

    Raises:
        OSError: It cannot be read.
    """
    known = published(path.stem)
    if known is None or path.suffix != SUFFIX:
        return False
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest() != known.sha256


def _of_folder(folder: Path) -> Weights:
    if (folder / CONVERTED).is_file():
        return Weights(folder.name, folder)
    return _only(available(folder), folder)


def _only(own: tuple[Weights, ...], folder: Path) -> Weights:
    if len(own) == 1:
        return own[0]
    if own:
        names = ", ".join(weights.name for weights in own)
        raise WeightsError(f"{folder} holds {names}; name one of them")
    raise WeightsError(
        f"no weights were named and {folder} holds none; name a model of openai-whisper (turbo, "
        "small …), which it downloads once, or give the path of a checkpoint (*.pt)"
    )
