"""Corrections of words and roles: what a person heard, put over what was recognised.

A correction names a stretch of time, so that it holds for every later transcription too; every
later inspection reads the interaction with its corrections.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from interactions.interaction import Interaction, Utterance, Word
from interactions.sound import Party
from interactions.text import HAN
from warehouse.said import Correction

_PIECES = re.compile(rf"[{HAN}]|[^\s{HAN}]+")
CERTAIN = 1.0


def corrected(interaction: Interaction, corrections: Iterable[Correction]) -> Interaction:
    """Return the interaction as people heard it; of several corrections of one place the last.

    Args:
        interaction: As it was recognised or written.
        corrections: Of this interaction, the first said first.
    """
    utterances = list(interaction.utterances)
    for one in corrections:
        place = _place(utterances, one)
        if place is not None:
            utterances[place] = _as_heard(utterances[place], one)
    return replace(interaction, utterances=tuple(utterances))


def _place(utterances: Sequence[Utterance], one: Correction) -> int | None:
    """Return the utterance that shares most time with the correction; None where none does."""
    shared = [
        (min(u.end_ms, one.end_ms) - max(u.start_ms, one.start_ms), u.text == one.was_text, -at)
        for at, u in enumerate(utterances)
    ]
    best = max(shared, default=(-1, False, 0))
    is_point = one.start_ms == one.end_ms
    return -best[2] if best[0] > 0 or (best[0] == 0 and is_point) else None


def _as_heard(utterance: Utterance, one: Correction) -> Utterance:
    return replace(
        utterance,
        party=Party(one.party),
        text=one.text,
        words=_timed(utterance, one.text) if utterance.words else (),
        confidence=CERTAIN if utterance.confidence is not None else None,
        dropped_because=None if one.text else utterance.dropped_because,
    )


def _timed(utterance: Utterance, text: str) -> tuple[Word, ...]:
    """Return the words of ``text``: those that stay keep their times, others share the gap."""
    before = utterance.words
    pieces = _PIECES.findall(text)
    old = [word.text.strip() for word in before]
    timed: list[Word] = []
    for tag, i, j, k, m in SequenceMatcher(a=old, b=pieces, autojunk=False).get_opcodes():
        if tag == "equal":
            timed += [replace(word, confidence=CERTAIN) for word in before[i:j]]
        elif k < m:
            start = before[i - 1].end_ms if i else utterance.start_ms
            end = before[j].start_ms if j < len(before) else utterance.end_ms
            timed += _shared_out(pieces[k:m], start, max(start, end))
    return tuple(timed)


def _shared_out(pieces: Sequence[str], start_ms: int, end_ms: int) -> list[Word]:
    places = [start_ms + (end_ms - start_ms) * n // len(pieces) for n in range(len(pieces) + 1)]
    return [Word(places[n], places[n + 1], piece, CERTAIN) for n, piece in enumerate(pieces)]
