"""Learns the coefficients of the activation score from made, labelled speech.

No recording of labelled emotional speech that we could find may be used for what is shipped: the
known sets are for research only. So the speech is made here: the sample centre's voices say its
sentences calmly and with raised vocal effort. Effort is louder, higher and brighter, which is what
a voice does (Liénard and Di Benedetto, 1999, JASA 106; Traunmüller and Eriksson, 2000, JASA 107):
espeak-ng's pitch and range rise, the level rises by 4 to 12 dB, and the spectrum above 1 kHz by a
third to two thirds of that. Calm utterances vary by themselves. In every second call an automatic
gain takes the level's rise away again, so that the score does not rest on it. Each call has three
calm utterances for a raised one, goes through a telephone line with noise, and is measured as any
call is. Real speech with labels is only ever used to judge the result (benchmarks.tone_emotion).
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from asr.contour import contours
from asr.edges import tightened
from asr.speech import regions
from asr.waveform import Waveform
from detectors.voice.activation import deviations, raw_figures
from interactions.interaction import Language
from interactions.sound import Span
from samples.cast import Customer, customer, voice
from samples.script import Manner, scenarios
from samples.sounds import RATE, line_noise, scaled
from samples.telephone import narrowed
from samples.voices import speak

SEED = 1
CALLS = 60
CALM, RAISED = 9, 3
_RIDGE = 1.0
_PAUSE_MS = 700
_SPEECH_DB, _NOISE_DB = -26.0, -55.0

_EFFORT_DB = (4.0, 12.0)
_PITCH_PER_DB = 2.0
"""espeak-ng's pitch (0 to 99) per dB: 22 steps for 11 dB, as samples.cast has for anger."""

_PITCH_SPREAD, _BALANCE_SPREAD_DB, _LEVEL_SPREAD_DB = 10.0, 2.0, 3.0
"""How much calm utterances of one person differ: about two semitones, 2 and 3 dB. Ours."""

_SHORTEST = 8

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]


def learn(calls: int = CALLS) -> dict[str, float]:
    """Return the coefficients: logits per dB, semitone and dB, and the intercept."""
    rows, labels = [], []
    for number in range(calls):
        figures, raised = call(number)
        rows.append(deviations(figures))
        labels.append(raised)
    x, y = np.concatenate(rows), np.concatenate(labels)
    x = np.column_stack([np.nan_to_num(x), np.ones(len(x))])
    found = minimize(_loss, np.zeros(4), args=(x, y.astype(np.float64)), method="BFGS").x
    names = ("loudness", "pitch", "balance", "intercept")
    return dict(zip(names, np.round(found, 3).tolist(), strict=True))


def _loss(weights: Floats, x: Floats, y: Floats) -> float:
    logits = x @ weights
    return float(
        np.sum(np.logaddexp(0.0, logits) - y * logits) + _RIDGE * weights[:3] @ weights[:3]
    )


def call(number: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Make one speaker's side of a call; return its utterances' figures and which are raised."""
    rng = Random(f"{SEED}:activation:{number}")  # noqa: S311 - a seeded generator is the point
    language = Language.ZH if number % 3 else Language.EN
    who = customer(SEED, 5_000 + number)
    said = sentences(language)
    labels = [True] * RAISED + [False] * CALM
    rng.shuffle(labels)
    has_gain = number % 2 == 0
    parts, spans, at = [], [], _PAUSE_MS
    for is_raised in labels:
        effort_db = rng.uniform(*_EFFORT_DB) if is_raised else 0.0
        sound = utterance(who, rng.choice(said), effort_db=effort_db, rng=rng)
        if has_gain:
            sound = scaled(sound, _SPEECH_DB + rng.gauss(0, 1))
        length = len(sound) * 1000 // RATE
        spans.append(Span(at, at + length))
        parts += [np.zeros(_PAUSE_MS * RATE // 1000, np.float32), sound]
        at += length + _PAUSE_MS
    track = np.concatenate([*parts, np.zeros(RATE, np.float32)])
    noise = narrowed(line_noise(len(track), np.random.default_rng(number)), RATE)
    track = (track + scaled(noise, _NOISE_DB)).astype(np.float32)
    waveform = Waveform(track[None], RATE, "pcm_mulaw", RATE)
    (contour,) = contours(waveform, tightened(waveform, regions(waveform)))
    taken = [(raw_figures(contour, span), label) for span, label in zip(spans, labels, strict=True)]
    known = [(figures, label) for figures, label in taken if figures is not None]
    return np.array([f for f, _ in known]), np.array([label for _, label in known])


def sentences(language: Language) -> list[str]:
    """Return what customers of the sample centre say, as far as no name has to be filled in."""
    told = scenarios(language).values()
    wordings = [text for one in told for text in (*one.problem, *one.angry)]
    wordings += [answer for one in told for row in one.talk for e in row for answer in e.answers]
    return sorted({text for text in wordings if "{" not in text and len(text) >= _SHORTEST})


def utterance(who: Customer, text: str, *, effort_db: float, rng: Random) -> Floats32:
    """Return a sentence said with some effort, in dB over calm speech, at 8 kHz."""
    language = Language.ZH if re.search("[\u3400-\u9fff]", text) else Language.EN
    usual = voice(who, language, Manner.CALM)
    pitch = usual.pitch + rng.gauss(0, _PITCH_SPREAD) + effort_db * _PITCH_PER_DB
    said = speak(
        replace(usual, pitch=round(min(99, max(0, pitch))), speed=usual.speed + rng.randint(-8, 8)),
        text,
    )
    sound = narrowed(said.samples, said.sample_rate)
    brighter = brightened(
        sound, effort_db * rng.uniform(1 / 3, 2 / 3) + rng.gauss(0, _BALANCE_SPREAD_DB)
    )
    return scaled(brighter, _SPEECH_DB + effort_db + rng.gauss(0, _LEVEL_SPREAD_DB))


def brightened(sound: Floats32, gain_db: float) -> Floats32:
    """Return a sound with everything above 1 kHz raised, by a shelf one octave wide."""
    spectrum = np.fft.rfft(sound)
    hz = np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 1.0)
    share = np.clip(np.log2(hz / 1000.0) + 0.5, 0.0, 1.0)
    return np.fft.irfft(spectrum * 10 ** (gain_db * share / 20), len(sound)).astype(np.float32)


def main() -> None:
    """Print the coefficients."""
    parser = argparse.ArgumentParser(description="Learn the activation score's coefficients")
    parser.add_argument("--calls", type=int, default=CALLS, help="calls to make")
    print(json.dumps(learn(parser.parse_args().calls), indent=2))


if __name__ == "__main__":
    main()
