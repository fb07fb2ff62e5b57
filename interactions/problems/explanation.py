"""A problem in words: why, and what to do about it, in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Explanation:
    """A problem in words. ``{name}`` stands for a value of the problem."""

    because: Mapping[str, str]
    remedy: Mapping[str, str]


def said(zh: str, zh_remedy: str, en: str, en_remedy: str) -> Explanation:
    """Return the explanation that says ``zh`` and ``en``, each with its remedy."""
    return Explanation(
        because=MappingProxyType({"zh": zh, "en": en}),
        remedy=MappingProxyType({"zh": zh_remedy, "en": en_remedy}),
    )
