"""What an error of a rule file found and what it allows, in Chinese.

The reader speaks English with names, numbers and values in it; this turns the words round them.
What is in quotation marks stays as it is: it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_PLACE = "first 或 last 加数字，再加 s、% 或 messages：“first 30 s”“last 3 messages”"
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "nothing": "空",
        "an empty mapping": "空的映射",
        "an empty file": "空文件",
        "a UTF-8 text file": "UTF-8 文本文件",
        "plain values": "直接写出的值",
        "something that is not YAML": "不是 YAML 的内容",
        # what the YAML parser itself says
        "mapping values are not allowed in this context": "这里不能再写“键: 值”",
        "found character that cannot start any token": "不能用来开头的字符（多为制表符）",
        "did not find expected key": "缩进不一致，找不到应有的键",
        "did not find expected '-' indicator": "列表里缺少“-”",
        "did not find expected node content": "缺少内容",
        "did not find expected ',' or ']'": "缺少“,”或“]”",
        "did not find expected ',' or '}'": "缺少“,”或“}”",
        "could not find expected ':'": "缺少“:”",
        "found unexpected end of stream": "文件到此突然结束（多为引号没有闭合）",
        "found unexpected document indicator": "多余的文档分隔符",
        "block sequence entries are not allowed in this context": "这里不能写列表项",
        "control characters are not allowed": "不允许的控制字符",
        "more levels": "更多层",
        "one": "一个",
        "text": "文字",
        "a list": "列表",
        "a number": "数字",
        "a whole number": "整数",
        "true or false": "true 或 false",
        "attribute names": "属性名",
        "at least one": "至少一项",
        "at least one detector or combination": "至少一个检测器或组合",
        "at least two parts": "至少两部分",
        "at least one phrase": "至少一个词",
        "at least one letter, digit or character": "至少一个字母、数字或汉字",
        "phrases in any": "在 any 里写词",
        "phrases in any, all or of": "在 any、all 或 of 里写词",
        "sentences of at least two characters": "至少两个字的句子",
        "at_least, at_most, above or below": "at_least、at_most、above 或 below",
        "no limit": "没有界限",
        "a range": "有值可取的范围",
        "no comparator": "没有比较条件",
        "missing: true alone, or one comparator and more": (
            "单独写 missing: true，或至少一个比较条件"
        ),
        "2026-03-30, 2026-03-30T09:00 or 09:00": "2026-03-30、2026-03-30T09:00 或 09:00",
        "only for amount": "只用于 amount",
        "only for product": "只用于 product",
        "an expression that needs at least one character": "至少要有一个字符才成立的表达式",
        "(?<![0-9]) and (?![0-9])": "(?<![0-9]) 和 (?![0-9])",
        "what has a place in time; for 'not there', anchor with missing: true": (
            "有先后可言的内容；要表达“没有”，请用 anchor 并写 missing: true"
        ),
        "more than 0": "大于 0",
        "an earlier item": "前面的一项",
        "either item with answer, or rule": "item 加 answer，或 rule",
        "at_least and title": "at_least 和 title",
        "any, every, first, last, or a whole number from 1": (
            "any、every、first、last，或从 1 起的整数"
        ),
        "first or last, a number, then s, % or messages: 'first 30 s', 'last 3 messages', "
        "'first 2 agent messages'; or between two of them: 'between 30 and 90 s', "
        "'between 2 and end messages', 'between 10 and 60 s from end'": (
            f"{_PLACE}“first 2 agent messages”；或两者之间：“between 30 and 90 s”"
            "“between 2 and end messages”“between 10 and 60 s from end”"
        ),
        "a number, then s or messages: '30 s', '5 messages', '2 agent messages'": (
            "数字加 s 或 messages：“30 s”“5 messages”“2 agent messages”"
        ),
    }
)
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "s": "秒",
        "dB": "分贝",
        "share": "（份额）",
        "score": "分",
        "semitones": "个半音",
        "percent": "%",
        "deviations": "倍平时波动",
        "dB, semitones or percent": "分贝、半音或百分比",
        "hits": "处",
        "phrases": "个词",
        "messages": "条",
        "characters": "个字",
        "characters or words": "个字或词",
        "characters or words/min": "字或词每分钟",
        "tokens or characters": "个词或字",
        "utterances": "句",
        "silences": "次静默",
        "overlaps": "次重叠",
        "replies": "次答复",
        "repeats": "次重复",
        "gaps": "次间隔",
        "waits": "次等待",
        "changes": "次变化",
        "times": "倍",
        "turns": "次说话",
        "the measure's unit": "（按该指标的单位）",
        "of the sum's currency": "（按金额的币种）",
    }
)
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), zh)
    for pattern, zh in (
        (r"a list of (\d+)", r"\1 项的列表"),
        (r"the fields (.+)", r"字段 \1"),
        (r"a mapping with (.+)", r"含 \1 的映射"),
        (r"up to (\d+) levels", r"最多 \1 层"),
        (r"for example (.+)", r"例如 \1"),
        (r"an id of its own; (\S+) has this one", r"另一个 id；\1 已经用了这个"),
        (r"(.+) only beside (.+)", r"\1 只能与 \2 一起写"),
        (r"1 to (\d+), the number of phrases in of", r"1 到 \1（of 里的词数）"),
        (r"a regular expression of 1 to (\d+) characters", r"1 到 \1 个字符的正则表达式"),
        (
            r"no repeat inside a repeat, at most (\d+) repeats without a limit",
            r"重复里不再套重复，不设上限的重复至多 \1 处",
        ),
        (r"a rule that does not ask back \((.+)\)", r"不绕回来的规则（\1）"),
        (r"(.+) for (\w+)", r"\2 的 \1"),
        (r"(\d+) characters", r"\1 个字符"),
        (r"('.*') from character (\d+)", r"\1 从第 \2 个字符起"),
    )
)
_RANGE = re.compile(
    r"(?P<low>-?[\d.]+)(?: or (?P<more>more)| to (?P<high>-?[\d.]+))?(?: (?P<unit>\D.*))?"
)
_PARSING = re.compile(r'(?s)what the YAML parser calls "(.*)"')
_NEAREST = re.compile(r"(?s)(.*) \(nearest: (.+)\)")


def in_chinese(text: str) -> str:
    """Return what ``text`` says in Chinese; names, values and numbers stay as they are."""
    parsing = _PARSING.fullmatch(text)
    if parsing:
        return _WORDS.get(parsing[1], f"“{parsing[1]}”")
    nearest = _NEAREST.fullmatch(text)
    if nearest:
        return f"{in_chinese(nearest[1])}（最接近的是 {nearest[2]}）"
    if text in _WORDS:
        return _WORDS[text]
    for pattern, zh in _SHAPES:
        match = pattern.fullmatch(text)
        if match:
            return match.expand(zh).replace(", ", "、")
    in_range = _RANGE.fullmatch(text)
    if in_range:
        return _range(in_range)
    return text if "'" in text else text.replace(", ", "、")


def _range(match: re.Match[str]) -> str:
    unit = match["unit"] or ""
    said = f" {_UNITS.get(unit, unit)}" if unit else ""
    if match["more"]:
        return f"不小于 {match['low']}{said}"
    return f"{match['low']} 到 {match['high']}{said}" if match["high"] else f"{match['low']}{said}"
