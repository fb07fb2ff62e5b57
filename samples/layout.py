"""When each line of a call is said: the lines spoken and laid out in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from interactions.interaction import Word
from interactions.sound import Party
from samples.script import Line, Manner, Pause
from samples.sounds import RATE, Sound
from samples.telephone import narrowed
from samples.voices import Speech

# Time from one party's end to the other's start, in ms, as (share, least, most). CallHome Mandarin
# has a median of 0 and a 90th percentile of 920 ms; service calls are more orderly, so the overlaps
# here are short, and agents type before they answer.
_TRANSFERS = ((0.22, -350, -40), (0.63, 80, 700), (0.15, 700, 1500))
_OWN_PAUSE_MS = (250, 700)
_PAUSES_MS = {
    Pause.HOLD: (9_000, 15_000),
    Pause.HOLD_MUSIC: (12_000, 20_000),
    Pause.SILENCE: (10_000, 15_000),
}
_TALK_OVER_MS = (1_500, 2_600)
_LEAST_BEFORE_CUT_IN_MS = 600
# A listener's "mm" comes in the second half of a long utterance, a little quieter than speech.
_BACKCHANNEL_SHARE = 0.3
_BACKCHANNEL_AFTER_MS = 3_200
_BACKCHANNEL_DB = -4.0
_LEAD_MS = (500, 1_300)
_TAIL_MS = (400, 900)
# How much louder angry speech is: shouting at a distance is +8 dB and more (ISO 9921: raised to
# loud vocal effort is 6 dB a step).
_ANGRY_DB = 8.0
# Music starts and ends a moment after the agent leaves and before the agent is back.
_MUSIC_EDGE_MS = (700, 400)
_ACTIVE_RANGE = 0.03
_FRAME = RATE // 100


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line with its time in the call; word times count from the call's start too."""

    line: Line
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something planted.

    Attributes:
        kind: ``silence``, ``talk_over``, ``raised_voice``, ``hold_music`` or ``ring_back``.
        party: Who does it; None for what is nobody's.
        announced: For a silence: did the agent say that there would be one?
    """

    kind: str
    party: Party | None
    start_ms: int
    end_ms: int
    announced: bool | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A call in time, in the order of the starts."""

    spoken: tuple[Spoken, ...]
    events: tuple[Event, ...]
    duration_ms: int


def lay_out(
    lines: Sequence[Line],
    *,
    say: Callable[[Line], Speech],
    backchannels: Sequence[str],
    levels_db: dict[Party, float],
    start_ms: int,
    rng: Random,
) -> tuple[Layout, list[tuple[Spoken, Sound]]]:
    """Speak the lines and give each its time.

    Args:
        lines: What is said.
        say: Speaks a line.
        backchannels: What a listener says in between.
        levels_db: Level of calm speech by party, dB relative to full scale.
        start_ms: Before this nobody speaks (it rings).
        rng: Draws the times.

    Returns:
        The layout, and each line with its sound at 8 kHz.
    """
    timing = _Timing(say=say, backchannels=backchannels, levels_db=levels_db, rng=rng)
    timing.end_ms = start_ms + rng.randint(*_LEAD_MS)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        timing.place(line)
        if following is not None and not following.cuts_in:
            timing.backchannel(line)
    placed = sorted(timing.spoken, key=lambda pair: (pair[0].start_ms, pair[0].end_ms))
    duration_ms = timing.end_ms + rng.randint(*_TAIL_MS)
    spoken = tuple(s for s, _ in placed)
    events = tuple(sorted(timing.events, key=lambda e: (e.start_ms, e.kind)))
    return Layout(spoken, events, duration_ms), placed


