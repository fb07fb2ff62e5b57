"""How far a run has come, as bars on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from console.forecast_lines import forecast_lines
from console.messages.texts import Texts
from pipelines.progress import Forecast


class Bars:
    """Draws one bar a stage; a ``pipelines.progress.Progress``.

    Args:
        progress: Rich's display, which threads may share.
        texts: Stage names in the person's language.
    """

    def __init__(self, progress: Progress, texts: Texts) -> None:
        self._progress = progress
        self._texts = texts
        self._task: TaskID | None = None
        self.last = ""

    def stage(self, name: str, total: int | None) -> None:
        """Begin a bar; the one before is full, whatever it had been told."""
        self.finish()
        self.last = self._texts.known(f"stage.{name}", otherwise=name)
        self._task = self._progress.add_task(self.last, total=total)

    def advance(self, n: int) -> None:
        """Move the current bar on."""
        if self._task is not None:
            self._progress.advance(self._task, n)

    def expect(self, forecast: Forecast) -> None:
        """Say above the bars how long hearing will take."""
        for line in forecast_lines(forecast, self._texts):
            self._progress.console.print(line)

    def finish(self) -> None:
        """Fill the current bar."""
        if self._task is None:
            return
        task = self._progress.tasks[self._task]
        total = task.total if task.total is not None else max(task.completed, 1)
        self._progress.update(self._task, total=total, completed=total)
        self._progress.stop_task(self._task)


@contextmanager
def bars(console: Console, texts: Texts) -> Iterator[Bars]:
    """Show bars on ``console`` while the ``with`` block runs.

    Where nobody watches, because the output is a file or a pipe, only the finished bars are
    written, once.
    """
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        shown = Bars(progress, texts)
        yield shown
        shown.finish()
