"""The normal form of many texts at once: most characters take one look-up in a table for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from interactions.text import LOOSE_SPACE, NormalText, normal, spoken_digits

_CODE_POINTS = 0x110000
_UNKNOWN = 0
_BY_ITSELF = "\ue000"  # stands for every character that the table does not decide
_BETWEEN = "\n"
_ASCII = range(0x20, 0x7F)
_HAN = range(0x3400, 0xA000)


class _Table:
    """Code point → code point of its normal form, filled as characters are met.

    Only characters that become one ASCII or Chinese character are in it: these join with no
    neighbour, so that a text of them alone keeps its places.
    """

    def __init__(self) -> None:
        self._codes = np.zeros(_CODE_POINTS, dtype=np.uint32)

    def folded(self, text: str) -> NDArray[np.uint32]:
        """Return the code point of each character's normal form."""
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        codes: NDArray[np.uint32] = self._codes[points]
        if not codes.all():
            for point in set(points[codes == _UNKNOWN].tolist()):
                self._codes[point] = ord(_single(chr(point)))
            codes = self._codes[points]
        return codes


def _single(char: str) -> str:
    plain = " " if char.isspace() else normal(char).text
    is_decided = len(plain) == 1 and (ord(plain) in _ASCII or ord(plain) in _HAN)
    return plain if is_decided else _BY_ITSELF


@cache
def _table() -> _Table:
    return _Table()


class NormalTexts(Sequence[NormalText]):
    """The normal forms of some texts; where their characters came from is worked out when asked.

    Attributes:
        texts: The normal forms alone.
    """

    def __init__(self, texts: list[str], moved: Mapping[int, NormalText]) -> None:
        self.texts = texts
        self._moved = moved

    def __len__(self) -> int:
        return len(self.texts)

    def original(self, index: int, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original text of ``[start, end)`` of normal form ``index``."""
        moved = self._moved.get(index)
        return moved.original(start, end) if moved else (start, end)

    @overload
    def __getitem__(self, index: int) -> NormalText: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[NormalText, ...]: ...
    def __getitem__(self, index: int | slice) -> NormalText | tuple[NormalText, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        text, moved = self.texts[index], self._moved.get(index % len(self.texts))
        return moved or NormalText(text, range(len(text)), range(1, len(text) + 1))


def normal_texts(texts: Sequence[str]) -> NormalTexts:
    """Return ``interactions.text.normal`` of each text."""
    if not texts:
        return NormalTexts([], {})
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    codes = _table().folded(_BETWEEN.join(texts))
    codes[[start - 1 for start in starts[1:-1]]] = ord(_BETWEEN)
    folded = spoken_digits(codes.tobytes().decode("utf-32-le"))
    plain = [folded[start : end - 1] for start, end in pairwise(starts)]
    moved: dict[int, NormalText] = {}
    if _BY_ITSELF in folded or " " in folded:
        for at, one in enumerate(plain):
            if _BY_ITSELF in one or (" " in one and LOOSE_SPACE.search(one)):
                moved[at] = normal(texts[at])
                plain[at] = moved[at].text
    return NormalTexts(plain, moved)
