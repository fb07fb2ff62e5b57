"""Text as a recogniser might mishear it: characters replaced by others of the same or a near sound.

Every Chinese character is replaced with the given probability. 70 % of the replacements have the
same syllable in any tone, 15 % one of the mergers of southern Mandarin and the telephone (zh/z,
ch/c, sh/s, n/l, r/l, h/f, in/ing, en/eng, an/ang, ian/iang, uan/uang), and 15 % another breath
(b/p, d/t, g/k, j/q, zh/ch, z/c), which no near class holds: errors are not all near. Among those
the character is drawn by how common it is, because a recogniser writes common characters. The
mergers are listed here on their own, not taken from the matcher. Exact matching then finds about
0.7 of the packs' phrases at 10 %.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from functools import cache

from interactions.pinyin import sound_codes, sound_of
from interactions.tokens import word_frequencies

SHARES = (0.70, 0.15, 0.15)
_MERGED_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))
_MERGED_FINALS = (
    ("ing", "in"),
    ("eng", "en"),
    ("ang", "an"),
    ("iang", "ian"),
    ("uang", "uan"),
)
_BREATH = (("b", "p"), ("d", "t"), ("g", "k"), ("j", "q"), ("zh", "ch"), ("z", "c"))

Pairs = tuple[tuple[str, str], ...]
Syllable = tuple[str, str]


class Mishearing:
    """Replaces characters; the same seed gives the same text."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a seeded generator is the point

    def text(self, said: str, share: float) -> str:
        """Return ``said`` with about ``share`` of its Chinese characters replaced."""
        return "".join(self._heard(char) if self._hits(char, share) else char for char in said)

    def _hits(self, char: str, share: float) -> bool:
        return char in _frequencies() and self._random.random() < share

    def _heard(self, char: str) -> str:
        kinds = _alike(char)
        kind = self._random.choices(kinds, SHARES)[0] or kinds[0]
        if not kind:
            return char
        weights = [_frequencies()[other] for other in kind]
        return self._random.choices(kind, weights)[0]


@cache
def _frequencies() -> Counter[str]:
    """How often each Chinese character stands in the words of the shipped dictionary."""
    counted: Counter[str] = Counter()
    for word, frequency in word_frequencies().items():
        for char in word:
            if frequency and "\u4e00" <= char <= "\u9fff":
                counted[char] += frequency
    return counted


@cache
def _by_syllable() -> dict[Syllable, list[str]]:
    found: defaultdict[Syllable, list[str]] = defaultdict(list)
    for char in _frequencies():
        sound = sound_of(sound_codes(char))
        if sound is not None:
            found[sound.initial, sound.final].append(char)
    return dict(found)


@cache
def _alike(char: str) -> tuple[tuple[str, ...], ...]:
    """Return the characters of the same syllable, of a merged one, and of another breath."""
    sound = sound_of(sound_codes(char))
    if sound is None:
        return ((), (), ())
    initial, final = sound.initial, sound.final
    merged = [(other, final) for other in _others(initial, _MERGED_INITIALS)]
    merged += [(initial, other) for other in _others(final, _MERGED_FINALS)]
    if initial == "h" and final.startswith("u"):
        merged.append(("f", final[1:] or "u"))
    if initial == "f":
        merged.append(("h", "u" if final == "u" else f"u{final}"))
    breath = [(other, final) for other in _others(initial, _BREATH)]
    same = tuple(other for other in _chars([(initial, final)]) if other != char)
    return same, _chars(merged), _chars(breath)


def _others(part: str, pairs: Pairs) -> list[str]:
    return [b if part == a else a for a, b in pairs if part in (a, b)]


def _chars(syllables: list[Syllable]) -> tuple[str, ...]:
    known = _by_syllable()
    return tuple(char for syllable in syllables for char in known.get(syllable, ()))
