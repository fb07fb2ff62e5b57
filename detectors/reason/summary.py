"""An extractive summary: what it was about, what was done, what came of it, what was promised.

Nothing is written anew: each line is an utterance, cut to the clauses that matter, and names which
one it is. The places are those that sorting found (``detectors.reason.sorting``):

issue    the customer's utterance with most points for the reason; where it is unsorted, the first
         telling one of theirs (of at least ``TELLING`` characters that are no mere greeting)
done     up to ``DONE`` of the agent's utterances with most points for any resolution
outcome  the customer's last word about it, where they accept, doubt or refuse it; else the agent's
         last utterance with points for the resolution, where it is not shown already
promise  each promise, at its last utterance
felt     the customer's most negative utterance, where one is negative and not the issue itself, and
         what it is aimed at
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from detectors.features import Features
from detectors.mood.aimed_at import aimed_by
from detectors.mood.scored import scored
from detectors.mood.target import NEGATIVE, Target
from detectors.reason.sorting import Said, sorted_by
from detectors.reason.taxonomy import HINTS, Dimension
from interactions.interaction import Utterance
from interactions.sound import Party

DONE = 2
TELLING = 6
LONGEST = 80
"""Characters: of a longer utterance only the clauses around what matters are shown. Ours."""
_OPENING = re.compile(
    r"^(?:您好|你好|在吗|在么|在不在|亲|有人吗|人工|hello|hi|喂|客服|咨询|[\W_0-9a-z])*$"
)
_OUTCOME = re.compile(
    r"谢|好的|好吧|行吧|可以了|解决了|明白了|知道了|算了|再信你|没有办法|不行|还是不|不用了|没有了|希望|"
    r"(?<![a-z])(?:thank|thanks|okay|ok|great|fine|still not|forget it|not good enough)(?![a-z])"
)
_CLAUSE = re.compile(r"[^。!?！？;；\n]+[。!?！？;；\n]*")


class Part(StrEnum):
    """What a line of a summary tells."""

    ISSUE = "issue"
    DONE = "done"
    OUTCOME = "outcome"
    PROMISE = "promise"
    FELT = "felt"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a summary.

    Attributes:
        utterance_seq: The utterance that it stands in; ``start_ms`` when that begins.
        text: As it was said.
        target: What is ``felt`` is aimed at; None where nobody is named.
    """

    part: Part
    party: Party
    utterance_seq: int
    start_ms: int
    text: str
    target: Target | None = None


def summary(features: Features) -> tuple[Line, ...]:
    """Return the summary's lines, part by part and each in the order of the interaction.

    An interaction without words, or whose parties nobody knows, has only what can be told.
    """
    said = sorted_by(features).said
    chosen = (
        (Part.ISSUE, _issue(features, said)),
        (Part.DONE, _done(features, said)),
        (Part.OUTCOME, _outcome(features, said)),
        (Part.PROMISE, _promises(features, said)),
    )
    lines = [_line(features, part, places) for part, found in chosen for places in found]
    shown = {one.utterance_seq for one in lines if one.part is Part.ISSUE}
    return (*lines, *(one for one in _felt(features) if one.utterance_seq not in shown))


def _felt(features: Features) -> Iterator[Line]:
    told = scored(features, Party.CUSTOMER)
    worst = min(told, key=lambda one: (one.score, one.utterance.seq), default=None)
    if worst is None or worst.score > NEGATIVE:
        return
    index = features.utterances.index(worst.utterance)
    found = [one.target for one in aimed_by(features, Party.CUSTOMER) if one.index == index]
    if found[:1] != [Target.REFUSAL]:
        line = _line(features, Part.FELT, (index, 0, len(features.normal.texts[index])))
        yield replace(line, target=found[0] if found else None)


_Place = tuple[int, int, int]
"""Index of the utterance, and the part of its normal text that matters."""


