"""The texts of one language, and which language a person wants."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
# What commands say, their help, and the names of the measures: {language}{part}.toml.
PARTS = (
    "",
    "_alerts",
    "_help",
    "_hotwords",
    "_judged",
    "_measures",
    "_mood",
    "_privacy",
    "_reasons",
)
# Text from outside (file names, transcripts, metadata) must not drive the terminal: control
# characters C0, DEL and C1 (ECMA-48), line and paragraph separators, the bidirectional controls
# that reorder what is read (Unicode TR 36, "Trojan Source"), and lone surrogates, which no
# terminal can show.
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Return ``text`` on one line, without anything that acts on a terminal.

    Line breaks and tabs become a blank, all other controls the replacement character, so that
    nobody mistakes a hostile name for a harmless one.
    """
    return _CONTROLS.sub(lambda match: " " if match[0] in "\t\n\r\u2028\u2029" else "\ufffd", text)


class Texts:
    """Looks up texts by key.

    Args:
        language: ``zh`` or ``en``.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._entries: dict[str, str] = {}
        for part in PARTS:
            source = files("console.messages") / f"{language}{part}.toml"
            self._entries |= dict(_flat(tomllib.loads(source.read_text(encoding="utf-8"))))

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of ``key`` with its ``{name}`` places filled from ``values``.

        Values that are text are cleaned: they come from files that anyone may have written.
        """
        return self._entries[key].format(
            **{k: clean(v) if isinstance(v, str) else v for k, v in values.items()}
        )

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def raw(self, key: str) -> str:
        """Return the text of ``key`` as it is written, places unfilled."""
        return self._entries[key]

    def known(self, key: str, *, otherwise: str) -> str:
        """Return the text of ``key``; ``otherwise``, cleaned, where there is none."""
        return self._entries.get(key, clean(otherwise))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def preferred(asked: str, centre: Path, environment: Mapping[str, str]) -> str:
    """Return the language to speak.

    What was asked for (``--lang`` or TINGJIAN_LANG) comes first, then the centre's settings, then
    the machine's locale variables in the order of POSIX (LC_ALL, LC_MESSAGES, LANG), then English.
    """
    if asked in LANGUAGES:
        return asked
    written = _of_centre(centre)
    if written in LANGUAGES:
        return written
    locale = next(
        (v for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environment.get(name))), ""
    )
    return "zh" if locale.lower().startswith("zh") else "en"


def _of_centre(centre: Path) -> str:
    """The centre's language as far as its file can be read: a broken file is told of later."""
    try:
        values = tomllib.loads((centre / "tingjian.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    section = values.get("centre")
    return str(section.get("language", "")) if isinstance(section, dict) else ""
