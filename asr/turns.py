"""Tracks become one conversation: utterances of all parties in the order in which they began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interactions.interaction import Utterance, Word
from interactions.sound import Span


def merge(tracks: Sequence[Sequence[Utterance]]) -> tuple[Utterance, ...]:
    """Return the utterances of all tracks by start, end and track, numbered from 0."""
    ordered = sorted(
        (utterance.start_ms, utterance.end_ms, track, at)
        for track, utterances in enumerate(tracks)
        for at, utterance in enumerate(utterances)
    )
    return tuple(
        replace(tracks[track][at], seq=seq) for seq, (_, _, track, at) in enumerate(ordered)
    )


def clip(utterance: Utterance, spans: Sequence[Span]) -> Utterance:
    """Return the utterance with its words, and itself, kept to where someone speaks.

    Recognisers stretch a word over the pause behind it; each word is clipped to the stretch of
    speech that it shares most time with. A word that touches none keeps its place, but no length
    beyond the next word. Times never run backwards.

    Args:
        utterance: As recognised, with word times.
        spans: Where its track carries speech, in time order.
    """
    words: list[Word] = []
    for word in utterance.words:
        best = max(spans, key=lambda span: _shared(word, span), default=None)
        start, end = word.start_ms, word.end_ms
        if best is not None and _shared(word, best) > 0:
            start, end = max(start, best.start_ms), min(end, best.end_ms)
        earliest = words[-1].end_ms if words else 0
        start = max(earliest, start)
        words.append(replace(word, start_ms=start, end_ms=max(start, end)))
    if not words:
        return utterance
    return replace(
        utterance, words=tuple(words), start_ms=words[0].start_ms, end_ms=words[-1].end_ms
    )


def inside_of(utterance: Utterance, duration_ms: int) -> Utterance:
    """Return the utterance with its times, and its words', kept inside the recording."""
    words = tuple(
        replace(
            word, start_ms=min(word.start_ms, duration_ms), end_ms=min(word.end_ms, duration_ms)
        )
        for word in utterance.words
    )
    return replace(
        utterance,
        start_ms=min(utterance.start_ms, duration_ms),
        end_ms=min(utterance.end_ms, duration_ms),
        words=words,
    )


def _shared(word: Word, span: Span) -> int:
    return min(word.end_ms, span.end_ms) - max(word.start_ms, span.start_ms)
