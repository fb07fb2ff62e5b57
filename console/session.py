"""What every command knows: which centre, which language, where to write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer
from rich.console import Console
from rich.text import Text

from console.messages.texts import Texts, clean

if TYPE_CHECKING:
    from pipelines.settings import Settings

MS_PER_SECOND, MS_PER_MINUTE = 1_000, 60_000
FAILED = 1
MISUSED = 2


class Refusal(Exception):  # noqa: N818 - the console refuses, and says what to do instead
    """Something that a person asked for cannot be done.

    Args:
        line: What is wrong and what to do about it, in the person's language.
        code: Exit status: 1 the command failed, 2 it was called wrongly or the centre is not set
            up.
    """

    def __init__(self, line: str, *, code: int = MISUSED) -> None:
        self.code = code
        super().__init__(line)


@dataclass(frozen=True, slots=True)
class Session:
    """One call of ``tingjian``.

    Attributes:
        centre: The centre's folder, as given.
        texts: Texts in the person's language.
        out: Where answers go.
        err: Where progress and complaints go, so that ``--json`` stays clean.
    """

    centre: Path
    texts: Texts
    out: Console
    err: Console

    def say(self, key: str, /, *, style: str = "", **values: object) -> None:
        """Print a text; nothing in it is taken for markup."""
        self.out.print(Text(self.texts(key, **values), style=style), soft_wrap=True)

    def chosen(self, option: str, value: str, allowed: Sequence[str]) -> str:
        """Return ``value`` where it is empty or allowed.

        Raises:
            Refusal: It is neither; the line names what is allowed.
        """
        if value and value not in allowed:
            names = ", ".join(allowed)
            raise Refusal(
                self.texts("usage.bad_value_choice", what=option, value=value, allowed=names)
            )
        return value

    def day(self, text: str) -> date | None:
        """Return the day ``YYYY-MM-DD`` that an option names; None where it is empty.

        Raises:
            Refusal: It is no day.
        """
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Refusal(self.texts("worklist.bad_day", day=text)) from None

    def settings(self) -> Settings:
        """Read the centre's settings.

        Raises:
            pipelines.settings.SettingsError: There are none, or they cannot be used.
        """
        from pipelines.settings import load

        return load(self.centre)


def opened(centre: Path, language: str) -> Session:
    """Return a session that writes to the standard streams."""
    return Session(
        centre=centre,
        texts=Texts(language),
        out=Console(file=sys.stdout, highlight=False, markup=False, emoji=False),
        err=Console(file=sys.stderr, highlight=False, markup=False, emoji=False),
    )


def session_of(context: typer.Context) -> Session:
    """Return the session of a command's context."""
    return cast("Session", context.obj)


def plain(value: object, *, style: str = "") -> Text:
    """Return text from outside for a table or a line: cleaned, and never taken for markup."""
    return Text(clean("" if value is None else str(value)), style=style)


def lasting(ms: int, texts: Texts) -> str:
    """Return how long something takes: seconds below a minute, else as ``clock``."""
    if ms >= MS_PER_MINUTE:
        return clock(ms)
    return texts("run.seconds", seconds=f"{ms / MS_PER_SECOND:.1f}")


def clock(ms: int) -> str:
    """Return a place in an interaction as ``mm:ss``, with hours in front where there are any."""
    seconds = ms // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes:02}:{seconds % 60:02}"
