"""The centre's product names and terms: what a recogniser is told, and what it then makes up.

Whisper takes a text that stands before what it hears, and leans towards the words in it. A glossary
of names helps it to spell them (OpenAI's "Whisper prompting guide"), and makes it write them where
nobody said them: so what a call is given is kept short, and every term in a transcript is held
against its sound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, takewhile
from types import MappingProxyType

from asr.trust import UNITS_PER_S, units
from interactions.interaction import Utterance, Word
from interactions.sound import Party, Span
from interactions.text import HAN, normal

PROMPT_TOKENS = 223
"""``n_text_ctx // 2 - 1`` of every published model. Of a longer prompt openai-whisper keeps the
last tokens (``whisper.decoding``, ``_get_initial_tokens``), which would lose the first terms."""

_UNSURE = 0.37
"""exp(-1): the probability a token that openai-whisper's ``logprob_threshold`` of -1 stands for."""

_BELOW_NEIGHBOURS = 0.5
"""A term half as sure as the words around it was not heard as they were."""

_HEARD_SHARE = 0.5
"""A term of which less than half lies where someone speaks was not said there."""

_RECITED_TERMS, _RECITED_SHARE = 3, 0.8
"""A prompt read back: three different terms that make up four fifths of what was said."""

REASONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "recited": {
            "zh": "整段几乎只有词表里的词，像是识别器在念词表",
            "en": "the utterance is little but terms of the list, as if the list was read back",
        },
        "outside_speech": {
            "zh": "所在时间大半没有人说话",
            "en": "nobody speaks during most of its time",
        },
        "too_fast": {
            "zh": "所占时间太短，这么多音节说不完",
            "en": "its time is too short for its syllables",
        },
        "unsure": {
            "zh": "识别器对这个词没有把握",
            "en": "the recogniser is not sure of it",
        },
        "less_sure": {
            "zh": "识别器对这个词的把握远低于前后的词",
            "en": "the recogniser is far less sure of it than of the words around it",
        },
    }
)
"""Every value of ``DoubtedTerm.because``, in words."""

_VOWELS = re.compile("[aeiouy]+")
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and terms that callers and agents may say.

    Attributes:
        terms: On every queue, the most important first.
        per_queue: More for the calls of one queue; they come before the others.
    """

    terms: tuple[str, ...] = ()
    per_queue: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, queue: str | None) -> tuple[str, ...]:
        """Return a queue's terms, the most important first, each once.

        Two spellings that differ in width, script variant or case are one.
        """
        own = () if queue is None else self.per_queue.get(queue, ())
        first: dict[str, str] = {}
        for term in (*own, *self.terms):
            first.setdefault(normal(term).text, term)
        return tuple(term for text, term in first.items() if text)


@dataclass(frozen=True, slots=True)
class DoubtedTerm:
    """A term in a transcript that the sound does not bear out.

    Attributes:
        term: As the lexicon has it.
        seq: The utterance's.
        because: A code of ``REASONS``.
        confidence: Mean over the term's words, 0 to 1; None where the recogniser gave none.
    """

    term: str
    seq: int
    start_ms: int
    end_ms: int
    because: str
    confidence: float | None


def prompt_for(
    lexicon: Lexicon,
    queue: str | None,
    *,
    count: Callable[[str], int] | None = None,
    limit: int = PROMPT_TOKENS,
) -> str | None:
    """Return the text that guides recognition of a queue's calls; None where there are no terms.

    As many terms as fit, the most important first; one that does not fit ends the list, so that
    none is given before a more important one. The list is written as Chinese as soon as one term
    is, with the punctuation that the transcript should have.

    Args:
        lexicon: The centre's terms.
        queue: The call's queue; None where it is not known.
        count: Tells a text's tokens; openai-whisper's multilingual tokenizer where None.
        limit: Most tokens.
    """
    terms = lexicon.of(queue)
    comma, stop = ("、", "。") if any(map(_HAN.search, terms)) else (", ", ".")
    count = count or whisper_tokens
    texts = (text + stop for text in accumulate(terms, lambda text, term: text + comma + term))
    fitting = list(takewhile(lambda text: count(text) <= limit, texts))
    return fitting[-1] if fitting else None


def whisper_tokens(text: str) -> int:
    """Return how many tokens ``text`` is as a prompt to openai-whisper's multilingual models."""
    return len(_encoder()(" " + text.strip()))


