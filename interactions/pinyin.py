"""How Chinese text sounds: syllables with tone, and classes of syllables that are heard alike.

A recogniser that mishears writes another character of the same or a near sound, so a phrase that is
lost in characters is still there in syllables. Readings are pypinyin's: the longest phrase of its
dictionary decides (银行 yín háng, 行走 xíng zǒu), else a character's first reading; tones are the
dictionary's, without sandhi.

Three classes, each inside the next:

1. **tone**: the same syllable with the same tone;
2. **near**: tone left out, and what speakers of the south and west merge and a telephone's band
   (300 to 3 400 Hz) blurs: zh/z, ch/c, sh/s, n/l/r, h/f before u, ing/in, eng/en, ang/an,
   iang/ian, uang/uan (Norman, "Chinese", 1988, ch. 8, on the dialects);
3. **far**: near, and breath left out: b/p, d/t, g/k, j/q, z/c. The puff that tells them apart is
   noise above the telephone's band.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

_TONE_NEUTRAL = 5
# Sounds are coded as one character each, from U+0100: two bytes in UTF-8, and there are fewer than
# the 1 792 up to U+07FF. What is neither Chinese nor ASCII becomes U+0000.
_FIRST_CODE = 0x100
_ASCII_END = 0x80
_CODE_POINTS = 0x110000

_NEAR_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
_NEAR_FINAL = {
    "ing": "in",
    "eng": "en",
    "ang": "an",
    "iang": "ian",
    "uang": "uan",
    "ueng": "uen",
}
_FAR_INITIAL = {"b": "p", "d": "t", "g": "k", "j": "q", "z": "c"}


class Sound(NamedTuple):
    """A syllable by itself.

    Attributes:
        initial: Consonant it begins with, empty for none (安, 鱼).
        final: The rest in full spelling: 句 is j + ü (``v``), 归 is g + ``uei``.
        tone: 1 to 4, 5 for the neutral tone.
        near: Class of syllables heard alike: zhang, zang, zhan and zan are one.
        far: The near class without breath: zhang and chang are one.
    """

    initial: str
    final: str
    tone: int
    near: str
    far: str


@dataclass(frozen=True, slots=True)
class Syllable:
    """The sound of one character.

    Attributes:
        position: Place of its character in the text.
        initial: See ``Sound``, as ``final``, ``tone`` and ``near``.
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
    known = _sounds()
    return tuple(
        Syllable(at, *known.sounds[code][:4])
        for at, code in enumerate(sound_codes(text))
        if code in known.sounds
    )


def sound_codes(text: str) -> str:
    """Return ``text`` (normal form) with each Chinese character as the code of its sound.

    As long as ``text``. ASCII stays as it is; other characters, and Chinese ones without a known
    reading, become U+0000. ``sound_of`` tells what a code stands for.
    """
    return _sounds().exactly.codes(text)


def far_codes(text: str) -> str:
    """Return ``text`` in codes of far classes, each character by its first reading.

    What stands beside a character changes nothing, so a text has the same codes wherever it stands:
    unlike ``far_of(sound_codes(text))``, and ten times as fast.
    """
    return _coded(text, _sounds().far_table)


def far_of(codes: str) -> str:
    """Return ``sound_codes`` as codes of far classes."""
    return codes.translate(_sounds().far)


def sound_of(code: str) -> Sound | None:
    """Return the sound that a character of ``sound_codes`` stands for; None for every other."""
    return _sounds().sounds.get(code)


def _code_table(characters: Mapping[int, str]) -> NDArray[np.uint16]:
    """Return a table of all code points: twenty times as fast as str.translate."""
    table = np.zeros(_CODE_POINTS, dtype=np.uint16)
    table[:_ASCII_END] = np.arange(_ASCII_END)
    for character, code in characters.items():
        table[character] = ord(code)
    return table


def _coded(text: str, table: NDArray[np.uint16]) -> str:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return table[points].tobytes().decode("utf-16-le")


