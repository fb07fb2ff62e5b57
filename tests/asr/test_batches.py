"""Windows of several recordings in batches."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from asr.batches import Task, batches
from asr.packing import Piece, Window
from interactions.sound import Span


def task(job, seconds, prompt=4):
    window = Window(0, (Piece(Span(0, seconds * 1000), 0),))
    return Task(job, window, SimpleNamespace(start=(0,) * prompt))


def shapes(found):
    return [[one.window.duration_ms // 1000 for one in batch] for batch in found]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], []),
        ([5], [[5]]),
        ([5, 30, 7], [[30, 7], [5]]),
        ([5, 30, 7, 20, 28, 6], [[30, 20], [28, 7], [6, 5]]),
    ],
)
def test_the_longest_of_those_that_wait_come_first(seconds, expected):
    assert shapes(batches((task(i, s) for i, s in enumerate(seconds)), 2)) == expected


def test_every_task_is_in_one_batch_and_prompts_are_of_one_length():
    tasks = [task(i, 1 + i * 7 % 30, prompt=(4, 9, 20)[i % 3]) for i in range(50)]
    found = list(batches(tasks, 4))
    assert sorted(one.job for batch in found for one in batch) == list(range(50))
    assert all(len({len(one.script.start) for one in batch}) == 1 for batch in found)
    assert all(len(batch) <= 4 for batch in found)


def test_no_more_wait_than_two_batches():
    taken = 0

    def endless():
        nonlocal taken
        for i in range(1000):
            taken += 1
            yield task(i, 10)

    for number, batch in enumerate(batches(endless(), 8)):
        assert len(batch) == 8
        assert taken <= 8 * (number + 2)
        if number == 20:
            break
