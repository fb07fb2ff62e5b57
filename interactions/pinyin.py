"""How Chinese text sounds: syllables with tone, and classes of syllables that are heard alike.

A recogniser that mishears writes another character of the same or a near sound, so a phrase that is
lost in characters is still there in syllables. Readings come from pypinyin's phrase dictionary
(银行 yín háng, 行走 xíng zǒu); tones are the dictionary's, without sandhi.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from interactions.text import HAN

if TYPE_CHECKING:
    from pypinyin.seg.mmseg import Seg

_RUN = re.compile(f"[{HAN}]+")
_TONE_NEUTRAL = 5
_Sound = tuple[str, str, int, str]

# Pairs that Mandarin speakers of the south and west merge, and that a telephone's band (300 to
# 3 400 Hz) blurs: retroflex and dental, n and l and r, h and f before u, front and back nasals
# (Norman, "Chinese", 1988, ch. 8, on the dialects).
_NEAR_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
_NEAR_FINAL = {
    "ing": "in",
    "eng": "en",
    "ang": "an",
    "iang": "ian",
    "uang": "uan",
    "ueng": "uen",
}


@dataclass(frozen=True, slots=True)
class Syllable:
    """The sound of one character.

    Attributes:
        position: Place of its character in the text.
        initial: Consonant it begins with, empty for none (安, 鱼).
        final: The rest in full spelling: 句 is j + ü (``v``), 归 is g + ``uei``.
        tone: 1 to 4, 5 for the neutral tone.
        near: Class of syllables heard alike, tone left out: zhang, zang, zhan and zan are one.
    """

    position: int
    initial: str
    final: str
    tone: int
    near: str


def syllables(text: str) -> tuple[Syllable, ...]:
    """Return the syllable of each Chinese character of ``text`` (normal form), in order.

    Characters without a known reading, and everything that is not Chinese, have none.
    """
    found: list[Syllable] = []
    for run in _RUN.finditer(text):
        at = run.start()
        for word in _segmenter().cut(run.group()):
            for sound in _sounds(word):
                if sound is not None:
                    found.append(Syllable(at, *sound))
                at += 1
    return tuple(found)


@cache
def _segmenter() -> Seg:
    from pypinyin.seg.mmseg import seg  # noqa: PLC0415 - loads its phrases, half a second

    return seg


@lru_cache(maxsize=1 << 16)
def _sounds(word: str) -> tuple[_Sound | None, ...]:
    """Return the sound of each character of a word of pypinyin's phrases."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - see above

    spelled = lazy_pinyin(word, style=Style.TONE3, errors="ignore", neutral_tone_with_five=True)
    if len(spelled) == len(word):
        return tuple(_sound(syllable) for syllable in spelled)
    if len(word) == 1:
        return (None,)
    return tuple(_sounds(char)[0] for char in word)  # one of them has no known reading


@lru_cache(maxsize=4096)
def _sound(spelled: str) -> _Sound:
    """Return initial, final, tone and near class of a numbered spelling (``hang2``)."""
    from pypinyin.contrib.tone_convert import to_finals, to_initials  # noqa: PLC0415 - see above

    tone = int(spelled[-1]) if spelled[-1].isdigit() else _TONE_NEUTRAL
    initial, final = to_initials(spelled, strict=True), to_finals(spelled, strict=True)
    if not final:  # 嗯 is n, 噷 hm: a consonant is the whole syllable
        initial, final = "", spelled.rstrip("012345")
    return initial, final, tone, _near(initial, final)


def _near(initial: str, final: str) -> str:
    if initial == "h" and final.startswith("u"):  # 湖 is heard as 福, 花 as 发, 灰 as 飞
        initial, final = "f", final[1:] or "u"
    return _NEAR_INITIAL.get(initial, initial) + _NEAR_FINAL.get(final, final)
