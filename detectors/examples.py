"""Examples in a rule: short interactions that it must find something in, and that it must not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
import yaml

from detectors.rule_reading import Reading, Slot
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Contour, Party, Span

STEP_MS = 20
SPEECH_DB = -30.0  # level of an example's speech where it gives none; its silence is -70
_SILENCE_DB = -70.0
_CHARACTER_MS = 250  # four Chinese characters a second: an unhurried voice
_PAUSE_MS = 500
_MESSAGE_MS = 20_000  # between chat messages without a time
_PARTIES = tuple(p.value for p in Party)
_SPAN = ("from s", "to s")
SOUND = {"speech": _SPAN, "levels": (*_SPAN, "dBFS"), "pitches": (*_SPAN, "Hz")}
MAPPING_FIELDS = ("says", "channel", "seconds", "about", *SOUND)
LINE_FIELDS = (*_PARTIES, "at")

_KNOWN = ("agent", "team", "queue", "customer", "product")

Stretch = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Something said in an example; ``at_s`` is when, in seconds, where the example says so."""

    party: Party
    text: str
    at_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A short interaction as a rule's author writes it.

    Attributes:
        says: What is said, in order.
        channel: None for the rule's first channel, or voice.
        seconds: The whole length; None for the end of the last event.
        about: What the centre knows: agent, team, queue, customer, product, or an attribute.
        speech: Party → where it speaks, ``(from, to)`` in seconds.
        levels: Party → ``(from, to, dBFS)``; ``pitches``: party → ``(from, to, Hz)``.
    """

    says: tuple[Line, ...] = ()
    channel: Channel | None = None
    seconds: float | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    speech: Mapping[Party, tuple[Stretch, ...]] = field(default_factory=dict)
    levels: Mapping[Party, tuple[Stretch, ...]] = field(default_factory=dict)
    pitches: Mapping[Party, tuple[Stretch, ...]] = field(default_factory=dict)

    def interaction(self, channel: Channel, language: Language) -> Interaction:
        """Return the interaction that this example stands for.

        Args:
            channel: Used where the example names none.
            language: Of its words.
        """
        used = self.channel or channel
        utterances = tuple(self._utterances(used))
        ends = [u.end_ms for u in utterances]
        ends += [round(s[1] * 1000) for spans in self.speech.values() for s in spans]
        ends += [round(self.seconds * 1000)] if self.seconds else []
        duration_ms = max(ends, default=0)
        made = Interaction(
            interaction_id="example",
            channel=used,
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            duration_ms=duration_ms,
            source="example",
            content_hash="",
            language=language,
            utterances=utterances,
            speech={p: tuple(_span(s) for s in spans) for p, spans in self.speech.items()},
            contours={p: self._contour(p, duration_ms) for p in self.speech},
            transcriber="written",
            trust=1.0,
            role_confidence=1.0,
            attributes={n: text for n, text in self.about.items() if n not in _KNOWN},
        )
        known: dict[str, Any] = {n: text for n, text in self.about.items() if n in _KNOWN}
        return replace(made, **known) if known else made

    def _utterances(self, channel: Channel) -> list[Utterance]:
        made: list[Utterance] = []
        cursor = 0
        for seq, line in enumerate(self.says):
            start = cursor if line.at_s is None else round(line.at_s * 1000)
            is_spoken = channel is Channel.VOICE
            end = start + len(line.text) * _CHARACTER_MS if is_spoken else start
            made.append(Utterance(seq, line.party, start, end, line.text))
            cursor = end + (_PAUSE_MS if is_spoken else _MESSAGE_MS)
        return made

    def _contour(self, party: Party, duration_ms: int) -> Contour:
        count = duration_ms // STEP_MS
        levels = np.full(count, _SILENCE_DB, np.float32)
        hertz = np.full(count, np.nan, np.float32)
        for stretch in self.speech[party]:
            levels[_frames(stretch)] = SPEECH_DB
        for stretch in self.levels.get(party, ()):
            levels[_frames(stretch)] = stretch[2]
        for stretch in self.pitches.get(party, ()):
            hertz[_frames(stretch)] = stretch[2]
        return Contour(STEP_MS, levels, hertz)


def _span(stretch: Stretch) -> Span:
    return Span(round(stretch[0] * 1000), round(stretch[1] * 1000))


def _frames(stretch: Stretch) -> slice:
    return slice(round(stretch[0] * 1000) // STEP_MS, round(stretch[1] * 1000) // STEP_MS)


@dataclass(frozen=True, slots=True)
class Examples:
    """A rule's examples: ``hit`` must be found, ``miss`` must not."""

    hit: tuple[Example, ...] = ()
    miss: tuple[Example, ...] = ()


