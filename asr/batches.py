"""Which windows are decoded side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from torch import Tensor

from asr.packing import Window
from asr.script import Script

_WAITING = 2
"""Batches that wait to be sorted by length, so that windows of one batch end together."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A window of a recording that waits to be decoded.

    Attributes:
        job: The recording's index.
        window: The window.
        script: How it is decoded.
        heard: From the encoder, ``(frames, width)``, where it has been encoded already.
    """

    job: int
    window: Window
    script: Script
    heard: Tensor | None = None


def batches(tasks: Iterable[Task], size: int) -> Iterator[list[Task]]:
    """Yield tasks in batches of similar length whose prompts are of one length.

    No more tasks wait than two batches hold, so that what has been encoded for them stays little
    however long the recordings are. Those with most sound come first: they have most to say, and a
    batch is over when its last window is.

    Args:
        tasks: In any order.
        size: How many at once.
    """
    waiting: list[Task] = []
    for task in tasks:
        waiting.append(task)
        if len(waiting) >= _WAITING * size:
            yield _taken(waiting, size)
    while waiting:
        yield _taken(waiting, size)


def _taken(waiting: list[Task], size: int) -> list[Task]:
    """Take away the first tasks: of the commonest prompt, those with most sound."""
    lengths = [len(task.script.start) for task in waiting]
    length = max(sorted(set(lengths)), key=lengths.count)
    waiting.sort(key=lambda task: (len(task.script.start) != length, -task.window.duration_ms))
    batch = waiting[: min(size, lengths.count(length))]
    del waiting[: len(batch)]
    return batch
