"""Sound and files without what is personal: a tone where an identifier is spoken.

A tone lies over the words' own times with a margin, on every track: the other party's line carries
an echo of what is said. Where words have no times, it lies over their whole utterance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from detectors.evidence import Evidence, Finding
from detectors.timeline import joined
from interactions.interaction import Interaction, Utterance
from interactions.personal.redaction import Redaction, Span, word_places
from interactions.sound import Span as Stretch
from warehouse.read import interactions
from warehouse.store import Warehouse

MARGIN_MS = 250
"""Before and behind the words. A recogniser's word times are off by a tenth of a second and more
(``asr/alignment.py``); a word's edge is enough to hear a digit by. Ours."""
TONE_HZ, TONE_LEVEL = 1_000, 0.1
"""The tone and its amplitude of 1: heard, and quieter than speech. Ours."""
UNREAD_MS = 1_000
"""Speech that no utterance stands for is covered from this length on: three digits take a second.
Shorter ones are breaths and 嗯. Ours."""
_FULL_SCALE = 32_767
_BLOCK_S = 60


def redaction_of(one: Interaction) -> Redaction:
    """Return what is hidden of an interaction."""
    return Redaction(one.utterances, one.language)


def has_words(one: Interaction) -> bool:
    """Whether anything is known of what is said: else nobody can tell what is to be covered."""
    return any(utterance.text.strip() for utterance in one.spoken())


def hidden_times(one: Interaction, hidden: Redaction) -> list[Span]:
    """Return when something is spoken that is not to be heard, in order, none touching.

    That is when identifiers are spoken, and when someone speaks and nobody knows what: utterances
    without a text that is believed, and speech of a second and more with no utterance at all.
    Milliseconds, with margin.
    """
    spoken = [
        _time_of(utterance, span)
        for index, utterance in enumerate(one.utterances)
        for span in hidden.spans(index)
    ]
    found = [
        Stretch(max(0, start - MARGIN_MS), end + MARGIN_MS)
        for start, end in (*spoken, *_unread(one))
    ]
    return [(span.start_ms, span.end_ms) for span in joined(found)]


def _unread(one: Interaction) -> Iterator[Span]:
    """Yield when someone speaks of whose words nothing is known."""
    for utterance in one.utterances:
        if utterance.dropped_because is not None or not utterance.text.strip():
            yield utterance.start_ms, utterance.end_ms
    for stretches in one.speech.values():
        for part in stretches:
            is_read = any(
                u.start_ms < part.end_ms and part.start_ms < u.end_ms for u in one.utterances
            )
            if part.duration_ms >= UNREAD_MS and not is_read:
                yield part.start_ms, part.end_ms


def _time_of(one: Utterance, span: Span) -> Span:
    times = [
        (word.start_ms, word.end_ms)
        for start, end, word in word_places(one)
        if start < span[1] and span[0] < end
    ]
    if not times:
        return one.start_ms, one.end_ms
    return min(start for start, _ in times), max(end for _, end in times)


def silenced(
    samples: NDArray[np.int16],
    rate: int,
    times: Sequence[Span],
    *,
    start_ms: int = 0,
    tone: bool = True,
) -> None:
    """Put a tone over stretches of sound, in place.

    Args:
        samples: 16-bit, one row a frame, a column a track where there are several.
        rate: Frames a second.
        times: In milliseconds of the interaction.
        start_ms: Where ``samples`` begin in the interaction.
        tone: False: silence instead.
    """
    for start, end in times:
        first = max(0, (start - start_ms) * rate // 1000)
        last = min(len(samples), max(0, (end - start_ms) * rate // 1000))
        if first >= last:
            continue
        samples[first:last] = 0
        if tone:
            phase = 2 * np.pi * TONE_HZ * np.arange(last - first) / rate
            wave = (np.sin(phase) * TONE_LEVEL * _FULL_SCALE).astype(np.int16)
            samples[first:last] += wave if samples.ndim == 1 else wave[:, None]


def cover(
    recording: Path | BinaryIO,
    written: Path | BinaryIO,
    times: Sequence[Span],
    *,
    tone: bool = True,
) -> None:
    """Write a 16-bit WAV file again with stretches covered, on every track.

    Args:
        recording: As 16-bit PCM.
        written: The new file.
        times: Stretches in milliseconds, in order.
        tone: False: silence instead.

    Raises:
        OSError: The file cannot be written.
    """
    import soundfile  # noqa: PLC0415 - texts need none

    with soundfile.SoundFile(recording) as file:
        rate = file.samplerate
        kind = {"samplerate": rate, "channels": file.channels, "format": "WAV"}
        with soundfile.SoundFile(written, "w", subtype="PCM_16", **kind) as covered:
            start_ms = 0
            while len(block := file.read(rate * _BLOCK_S, dtype="int16")):
                silenced(block, rate, times, start_ms=start_ms, tone=tone)
                covered.write(block)
                start_ms += _BLOCK_S * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedFinding(Finding):
    """A finding as it is shown: its quotations without what is personal, its id as ever.

    Attributes:
        known_as: The id, which is made from the quotations themselves.
    """

    known_as: str

    @property
    def finding_id(self) -> str:
        """The id of the finding that this one shows."""
        return self.known_as


def masked_findings(findings: Iterable[Finding], hidden: Redaction) -> list[Finding]:
    """Return findings with pseudonyms in their quotations."""
    return [_masked_finding(one, hidden) for one in findings]


def shown_evidence(one: Evidence, hidden: Redaction | None) -> Evidence:
    """Return evidence with pseudonyms in its quotation; as it is where nothing is hidden."""
    if hidden is None or not one.quote:
        return one
    return one._replace(quote=hidden.quote(one.utterance_seq, one.quote))


def _masked_finding(one: Finding, hidden: Redaction) -> Finding:
    evidence = tuple(shown_evidence(e, hidden) for e in one.evidence)
    if evidence == one.evidence:
        return one
    shown = {field.name: getattr(one, field.name) for field in fields(Finding)}
    return MaskedFinding(**{**shown, "evidence": evidence}, known_as=one.finding_id)


def masked(one: Interaction, hidden: Redaction) -> Interaction:
    """Return an interaction as it is shown: utterances, and what is known of it, masked."""
    known = {
        name: hidden.text(value) if isinstance(value, str) else value
        for name, value in one.attributes.items()
    }
    return replace(
        one,
        utterances=hidden.utterances(),
        customer=None if one.customer is None else hidden.text(one.customer),
        source=hidden.text(one.source),
        attributes=known,
    )


def redactions(warehouse: Warehouse, ids: Iterable[str]) -> dict[str, Redaction]:
    """Return what is hidden of each interaction that is kept."""
    found = interactions(warehouse, sorted(set(ids)), with_contours=False)
    return {one.interaction_id: redaction_of(one) for one in found}
