"""How far a run has come: what stages say, and who listens.

Stages say it to ``current()``, whoever that is; the console listens with a bar, a test with a
list, and a flow that nobody watches speaks to the silent default. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

# Every stage a run can name, in the order of a night. The console has a text for each.
STAGES = ("intake", "hear", "texts", "inspect", "keep", "count", "compare", "rank")


class Progress(Protocol):
    """Someone who wants to know how far a run has come. Called from several threads."""

    def stage(self, name: str, total: int | None) -> None:
        """Say that stage ``name`` (one of ``STAGES``) begins.

        Args:
            name: One of ``STAGES``.
            total: Units of work to come; None where nobody can know.
        """
        ...

    def advance(self, n: int) -> None:
        """Say that ``n`` more units of the current stage are done."""
        ...


class Silent:
    """Nobody listens."""

    def stage(self, name: str, total: int | None) -> None:
        """Do nothing."""

    def advance(self, n: int) -> None:
        """Do nothing."""


_listener: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def watching(progress: Progress) -> Iterator[None]:
    """Let ``progress`` hear everything that is said inside the ``with`` block.

    A thread hears it when it runs in a copy of this context, as Prefect's task threads do.
    """
    token = _listener.set(progress)
    try:
        yield
    finally:
        _listener.reset(token)


def current() -> Progress:
    """Return who listens here; a silent one where nobody does."""
    return _listener.get() or Silent()
