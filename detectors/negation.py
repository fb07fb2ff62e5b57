"""Is a phrase taken back? 不要投诉, "not a complaint".

A negating word counts when it stands before the phrase in the same clause, at most ``reach``
Chinese characters or English words away, and nothing between them starts a new thought ("不处理就
投诉" is a threat, not its denial). The word list and the reach are ours.
"""

from __future__ import annotations

import re

REACH = 4
"""Chinese characters or English words between a negating word and what it negates."""

_LOOK_BACK = 60  # characters of one clause that are looked at: four English words and to spare

# Words that hold a negating character and negate nothing, and questions of the form A-not-A.
_HARMLESS = (
    "对不起|不好意思|差不多|不仅|不但|不只是?|不光|不过|不管|不论|不得不|不能不|不可不|不会不|"
    "要不是|要不然|要不|再不|若不|如果不|如果没|要是不|要是没|不然|不如|不停|不断|不少|不久|"
    "不同|不愧|不妨|不禁|不由|不时|动不动|了不起|没想到|没完没了|没准|从来没见过|"
    "不[了到上出住下起动通清完]|"
    "特别|个别|别人|别的|分别|区别|告别|级别|性别|差别|类别|识别|辨别|别家|"
    "无论|无线|无比|无非|无奈|无聊|无语|未来|"
    r"(?P<asked>[\u4e00-\u9fff])[不没](?P=asked)|有没有|"
    r"(?<![a-z'])(?:not only|why not|why don't|if not|no doubt|no wonder|no matter)(?![a-z'])"
)
_NEGATING = (
    "不|没|别|无|未|勿|甭|"
    r"(?<![a-z'])(?:not|never|no|none|nor|without|cannot|[a-z]+n't|"
    r"dont|doesnt|didnt|wont|cant|isnt|wasnt|arent)(?![a-z'])"
)
_MAY_NEGATE = re.compile("[不没别无未勿甭]|n[o't]|never|without")
_WORDS = re.compile(f"(?P<harmless>{_HARMLESS})|(?P<negating>{_NEGATING})")
_NEW_THOUGHT = re.compile(
    "就|我|只能|只好|只有|但|却|而|那|所以|"
    r"(?<![a-z'])(?:i|we|then|but|so|because|and|or)(?![a-z'])"
)
_CLAUSES_BEFORE = re.compile(r".*[.,;:!?~\n]", re.DOTALL)  # up to the last sign between clauses
_UNIT = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+|[\u3400-\u9fff]")


def is_negated(text: str, start: int, *, reach: int = REACH) -> bool:
    """Tell whether what begins at ``start`` of the normal ``text`` is taken back.

    Args:
        text: Normal form of one utterance.
        start: Where the phrase begins.
        reach: Chinese characters or English words that a negating word reaches over.
    """
    first = max(0, start - _LOOK_BACK)
    if not _MAY_NEGATE.search(text, first, start):
        return False
    before = _CLAUSES_BEFORE.match(text, first, start)
    clause = text[before.end() if before else first : start]
    if before and not _MAY_NEGATE.search(clause):
        return False
    phrase_head = text[start : start + 1]
    for word in _WORDS.finditer(clause):
        if word.lastgroup == "negating" and _reaches(clause, word, phrase_head, reach):
            return True
    return False


def _reaches(clause: str, word: re.Match[str], phrase_head: str, reach: int) -> bool:
    between = clause[word.end() :]
    is_question = not between and word.start() > 0 and clause[word.start() - 1] == phrase_head
    if is_question and word[0] in "不没":
        return False  # 投不投诉, 满不满意
    if _NEW_THOUGHT.search(between):
        return False
    return len(_UNIT.findall(between)) < reach
