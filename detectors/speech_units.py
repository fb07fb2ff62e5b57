"""What a speaking speed is counted in: characters, words or syllables; marks and spaces never."""

from __future__ import annotations

import re

from interactions.interaction import Language

_HAN_OR_DIGIT = re.compile(r"[\u3400-\u9fff0-9]")
_LATIN_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_NUMBER = re.compile(r"[0-9]+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(r"[^aeiouyl]e$|[^aeiouy]ed$|[^aeiouysxz]es$")


def units(text: str, language: Language) -> int:
    """Count what is spoken in a text.

    Mandarin: characters and digits, each a syllable. English: words and numbers. Mixed talk:
    syllables, so that both languages count alike: a character or digit is one, an English word has
    as many as groups of vowels, without a silent e at its end, and at least one (ours).

    Args:
        text: In normal form (lower case, half width).
        language: Of the talk; unknown counts as Mandarin.
    """
    if language is Language.EN:
        return len(_LATIN_WORD.findall(text)) + len(_NUMBER.findall(text))
    count = len(_HAN_OR_DIGIT.findall(text))
    if language is Language.MIXED:
        count += sum(syllables(word) for word in _LATIN_WORD.findall(text))
    return count


def syllables(word: str) -> int:
    """Return about how many syllables an English word has, at least one."""
    groups = len(_VOWELS.findall(word))
    return max(1, groups - bool(_SILENT_E.search(word)))
