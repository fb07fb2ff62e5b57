"""How well a checkpoint hears unseen sentences: ``python -m asr.checkpoints.training.evaluate``.

The sentences in ``unseen/`` are made by no grammar. They are spoken by the voices of the sample
centre at 8 kHz through G.711 with noise 20 dB under the speech, and decoded greedily by
``whisper.decode`` on its own zero-padded 30-second windows.
"""
# ruff: noqa: S311 - a seeded generator is the point

import argparse
import json
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import soxr
import torch
import whisper
from pypinyin import Style, lazy_pinyin
from whisper.model import Whisper
from whisper.timing import find_alignment

from asr.checkpoints.training import channel
from asr.checkpoints.training.espeak import Voice
from asr.checkpoints.training.tokens import tokenizer, written
from asr.checkpoints.training.utterances import RATE, Talkers, Utterance
from asr.checkpoints.training.voices import CENTRE_VARIANTS, ENGLISH_VOICES

NOISE_DB = 20.0
_LEAD_SECONDS = 0.4
_SEED = 99
_BATCH = 8


@dataclass(frozen=True, slots=True)
class Case:
    """An unseen sentence as the telephone delivers it."""

    utterance: Utterance
    sound: "np.ndarray[tuple[int], np.dtype[np.float32]]"


def cases(language: str, limit: int | None = None) -> list[Case]:
    """The unseen sentences of one language, spoken and sent through the telephone."""
    text = resources.files(__package__).joinpath("unseen", f"{language}.txt")
    chance, noise = random.Random(_SEED), np.random.default_rng(_SEED)
    talkers = Talkers(_SEED)
    made: list[Case] = []
    for sentence in text.read_text(encoding="utf-8").split("\n")[:limit]:
        if not sentence:
            continue
        name = "cmn-latn-pinyin" if language == "zh" else chance.choice(ENGLISH_VOICES)
        variant = chance.choice(CENTRE_VARIANTS)
        voice = Voice(
            name=f"{name}+{variant}" if variant else name,
            rate=chance.randint(200, 232) if language == "zh" else chance.randint(158, 182),
            pitch=chance.randint(42, 66),
            pitch_range=chance.randint(40, 60),
        )
        utterance = talkers.say(sentence, language, voice)
        if utterance is None:
            raise RuntimeError(f"espeak-ng did not say {sentence!r}")
        quiet = np.zeros(round(_LEAD_SECONDS * RATE), np.float32)
        speech = np.concatenate([quiet, utterance.samples.astype(np.float32) / 32768, quiet])
        made.append(Case(utterance, channel.telephone(np.float32(0.5) * speech, NOISE_DB, noise)))
    return made


def spectrogram(case: Case) -> torch.Tensor:
    """Whisper's own 30-second window of a case."""
    wide = soxr.resample(case.sound, RATE, whisper.audio.SAMPLE_RATE).astype(np.float32)
    window: torch.Tensor = whisper.log_mel_spectrogram(whisper.pad_or_trim(wide))
    return window


def heard(model: Whisper, given: Sequence[Case], *, timed: bool = False) -> list[str]:
    """The text that ``whisper.decode`` gives for every case."""
    texts: list[str] = []
    for start in range(0, len(given), _BATCH):
        mel = torch.stack([spectrogram(case) for case in given[start : start + _BATCH]])
        options = whisper.DecodingOptions(
            language=given[0].utterance.language, fp16=False, without_timestamps=not timed
        )
        texts += [result.text for result in whisper.decode(model, mel, options)]
    return texts


def error_rate(wanted: Sequence[Sequence[str]], got: Sequence[Sequence[str]]) -> float:
    """Edits needed (substitute, insert, delete) over the wanted units, of all cases together."""
    edits = sum(_distance(a, b) for a, b in zip(wanted, got, strict=True))
    return edits / sum(len(a) for a in wanted)


def characters(text: str) -> list[str]:
    """Chinese characters and other letters, without punctuation or spaces."""
    return re.findall(r"[^\W_]", text)


def words(text: str) -> list[str]:
    """Lower-case English words."""
    return re.findall(r"[a-z']+", text.lower())


def syllables(text: str) -> list[str]:
    """Toneless pinyin: what is left of an error when homophones are forgiven."""
    return lazy_pinyin("".join(characters(text)), style=Style.NORMAL)


def word_errors(model: Whisper, given: Sequence[Case]) -> list[float]:
    """Milliseconds between true and found start of every unit, from cross-attention."""
    errors: list[float] = []
    for case in given:
        ids = tokenizer(case.utterance.language)
        text = written(case.utterance)
        lead = len(text) - len(case.utterance.text)
        frames = round(len(case.sound) / RATE * 100)
        timings = find_alignment(model, ids, ids.encode(text), spectrogram(case), frames)
        starts = {u.first: u.start + _LEAD_SECONDS for u in case.utterance.units}
        at = 0
        for timing in timings:
            position = max(0, at + len(timing.word) - len(timing.word.lstrip()) - lead)
            at += len(timing.word)
            if position in starts:
                errors.append(1000 * abs(timing.start - starts[position]))
    return errors


def figures(path: Path, limit: int | None = None) -> dict[str, float]:
    """Every figure of the card for the checkpoint at ``path``."""
    model = whisper.load_model(str(path), device="cpu")
    found: dict[str, float] = {}
    for language, split in (("zh", characters), ("en", words)):
        given = cases(language, limit)
        wanted = [case.utterance.text for case in given]
        for timed in (False, True):
            got = heard(model, given, timed=timed)
            name = f"{'cer' if language == 'zh' else 'wer'}_{language}" + "_timed" * timed
            found[name] = error_rate([split(t) for t in wanted], [split(t) for t in got])
            if language == "zh":
                sounds = ([syllables(t) for t in wanted], [syllables(t) for t in got])
                found[f"pinyin_error_{language}" + "_timed" * timed] = error_rate(*sounds)
            for a, b in zip(wanted, got, strict=True):
                if not timed:
                    sys.stderr.write(f"{a}\n    {b}\n")
        errors = word_errors(model, given)
        found[f"word_times_{language}_median_ms"] = float(np.median(errors))
    return found


def _distance(a: Sequence[str], b: Sequence[str]) -> int:
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, right in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def main() -> None:
    """Command line: prints the figures as JSON and what was heard to standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--limit", type=int, default=None, help="sentences per language")
    options = parser.parse_args()
    torch.set_num_threads(1)
    sys.stdout.write(json.dumps(figures(options.checkpoint, options.limit), indent=1) + "\n")


if __name__ == "__main__":
    main()
