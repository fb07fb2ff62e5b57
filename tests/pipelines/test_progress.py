"""Progress: whoever watches hears it, also in threads that run in a copy of the context."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from pipelines.progress import Silent, current, watching


class Heard:
    def __init__(self) -> None:
        self.said: list[tuple[str, int | None] | int] = []

    def stage(self, name: str, total: int | None) -> None:
        self.said.append((name, total))

    def advance(self, n: int) -> None:
        self.said.append(n)


def test_nobody_listening_is_silence() -> None:
    assert isinstance(current(), Silent)
    current().stage("hear", 3)
    current().advance(1)


def test_the_watcher_hears_until_the_block_ends() -> None:
    heard, inner = Heard(), Heard()
    with watching(heard):
        current().stage("hear", 3)
        with watching(inner):
            current().advance(2)
        current().advance(1)
    current().advance(9)
    assert heard.said == [("hear", 3), 1]
    assert inner.said == [2]


def test_threads_in_a_copy_of_the_context_are_heard() -> None:
    heard = Heard()
    with watching(heard), ThreadPoolExecutor(2) as pool:
        for n in (1, 2, 3):
            pool.submit(copy_context().run, lambda n=n: current().advance(n)).result()
    assert heard.said == [1, 2, 3]
