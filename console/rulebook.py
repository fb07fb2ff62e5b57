"""Which rule files a person means, and what came of reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import typer
from rich.text import Text

from console.messages.texts import clean
from console.session import FAILED, Refusal, Session
from detectors.rule_errors import RuleError, RuleErrors

T = TypeVar("T")

SUFFIXES = (".yaml", ".yml")


def named(session: Session, paths: Iterable[Path]) -> list[Path]:
    """Return the rule files that ``paths`` name; a folder stands for all of its files.

    Raises:
        Refusal: One of them is not there.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += in_folder(path)
        elif path.is_file():
            files.append(path)
        else:
            raise Refusal(session.texts("rules.no_file", path=str(path)))
    return list(dict.fromkeys(files))


def in_folder(folder: Path) -> list[Path]:
    """Return a folder's rule files by name; none where there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def loaded_with(session: Session, paths: Sequence[Path], load: Callable[[], T]) -> T:
    """Return what ``load`` returns; where files have errors, tell them all and stop.

    Args:
        session: Where to tell.
        paths: The files a person named, for places that an editor can open.
        load: Reads rules or score sheets.
    """
    try:
        return load()
    except RuleErrors as errors:
        for line in located(errors.errors, paths, session.texts.language):
            session.err.print(Text(clean(line), style="red"), soft_wrap=True)
        session.err.print(Text(session.texts("error.rules", count=len(errors.errors))))
        raise typer.Exit(FAILED) from None


def located(errors: Sequence[RuleError], paths: Sequence[Path], language: str) -> list[str]:
    """Return the errors as lines whose place an editor can open.

    An error knows its file's name alone; where only one of ``paths`` has that name, the line
    begins with the whole path.
    """
    by_name: dict[str, list[Path]] = {}
    for path in paths:
        by_name.setdefault(path.name, []).append(path)
    lines = []
    for error in errors:
        same = by_name.get(error.file, [])
        text = error.text(language)
        lines.append(f"{same[0]}{text.removeprefix(error.file)}" if len(same) == 1 else text)
    return lines
