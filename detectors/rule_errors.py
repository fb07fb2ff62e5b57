"""What is wrong in a rule file: where, what was found, what is allowed, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from detectors.rule_words import in_chinese

REMEDIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "unreadable": {
            "zh": "请检查文件是否存在、可读，并以 UTF-8 保存",
            "en": "check that the file exists, can be read and is saved as UTF-8",
        },
        "not_yaml": {
            "zh": "请按 YAML 语法修正这一行（多为缩进、制表符、冒号后缺空格或引号未闭合）",
            "en": "correct the YAML on this line (mostly indentation, a tab, a missing space after "
            "a colon, an open quotation mark)",
        },
        "alias": {
            "zh": "请把锚点（&、*）指向的内容直接写出来",
            "en": "write out what the anchor (&, *) stands for",
        },
        "too_deep": {"zh": "请减少嵌套层数", "en": "nest less deeply"},
        "wrong_type": {"zh": "请改成允许的类型", "en": "write a value of the allowed kind"},
        "unknown_field": {
            "zh": "请改正或删除这个字段",
            "en": "correct the field's name or remove it",
        },
        "comma": {
            "zh": "花括号里的文字如含半角逗号，请加引号或改用全角逗号",
            "en": "put text that holds a comma in quotation marks",
        },
        "missing_field": {"zh": "请补上这个字段", "en": "add the field"},
        "duplicate_field": {"zh": "请只保留一个", "en": "keep only one of them"},
        "not_a_choice": {"zh": "请从允许的值中选一个", "en": "choose one of the allowed values"},
        "out_of_range": {"zh": "请改到允许的范围内", "en": "stay within the allowed range"},
        "empty": {"zh": "请至少写一项", "en": "give at least one"},
        "empty_phrase": {
            "zh": "请删除这个词，或写上能说出来的内容",
            "en": "remove the phrase or write something that can be said",
        },
        "bad_place": {
            "zh": "请按允许的写法填写位置",
            "en": "write the place in one of the allowed forms",
        },
        "bad_distance": {
            "zh": "请按允许的写法填写距离",
            "en": "write the distance in one of the allowed forms",
        },
        "not_placed": {
            "zh": "“没有”没有先后，请改用 anchor 并写 missing: true",
            "en": "what is absent has no place in time; use anchor with missing: true",
        },
        "unknown_rule": {
            "zh": "请改成已读取的规则文件里有的 id",
            "en": "name a rule of the files that are read",
        },
        "circle": {
            "zh": "规则不能绕一圈引用自己，请去掉其中一处引用",
            "en": "a rule cannot ask itself in a circle; remove one of the references",
        },
        "bad_regex": {
            "zh": "请按 Python 的 re 语法修正这个正则表达式",
            "en": "correct the regular expression; the syntax is that of Python's re",
        },
        "slow_regex": {
            "zh": "这个正则表达式在某些文字上会运行极久；请给重复次数加上限，或去掉套在一起的重复",
            "en": "on some texts this expression would run for ages; give its repeats a limit, or "
            "take repeats out of repeats",
        },
        "regex_form": {
            "zh": "规则比对的是规范化后的文字（半角、简体、小写），请按规范形式书写",
            "en": "rules compare with the normal form (half width, simplified, lower case); write "
            "the expression in it",
        },
        "word_boundary": {
            "zh": "汉字和数字相邻处没有词边界；请改用前后断言，例如 (?<![0-9])12315(?![0-9])",
            "en": "between Chinese characters and digits there is no word boundary; look around "
            "instead, for example (?<![0-9])12315(?![0-9])",
        },
        "bad_id": {
            "zh": "请只用小写字母、数字和连字符",
            "en": "use lower-case letters, digits and hyphens only",
        },
        "duplicate_id": {
            "zh": "请给其中一条规则换一个 id",
            "en": "give one of the two rules another id",
        },
        "unknown_detector": {
            "zh": "请改用允许的检测器或组合方式",
            "en": "use one of the allowed detectors or ways to combine them",
        },
        "one_operator": {
            "zh": "这里只能写一个检测器；多个请用 all 或 any 组合",
            "en": "give exactly one here; combine several with all or any",
        },
    }
)


@dataclass(frozen=True, slots=True)
class RuleError:
    """One thing wrong in a rule file.

    Attributes:
        line: From 1.
        field: Path to the field, for example ``rules[2].find.phrase.min_hits``.
        code: A key of ``REMEDIES``.
    """

    file: str
    line: int
    field: str
    code: str
    found: str
    allowed: str

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return REMEDIES[self.code]["en"]

    @property
    def remedy_zh(self) -> str:
        """What to do, in Chinese."""
        return REMEDIES[self.code]["zh"]

    def text(self, language: str) -> str:
        """Return the whole error in one line, in ``language`` (``zh`` or ``en``)."""
        place = f"{self.file}:{self.line}: {self.field}"
        if language == "zh":
            found, allowed = in_chinese(self.found), in_chinese(self.allowed)
            return f"{place}：写的是 {found}；允许 {allowed}；{self.remedy_zh}"
        return f"{place}: found {self.found}; allowed: {self.allowed}; {self.remedy}"


class RuleErrors(Exception):  # noqa: N818 - all errors of all files at once
    """Every error of every rule file. Nothing was loaded.

    Args:
        errors: At least one, by file and line.
    """

    def __init__(self, errors: Sequence[RuleError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda e: (e.file, e.line, e.field, e.code)))
        super().__init__("\n".join(error.text("en") for error in self.errors))
