"""From what a recogniser heard in a window to utterances of the recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from asr.packing import Window
from asr.trust import Doubt, gate
from asr.turns import clip
from asr.words import Timed, words_of
from interactions.interaction import Utterance
from interactions.sound import Party, Span


def utterances_of(
    window: Window, timed: Sequence[Timed], *, doubt: Doubt, spans: Sequence[Span]
) -> Iterator[Utterance]:
    """Yield one utterance for each piece of the window that words fall into.

    Args:
        window: What was heard.
        timed: Its text with times of the window.
        doubt: The recogniser's own figures.
        spans: Where its track carries speech.
    """
    middles = (window.piece_at((part.start_ms + part.end_ms) / 2) for part in timed)
    # A middle can lie before the one of the word before; the order of the text decides.
    places = np.maximum.accumulate(list(middles)) if timed else ()
    for place, parts in groupby(zip(places, timed, strict=True), key=lambda both: int(both[0])):
        piece = window.pieces[place]
        inside = [
            replace(
                part,
                start_ms=piece.in_recording(part.start_ms),
                end_ms=piece.in_recording(part.end_ms),
            )
            for _, part in parts
        ]
        utterance = _utterance(inside)
        if utterance is None:
            continue
        source = piece.source
        near = [s for s in spans if s.end_ms > source.start_ms and s.start_ms < source.end_ms]
        speech_ms = sum(span.duration_ms for span in near)
        yield gate(clip(utterance, near), speech_ms=speech_ms, doubt=doubt)


def numbered(said: Iterable[Utterance]) -> tuple[Utterance, ...]:
    """Return a track's utterances in time order, numbered from 0."""
    ordered = sorted(said, key=lambda one: (one.start_ms, one.end_ms))
    return tuple(replace(one, seq=seq) for seq, one in enumerate(ordered))


def _utterance(parts: Sequence[Timed]) -> Utterance | None:
    text = "".join(part.text for part in parts).strip()
    if not text:
        return None
    words = words_of(parts)
    confidence = sum(w.confidence or 0.0 for w in words) / len(words) if words else 0.0
    return Utterance(
        seq=0,
        party=Party.UNKNOWN,
        start_ms=round(parts[0].start_ms),
        end_ms=round(parts[-1].end_ms),
        text=text,
        words=words,
        confidence=round(confidence, 4),
    )
