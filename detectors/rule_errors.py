"""What is wrong in a rule file: where, what was found, what is allowed, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

REMEDIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "unreadable": {
            "zh": "请检查文件是否存在、可读,并以 UTF-8 保存",
            "en": "check that the file exists, can be read and is saved as UTF-8",
        },
        "not_yaml": {
            "zh": "请按 YAML 语法修正这一行(多为缩进、制表符、冒号后缺空格或引号未闭合)",
            "en": "correct the YAML on this line (mostly indentation, a tab, a missing space after "
            "a colon, an open quotation mark)",
        },
        "alias": {
            "zh": "请把锚点(&、*)指向的内容直接写出来",
            "en": "write out what the anchor (&, *) stands for",
        },
        "too_deep": {"zh": "请减少嵌套层数", "en": "nest less deeply"},
        "wrong_type": {"zh": "请改成允许的类型", "en": "write a value of the allowed kind"},
        "unknown_field": {
            "zh": "请改正或删除这个字段",
            "en": "correct the field's name or remove it",
        },
        "comma": {
            "zh": "花括号里的文字如含半角逗号,请加引号或改用全角逗号",
            "en": "put text that holds a comma in quotation marks",
        },
        "missing_field": {"zh": "请补上这个字段", "en": "add the field"},
        "duplicate_field": {"zh": "请只保留一个", "en": "keep only one of them"},
        "not_a_choice": {"zh": "请从允许的值中选一个", "en": "choose one of the allowed values"},
        "out_of_range": {"zh": "请改到允许的范围内", "en": "stay within the allowed range"},
        "empty": {"zh": "请至少写一项", "en": "give at least one"},
        "empty_phrase": {
            "zh": "请删除这个词,或写上能说出来的内容",
            "en": "remove the phrase or write something that can be said",
        },
        "bad_place": {
            "zh": "请按允许的写法填写位置",
            "en": "write the place in one of the allowed forms",
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
            "zh": "这里只能写一个检测器;多个请用 all 或 any 组合",
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
            return f"{place}:写的是 {self.found};允许 {self.allowed};{self.remedy_zh}"
        return f"{place}: found {self.found}; allowed: {self.allowed}; {self.remedy}"


class RuleErrors(Exception):  # noqa: N818 - all errors of all files at once
    """Every error of every rule file. Nothing was loaded.

    Args:
        errors: At least one, by file and line.
    """

    def __init__(self, errors: Sequence[RuleError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda e: (e.file, e.line, e.field, e.code)))
        super().__init__("\n".join(error.text("en") for error in self.errors))
