"""From what a recogniser writes to one way of writing: simplified characters, and punctuation.

Whisper writes Mandarin in simplified and in traditional characters, even within one recording, and
leaves punctuation out where its window does not look like subtitles. Both are put right by rules
that anyone can check; no word is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from asr.lexicon import places_of
from interactions.interaction import Utterance, Word
from interactions.text import HAN, simplified

_CLAUSE_MS, _SENTENCE_MS = 200, 600
"""Campione and Veronis (2002, Speech Prosody): pauses under 0.2 s belong to articulation, ordinary
ones last 0.2 to 1 s. What is 0.6 s apart is two utterances already (``asr.packing``)."""

_MARKS = regex.compile(r"[。，、；：？！…,;:?!]|\.(?!\w)")
_HAN = regex.compile(f"[{HAN}]")

_ASKS_ZH = regex.compile(r"[吗呢]$|(?:[是好行对]|可以)[么吧]$|没错吧$|([能会要行好对可])不\1")
"""Particles that ask, and the verb repeated around 不. Any other 吧 suggests and does not ask."""

_STATES_ZH = regex.compile("不知道|不清楚|不晓得|(?:还|正在|着).*呢$")

_ASKS_WHAT_ZH = regex.compile("为什么|什么时候|多少钱|怎么办|怎么回事|是不是|有没有|是否")
_TELLS_WHAT_ZH = regex.compile("不知道|不清楚|不晓得|告诉|看看|看一下|查一下|问问|确认")
"""The same questions told of: 我帮您看一下是不是, 他没告诉我为什么."""

_ASKS_EN = regex.compile(
    r"(?:(?:and|but|so|okay|ok|well|hello|hi|sorry),?\s)*"
    r"(?:(?:what|when|where|who|whose|why|how|which)\b"
    r"|(?:is|are|am|was|were|do|does|did|can|could|will|would|have|has|should|may)(?:n['’]t)?\s"
    r"(?:i|you|we|they|he|she|it|this|that|there|the|your|my)\b)",
    regex.IGNORECASE,
)
"""A sentence that begins with a question word, or with a verb before its subject."""


def tidied(utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
    """Return utterances in simplified characters and with punctuation.

    What was dropped stays as the recogniser wrote it.
    """
    return tuple(
        one if one.dropped_because is not None else punctuated(in_simplified(one))
        for one in utterances
    )


def in_simplified(said: Utterance) -> Utterance:
    """Return the utterance in simplified characters, its words like its text."""
    text = simplified(said.text)
    if text == said.text:
        return said
    words = tuple(
        replace(word, text=text[start:end]) if end > start else word
        for word, (start, end) in zip(said.words, places_of(said.text, said.words), strict=True)
    )
    return replace(said, text=text, words=words)


def punctuated(said: Utterance) -> Utterance:
    """Return the utterance with punctuation where it has none at all.

    A pause of 0.6 s and the end of the utterance end a sentence; a pause of 0.2 s, and a blank
    between Chinese characters, end a clause, and behind 吗 a sentence. Sentences that ask get a
    question mark (Mandarin: a particle, the verb around 不, common question words unless they are
    told of; English: the words they begin with).

    Args:
        said: With word times. Without any, or with a single mark, it is returned as it is.
    """
    if not said.words or _MARKS.search(said.text):
        return said
    is_zh = _HAN.search(said.text) is not None
    comma, full_stop, question_mark = "，。？" if is_zh else (", ", ".", "?")
    asks = _asks_zh if is_zh else _asks_en
    sentences: list[str] = []
    clauses: list[str] = []
    for clause, ends_sentence in _clauses(said.text, said.words):
        clauses.append(clause)
        if ends_sentence or clause.endswith("吗"):
            sentence = comma.join(clauses)
            sentences.append(sentence + (question_mark if asks(sentence) else full_stop))
            clauses = []
    return replace(said, text=("" if is_zh else " ").join(sentences))


def _clauses(text: str, words: Sequence[Word]) -> Iterator[tuple[str, bool]]:
    """Yield each stretch without a pause, and whether the pause behind it ends a sentence."""
    places = places_of(text, words)
    start = 0
    for (word, (_, end)), (following, (begin, _)) in pairwise(zip(words, places, strict=True)):
        pause_ms = following.start_ms - word.end_ms
        is_blank = text[end:begin].isspace() and bool(
            _HAN.match(text[end - 1]) and _HAN.match(text[begin])
        )
        if pause_ms >= _CLAUSE_MS or is_blank:
            yield text[start:end].strip(), pause_ms >= _SENTENCE_MS
            start = end
    yield text[start:].strip(), True


def _asks_zh(sentence: str) -> bool:
    asks = _ASKS_ZH.search(sentence) and not _STATES_ZH.search(sentence)
    asks_what = _ASKS_WHAT_ZH.search(sentence) and not _TELLS_WHAT_ZH.search(sentence)
    return bool(asks or asks_what)


def _asks_en(sentence: str) -> bool:
    return _ASKS_EN.match(sentence) is not None
