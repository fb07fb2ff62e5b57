"""Which rule files a person means, and what came of reading them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from console.session import Refusal, Session
from detectors.rule_errors import RuleError

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
