"""Whose words a detector listens to and where, for what is found without phrases."""

from __future__ import annotations

from dataclasses import dataclass

from detectors.evidence import Evidence
from detectors.features import Features
from detectors.place import Place
from interactions.interaction import Utterance
from interactions.sound import Party, Span


@dataclass(frozen=True, slots=True)
class Heard:
    """The utterances that count for one detector in one interaction, in order.

    Attributes:
        which: Their positions in ``features.utterances``.
    """

    features: Features
    within: Place | None
    which: tuple[int, ...]
    window: Span
    chosen: frozenset[int]

    def has(self, utterance: Utterance, span: Span) -> bool:
        """Tell whether what was said at ``span`` lies in the place that is listened to."""
        return self.within is None or self.within.has(span, utterance, self.window, self.chosen)

    def messages(self) -> list[int]:
        """Return the positions of the utterances that begin in the place."""
        every = self.features.utterances
        return [
            i for i in self.which if self.has(every[i], Span(every[i].start_ms, every[i].end_ms))
        ]


def heard(
    features: Features, party: Party | None, *, or_unknown: bool = False, within: Place | None
) -> Heard:
    """Return the utterances of ``party`` (None: of everybody) and the place that counts.

    Args:
        features: The interaction.
        party: Whose.
        or_unknown: Also those whose party is not known.
        within: Where; None for everywhere.
    """
    every = features.utterances
    if party is None or (or_unknown and not features.roles_known):
        which = tuple(range(len(every)))
    else:
        meant = (party, Party.UNKNOWN) if or_unknown else (party,)
        which = tuple(i for i, u in enumerate(every) if u.party in meant)
    messages = [every[i] for i in which]
    whole = Span(0, features.interaction.duration_ms)
    window = within.window(features.interaction, messages) if within else whole
    chosen = within.chosen(messages) if within else frozenset()
    return Heard(features, within, which, window, chosen)


def span_in(features: Features, index: int, start: int, end: int) -> tuple[Span, str]:
    """Return when characters ``[start, end)`` of an utterance's normal form were said, and what."""
    utterance = features.utterances[index]
    first, last = features.normal.original(index, start, end)
    return features.span_of(utterance, first, last), utterance.text[first:last]


def sureness(utterance: Utterance, span: Span) -> float:
    """Return the recogniser's confidence in the words of ``span``, 0 to 1; 1 where it gave none."""
    if utterance.words:
        sure = [
            w.confidence
            for w in utterance.words
            if w.confidence is not None and w.start_ms < span.end_ms and w.end_ms > span.start_ms
        ]
        if sure:
            return round(sum(sure) / len(sure), 3)
    return 1.0 if utterance.confidence is None else round(utterance.confidence, 3)


def quoted(utterance: Utterance, span: Span, quote: str, because: str) -> Evidence:
    """Return evidence for words that were said, without a measure."""
    return Evidence(
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        because=because,
        party=utterance.party,
        utterance_seq=utterance.seq,
        quote=quote,
        score=sureness(utterance, span),
    )
