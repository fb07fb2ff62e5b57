"""Frame labels: what sounds in every 20 ms, for the losses that teach the encoder to hear.

Four labels per frame: the syllable's initial or the English phone; the syllable's final; its tone
(or "English"); and the ordinal number of the syllable or word in the window.
"""

from typing import Final

INITIALS: Final = (
    "b",
    "p",
    "m",
    "f",
    "d",
    "t",
    "n",
    "l",
    "g",
    "k",
    "h",
    "j",
    "q",
    "x",
    "zh",
    "ch",
    "sh",
    "r",
    "z",
    "c",
    "s",
)
"""The 21 initials of Hanyu Pinyin; label 1 is the zero initial."""

FINALS: Final = (
    "a",
    "o",
    "e",
    "i",
    "u",
    "v",
    "ai",
    "ei",
    "ui",
    "ao",
    "ou",
    "iu",
    "ie",
    "ve",
    "er",
    "an",
    "en",
    "in",
    "un",
    "vn",
    "ang",
    "eng",
    "ing",
    "ong",
    "ia",
    "iao",
    "ian",
    "iang",
    "iong",
    "ua",
    "uai",
    "uan",
    "uang",
    "uo",
    "ue",
    "ui",
    "io",
    "ueng",
    "ê",
    "m",
    "n",
    "ng",
    "ya",
    "yo",
    "ye",
    "yao",
    "you",
    "yan",
    "yin",
    "yang",
    "ying",
    "yong",
    "yi",
    "yu",
    "yue",
    "yuan",
    "yun",
    "yai",
    "wa",
    "wo",
    "wai",
    "wei",
    "wan",
    "wen",
    "wang",
    "weng",
    "wu",
)
"""What follows the initial in pinyin as pypinyin writes it (with y and w of the zero initial)."""

PHONES: Final = (
    "p",
    "b",
    "t",
    "d",
    "k",
    "g",
    "f",
    "v",
    "T",
    "D",
    "s",
    "z",
    "S",
    "Z",
    "h",
    "m",
    "n",
    "N",
    "l",
    "r",
    "w",
    "j",
    "tS",
    "dZ",
    "t#",
    "t2",
    "?",
    "i:",
    "i",
    "I",
    "I2",
    "i2",
    "e",
    "E",
    "a",
    "A:",
    "A",
    "A@",
    "O:",
    "O",
    "O2",
    "O@",
    "0",
    "u:",
    "U",
    "V",
    "@",
    "@2",
    "@5",
    "3:",
    "3",
    "aI",
    "eI",
    "OI",
    "aU",
    "oU",
    "e@",
    "i@",
    "U@",
    "aI@",
    "aU@",
    "aI3",
    "i@3",
    "I#",
    "@L",
    "n-",
    "l-",
    "r-",
    "02",
    "a#",
    "E2",
    "oU#",
    "A#",
    "I@",
    "o@",
    "u",
    "o",
    "aa",
    "@-",
    "e#",
    "i@#",
    ";",
    "l#",
    "tr",
    "dr",
    "x",
    "aI2",
    "t[",
    "w#",
    "VR",
    "IR",
)
"""English phones as espeak-ng names them, without stress marks."""

ENGLISH_TONE: Final = 6
ONSETS: Final = 2 + len(INITIALS) + 1 + len(PHONES)
RIMES: Final = 2 + len(FINALS)
TONES: Final = 7
ORDINALS: Final = 48
UNKNOWN: Final = -100
"""No label here: ``torch.nn.functional.cross_entropy`` leaves it out."""

_INITIAL_LABEL: Final = {name: i + 2 for i, name in enumerate(INITIALS)}
_FINAL_LABEL: Final = {name: i + 1 for i, name in enumerate(dict.fromkeys(FINALS))}
_PHONE_LABEL: Final = {name: i + 3 + len(INITIALS) for i, name in enumerate(PHONES)}
_OTHER_PHONE: Final = 2 + len(INITIALS)
_OTHER_FINAL: Final = RIMES - 1


def syllable_labels(pinyin: str) -> tuple[int, int, int]:
    """Initial, final and tone label of a numbered syllable such as ``zhuang1``."""
    tone = int(pinyin[-1]) if pinyin[-1].isdigit() else 5
    body = pinyin.rstrip("012345")
    initial = next((i for i in ("zh", "ch", "sh") if body.startswith(i)), body[:1])
    if initial not in _INITIAL_LABEL:
        return 1, _FINAL_LABEL.get(body, _OTHER_FINAL), tone
    rest = body[len(initial) :]
    return _INITIAL_LABEL[initial], _FINAL_LABEL.get(rest, _OTHER_FINAL), tone


def phone_label(name: str) -> int:
    """Label of an espeak-ng phone name, 0 for a pause; stress marks are ignored."""
    bare = name.lstrip("',=%*")
    if not bare or bare.startswith(("_", "(")):
        return 0
    return _PHONE_LABEL.get(bare, _OTHER_PHONE)
