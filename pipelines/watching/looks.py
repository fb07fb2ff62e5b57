"""What a look of the watch found and did, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pipelines.alerts.outbox import Sent
from pipelines.watching.landing import Landed
from warehouse.alerting import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look found and did.

    Attributes:
        landed: Files that became whole, with why; chat files are read as they grow.
        lines: Of chats, read now.
        kept: Interactions taken in.
        raised: Alerts that are new.
        sent: Attempts to tell somebody.
        is_waiting: Whether another process had the warehouse, so that the rest is done next time.
    """

    landed: tuple[Landed, ...] = ()
    lines: int = 0
    kept: int = 0
    raised: tuple[Alert, ...] = ()
    sent: tuple[Sent, ...] = ()
    is_waiting: bool = False


_listener: ContextVar[Callable[[Look], None] | None] = ContextVar("watch", default=None)


@contextmanager
def telling(hears: Callable[[Look], None]) -> Iterator[None]:
    """Let ``hears`` hear of every look inside the ``with`` block."""
    token = _listener.set(hears)
    try:
        yield
    finally:
        _listener.reset(token)


def listener() -> Callable[[Look], None]:
    """Return who listens here; a silent one where nobody does."""
    return _listener.get() or _nobody


def _nobody(_: Look) -> None:
    """Nobody listens."""