@cache
def _encoder() -> Callable[[str], list[int]]:
    # Here and not above: PyTorch takes seconds to import, and listing terms needs none.
    from whisper.tokenizer import get_tokenizer  # noqa: PLC0415

    from asr.whisper_model import quietly  # noqa: PLC0415

    with quietly():
        encode: Callable[[str], list[int]] = get_tokenizer(multilingual=True).encode
    return encode


def doubted(
    utterances: Sequence[Utterance],
    terms: Sequence[str],
    *,
    speech: Mapping[Party, Sequence[Span]],
) -> tuple[DoubtedTerm, ...]:
    """Return the terms in a transcript that its sound does not bear out, in the order of time.

    Of each occurrence the first of these that holds is reported: the utterance is a recital of
    terms; most of its time is outside speech; its time is too short for its syllables; its words
    are less sure than exp(-1); they are less than half as sure as the utterance's other words.
    Utterances that were dropped, and those without word times, are left out.

    Args:
        utterances: As recognised, with their party and words.
        terms: Those that the recogniser was told (``Lexicon.of``).
        speech: Where each party speaks; of a party without an entry nothing is known.
    """
    wanted = [(term, normal(term).text) for term in terms]
    found = [
        doubt
        for one in utterances
        if one.dropped_because is None and one.words
        for doubt in _doubted(one, wanted, speech.get(one.party))
    ]
    return tuple(sorted(found, key=lambda doubt: (doubt.start_ms, doubt.seq, doubt.term)))


def places_of(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return where in ``text`` each word stands; a word that is not there has no length."""
    places: list[tuple[int, int]] = []
    at = 0
    for word in words:
        found = text.find(word.text, at)
        start = at if found < 0 else found
        at = start if found < 0 else start + len(word.text)
        places.append((start, at))
    return places


def _doubted(
    said: Utterance, wanted: Sequence[tuple[str, str]], spans: Sequence[Span] | None
) -> Iterator[DoubtedTerm]:
    occurrences = [(term, words) for term, at in wanted for words in _occurrences(said, at)]
    names = {term for term, _ in occurrences}
    told = sum(len(units(term)) for term, _ in occurrences)
    recited = len(names) >= _RECITED_TERMS and told >= _RECITED_SHARE * len(units(said.text))
    for term, (first, last) in occurrences:
        words, rest = said.words[first:last], said.words[:first] + said.words[last:]
        because = "recited" if recited else _because(term, words, rest, spans)
        if because is not None:
            span = words[0].start_ms, words[-1].end_ms
            yield DoubtedTerm(term, said.seq, *span, because, _sure(words))


def _because(
    term: str, words: Sequence[Word], rest: Sequence[Word], spans: Sequence[Span] | None
) -> str | None:
    start, end = words[0].start_ms, words[-1].end_ms
    if spans is not None and _spoken_ms(start, end, spans) < _HEARD_SHARE * (end - start):
        return "outside_speech"
    if _syllables(term) * 1000 > UNITS_PER_S * (end - start):
        return "too_fast"
    sure, others = _sure(words), _sure(rest)
    if sure is None:
        return None
    if sure < _UNSURE:
        return "unsure"
    if others is not None and sure < _BELOW_NEIGHBOURS * others:
        return "less_sure"
    return None


def _occurrences(said: Utterance, term: str) -> Iterator[tuple[int, int]]:
    """Yield the words, from and to, of each place where a term in normal form stands."""
    text = normal(said.text)
    places = places_of(said.text, said.words)
    # A Latin term is no part of a longer word.
    pattern = rf"(?<![a-z0-9]){re.escape(term)}(?![a-z0-9])" if term.isascii() else re.escape(term)
    for match in re.finditer(pattern, text.text):
        start, end = text.original(*match.span())
        inside = [i for i, (a, b) in enumerate(places) if a < end and b > start]
        if inside:
            yield inside[0], inside[-1] + 1


def _spoken_ms(start: int, end: int, spans: Sequence[Span]) -> int:
    return sum(max(0, min(end, span.end_ms) - max(start, span.start_ms)) for span in spans)


def _syllables(term: str) -> int:
    """A Chinese character is one syllable; an English word as many as it has groups of vowels."""
    return sum(len(_VOWELS.findall(unit)) or 1 for unit in units(term))


def _sure(words: Sequence[Word]) -> float | None:
    known = [word.confidence for word in words if word.confidence is not None]
    return round(sum(known) / len(known), 4) if known else None
