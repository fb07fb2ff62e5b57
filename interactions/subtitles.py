"""Utterances as subtitles: SubRip and WebVTT."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interactions.interaction import Utterance
from interactions.sound import Party

_LONGEST_MS, _WIDEST = 7_000, 84
"""Netflix, Timed Text Style Guide: at most 7 s, and two lines of 42 Latin or, at twice the width,
about 21 Chinese characters."""

_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]"
)
_CLAUSE_END = re.compile(r"[。，、；：？！…,;:?!]\s*$|\.\s*$")

Naming = Callable[[Party], str]


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle."""

    start_ms: int
    end_ms: int
    party: Party
    text: str


def cues(utterances: Sequence[Utterance]) -> Iterator[Cue]:
    """Yield subtitles in the order of time; utterances that were dropped have none.

    A long utterance is cut between words, behind punctuation where there is any.
    """
    kept = (one for one in utterances if one.dropped_because is None and one.text.strip())
    for said in sorted(kept, key=lambda one: (one.start_ms, one.end_ms, one.seq)):
        yield from _cut(said)


def srt(utterances: Sequence[Utterance], naming: Naming) -> str:
    """Return SubRip.

    Args:
        utterances: Of one interaction.
        naming: Says how a party is called; empty for none.
    """
    blocks = (
        f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n"
        f"{_named(cue, naming)}\n"
        for number, cue in enumerate(cues(utterances), start=1)
    )
    return "\n".join(blocks)


def vtt(utterances: Sequence[Utterance], naming: Naming) -> str:
    """Return WebVTT (W3C), with each party's name as the cue's voice.

    Args:
        utterances: Of one interaction.
        naming: Says how a party is called; empty for none.
    """
    blocks = ["WEBVTT\n"]
    for cue in cues(utterances):
        name = naming(cue.party)
        voice = f"<v {_escaped(name)}>" if name else ""
        times = f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}"
        blocks.append(f"{times}\n{voice}{_escaped(cue.text)}\n")
    return "\n".join(blocks)


def _cut(said: Utterance) -> Iterator[Cue]:
    ends = _ends(said)
    if not ends:
        yield Cue(said.start_ms, max(said.end_ms, said.start_ms + 1), said.party, _line(said.text))
        return
    first = 0
    while first < len(ends):
        last = _last(said, ends, first)
        start = 0 if first == 0 else ends[first - 1]
        yield Cue(
            said.words[first].start_ms,
            max(said.words[last].end_ms, said.words[first].start_ms + 1),
            said.party,
            _line(said.text[start : ends[last]]),
        )
        first = last + 1


def _ends(said: Utterance) -> list[int]:
    """Return where in the text each word ends, with the punctuation and blanks behind it."""
    starts: list[int] = []
    at = 0
    for word in said.words:
        found = said.text.find(word.text, at)
        if found < 0:
            return []  # words that are not those of the text: the utterance stays whole
        starts.append(found)
        at = found + len(word.text)
    return [following for _, following in pairwise(starts)] + [len(said.text)] if starts else []


def _last(said: Utterance, ends: Sequence[int], first: int) -> int:
    """Return the last word of the cue that begins with ``first``."""
    start = 0 if first == 0 else ends[first - 1]
    fitting = first
    best = None
    for last in range(first, len(ends)):
        long = said.words[last].end_ms - said.words[first].start_ms > _LONGEST_MS
        if last > first and (long or _width(said.text[start : ends[last]]) > _WIDEST):
            return fitting if best is None else best
        fitting = last
        if _CLAUSE_END.search(said.text[start : ends[last]]):
            best = last
    return fitting


def _width(text: str) -> int:
    return len(text.strip()) + len(_WIDE.findall(text))


def _line(text: str) -> str:
    # An arrow would be read as times, an empty line as the end.
    return " ".join(text.replace("-->", "→").split())


def _named(cue: Cue, naming: Naming) -> str:
    name = _line(naming(cue.party))
    colon = "：" if _WIDE.search(name) else ": "
    return f"{name}{colon}{cue.text}" if name else cue.text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(ms: int, point: str) -> str:
    seconds, thousandths = divmod(ms, 1000)
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}{point}{thousandths:03}"
