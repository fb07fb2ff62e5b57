"""Why a line of a score sheet is N/A, in words, zh and en."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from detectors.because import NOT_MEASURED

NOT_ANSWERED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "rule_not_in_use": {
            "zh": "这条规则没有启用",
            "en": "the rule is not in use",
        },
        "rule_not_for_this": {
            "zh": "这条规则不适用于这个会话",
            "en": "the rule is not for this interaction",
        },
        "rule_is_hint": {
            "zh": "这条规则误判太多，已降为提示，由人来答",
            "en": "the rule was wrong too often and is a hint now; a person answers",
        },
        "not_measured_here": {
            "zh": "这个会话没有这项指标",
            "en": "this interaction has no such measure",
        },
        "not_called_for": {
            "zh": "前提不成立，不适用",
            "en": "its condition does not hold",
        },
        "condition_unknown": {
            "zh": "前提无法判定",
            "en": "its condition could not be told",
        },
        "person_not_asked": {
            "zh": "等人来答",
            "en": "waits for a person",
        },
        "person_says_na": {
            "zh": "复核人判为不适用",
            "en": "a person says it does not apply",
        },
    }
)


def explain_na(code: str, language: str) -> str:
    """Return why a line has no answer, in ``language`` (``zh`` or ``en``)."""
    words = NOT_ANSWERED.get(code) or NOT_MEASURED.get(code)
    return words[language] if words else code
