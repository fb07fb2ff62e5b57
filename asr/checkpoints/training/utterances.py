"""Spoken utterances at 8 kHz with their labels, and the store that training draws from."""
# ruff: noqa: S311 - a seeded generator is the point

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from asr.checkpoints.training import labels
from asr.checkpoints.training.espeak import Voice
from asr.checkpoints.training.sentences import Sentences
from asr.checkpoints.training.synth import (
    SPEAK_RATE,
    Spoken,
    Unit,
    say_english,
    say_mandarin,
)
from asr.checkpoints.training.voices import CENTRE_VARIANTS, ENGLISH_VOICES, VARIANTS

RATE = 8000
"""Samples per second of a telephone call."""

FRAME_SECONDS = 0.02
"""Seconds per encoder frame of Whisper."""

_CENTRE_SHARE = 0.9
_RATES = {"zh": ((195, 238), (238, 285)), "en": ((154, 186), (186, 224))}
"""Words a minute of calm and of angry people, a little beyond the sample centre's."""
_HURRIED_SHARE = 0.25
_EDGE_SILENCE = 1e-3 * 32768
_MARGIN = 0.02


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one voice says, trimmed of silence around it; times in seconds."""

    samples: NDArray[np.int16]
    text: str
    language: str
    units: tuple[Unit, ...]
    frames: NDArray[np.int16]
    """Labels (4, n): onset, rime, tone, ordinal of the unit within the utterance from 1."""

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self.samples) / RATE


@dataclass(frozen=True, slots=True)
class Mix:
    """What is said: shares of the sentences, the rest are loose words; and how much in English."""

    domain: float
    general: float
    english: float = 0.5


LISTENING = Mix(0.35, 0.45)
"""A decoder that hears mostly grammar guesses its sentences instead of listening."""

TALKING = Mix(0.78, 0.14)
"""One that listens may learn how people talk."""

BOTH = Mix(0.6, 0.3, english=0.4)

MANDARIN = Mix(0.6, 0.3, english=0.3)
"""English is soon good enough; in Mandarin the tones and the many words of one sound are not."""


class Talkers:
    """Endless utterances in both languages from one seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._sentences = {language: Sentences(language) for language in ("zh", "en")}

    def utterances(self, count: int, mix: Mix) -> Iterator[Utterance]:
        """``count`` new utterances."""
        while count:
            language = "en" if self._chance.random() < mix.english else "zh"
            utterance = self.say(self.text(language, mix), language)
            if utterance is not None:
                count -= 1
                yield utterance

    def text(self, language: str, mix: Mix) -> str:
        """A sentence of the domain, a general one, or loose words."""
        draw = self._chance.random()
        sentences = self._sentences[language]
        if draw < mix.domain:
            return sentences.domain(self._chance)
        return (
            sentences.general(self._chance)
            if draw < mix.domain + mix.general
            else sentences.short(self._chance)
        )

    def voice(self, language: str) -> Voice:
        """A voice by chance."""
        chance = self._chance
        centre = chance.random() < _CENTRE_SHARE
        variant = chance.choice(CENTRE_VARIANTS if centre else ("", *VARIANTS))
        name = "cmn-latn-pinyin" if language == "zh" else chance.choice(ENGLISH_VOICES)
        return Voice(
            name=f"{name}+{variant}" if variant else name,
            rate=chance.randint(*_RATES[language][chance.random() < _HURRIED_SHARE]),
            pitch=chance.randint(38, 88),
            pitch_range=chance.randint(36, 80),
        )

    def say(self, text: str, language: str, voice: Voice | None = None) -> Utterance | None:
        """Speaks a text; None where espeak-ng's events do not fit it."""
        voice = voice or self.voice(language)
        spoken = (say_mandarin if language == "zh" else say_english)(text, voice)
        if spoken is None or not spoken.units:
            return None
        return _trimmed(spoken, text, language)


class Store:
    """Utterances kept to be used again with other noise and neighbours.

    Every draw replaces a part of what is kept by new speech, so that a long run hears few
    utterances often.
    """

    def __init__(self, seed: int, *, size: int) -> None:
        self._talk = Talkers(seed)
        self._chance = random.Random(seed + 1)
        self._size = size
        self._kept: list[Utterance] = []

    def refresh(self, count: int, mix: Mix) -> None:
        """Speaks ``count`` new utterances."""
        for utterance in self._talk.utterances(count, mix):
            if len(self._kept) < self._size:
                self._kept.append(utterance)
            else:
                self._kept[self._chance.randrange(self._size)] = utterance

    def draw(self, longest: float) -> Utterance | None:
        """An utterance of at most ``longest`` seconds, or None where none was found soon."""
        for _ in range(40):
            utterance = self._chance.choice(self._kept)
            if utterance.seconds <= longest:
                return utterance
        return None


def _trimmed(spoken: Spoken, text: str, language: str) -> Utterance | None:
    loud = np.flatnonzero(np.abs(spoken.samples) > _EDGE_SILENCE)
    if not len(loud):
        return None
    first = max(0, int(loud[0]) - int(_MARGIN * SPEAK_RATE))
    last = int(loud[-1]) + int(_MARGIN * SPEAK_RATE)
    sound = spoken.samples[first:last].astype(np.float32)
    samples = np.clip(soxr.resample(sound, SPEAK_RATE, RATE, "MQ"), -32768, 32767)
    offset = first / SPEAK_RATE
    end = (last - first) / SPEAK_RATE
    units = tuple(
        Unit(max(0.0, u.start - offset), min(end, u.end - offset), u.first, u.last, u.sound)
        for u in spoken.units
    )
    frames = _frames(spoken, units, offset, int(end / FRAME_SECONDS) + 1, language)
    return Utterance(samples.astype(np.int16), text, language, units, frames)


def _frames(
    spoken: Spoken, units: tuple[Unit, ...], offset: float, count: int, language: str
) -> NDArray[np.int16]:
    frames = np.zeros((4, count), np.int16)
    for ordinal, unit in enumerate(units, start=1):
        where = slice(round(unit.start / FRAME_SECONDS), round(unit.end / FRAME_SECONDS))
        frames[3, where] = ordinal
        if language == "zh":
            frames[:3, where] = np.array(labels.syllable_labels(unit.sound))[:, None]
        else:
            frames[1, where] = labels.UNKNOWN
            frames[2, where] = labels.ENGLISH_TONE
    for phone in spoken.phones if language == "en" else ():
        start = round((phone.start - offset) / FRAME_SECONDS)
        end = round((phone.end - offset) / FRAME_SECONDS)
        frames[0, max(0, start) : max(0, end)] = labels.phone_label(phone.name)
    return frames
