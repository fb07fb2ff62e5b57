"""What a customer speaks of: words and short phrases that can become a hotword."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from interactions.interaction import Interaction, Utterance
from interactions.sound import Party
from interactions.text import normal
from interactions.tokens import Token, Tokenizer

LONGEST_PHRASE = 6  # tokens
SHORTEST_TERM = 2  # characters: single ones are particles and pieces of other words
MOST_DIGITS = 3  # in one token; more is an order, telephone or card number, never a topic
LONGEST_TERM = 40  # characters: longer is a web address or a line of copied characters

_DIGIT = re.compile(r"\d")
_HELD_BACK = "~"
_SPOKEN_BY = frozenset({Party.CUSTOMER, Party.UNKNOWN})


class TermFinder:
    """Finds the terms of an interaction.

    Terms are words of two characters and more, and phrases of two to six words that stand
    together. A phrase neither begins nor ends with a word of the stop lists, except that it may
    begin with a negation: "不能退款" says what is wrong, "退款" does not.

    Args:
        names: Product names and the centre's own words; each is kept whole and is always a term.
        stop_words: The centre's own words to leave out, beside the lists shipped for zh and en.
    """

    def __init__(self, names: Sequence[str] = (), stop_words: Sequence[str] = ()) -> None:
        self._names = frozenset(filter(None, (normal(name).text for name in names)))
        self._tokenizer = Tokenizer(tuple(sorted(self._names)))
        own = frozenset(normal(word).text for word in stop_words)
        shipped, negations = _stop_words()
        self._stop = (shipped | own) - self._names
        self._negations = negations - own - self._names

    def terms(self, interaction: Interaction) -> frozenset[str]:
        """Return what the customer speaks of.

        Words of the agent and of the system are left out: they are the centre's own. Words of an
        unknown party (a mono recording) are taken in. Utterances that a trust gate dropped are not.
        """
        found: set[str] = set()
        for utterance in interaction.spoken():
            if utterance.party in _SPOKEN_BY:
                found.update(self._of_utterance(utterance))
        return frozenset(found - self._stop)

    def _of_utterance(self, utterance: Utterance) -> Iterator[str]:
        text = normal(utterance.text).text
        run: list[Token] = []
        for token in self._tokenizer.tokens(text):
            if _is_wordlike(token.text):
                run.append(token)
            elif run:
                yield from self._of_run(text, run)
                run = []
        yield from self._of_run(text, run)

    def _of_run(self, text: str, run: list[Token]) -> Iterator[str]:
        """Yield the terms of words that no punctuation and no number parts."""
        is_content = [self._is_content(token.text) for token in run]
        for first, token in enumerate(run):
            if is_content[first] and _is_long_enough(token.text, self._names):
                yield token.text
            if not is_content[first] and token.text not in self._negations:
                continue
            for last in range(first + 1, min(first + LONGEST_PHRASE, len(run))):
                phrase = text[token.start : run[last].end]
                if is_content[last] and len(phrase) <= LONGEST_TERM:
                    yield phrase

    def _is_content(self, word: str) -> bool:
        return word not in self._stop and word not in self._negations


def _is_wordlike(word: str) -> bool:
    if word.isalpha():
        return True
    digits = len(_DIGIT.findall(word))
    return digits <= MOST_DIGITS and digits < len(word) and any(map(str.isalpha, word))


def _is_long_enough(word: str, names: frozenset[str]) -> bool:
    return SHORTEST_TERM <= len(word) <= LONGEST_TERM or word in names


@cache
def _stop_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the shipped stop words, and the negations, which may begin a phrase."""
    lines = [
        line
        for name in ("stop_en.txt", "stop_zh.txt")
        for line in files("hotwords").joinpath(name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    negations = frozenset(
        line.removeprefix(_HELD_BACK) for line in lines if line.startswith(_HELD_BACK)
    )
    return frozenset(lines) - {_HELD_BACK + word for word in negations}, negations
