"""Log lines and messages of errors without identifiers: they go to terminals, files and Prefect.

Messages name files, and recorders put telephone numbers into the names of files. Only what has a
form or a check digit of its own is hidden here, so that ids and sums stay readable.
"""

from __future__ import annotations

import logging
import traceback
from contextlib import ContextDecorator
from types import TracebackType
from typing import Self


class Discreet(ContextDecorator):
    """Hides identifiers in the message of an exception that leaves the block or the function."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while error is not None:
            _hide(error)
            error = error.__cause__ or error.__context__


def without_identifiers(line: str) -> str:
    """Return a line as it may be shown and kept anywhere."""
    # nothing that most calls of a command do without
    from interactions.personal.redaction import certain_text  # noqa: PLC0415

    return certain_text(line)


def _hide(error: BaseException) -> None:
    error.args = tuple(without_identifiers(a) if isinstance(a, str) else a for a in error.args)
    if isinstance(error, OSError):
        for name in ("filename", "filename2", "strerror"):
            value = getattr(error, name)
            if isinstance(value, str):
                setattr(error, name, without_identifiers(value))


class DiscreetRecord(logging.LogRecord):
    """A log record whose message and traceback hold no identifiers."""

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        """Return the message without identifiers."""
        return without_identifiers(super().getMessage())

    def __setattr__(self, name: str, value: object) -> None:
        """Keep a traceback only as text without identifiers."""
        if name == "exc_info" and isinstance(value, tuple) and value[0] is not None:
            shown = "".join(traceback.format_exception(*value))
            super().__setattr__("exc_text", without_identifiers(shown.rstrip("\n")))
        elif name == "exc_text" and value is None and getattr(self, "exc_text", None):
            return  # ``LogRecord`` clears it behind ``exc_info``
        super().__setattr__(name, value)


def discreet_logs() -> None:
    """Make every log record from now on a discreet one."""
    logging.setLogRecordFactory(DiscreetRecord)