def _of(features: Features, said: Iterable[Said], dimension: Dimension) -> list[Said]:
    numbered = features.taxonomy.numbered
    return [one for one in said if numbered[one.which][0] is dimension]


def _party(features: Features, index: int) -> Party:
    return features.utterances[index].party


def _issue(features: Features, said: Iterable[Said]) -> Iterator[_Place]:
    known = {m.category for m in sorted_by(features).of(Dimension.REASON)}
    own = [
        one
        for one in _of(features, said, Dimension.REASON)
        if features.taxonomy.numbered[one.which][1].category_id in known
        and _party(features, one.utterance) is not Party.AGENT
    ]
    if own:
        points: dict[int, float] = {}
        for one in own:
            points[one.utterance] = points.get(one.utterance, 0.0) + one.points
        best = min(points, key=lambda index: (-points[index], index))
        first = min((one for one in own if one.utterance == best), key=lambda one: -one.points)
        yield best, first.start, first.end
        return
    for index, (utterance, text) in enumerate(_texts(features)):
        is_telling = len(text) >= TELLING and not _OPENING.match(text)
        if utterance.party in (Party.CUSTOMER, Party.UNKNOWN) and is_telling:
            yield index, 0, min(len(text), LONGEST)
            return


def _done(features: Features, said: Iterable[Said]) -> Iterator[_Place]:
    best: dict[int, Said] = {}
    for one in _of(features, said, Dimension.RESOLUTION):
        is_hint = one.weight <= HINTS
        if not is_hint and _party(features, one.utterance) is not Party.CUSTOMER:
            known = best.get(one.utterance)
            if known is None or known.points < one.points:
                best[one.utterance] = one
    chosen = sorted(best.values(), key=lambda one: (-one.points, one.utterance))[:DONE]
    yield from (
        (one.utterance, one.start, one.end) for one in sorted(chosen, key=lambda o: o.utterance)
    )


def _outcome(features: Features, said: Iterable[Said]) -> Iterator[_Place]:
    resolved = _of(features, said, Dimension.RESOLUTION)
    since = max((one.utterance for one in resolved), default=-1)
    for index, (utterance, text) in reversed(list(enumerate(_texts(features)))):
        found = _OUTCOME.search(text) if utterance.party is Party.CUSTOMER else None
        if found is not None and index >= since:
            yield index, found.start(), found.end()
            return
    shown = {index for index, _, _ in _done(features, said)}
    last = max(resolved, key=lambda one: (one.utterance, one.points), default=None)
    if last is not None and last.utterance not in shown:
        yield last.utterance, last.start, last.end


def _promises(features: Features, said: Iterable[Said]) -> Iterator[_Place]:
    promised: dict[int, Said] = {}
    for one in _of(features, said, Dimension.PROMISE):
        promised[one.which] = one
    places = {one.utterance: one for one in promised.values()}
    yield from ((index, places[index].start, places[index].end) for index in sorted(places))


def _texts(features: Features) -> Iterator[tuple[Utterance, str]]:
    yield from zip(features.utterances, features.normal.texts, strict=True)


def _line(features: Features, part: Part, place: _Place) -> Line:
    index, start, end = place
    utterance = features.utterances[index]
    first, last = features.normal.original(index, start, end)
    return Line(
        part=part,
        party=utterance.party,
        utterance_seq=utterance.seq,
        start_ms=utterance.start_ms,
        text=_cut(utterance.text, first, last),
    )


def _cut(text: str, start: int, end: int) -> str:
    """Return the text, of a long one the clauses that ``[start, end)`` touches."""
    if len(text) <= LONGEST:
        return text.strip()
    touched = [m for m in _CLAUSE.finditer(text) if m.start() < end and start < m.end()]
    first = touched[0].start() if touched else start
    last = touched[-1].end() if touched else end
    if last - first > LONGEST:
        first = max(first, start - LONGEST // 4)
        last = min(last, first + LONGEST)
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return f"{before}{text[first:last].strip()}{after}"