class _Reading:
    """Reads text into codes: characters, and phrases in which one is read otherwise.

    Args:
        characters: Code of each character with a known reading.
        phrases: Codes of each phrase of the dictionary.
    """

    def __init__(self, characters: Mapping[int, str], phrases: Mapping[str, str]) -> None:
        self._table = _code_table(characters)
        special = {p: codes for p, codes in phrases.items() if _coded(p, self._table) != codes}
        chosen = [*special, *_in_the_way(special, phrases)]
        self._special = tuple(special.get(phrase, "") for phrase in chosen)
        self._phrases = AhoCorasick(chosen, matchkind=MatchKind.LeftmostLongest)

    def codes(self, text: str) -> str:
        """Return one code for each character of ``text``."""
        coded = _coded(text, self._table)
        parts: list[str] = []
        reached = 0
        for phrase, start, end in self._phrases.find_matches_as_indexes(text):
            codes = self._special[phrase]
            if codes:
                parts += (coded[reached:start], codes)
                reached = end
        if not parts:
            return coded
        parts.append(coded[reached:])
        return "".join(parts)


class _Sounds:
    """The readings of pypinyin's dictionaries, coded."""

    def __init__(self) -> None:
        from pypinyin.phrases_dict import phrases_dict  # noqa: PLC0415 - takes half a second
        from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415 - takes half a second

        first = {char: reading.partition(",")[0] for char, reading in pinyin_dict.items()}
        spoken = [one[0] for reading in phrases_dict.values() for one in reading]
        sounds = dict.fromkeys(_sound(r) for r in dict.fromkeys((*first.values(), *spoken)))
        by_sound = {sound: chr(_FIRST_CODE + number) for number, sound in enumerate(sounds)}
        self.sounds = {code: sound for sound, code in by_sound.items()}
        classes: dict[str, str] = {}
        self.far = {
            ord(code): classes.setdefault(sound.far, chr(_FIRST_CODE + len(classes)))
            for code, sound in self.sounds.items()
        }
        characters = {
            char: by_sound[_sound(reading)] for char, reading in first.items() if char >= _ASCII_END
        }
        phrases = {
            phrase: "".join(by_sound[_sound(one[0])] for one in reading)
            for phrase, reading in phrases_dict.items()
            if len(reading) == len(phrase)
        }
        self.exactly = _Reading(characters, phrases)
        self.far_table = _code_table(
            {character: code.translate(self.far) for character, code in characters.items()}
        )


@cache
def _sounds() -> _Sounds:
    return _Sounds()


def _in_the_way(special: Mapping[str, str], phrases: Mapping[str, str]) -> list[str]:
    """Return the plain phrases that can take characters from a special one, or hold it."""
    heads = {phrase[:end] for phrase in special for end in range(1, len(phrase))}
    inside = AhoCorasick(list(special))
    return [
        phrase
        for phrase in phrases
        if phrase not in special
        and (
            any(phrase[at:] in heads for at in range(1, len(phrase)))
            or inside.find_matches_as_indexes(phrase)
        )
    ]


@lru_cache(maxsize=4096)
def _sound(spelled: str) -> Sound:
    """Return the sound of a spelling with its tone mark (``háng``)."""
    from pypinyin.contrib.tone_convert import (  # noqa: PLC0415 - see above
        to_finals,
        to_initials,
        to_tone3,
    )

    numbered = to_tone3(spelled, neutral_tone_with_five=True)
    tone = int(numbered[-1]) if numbered[-1].isdigit() else _TONE_NEUTRAL
    initial, final = to_initials(numbered, strict=True), to_finals(numbered, strict=True)
    if not final:  # 嗯 is n, 噷 hm: a consonant is the whole syllable
        initial, final = "", numbered.rstrip("012345")
    initial_near, final_near = _near(initial, final)
    far = _FAR_INITIAL.get(initial_near, initial_near)
    return Sound(initial, final, tone, initial_near + final_near, far + final_near)


def _near(initial: str, final: str) -> tuple[str, str]:
    if initial == "h" and final.startswith("u"):  # 湖 is heard as 福, 花 as 发, 灰 as 飞
        initial, final = "f", final[1:] or "u"
    return _NEAR_INITIAL.get(initial, initial), _NEAR_FINAL.get(final, final)
