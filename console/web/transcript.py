"""The transcript of an interaction as the page shows it: word by word, what decided marked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detectors.evidence import Finding
from interactions.interaction import Interaction, Utterance
from interactions.personal.redaction import Redaction, word_places
from pipelines.redaction import masked_findings

UNSURE = 0.5
"""A word or utterance that the recogniser itself thinks rather wrong than right is marked."""

WIDE = 1 / 3
"""Evidence longer than this share of the interaction points at no line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or the text between two words.

    Attributes:
        start_ms: None for text without a time.
        marks: Space-separated: ``q`` it decided, ``u`` it is unsure, ``h`` it is hidden.
    """

    text: str
    start_ms: int | None
    marks: str


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance.

    Attributes:
        findings: Ids of the findings that it speaks for.
        is_unsure: Whether all of it was badly heard.
    """

    utterance: Utterance
    pieces: tuple[Piece, ...]
    findings: tuple[str, ...]
    is_unsure: bool

    @property
    def times(self) -> str:
        """When its words begin, ms, each after the one before; a call of an hour has ten thousand.

        To write each one's time beside it would double the page.
        """
        starts = [piece.start_ms for piece in self.pieces if piece.start_ms is not None]
        return " ".join(str(at - before) for before, at in pairwise([0, *starts]))


def transcript(
    one: Interaction, findings: Sequence[Finding], hidden: Redaction | None
) -> list[Line]:
    """Return the lines.

    Args:
        one: The interaction.
        findings: Whose evidence is marked.
        hidden: What is shown as pseudonyms; None: nothing is hidden.
    """
    if hidden is None:
        quotes = _quotes(one, findings)
        return [_line(u, quotes.get(u.seq, {}), ()) for u in one.utterances]
    quotes = _quotes(one, masked_findings(findings, hidden))
    return [_line(u, quotes.get(u.seq, {}), hidden.names()) for u in hidden.utterances()]


def _quotes(one: Interaction, findings: Sequence[Finding]) -> dict[int, dict[str, list[str]]]:
    """Return per utterance the findings that it speaks for, and the words that decided."""
    found: dict[int, dict[str, list[str]]] = {}
    for finding in findings:
        for evidence in finding.evidence:
            if evidence.utterance_seq is not None:
                own = found.setdefault(evidence.utterance_seq, {})
                own.setdefault(finding.finding_id, []).append(evidence.quote)
                continue
            if evidence.end_ms - evidence.start_ms > one.duration_ms * WIDE:
                continue  # it is about all of it, not about a line
            for u in one.utterances:
                meets = u.start_ms < evidence.end_ms and evidence.start_ms < u.end_ms
                if meets and evidence.measure and u.party is evidence.party:
                    found.setdefault(u.seq, {}).setdefault(finding.finding_id, [])
    return found


def _line(u: Utterance, quotes: Mapping[str, list[str]], names: Collection[str]) -> Line:
    marked = bytearray(len(u.text))
    for quote in (q for own in quotes.values() for q in own if q):
        at = u.text.find(quote)
        while at >= 0:
            marked[at : at + len(quote)] = b"\1" * len(quote)
            at = u.text.find(quote, at + 1)
    hidden = bytearray(len(u.text))
    for name in names:
        at = u.text.find(name)
        while at >= 0:
            hidden[at : at + len(name)] = b"\1" * len(name)
            at = u.text.find(name, at + 1)
    pieces = tuple(_pieces(u, u.text, marked, hidden))
    unsure = u.confidence is not None and u.confidence < UNSURE
    return Line(u, pieces, tuple(quotes), unsure)


def _pieces(u: Utterance, text: str, marked: bytearray, hidden: bytearray) -> Iterator[Piece]:
    """Yield words at their places in the text, and what stands between them."""
    done = 0
    for at, end, word in word_places(u):
        if at > done:
            yield from _runs(text[:at], done, marked, hidden)
        sure = word.confidence is None or word.confidence >= UNSURE
        yield Piece(text[at:end], word.start_ms, _marks(marked[at:end], hidden[at:end], sure=sure))
        done = end
    yield from _runs(text, done, marked, hidden)


def _runs(text: str, start: int, marked: bytearray, hidden: bytearray) -> Iterator[Piece]:
    """Yield what has no times in runs that are marked alike."""
    while start < len(text):
        end = start + 1
        while end < len(text) and (marked[end], hidden[end]) == (marked[start], hidden[start]):
            end += 1
        yield Piece(text[start:end], None, _marks(marked[start:end], hidden[start:end], sure=True))
        start = end


def _marks(marked: bytearray, hidden: bytearray, *, sure: bool) -> str:
    marks = ("q" * any(marked), "h" * any(hidden), "u" * (not sure))
    return " ".join(one for one in marks if one)
