"""Training windows: utterances packed into a stretch of a call, with every target."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
import torch
import whisper
from numpy.typing import NDArray
from whisper.tokenizer import Tokenizer

from asr.checkpoints.training import channel, labels
from asr.checkpoints.training.tokens import Aligned, tokenizer, words_of
from asr.checkpoints.training.utterances import (
    FRAME_SECONDS,
    RATE,
    Store,
    Utterance,
)

FRAMES_PER_SECOND = round(1 / FRAME_SECONDS)
_WHISPER_RATE = 16_000
_POSITIONS = 1500
_IGNORED = 0.0
_CLEAN_SHARE = 0.15
_CODED_SHARE = 0.8
_ZEROED_SHARE = 0.4
_CLOSE_SHARE = 0.4
_TRIES = 24
_SORTED_BATCHES = 4  # made at once and sorted, so that few rows of the decoder are padding
_SHORT_SECONDS, _SHORT_GAP, _GAP = 4.0, 0.1, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How windows of a training stage look."""

    seconds: float
    """Length of the window; whisper's own is 30."""
    count: int
    """Windows in a batch."""
    most: int
    """Utterances in a window at most."""
    crop: bool = False
    """Whether windows are cut anywhere, for frame labels only."""
    silent: float = 0.02
    """Share of windows in which nobody speaks."""


Targets = tuple[tuple[int, ...], tuple[float, ...], tuple[tuple[int, int, int], ...]]
"""Tokens, weights and spans, as in ``Window``."""


@dataclass(frozen=True, slots=True)
class Window:
    """One window's sound at 8 kHz and its targets."""

    sound: NDArray[np.float32]
    frames: NDArray[np.int64]
    tokens: tuple[int, ...]
    weights: tuple[float, ...]
    """Weight of predicting token i+1 after token i."""
    spans: tuple[tuple[int, int, int], ...]
    """(row of the decoder, first frame, frame after the last) that the row should attend to."""
    first: int = 0
    """Frames of whisper's 30-second window before this one: short windows stand anywhere in it,
    so that every position of the encoder is known before the windows grow long."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors; rows are padded with end-of-text of weight 0."""

    mel: torch.Tensor
    frames: torch.Tensor
    tokens: torch.Tensor
    weights: torch.Tensor
    guide: torch.Tensor
    """(windows, rows, frames), every guided row summing to one, others zero."""
    first: torch.Tensor
    """(windows,): position of each window's first frame."""

    def to(self, device: str) -> "Batch":
        """The same on a device."""
        parts = (self.mel, self.frames, self.tokens, self.weights, self.guide, self.first)
        mel, frames, tokens, weights, guide, first = (part.to(device) for part in parts)
        return Batch(mel, frames, tokens, weights, guide, first)


