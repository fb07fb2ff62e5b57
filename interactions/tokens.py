"""One tokenizer for everything that needs words: hotwords, sentiment, distances between words.

jieba's dictionary and its unknown-word model cut the Chinese; English words, numbers and names with
connecting marks (don't, wi-fi, 3.5) stay whole. Tokens carry their place in the text they were cut
from, which should be in normal form (``interactions.text``): simplified and lower case, as the
dictionary is.

Phrases are *not* matched on tokens: a phrase crosses token borders too often. They are matched on
characters.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_LATIN = "A-Za-z0-9À-ÖØ-öø-ɏ"
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_LINK = f"['’_.+@&-][{_LATIN}]"
_PARTS = re.compile(
    # Chinese with plain letters and digits between, which the dictionary may join (5g套餐, t恤) …
    rf"(?P<cut>(?:[{_HAN}]++|[A-Za-z0-9]++(?![{_LATIN}]|{_LINK}))++)"
    # … words that stay whole, with their connecting marks; other scripts; single marks.
    rf"|(?P<whole>[{_LATIN}]++(?:{_LINK}[{_LATIN}]*+)*+)"
    rf"|(?P<other>[^\W_{_LATIN}{_HAN}]+)"
    rf"|(?P<mark>\S)"
)
_HAS_HAN = re.compile(f"[{_HAN}]")

# jieba's unknown-word model copies its whole path at each character, so one block costs its length
# squared; no sentence is that long.
_LONGEST_BLOCK = 400
# Frequency of a centre's own terms: above every word of jieba's dictionary (的: 318 825), so that
# they are never cut.
_OWN_TERM_FREQUENCY = 400_000


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark, and where in the text it stands (``end`` exclusive)."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether this is a word or number rather than a mark of punctuation."""
        return any(char.isalnum() for char in self.text)


class Tokenizer:
    """Cuts text into tokens; with the centre's own terms it never cuts those.

    Args:
        terms: Product names, services, codes: each is kept as one token wherever the whole of it
            stands. They are taken in normal form.
    """

    def __init__(self, terms: Sequence[str] = ()) -> None:
        self._terms = tuple(sorted({term for term in terms if term}))
        self._jieba: jieba.Tokenizer | None = None

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return the tokens of ``text`` in order; white space is left out."""
        return tuple(self._cut(text))

    def _cut(self, text: str) -> Iterator[Token]:
        for part in _PARTS.finditer(text):
            start, end = part.span()
            if part.lastgroup == "cut" and _HAS_HAN.search(part.group()):
                for block in range(start, end, _LONGEST_BLOCK):
                    yield from self._cut_block(text, block, min(block + _LONGEST_BLOCK, end))
            else:
                yield Token(part.group(), start, end)

    def _cut_block(self, text: str, start: int, end: int) -> Iterator[Token]:
        if self._jieba is None:
            self._jieba = _with_terms(self._terms) if self._terms else _dictionary()
        for word in self._jieba.cut(text[start:end]):
            yield Token(word, start, start + len(word))
            start += len(word)


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of ``text`` with the shipped dictionary alone."""
    return default_tokenizer().tokens(text)


def word_frequencies() -> Mapping[str, int]:
    """Return how often each word stands in the text behind the shipped dictionary (jieba's, MIT).

    Beginnings of words that are no words themselves have the frequency 0. The values of all words
    sum to about 6 · 10⁷.
    """
    known: Mapping[str, int] = _dictionary().FREQ
    return known


@cache
def default_tokenizer() -> Tokenizer:
    """Return the tokenizer without own terms; the dictionary is loaded at its first use."""
    return Tokenizer()


def document(text: str, *, tokenizer: Tokenizer | None = None) -> Doc:
    """Return ``text`` as a spaCy ``Doc`` of our tokens, for spaCy's components.

    White space that spaCy does not expect (more than one space between words, or at the start)
    becomes tokens of its own, as in spaCy, so that ``doc.text == text``.
    """
    from spacy.tokens import Doc  # noqa: PLC0415 - spaCy takes seconds to import

    words: list[str] = []
    spaces: list[bool] = []
    at = 0
    for token in (tokenizer or default_tokenizer()).tokens(text):
        _add_space(text[at : token.start], words, spaces)
        words.append(token.text)
        spaces.append(False)
        at = token.end
    _add_space(text[at:], words, spaces)
    return Doc(_vocabulary(), words=words, spaces=spaces)


def _add_space(gap: str, words: list[str], spaces: list[bool]) -> None:
    if gap.startswith(" ") and spaces and not spaces[-1]:
        spaces[-1] = True
        gap = gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)


@cache
def _vocabulary() -> Vocab:
    import spacy  # noqa: PLC0415 - spaCy takes seconds to import

    return spacy.blank("xx").vocab  # with the attributes that need no language (is_space, is_punct)


@cache
def _dictionary() -> jieba.Tokenizer:
    with warnings.catch_warnings():
        # jieba 0.42.1 holds escapes and imports that newer Pythons warn about.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 - not at the console's start

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(_cache_folder())
    tokenizer.cache_file = f"jieba-{jieba.__version__}.cache"
    tokenizer.initialize()
    _lower(tokenizer)
    return tokenizer


def _lower(tokenizer: jieba.Tokenizer) -> None:
    """Let the dictionary's mixed words (T恤, 卡拉OK) be found in normal, lower-case text."""
    mixed = [
        (word, frequency)
        for word, frequency in tokenizer.FREQ.items()
        if frequency and not word.isascii() and word != word.lower()
    ]
    for word, frequency in mixed:
        _add(tokenizer, word.lower(), frequency)


def _with_terms(terms: Sequence[str]) -> jieba.Tokenizer:
    base = _dictionary()
    tokenizer = type(base)()
    tokenizer.FREQ = dict(base.FREQ)
    tokenizer.total = base.total
    tokenizer.initialized = True
    for term in terms:
        _add(tokenizer, term, _OWN_TERM_FREQUENCY)
    return tokenizer


def _add(tokenizer: jieba.Tokenizer, word: str, frequency: int) -> None:
    """Add a word as jieba's own ``add_word`` does, without its module-wide list of forced cuts."""
    tokenizer.total += frequency - tokenizer.FREQ.get(word, 0)
    tokenizer.FREQ[word] = frequency
    for end in range(1, len(word)):
        tokenizer.FREQ.setdefault(word[:end], 0)


def _cache_folder() -> Path:
    """Return a folder that this user alone can write: whoever writes jieba's cache runs our code.

    jieba writes the cache aside and renames it, so two processes at once do no harm.
    """
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    folder = Path(tempfile.gettempdir()) / f"tingjian-{user}"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        if _is_ours(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="tingjian-"))


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or not os.access(folder, os.W_OK):
        return False
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077