def read_examples(reading: Reading, slot: Slot) -> Examples:
    """Return the examples at ``slot``; errors are collected."""
    here = reading.fields(slot, ("hit", "miss"))
    read = {
        name: tuple(
            example
            for item in reading.items(inner)
            if (example := reading.tried(partial(_read_example, reading), item)) is not None
        )
        for name, inner in here.items()
    }
    return Examples(read.get("hit", ()), read.get("miss", ()))


def _read_example(reading: Reading, slot: Slot) -> Example:
    """One line, a list of lines, or a mapping with ``says`` and sound."""
    if isinstance(slot.node, yaml.SequenceNode):
        return Example(says=_read_lines(reading, slot))
    if not isinstance(slot.node, yaml.MappingNode):
        raise reading.refused(slot, "wrong_type", "for example {customer: 我要投诉}")
    if any(key.value in _PARTIES for key, _ in slot.node.value):
        return Example(says=(_read_line(reading, slot),))
    here = reading.fields(slot, MAPPING_FIELDS)
    sound = {n: _read_sound(reading, here[n], form) for n, form in SOUND.items() if n in here}
    channel = here.get("channel")
    seconds = here.get("seconds")
    return Example(
        says=_read_lines(reading, here["says"]) if "says" in here else (),
        channel=reading.choice(channel, Channel) if channel else None,
        seconds=reading.number(seconds) if seconds else None,
        about=_read_about(reading, here["about"]) if "about" in here else {},
        speech=sound.get("speech", {}),
        levels=sound.get("levels", {}),
        pitches=sound.get("pitches", {}),
    )


def _read_about(reading: Reading, slot: Slot) -> Mapping[str, str]:
    is_mapping = isinstance(slot.node, yaml.MappingNode)
    names = [str(key.value) for key, _ in slot.node.value] if is_mapping else ["attribute names"]
    return {name: reading.text(inner) for name, inner in reading.fields(slot, names).items()}


def _read_lines(reading: Reading, slot: Slot) -> tuple[Line, ...]:
    return tuple(_read_line(reading, item) for item in reading.items(slot))


def _read_line(reading: Reading, slot: Slot) -> Line:
    here = reading.fields(slot, LINE_FIELDS)
    at = here.pop("at", None)
    if len(here) != 1:
        raise reading.refused(slot, "one_operator", ", ".join(_PARTIES))
    party, text = next(iter(here.items()))
    return Line(Party(party), reading.text(text), reading.number(at) if at else None)


def _read_sound(
    reading: Reading, slot: Slot, form: tuple[str, ...]
) -> Mapping[Party, tuple[Stretch, ...]]:
    here = reading.fields(slot, _PARTIES)
    return {
        Party(name): tuple(_read_stretch(reading, item, form) for item in reading.items(inner))
        for name, inner in here.items()
    }


def _read_stretch(reading: Reading, slot: Slot, form: tuple[str, ...]) -> Stretch:
    figures = tuple(reading.number(item) for item in reading.items(slot))
    if len(figures) != len(form) or not 0 <= figures[0] < figures[1]:
        raise reading.refused(slot, "wrong_type", f"[{', '.join(form)}]")
    return figures