class _Timing:
    def __init__(
        self,
        *,
        say: Callable[[Line], Speech],
        backchannels: Sequence[str],
        levels_db: dict[Party, float],
        rng: Random,
    ) -> None:
        self.spoken: list[tuple[Spoken, Sound]] = []
        self.events: list[Event] = []
        self.end_ms = 0
        self._say = say
        self._backchannels = backchannels
        self._levels_db = levels_db
        self._rng = rng
        self._last: Spoken | None = None

    def place(self, line: Line) -> None:
        sound, words = self._sound(line)
        duration_ms = len(sound) * 1000 // RATE
        start_ms = self._start(line, duration_ms)
        spoken = self._add(line, sound, words, start_ms)
        if line.manner is Manner.ANGRY:
            self._event("raised_voice", line.party, start_ms, spoken.end_ms)
        self._last = spoken
        self.end_ms = max(self.end_ms, spoken.end_ms)

    def backchannel(self, line: Line) -> None:
        last = self._last
        if last is None or line.manner is Manner.ANGRY:
            return
        length_ms = last.end_ms - last.start_ms
        if length_ms < _BACKCHANNEL_AFTER_MS or self._rng.random() > _BACKCHANNEL_SHARE:
            return
        listener = Party.CUSTOMER if line.party is Party.AGENT else Party.AGENT
        mm = Line(party=listener, text=self._rng.choice(self._backchannels))
        sound, words = self._sound(mm, gain_db=_BACKCHANNEL_DB)
        start_ms = last.start_ms + round(length_ms * self._rng.uniform(0.5, 0.7))
        self._add(mm, sound, words, start_ms)

    def _start(self, line: Line, duration_ms: int) -> int:
        last = self._last
        if last is None:
            return self.end_ms
        if line.cuts_in:
            return self._cut_in(line, last, duration_ms)
        if line.pause in _PAUSES_MS:
            return self._paused(line)
        if line.party is last.line.party:
            return self.end_ms + self._rng.randint(*_OWN_PAUSE_MS)
        shares = [share for share, _, _ in _TRANSFERS]
        _, least, most = self._rng.choices(_TRANSFERS, weights=shares)[0]
        # Nobody answers before half of the question is out.
        half = last.start_ms + (last.end_ms - last.start_ms) // 2
        return max(last.end_ms + self._rng.randint(least, most), half)

    def _cut_in(self, line: Line, last: Spoken, duration_ms: int) -> int:
        most_ms = last.end_ms - last.start_ms - _LEAST_BEFORE_CUT_IN_MS
        overlap_ms = min(self._rng.randint(*_TALK_OVER_MS), duration_ms, most_ms)
        start_ms = last.end_ms - overlap_ms
        self._event("talk_over", line.party, start_ms, last.end_ms)
        return start_ms

    def _paused(self, line: Line) -> int:
        start_ms = self.end_ms + self._rng.randint(*_PAUSES_MS[line.pause])
        announced = line.pause is not Pause.SILENCE
        self.events.append(
            Event(
                kind="silence",
                party=None,
                start_ms=self.end_ms,
                end_ms=start_ms,
                announced=announced,
            )
        )
        if line.pause is Pause.HOLD_MUSIC:
            after, before = _MUSIC_EDGE_MS
            self._event("hold_music", Party.SYSTEM, self.end_ms + after, start_ms - before)
        return start_ms

    def _sound(self, line: Line, gain_db: float = 0.0) -> tuple[Sound, tuple[Word, ...]]:
        speech = self._say(line)
        level_db = self._levels_db[line.party] + gain_db
        if line.manner is Manner.ANGRY:
            level_db += _ANGRY_DB
        sound = narrowed(speech.samples, speech.sample_rate)
        return _at_level(sound, level_db), speech.words

    def _add(self, line: Line, sound: Sound, words: tuple[Word, ...], start_ms: int) -> Spoken:
        end_ms = start_ms + len(sound) * 1000 // RATE
        shifted = tuple(
            Word(start_ms + w.start_ms, min(start_ms + w.end_ms, end_ms), w.text) for w in words
        )
        spoken = Spoken(line, start_ms, end_ms, shifted)
        self.spoken.append((spoken, sound))
        return spoken

    def _event(self, kind: str, party: Party, start_ms: int, end_ms: int) -> None:
        self.events.append(Event(kind=kind, party=party, start_ms=start_ms, end_ms=end_ms))


def _at_level(sound: Sound, level_db: float) -> Sound:
    # By the speech in it: frames within 30 dB of the loudest, as ITU-T P.56 leaves out the pauses.
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    power = np.mean(frames**2, axis=1)
    active = power[power > power.max() * _ACTIVE_RANGE**2]
    gain = 10 ** (level_db / 20) / np.sqrt(active.mean())
    return (sound * np.float32(gain)).astype(np.float32)
