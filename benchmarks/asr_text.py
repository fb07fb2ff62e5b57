"""What is heard: our engine beside plain ``whisper.transcribe``, same weights, same sound.

Cases:
    zh, en: the unseen sentences of ``asr/checkpoints/training/unseen``, spoken by the voices of the
        sample centre, at 8 kHz through G.711 with noise 20 dB under the speech (see
        ``asr.checkpoints.training.evaluate``), one after the other on one track with a second of
        silence between, as ``whisper.transcribe`` wants sound: long.
    calls_zh, calls_en: ordinary two-track calls of the sample centre, each party on its own track.
    word_times: the same sentences of both languages: where each character or word begins.
    silence: minutes of silence, line noise, ring-back and hold music, a quarter each: nobody
        speaks.

Engines: ``ours`` (regions, packing, ``asr.whisper_engine``, the gates), ``whisper``
(``whisper.transcribe`` as it is, in fp32, with ``word_timestamps`` for the times and as many beams
as ours, no text before conditioning the next; in calls and in silence greedy, else it hardly
ends).

Metrics: ``cer`` and ``wer``, edits per character or word without punctuation; ``median_ms``, the
median distance between the true and the found beginning over the characters and words that were
recognised; ``words``, how many were written in ``minutes`` although nobody spoke (two minutes for
``whisper``, which takes hours for an hour).
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import Any

import numpy as np
import soxr
import torch
import whisper
from numpy.typing import NDArray
from whisper.model import Whisper

from asr.checkpoints.training.evaluate import Case, cases, characters, error_rate, words
from asr.speech import regions
from asr.transcriber import Job
from asr.trust import units
from asr.waveform import WIDE_HZ, Waveform
from asr.weights import WeightsError, find
from asr.whisper_engine import Options, WhisperEngine
from asr.whisper_model import quietly, read_model
from asr.words import Timed, words_of
from benchmarks._report import Figures, options, show
from benchmarks._speech import Call, told_calls
from interactions.interaction import Language, Utterance, Word
from interactions.text import normal
from samples.sounds import RATE, hold_music, line_noise, ms_to_samples, ring_back, scaled

LEAD_MS = 400
"""Silence that ``evaluate.cases`` lays before each sentence."""

PAUSE_MS = 1000
CALLS = 3

KINDS = ("silence", "line noise", "ring-back", "hold music")
RING_S = 5
NOISE_DB, MUSIC_DB, RING_DB = -43.0, -28.0, -22.0
"""Levels of the sample centre: its noisiest line, hold music and ring-back."""

LONGEST_MS = 300_000

QUICK_SENTENCES = 8
QUIET_MINUTES, MINUTES = 2, 60

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Track:
    """Sentences one after the other.

    Attributes:
        sound: At ``RATE``, shape ``(n,)``.
        text: What is said.
        units: Each character or word said and where it begins, in milliseconds.
    """

    sound: Sound
    text: str
    units: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What an engine made of a sound: its text and its words, in milliseconds."""

    text: str
    words: tuple[Word, ...]


Engine = Callable[[Sequence[Waveform], Language], list[list[Heard]]]
"""What is heard on each track of each recording."""


def ours(model: Whisper) -> Engine:
    """Return our engine, as a night uses it."""
    engine = WhisperEngine(model, "whisper", Options(device="cpu"))

    def hear(sounds: Sequence[Waveform], language: Language) -> list[list[Heard]]:
        jobs = [Job(sound, regions(sound), language) for sound in sounds]
        return [
            [_kept(track) for track in transcription.tracks]
            for transcription in engine.transcribe_many(jobs)
        ]

    return hear


def _kept(track: Sequence[Utterance]) -> Heard:
    kept = [one for one in track if one.dropped_because is None]
    return Heard(" ".join(one.text for one in kept), tuple(w for one in kept for w in one.words))


def plain(model: Whisper, *, greedy: bool = False) -> Engine:
    """Return ``whisper.transcribe``, which hears one sound after the other.

    Args:
        model: The weights.
        greedy: Hear each 30 s once and without beams: by itself it goes on from the last time it
            wrote and hears what is doubtful up to six times, which hardly ends where little is
            said.
    """
    more: dict[str, Any] = {"condition_on_previous_text": False}
    if greedy:
        more |= {"temperature": 0.0, "without_timestamps": True}
    else:
        more["beam_size"] = int(getattr(model, "beam_size", 1))

    def hear(sounds: Sequence[Waveform], language: Language) -> list[list[Heard]]:
        return [
            [_transcribed(model, track, language, more) for track in sound.whole()]
            for sound in sounds
        ]

    return hear


def _transcribed(
    model: Whisper, sound: Sound, language: Language, more: Mapping[str, Any]
) -> Heard:
    wide = soxr.resample(sound, RATE, WIDE_HZ).astype(np.float32)
    with quietly(), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = whisper.transcribe(
            model, wide, language=language.value, fp16=False, word_timestamps=True, **more
        )
    timed = [
        Timed(word["start"] * 1000, word["end"] * 1000, word["word"], word["probability"])
        for segment in found["segments"]
        for word in segment["words"]
    ]
    return Heard(str(found["text"]), words_of(timed))


ENGINES = ("ours", "whisper")


def waveform(sound: Sound) -> Waveform:
    """Return sound as a recording of one track."""
    return Waveform(sound[None], RATE, "pcm_mulaw", RATE)


