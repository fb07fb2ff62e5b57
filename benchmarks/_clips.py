"""Labelled stretches of real speech, as a telephone passes them on."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks._voice_with_known_pitch import mulaw
from samples.telephone import narrowed

SPEECH = Path(__file__).resolve().parents[2] / "shared" / "eval" / "speech"
RATE = 8_000
_LONGEST_S = 30

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A labelled stretch of speech: ``label`` True for the activated side, None for neither."""

    path: str
    speaker: str
    label: bool | None
    sound: Sound


@cache
def labelled(name: str, positive: str, negative: str, step: int = 1) -> tuple[Clip, ...]:
    """Return every ``step``-th clip of a set by its manifest; nothing where the set is absent.

    Clips of other labels are among them: they make the speakers' baselines.
    """
    path = SPEECH / name / "manifest.csv"
    if not path.is_file():
        return ()
    labels = {positive: True, negative: False}
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    chosen = [
        r for r in rows if r["path"].endswith(".flac") and float(r["duration_s"]) < _LONGEST_S
    ]
    return tuple(
        Clip(
            row["path"], row["speaker"], labels.get(row["label"]), _heard(path.parent / row["path"])
        )
        for row in chosen[::step]
    )


def _heard(path: Path) -> Sound:
    """Return a sound in the telephone band, 300 to 3 400 Hz, mu-law."""
    sound, rate = soundfile.read(path, dtype="float32")
    mono = sound if sound.ndim == 1 else sound.mean(axis=1)
    return mulaw(narrowed(mono.astype(np.float32), rate))


def by_speaker(clips: Sequence[Clip]) -> Mapping[str, list[int]]:
    """Return the places of each speaker's clips."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, clip in enumerate(clips):
        found[clip.speaker].append(place)
    return found
