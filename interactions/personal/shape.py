"""What kind of character stands where, as one ASCII character each: what most searches begin with.

A pattern over it begins with a literal, which is found several times as fast as the class of
characters that it stands for (measured: 2 to 12 µs a search instead of 10 to 34 on a dialogue of
1 800 characters).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import ascii_lowercase, digits
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

_LAST = 0xFFFF  # nothing that is looked for lies above: a table this small stays in the cache
OTHER = "?"
MARKS: Mapping[str, str] = MappingProxyType(
    {
        "a": ascii_lowercase,
        "0": digits,
        "c": "零〇一二三四五六七八九幺两",
        "p": "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼",
        "h": "省市",
        "n": "十百",
        "u": "号栋幢弄单楼层室座门组队",
        "@": "@艾爱圈鼠",
        "g": "个",
        "t": "直般共定样起些",
        **{char: char for char in " ,-./:\n"},
    }
)
"""Mark → the characters it stands for; ``OTHER`` stands for all others."""


def shape_of(text: str) -> str:
    """Return a text's marks, one for each of its characters."""
    return translated(text, _marks())


def translated(text: str, table: NDArray[np.uint8]) -> str:
    """Return the ASCII character of each of a text's: twenty times as fast as str.translate."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return table[np.minimum(points, _LAST)].tobytes().decode("ascii")


def table_of(codes: Mapping[str, str], *, other: str) -> NDArray[np.uint8]:
    """Return an ASCII character for each code point: ``codes`` by character, else ``other``."""
    table = np.full(_LAST + 1, ord(other), dtype=np.uint8)
    for char, code in codes.items():
        table[ord(char)] = ord(code)
    return table


@cache
def _marks() -> NDArray[np.uint8]:
    return table_of({char: mark for mark, own in MARKS.items() for char in own}, other=OTHER)
