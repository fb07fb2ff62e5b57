"""Token sequences as Whisper wants them, each token with the time it is said."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiktoken import Encoding
from whisper.tokenizer import Tokenizer, get_tokenizer

from asr.checkpoints.training.utterances import FRAME_SECONDS, Utterance
from asr.whisper_model import quietly

LANGUAGE_WEIGHT = 0.2
TIMESTAMP_WEIGHT = 0.2
"""Timestamps are certain to 20 ms only in name; they must not outweigh the words."""

_MARKS = str.maketrans("，、？！；：", ",,?!;:")
"""Marks as Whisper itself writes them beside Chinese: the full-width ones are three tokens each."""

Span = tuple[float, float]

ENGLISH_MERGES = 2500
"""English is spelled in pieces: the tokenizer's pair merges are stopped after so many.

Of the whole words that Whisper's own merges make, four in five come up less than once in two
thousand sentences, too seldom for a small model to learn; pieces are heard often, and words never
heard can be spelled. Any sequence of tokens reads back as the same text.
"""

_BYTES = 256
_PATTERN = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
"""How GPT-2 (Radford and others, 2019, encoder.py), and Whisper with it, divides text before
merging."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A decoder sequence; ``spans`` says by row when the token that it predicts is said."""

    tokens: tuple[int, ...]
    weights: tuple[float, ...]
    spans: Mapping[int, Span]


@functools.cache
def tokenizer(language: str) -> Tokenizer:
    """openai-whisper's multilingual tokenizer for one language."""
    with quietly():
        return get_tokenizer(multilingual=True, language=language, task="transcribe")


@functools.cache
def _pieces() -> Encoding:
    whole = tokenizer("en").encoding
    # a merge's rank is the number of its token
    ranks = {whole.decode_single_token_bytes(i): i for i in range(_BYTES + ENGLISH_MERGES)}
    return Encoding(name="pieces", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})


def encoded(text: str, language: str) -> list[int]:
    """The tokens that a text is trained to be written with."""
    if language == "zh":
        return list(tokenizer(language).encode(text))
    return _pieces().encode_ordinary(text)


def timestamp(seconds: float) -> int:
    """The timestamp token of a time in the window."""
    first: int = tokenizer("zh").timestamp_begin
    return first + round(seconds / FRAME_SECONDS)


def words_of(
    placed: Sequence[tuple[float, Utterance]], seconds: float, *, timed: bool, before: float = 0.0
) -> Aligned:
    """The sequence of a window, from start of transcript to end of text.

    Args:
        placed: utterances of one language with their start in the window, in order.
        seconds: length of the window.
        timed: whether every utterance stands between timestamps.
        before: seconds of whisper's window before this one, which timestamps count.
    """
    ids = tokenizer(placed[0][1].language)
    tokens = [ids.sot, ids.to_language_token(ids.language), ids.transcribe]
    weights = [LANGUAGE_WEIGHT, 0.0]
    spans: dict[int, Span] = {}

    def add(token: int, weight: float, span: Span | None) -> None:
        if span is not None:
            spans[len(tokens) - 1] = span
        tokens.append(token)
        weights.append(weight)

    if not timed:
        add(ids.no_timestamps, 0.0, None)
    end = 0.0
    for at, utterance in placed:
        end = at + utterance.seconds
        if timed:
            add(timestamp(before + at), TIMESTAMP_WEIGHT, (at, at + 0.06))
        for token, (start, stop) in text_tokens(utterance):
            add(token, 1.0, (at + start, at + stop))
        if timed:
            add(timestamp(before + end), TIMESTAMP_WEIGHT, (end - 0.06, end))
    add(ids.eot, 1.0, (min(end, seconds - 0.04), min(end + 0.4, seconds)))
    return Aligned(tuple(tokens), tuple(weights), spans)


def written(utterance: Utterance) -> str:
    """The text as Whisper writes it: a space before English, plain marks in Mandarin."""
    lead = "" if utterance.language == "zh" else " "
    return lead + utterance.text.translate(_MARKS)


def text_tokens(utterance: Utterance) -> list[tuple[int, Span]]:
    """The text's tokens, each with the span in which it is said, in the utterance's seconds."""
    ids = tokenizer(utterance.language)
    text = written(utterance)
    times = _character_times(utterance, len(text) - len(utterance.text))
    owner = [i for i, character in enumerate(text) for _ in character.encode()]
    found: list[tuple[int, Span]] = []
    at = 0
    for token in encoded(text, utterance.language):
        size = len(ids.encoding.decode_single_token_bytes(token))
        spans = [times[i] for i in owner[at : at + size]]
        at += size
        found.append((token, (min(s for s, _ in spans), max(e for _, e in spans))))
    return found


def _character_times(utterance: Utterance, lead: int) -> list[Span]:
    """When each character is said; punctuation and spaces belong to the pause they stand for."""
    text = utterance.text
    known: list[Span | None] = [None] * len(text)
    for unit in utterance.units:
        first, last = unit.first, unit.last
        if utterance.language == "en":
            first, last = _whole_word(text, first)
        # letters share their word's time evenly, which is near enough to look there
        letter = (unit.end - unit.start) / max(1, last - first)
        for i in range(first, last):
            start = unit.start + (i - first) * letter
            known[i] = (start, start + letter)
    times: list[Span] = []
    for i, span in enumerate(known):
        before = times[-1] if times else (0.0, 0.0)
        after = next((later for later in known[i + 1 :] if later is not None), None)
        if span is not None:
            times.append(span)
        elif text[i].isalnum() or text[i] == "'":
            times.append(before)  # espeak-ng says "of the" as one word
        elif text[i] == " " and text[i + 1 :]:
            times.append(known[i + 1] or before)  # Whisper's word tokens begin with their space
        else:
            stop = after[0] if after is not None else utterance.seconds
            times.append((before[1] - 0.02, max(stop, before[1] + 0.02)))
    return [times[0]] * lead + times


def _whole_word(text: str, position: int) -> tuple[int, int]:
    first = text.rfind(" ", 0, position) + 1
    last = position
    while last < len(text) and (text[last].isalnum() or text[last] == "'"):
        last += 1
    return first, last
