"""Which recogniser's weights there are, and which a name means. No model is loaded here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CHECKPOINTS = Path(__file__).with_name("checkpoints")
"""The folder of weights that come with the package."""

SUFFIX = ".pt"


class WeightsError(Exception):
    """Weights that cannot be used. The message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that a name means.

    Attributes:
        name: For the transcriber's name, ``whisper-<name>@<hash>``.
        path: The file; None for a name of openai-whisper's own, which it keeps in its cache and
            downloads when they are not there.
    """

    name: str
    path: Path | None = None


def available(folder: Path = CHECKPOINTS) -> tuple[Weights, ...]:
    """Return the weights that lie in ``folder``, by name."""
    return tuple(Weights(path.stem, path) for path in sorted(folder.glob(f"*{SUFFIX}")))


def find(name: str = "", *, folder: Path = CHECKPOINTS) -> Weights:
    """Say which weights ``name`` means.

    Args:
        name: Nothing for the weights that come with the package, the name of one of them, a path
            to a file, or a name of openai-whisper's (``turbo``, ``small``, ``large-v3`` …).
        folder: Where the package's own weights lie.

    Raises:
        WeightsError: Nothing was named and the folder does not hold exactly one, or a path was
            given that is no file.
    """
    own = available(folder)
    if not name:
        return _only(own, folder)
    for weights in own:
        if weights.name == name:
            return weights
    path = Path(name).expanduser()
    if path.is_file():
        return Weights(path.stem, path)
    if path.suffix or len(path.parts) > 1:
        raise WeightsError(f"no weights at {name}; give the path of a Whisper checkpoint (*.pt)")
    return Weights(name)


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