def laid(given: Sequence[Case]) -> Track:
    """Return sentences one after the other with silence between."""
    sounds: list[Sound] = []
    units: list[tuple[str, int]] = []
    at = 0
    for case in given:
        text, begins = case.utterance.text, at * 1000 // RATE + LEAD_MS
        units += [
            (normal(text[unit.first :]).text[:1], round(1000 * unit.start) + begins)
            for unit in case.utterance.units
        ]
        sounds += [case.sound.astype(np.float32), np.zeros(ms_to_samples(PAUSE_MS), np.float32)]
        at += len(sounds[-2]) + len(sounds[-1])
    return Track(
        np.concatenate(sounds), " ".join(case.utterance.text for case in given), tuple(units)
    )


def text_errors(given: Track, heard: Heard, language: Language) -> float:
    """Return the share of characters (zh) or words (en) that are wrong."""
    split = characters if language is Language.ZH else words
    return error_rate([split(normal(given.text).text)], [split(normal(heard.text).text)])


def time_errors(given: Track, heard: Heard) -> list[float]:
    """Return how far each recognised character's or word's beginning is off, in milliseconds."""
    found = [(normal(word.text).text[:1], word.start_ms) for word in heard.words]
    matcher = SequenceMatcher(
        None, [name for name, _ in given.units], [name for name, _ in found], autojunk=False
    )
    return [
        abs(found[block.b + i][1] - given.units[block.a + i][1])
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    ]


def call_errors(given: Sequence[Call], hear: Engine, language: Language) -> float:
    """Return the share of wrong characters or words in calls, party by party.

    A party is the track that fits what it said better: which is whose is not asked here.
    """
    split = characters if language is Language.ZH else words
    said, found = [], []
    for call in given:
        (heard,) = hear([call.sound], language)
        tracks = [split(normal(one.text).text) for one in heard]
        for text in call.said:
            wanted = split(normal(text).text)
            said.append(wanted)
            found.append(min(tracks, key=partial(_wrong, wanted)))
    return error_rate(said, found)


def _wrong(wanted: Sequence[str], found: Sequence[str]) -> float:
    return error_rate([wanted], [found])


def quiet_sounds(minutes: int) -> list[Sound]:
    """Return sound in which nobody speaks, in pieces of at most five minutes."""
    pieces: list[Sound] = []
    random = np.random.default_rng(7)
    left_ms = minutes * 60_000 // len(KINDS)
    while left_ms > 0:
        length = ms_to_samples(min(left_ms, LONGEST_MS))
        noise = scaled(line_noise(length, random), NOISE_DB)
        ring = ring_back(length // (RING_S * RATE) + 2, RING_DB)[:length]
        music = hold_music(length, MUSIC_DB, random)
        pieces += [np.zeros(length, np.float32), noise, ring + noise, music + noise]
        left_ms -= LONGEST_MS
    return pieces


def run(model: Whisper, *, quick: bool, engines: Sequence[str] = ENGINES) -> Figures:
    """Return ``{case: {engine: {metric: value}}}``."""
    limit = QUICK_SENTENCES if quick else None
    spoken = {
        language: laid(cases(language.value, limit)) for language in (Language.ZH, Language.EN)
    }
    told = {language: told_calls(language, 1 if quick else CALLS) for language in spoken}
    names = ("zh", "en", "calls_zh", "calls_en", "word_times", "silence")
    figures: Figures = {name: {} for name in names}
    for name in engines:
        hear = ours(model) if name == "ours" else plain(model, greedy=quick)
        once = hear if name == "ours" else plain(model, greedy=True)
        off: list[float] = []
        for language, metric in ((Language.ZH, "cer"), (Language.EN, "wer")):
            given = spoken[language]
            ((heard,),) = hear([waveform(given.sound)], language)
            share = text_errors(given, heard, language)
            figures[language.value][name] = {metric: round(share, 4)}
            off += time_errors(given, heard)
            if name == "ours" or not quick:
                share = call_errors(told[language], once, language)
                figures[f"calls_{language.value}"][name] = {metric: round(share, 4)}
        if off:
            figures["word_times"][name] = {"median_ms": round(float(np.median(off)), 1)}
        if quick and name != "ours":
            continue
        minutes = QUIET_MINUTES if quick or name != "ours" else MINUTES
        quiet = [waveform(sound) for sound in quiet_sounds(minutes)]
        invented = sum(len(units(one.text)) for (one,) in once(quiet, Language.ZH))
        figures["silence"][name] = {"words": float(invented), "minutes": float(minutes)}
    return figures


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    parser = options(
        __doc__,
        quick="fewer sentences, whisper.transcribe without beams, second tries, calls and silence",
    )
    parser.add_argument("--weights", default="", help="other weights than those in the box")
    parser.add_argument("--threads", type=int, default=1, help="threads of every engine")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    try:
        model, identity = read_model(find(chosen.weights))
    except WeightsError as error:
        print(json.dumps({}) if chosen.json else f"all cases left out: {error}")
        return
    figures = run(model, quick=chosen.quick)
    columns = dict.fromkeys(("cer", "wer", "median_ms", "words", "minutes"), ".4g")
    show(figures, columns, title=f"Speech recognition, {identity}", as_json=chosen.json)


if __name__ == "__main__":
    main()
