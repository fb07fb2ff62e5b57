"""How far a run has come: what stages say, and who listens.

Stages say it to ``current()``, whoever that is; the console listens with a bar, a test with a
list, and a flow that nobody watches speaks to the silent default. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

# Every stage a run can name, in the order of a night. The console has a text for each.
STAGES = ("intake", "hear", "texts", "inspect", "keep", "count", "compare", "score", "rank")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is to be heard, and how long finding its words will take.

    Attributes:
        calls: Calls that are new or changed; ``sound_ms`` their length by their headers.
        unheard_ms: Length of those whose words are to be found.
        factor: Seconds of work for a second of sound; None where nobody has measured it.
        basis: Where ``factor`` comes from: ``nights`` (this centre's last ones), ``machine`` (what
            the doctor measured), or nothing.
    """

    calls: int
    sound_ms: int
    unheard_ms: int
    factor: float | None = None
    basis: str = ""

    @property
    def work_ms(self) -> int | None:
        """How long recognition will take; None where nobody knows."""
        return None if self.factor is None else round(self.unheard_ms * self.factor)


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

    def expect(self, forecast: Forecast) -> None:
        """Say what is to be heard, and how long that will take, before it begins."""
        ...


class Silent:
    """Nobody listens."""

    def stage(self, name: str, total: int | None) -> None:
        """Do nothing."""

    def advance(self, n: int) -> None:
        """Do nothing."""

    def expect(self, forecast: Forecast) -> None:
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
