"""The encoding of a text file: UTF-8 (with or without a mark), UTF-16 with its mark, or GB18030.

Found from the content, in the first stretch of the file that is not plain ASCII. Lines that are
wrong within a right file are told apart later, one by one (``is_broken``).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from interactions.problems import Unreadable

_CHUNK = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# One damaged line in a hundred is damage; more is another encoding.
_MOST_BROKEN = 0.01
# In simplified Chinese nearly all characters are those of GB2312; Big5 or Latin text read as
# GB18030 gives rare characters (measured on dialogues: 0.999 against 0.5 for Big5).
_LEAST_COMMON = 0.75
_BROKEN = re.compile("[\udc80-\udcff]")


def encoding_of(path: Path, *, item: str) -> str:
    """Return the name of the file's encoding, for ``open``.

    Raises:
        Unreadable: ``empty_file``, ``not_a_table`` (binary), ``wrong_encoding``, ``cannot_open``.
    """
    try:
        head, sample = _samples(path)
    except OSError as error:
        raise Unreadable(item, "cannot_open", why=error.strerror or "") from error
    if not head:
        raise Unreadable(item, "empty_file")
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        raise Unreadable(item, "not_a_table")
    return _unmarked(sample, item=item)


def _unmarked(sample: bytes, *, item: str) -> str:
    if _broken_share(sample, "utf-8") == 0:
        return "utf-8"
    if _broken_share(sample, "gb18030") <= _MOST_BROKEN and _is_common(sample):
        return "gb18030"
    if _broken_share(sample, "utf-8") <= _MOST_BROKEN:
        return "utf-8"
    raise Unreadable(item, "wrong_encoding")


def open_text(path: Path, encoding: str) -> TextIO:
    """Open the file so that undecodable bytes stay recognisable (``is_broken``)."""
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def is_broken(text: str) -> bool:
    """Say whether ``text`` holds bytes that its encoding does not have."""
    return _BROKEN.search(text) is not None


def bounded_lines(stream: TextIO, longest: int) -> Iterator[tuple[int, str | None]]:
    """Yield each line with its number from 1; None stands for one longer than ``longest``."""
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        if len(line) <= longest:
            yield number, line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = stream.readline(longest + 1)
        yield number, None


def _samples(path: Path) -> tuple[bytes, bytes]:
    """Return the file's first bytes, and the first stretch that is not plain ASCII."""
    with path.open("rb") as file:
        head = chunk = file.read(_CHUNK)
        while chunk and chunk.isascii():
            chunk = file.read(_CHUNK)
        return head, chunk + file.read(_CHUNK * 4)


def _broken_share(sample: bytes, encoding: str) -> float:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    text = decoder.decode(sample, final=False)
    others = sum(not char.isascii() for char in text)
    return len(_BROKEN.findall(text)) / others if others else 0.0


def _is_common(sample: bytes) -> bool:
    text = codecs.getincrementaldecoder("gb18030")("ignore").decode(sample, final=False)
    others = "".join(char for char in text if not char.isascii())
    common = others.encode("gb2312", "ignore").decode("gb2312")
    return len(common) >= _LEAST_COMMON * len(others)