class WindowMaker:
    """Makes batches of windows from a store of utterances."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store = store
        self._chance = np.random.default_rng(seed)
        self._ready: dict[Shape, list[list[Window]]] = {}

    def batch(self, shape: Shape) -> Batch:
        """A batch of windows of one length, with about equally many tokens."""
        if not self._ready.get(shape):
            self._ready[shape] = self._sorted(shape)
        return stacked(self._ready[shape].pop(), shape.seconds)

    def _sorted(self, shape: Shape) -> list[list[Window]]:
        batches = 1 if shape.crop else _SORTED_BATCHES
        windows = [self._window(shape) for _ in range(shape.count * batches)]
        windows.sort(key=lambda window: len(window.tokens))
        ready = [windows[i : i + shape.count] for i in range(0, len(windows), shape.count)]
        return [ready[i] for i in self._chance.permutation(len(ready))]

    def _window(self, shape: Shape) -> Window:
        chance = self._chance
        if chance.random() < shape.silent:
            return _silent(shape.seconds, chance)
        placed = self._cropped(shape) if shape.crop else self._placed(shape)
        sound = _laid(placed, shape.seconds)
        gain = 10 ** (chance.uniform(-26, 3) / 20)
        quiet = chance.random() < _CLEAN_SHARE  # digitally clean
        noise_db = 60.0 if quiet else float(np.clip(chance.normal(23, 6), 12, 45))
        coded = bool(chance.random() < _CODED_SHARE)
        heard = channel.telephone(sound * gain, noise_db, chance, coded=coded)
        if chance.random() < _ZEROED_SHARE:  # zeros after the last word, as whisper pads
            last = max(at + utterance.seconds for at, utterance in placed) + chance.uniform(0, 0.5)
            heard[int(max(last, 0.3) * RATE) :] = 0
        frames = _frames(placed, shape.seconds)
        room = _POSITIONS - round(shape.seconds * FRAMES_PER_SECOND)
        first = int(chance.integers(room + 1)) if chance.integers(2) else 0
        if shape.crop:
            return Window(heard, frames, (0, 0), (0.0,), (), first)
        timed = bool(chance.integers(2))
        aligned = words_of(placed, shape.seconds, timed=timed, before=first * FRAME_SECONDS)
        return Window(heard, frames, *_targets(aligned), first)

    def _cropped(self, shape: Shape) -> list[tuple[float, Utterance]]:
        chance = self._chance
        at = float(chance.uniform(-1.0, 0.3))
        placed: list[tuple[float, Utterance]] = []
        while at < shape.seconds:
            utterance = self._store.draw(60.0)
            if utterance is None:
                break
            placed.append((at, utterance))
            at += utterance.seconds + float(chance.uniform(0.0, 0.3))
        return placed

    def _placed(self, shape: Shape) -> list[tuple[float, Utterance]]:
        chance = self._chance
        gaps = _SHORT_GAP if shape.seconds < _SHORT_SECONDS else _GAP
        at = float(chance.exponential(gaps))
        placed: list[tuple[float, Utterance]] = []
        wanted = int(chance.integers(1, shape.most + 1))
        language = ""  # the first one's
        for _ in range(_TRIES):
            utterance = self._store.draw(shape.seconds - at - 0.04)
            if utterance is None and not placed:
                at = 0.0
            elif utterance is None or len(placed) == wanted:
                break
            elif utterance.language == language or not placed:
                language = utterance.language
                placed.append((at, utterance))
                at += utterance.seconds + 0.1 + float(chance.exponential(gaps))
        if not placed:
            raise RuntimeError(f"no utterance fits a window of {shape.seconds} s")
        return self._moved(placed, shape.seconds) if chance.random() < _CLOSE_SHARE else placed

    def _moved(
        self, placed: list[tuple[float, Utterance]], seconds: float
    ) -> list[tuple[float, Utterance]]:
        """The same, ending where the window ends."""
        end = max(at + utterance.seconds for at, utterance in placed)
        later = max(0.0, seconds - end - float(self._chance.uniform(0.04, 0.25)))
        return [(at + later, utterance) for at, utterance in placed]


def stacked(windows: Sequence[Window], seconds: float) -> Batch:
    """Windows as one batch: log-mel spectrograms and padded targets."""
    sound = np.stack([window.sound for window in windows], axis=1)
    wide = soxr.resample(sound, RATE, _WHISPER_RATE, "MQ").T
    count = round(seconds * _WHISPER_RATE)
    wide = np.ascontiguousarray(wide[:, :count], np.float32)
    mel = torch.stack([whisper.log_mel_spectrogram(torch.from_numpy(row)) for row in wide])
    targets = [(window.tokens, window.weights, window.spans) for window in windows]
    labelled = torch.from_numpy(np.stack([window.frames for window in windows]))
    positions = torch.tensor([window.first for window in windows])
    frames = round(seconds * FRAMES_PER_SECOND)
    return Batch(mel, labelled, *_padded(targets, frames), positions)


def _padded(
    targets: Sequence[Targets], frames: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    rows = max(len(tokens) for tokens, _, _ in targets) - 1
    tokens = torch.full((len(targets), rows + 1), tokenizer("zh").eot)
    weights = torch.zeros(len(targets), rows)
    guide = torch.zeros(len(targets), rows, frames)
    for i, (own, heavy, spans) in enumerate(targets):
        tokens[i, : len(own)] = torch.tensor(own)
        weights[i, : len(heavy)] = torch.tensor(heavy)
        for row, start, end in spans:
            first = min(max(start, 0), frames - 1)
            last = min(max(end, first + 1), frames)
            guide[i, row, first:last] = 1 / (last - first)
    return tokens, weights, guide


def _laid(placed: Sequence[tuple[float, Utterance]], seconds: float) -> NDArray[np.float32]:
    sound = np.zeros(round(seconds * RATE), np.float32)
    for at, utterance in placed:
        start = round(at * RATE)
        samples = utterance.samples[max(0, -start) :].astype(np.float32) / 32768
        start = max(0, start)
        end = min(len(sound), start + len(samples))
        sound[start:end] += samples[: end - start]
    return sound


def _frames(placed: Sequence[tuple[float, Utterance]], seconds: float) -> NDArray[np.int64]:
    frames = np.zeros((4, round(seconds * FRAMES_PER_SECOND)), np.int64)
    said = 0
    for at, utterance in placed:
        start = round(at / FRAME_SECONDS)
        own = utterance.frames[:, max(0, -start) :].astype(np.int64)
        start = max(0, start)
        end = min(frames.shape[1], start + own.shape[1])
        own = own[:, : end - start].copy()
        own[3] = np.where(own[3] > 0, own[3] + said, 0)
        frames[:, start:end] = own
        said += len(utterance.units)
    too_many = frames[3] >= labels.ORDINALS
    frames[3] = np.where(too_many, labels.UNKNOWN, frames[3])
    if any(at < 0 for at, _ in placed):
        frames[3] = labels.UNKNOWN
    return frames


def _targets(aligned: Aligned) -> Targets:
    spans = tuple(
        (row, round(start / FRAME_SECONDS), round(end / FRAME_SECONDS))
        for row, (start, end) in aligned.spans.items()
    )
    return aligned.tokens, aligned.weights, spans


def _silent(seconds: float, chance: np.random.Generator) -> Window:
    sound = channel.signalling(round(seconds * RATE), chance)
    ids: Tokenizer = tokenizer(("zh", "en")[chance.integers(2)])
    language = ids.to_language_token(ids.language)
    tokens = (ids.sot, language, ids.transcribe, ids.no_timestamps, ids.eot)
    frames = np.zeros((4, round(seconds * FRAMES_PER_SECOND)), np.int64)
    # what whisper reads after "start of transcript" is not the language but "no speech": the
    # target of row 0 is set where the loss is computed from these weights
    return Window(sound, frames, tokens, (-1.0, _IGNORED, _IGNORED, 1.0), ())
