"""How far a pile of recordings has come: one bar, how fast, and how long still."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from console.messages.texts import Texts, clean
from pipelines.discretion import without_identifiers


class SoundBar:
    """Counts milliseconds of sound.

    Args:
        progress: Rich's display.
        task: The one bar.
        texts: In the person's language.
    """

    def __init__(self, progress: Progress, task: TaskID, texts: Texts) -> None:
        self._progress, self._task, self._texts = progress, task, texts
        self._begun = time.monotonic()
        self._before_ms = 0
        self._length_ms = 0

    def begin(self, path: Path, length_ms: int) -> None:
        """Say which recording is next, and how long it is."""
        self._length_ms = length_ms
        self._progress.update(self._task, description=clean(without_identifiers(path.name)))

    def share(self, share: float) -> None:
        """Say how much of it is done, 0 to 1."""
        done = self._before_ms + round(share * self._length_ms)
        took = time.monotonic() - self._begun
        factor = took * 1000 / done if done else 0.0
        said = self._texts("transcribe.factor", factor=f"{factor:.2g}") if done else ""
        self._progress.update(self._task, completed=done, factor=said)

    def finish(self) -> None:
        """Say that the recording is done, or given up."""
        self.share(1.0)
        self._before_ms += self._length_ms


@contextmanager
def sound_bar(console: Console, texts: Texts, *, total_ms: int) -> Iterator[SoundBar]:
    """Show the bar on ``console`` while the ``with`` block runs."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %", markup=False),
        TextColumn("{task.fields[factor]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=max(1, total_ms), factor="")
        yield SoundBar(progress, task, texts)
