"""What was said on a track that holds both parties, told apart by the voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from asr.roles import roles, roles_by_sound
from asr.turns import merge
from asr.voices import SURE, Voices
from interactions.interaction import Utterance, Word
from interactions.sound import Party, Span

_LEAST_MS = 600
_UNKNOWN = (Party.UNKNOWN, Party.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Parted:
    """A mono recording whose two voices are known by party.

    Attributes:
        utterances: Of both parties, by time, numbered from 0.
        parties: Whose each voice is, in the order of ``Voices.spans``.
        confidence: 0 to 1: of the voices or of the roles, whichever is less sure.
    """

    utterances: tuple[Utterance, ...]
    parties: tuple[Party, ...]
    confidence: float


def parted(voices: Voices | None, utterances: Sequence[Utterance]) -> Parted | None:
    """Say which voice is the agent and which the customer; None where that is not sure enough.

    Utterances that name their party are laid beside the voices (``roles.roles_by_sound``); else
    what each voice says decides (``roles.roles``).

    Args:
        voices: Of the track; None or unsure voices are not believed.
        utterances: In time order.
    """
    if voices is None or voices.confidence < SURE:
        return None
    if any(utterance.party is not Party.UNKNOWN for utterance in utterances):
        who = roles_by_sound(_UNKNOWN, voices.spans, utterances)
        ordered = merge([utterances])
    else:
        lines = by_voice(utterances, voices)
        who = roles(_UNKNOWN, lines)
        ordered = merge(
            [
                [replace(utterance, party=party) for utterance in line]
                for party, line in zip(who.tracks, lines, strict=True)
            ]
        )
    if Party.UNKNOWN in who.tracks:
        return None
    return Parted(ordered, who.tracks, round(min(who.confidence, voices.confidence), 4))


def by_voice(
    utterances: Sequence[Utterance], voices: Voices
) -> tuple[tuple[Utterance, ...], tuple[Utterance, ...]]:
    """Return what each voice said; an utterance of both is cut where the voice changes.

    A word belongs to the voice that it shares most time with, one in between to the voice of the
    word before. An utterance without words goes as a whole to the voice it shares most time with.

    Args:
        utterances: Of the track, in time order.
        voices: Who speaks when on it.
    """
    found: tuple[list[Utterance], list[Utterance]] = ([], [])
    for utterance in utterances:
        for voice, part in _parts(utterance, voices):
            found[voice].append(part)
    return tuple(found[0]), tuple(found[1])


def _parts(utterance: Utterance, voices: Voices) -> list[tuple[int, Utterance]]:
    places = _places(utterance)
    if places is None:
        voice = _voice(utterance.start_ms, utterance.end_ms, voices)
        return [(voice or 0, utterance)]
    owners: list[int] = []
    for word in utterance.words:
        voice = _voice(word.start_ms, word.end_ms, voices)
        owners.append(voice if voice is not None else (owners[-1] if owners else -1))
    first = next((owner for owner in owners if owner >= 0), 0)
    owners = _smooth([first if owner < 0 else owner for owner in owners], utterance.words)
    runs = [(v, [at for at, _ in run]) for v, run in groupby(enumerate(owners), lambda p: p[1])]
    starts = [0, *(places[ats[0]] for _, ats in runs[1:]), len(utterance.text)]
    return [
        (voice, _cut(utterance, utterance.words[ats[0] : ats[-1] + 1], start, end))
        for (voice, ats), start, end in zip(runs, starts, starts[1:], strict=False)
    ]


def _smooth(owners: list[int], words: Sequence[Word]) -> list[int]:
    """Give stretches of under 600 ms at an utterance's edges to the voice beside them.

    Where a voice changes is known to a few hundred milliseconds, words are known better.
    """
    runs = [(owner, len(list(run))) for owner, run in groupby(owners)]
    edges = {0, len(runs) - 1} if len(runs) > 1 else set()
    found: list[int] = []
    for place, (owner, length) in enumerate(runs):
        part = words[len(found) : len(found) + length]
        is_short = part[-1].end_ms - part[0].start_ms < _LEAST_MS
        beside = runs[1][0] if place == 0 and len(runs) > 1 else owner
        if place in edges and place:
            beside = runs[place - 1][0]
        found += [beside if is_short and place in edges else owner] * length
    return found


def _cut(utterance: Utterance, words: tuple[Word, ...], start: int, end: int) -> Utterance:
    if words == utterance.words:
        return utterance
    return replace(
        utterance,
        text=utterance.text[start:end].strip(),
        words=words,
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
    )


def _places(utterance: Utterance) -> list[int] | None:
    """Return where each word begins in the text; None without words or where they do not fit."""
    places: list[int] = []
    cursor = 0
    for word in utterance.words:
        place = utterance.text.find(word.text.strip(), cursor)
        if place < 0:
            return None
        places.append(place)
        cursor = place + len(word.text.strip())
    return places or None


def _voice(start_ms: int, end_ms: int, voices: Voices) -> int | None:
    """Return the voice that shares most time with a stretch; None where neither does."""
    one, other = (shared_ms(start_ms, end_ms, spans) for spans in voices.spans)
    if not one and not other:
        return None
    return int(other > one)


def shared_ms(start_ms: int, end_ms: int, spans: Sequence[Span]) -> int:
    """Return how much of a stretch lies in ``spans``."""
    return sum(
        max(0, min(end_ms, span.end_ms) - max(start_ms, span.start_ms))
        for span in spans
        if span.start_ms < end_ms and span.end_ms > start_ms
    )
