"""Planted ground truth for tone benchmarks: calls of the sample centre, and how events match."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

from asr.hearing import Heard, listen
from detectors.timeline import joined, overlaps
from interactions.interaction import Channel, Interaction, Utterance
from interactions.sound import Party, Span
from samples.calls import Oddity, plan_calls
from samples.layout import Spoken
from samples.recorder import Recorded, record
from samples.script import Feature

DAY = date(2026, 3, 31)
SEED = 11
PERSONS = (Party.AGENT, Party.CUSTOMER)
WITHIN_MS = 200
_TELEPHONE = ("alaw", "mulaw")


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """A call whose every event is known, and what was heard of it."""

    recorded: Recorded
    heard: Heard

    def truth(self, party: Party) -> tuple[Span, ...]:
        """Return where a party really speaks."""
        spoken = self.recorded.layout.spoken
        return joined(Span(s.start_ms, s.end_ms) for s in spoken if s.line.party is party)

    def interaction(self) -> Interaction:
        """Return the call with its true words, and its sound as it was heard."""
        recording = self.heard.recording
        return Interaction(
            interaction_id=self.recorded.plan.contact.interaction_id,
            channel=Channel.VOICE,
            started_at=datetime(2026, 3, 31, tzinfo=UTC),
            duration_ms=recording.duration_ms,
            source="",
            content_hash="",
            language=self.recorded.plan.contact.language,
            utterances=tuple(
                Utterance(seq, s.line.party, s.start_ms, s.end_ms, s.line.text, s.words)
                for seq, s in enumerate(self.recorded.layout.spoken)
            ),
            recording=recording,
            speech=self.heard.speech,
            contours=self.heard.contours,
            trust=1.0,
            role_confidence=1.0,
        )


@cache
def calls(count: int, *, cutting_in: bool = False) -> tuple[Planted, ...]:
    """Return ``count`` calls in G.711 with line noise; no oddities among them.

    Args:
        count: How many.
        cutting_in: Only such in which a party cuts in.
    """
    found: list[Planted] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for plan in plan_calls(SEED, (20 if cutting_in else 3) * count, DAY):
            if plan.form not in _TELEPHONE or plan.oddity is not Oddity.NONE:
                continue
            if cutting_in and Feature.CUT_IN not in plan.contact.features:
                continue
            made = record(plan, folder, SEED)
            files = [folder / file for file in made.files]
            found.append(Planted(made, listen(files, tracks=plan.tracks, item=plan.stem)))
            if len(found) == count:
                break
    return tuple(found)


def silences(speech: Iterable[Iterable[Span]], least_ms: int) -> list[Span]:
    """Return where nobody speaks for at least that long, between the first speech and the last."""
    anyone = joined(span for spans in speech for span in spans)
    between = (Span(a.end_ms, b.start_ms) for a, b in pairwise(anyone))
    return [gap for gap in between if gap.duration_ms >= least_ms]


def both(one: Sequence[Span], other: Sequence[Span], least_ms: int) -> list[Span]:
    """Return where two parties speak at once for at least that long."""
    found = joined(span for span, _, _ in overlaps(one, other))
    return [span for span in found if span.duration_ms >= least_ms]


def matched(found: Sequence[Span], true: Sequence[Span]) -> int:
    """Return how many of ``found`` have both edges within 200 ms of one of ``true``; each once."""
    free, hits = list(true), 0
    for span in found:
        near = next(
            (
                t
                for t in free
                if abs(t.start_ms - span.start_ms) <= WITHIN_MS
                and abs(t.end_ms - span.end_ms) <= WITHIN_MS
            ),
            None,
        )
        if near is not None:
            free.remove(near)
            hits += 1
    return hits


def words_ms(spoken: Iterable[Spoken], *, bridge_ms: int) -> int:
    """Return how long is really spoken: all words, with pauses up to ``bridge_ms`` between them."""
    spans = joined(
        (Span(w.start_ms, w.end_ms) for s in spoken for w in s.words), bridge_ms=bridge_ms
    )
    return sum(span.duration_ms for span in spans)
