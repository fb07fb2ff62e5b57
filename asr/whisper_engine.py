"""openai-whisper's model, driven our way: packed speech, batches, word times, no invention.

What differs from ``whisper.transcribe``: only speech is heard; windows of several tracks and
recordings are decoded at once; on a CPU the weights are held in int8; no earlier text conditions
the next window (that is how one invention breeds the next); and nothing is sampled. In int8 every
row is computed by itself, so a window's words are the same whatever is decoded beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import torch
from torch import Tensor
from whisper.model import Whisper

from asr import greedy
from asr.alignment import FRAME_MS, timed
from asr.batches import Task, batches
from asr.decoder import Decoder, Seats
from asr.encoder import Encoder
from asr.greedy import Said
from asr.languages import check_known, likelier, telling
from asr.packing import Window, windows_of
from asr.quantised import Arithmetic, fastest
from asr.script import Script, options, script, search
from asr.spectrogram import spectrogram
from asr.transcriber import Advance, Job, Transcription
from asr.trust import Doubt, believable, is_doubtful, is_repetition
from asr.utterances import numbered, utterances_of
from asr.waveform import Waveform
from asr.weights import CHECKPOINTS, find
from asr.whisper_model import quietly, read_model
from interactions.interaction import Language, Utterance
from interactions.sound import Span

_BEHIND_MS = 400
"""Silence behind the sound of windows that need not be filled up to 30 s."""

_ALONE_MS = 10_000
"""Longest of these windows. The checkpoint in the box learned from windows of up to 12 s above all;
of the characters of the sample centre's calls 9 % are wrong so, and 28 % in filled windows."""

_ROOM_BYTES = 512 << 20
"""For the keys and values of the windows decoded at once, beside weights and sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the engine runs.

    Attributes:
        device: ``cpu``, ``cuda`` or ``auto``: a GPU where there is one.
        arithmetic: What the linear layers compute in; None for the fastest: int8 on a CPU with
            VNNI, fp32 on another, fp16 on a GPU.
        threads: Threads of PyTorch, which are one setting for the whole process; None leaves it.
        batch: Windows decoded at once; fewer where their memory would pass half a gigabyte.
        first_beam: Beams of the first try; 1 for the likeliest token each time; None for what the
            weights ask for (``"beam_size"`` beside their dims), else 1. A beam of 5 hears somewhat
            better and takes about three times as long.
        beam: Beams of the second try, for windows whose first result is doubtful; no more than
            ``first_beam`` for none.
        initial_prompt: Text that sets style and vocabulary, for example a sentence in simplified
            characters with punctuation; given to each window of recordings without their own.
    """

    device: str = "auto"
    arithmetic: Arithmetic | None = None
    threads: int | None = None
    batch: int = 16
    first_beam: int | None = None
    beam: int = 5
    initial_prompt: str | None = None


def load(
    name_or_path: str = "",
    *,
    options: Options | None = None,
    cache: Path | None = None,
    folder: Path = CHECKPOINTS,
) -> WhisperEngine:
    """Load weights and return the transcriber.

    Args:
        name_or_path: See ``weights.find``.
        options: How it runs.
        cache: Where openai-whisper keeps what it downloads.
        folder: Where the package's own weights lie.

    Raises:
        WeightsError: The weights are missing or damaged.
    """
    options = options or Options()
    model, identity = read_model(find(name_or_path, folder=folder), cache=cache)
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    device = options.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return WhisperEngine(model.to(device), f"whisper-{identity}", options)


class WhisperEngine:
    """A ``Transcriber``. One call at a time; callers in other threads wait."""

    def __init__(self, model: Whisper, name: str, options: Options) -> None:
        self.name = name
        self._options = options
        self._device = torch.device(model.device)
        self._dims = model.dims
        self._is_multilingual = bool(model.is_multilingual)
        self._hears_any_length = bool(getattr(model, "hears_any_length", False))
        self._alone_ms = _ALONE_MS if self._hears_any_length else None
        asked = options.first_beam or int(getattr(model, "beam_size", 1))
        self._first_beam, self._second_beam = asked, options.beam
        arithmetic = options.arithmetic or fastest(self._device.type)
        self._encoder = Encoder(model.encoder, arithmetic)
        self._decoder = Decoder(model, arithmetic)
        room = _ROOM_BYTES // self._decoder.bytes_each(self._decoder.frames)
        self._batch = max(1, min(options.batch, room))
        self._script = lru_cache(maxsize=16)(self._new_script)
        self._lock = Lock()  # one call's windows fill the memory meant for windows

    def transcribe(
        self,
        waveform: Waveform,
        regions: tuple[tuple[Span, ...], ...],
        *,
        language: Language,
        prompt: str | None = None,
    ) -> Transcription:
        """Return what is said in one recording (see ``transcriber.Transcriber``).

        Raises:
            WeightsError: The weights only know English and something else is spoken.
        """
        return self.transcribe_many([Job(waveform, regions, language, prompt)])[0]

    def transcribe_many(
        self, jobs: Sequence[Job], *, advance: Advance | None = None
    ) -> tuple[Transcription, ...]:
        """Return what is said in several recordings (see ``transcriber.Transcriber``).

        Raises:
            WeightsError: The weights only know English and something else is spoken.
        """
        spoken = [job.language for job in jobs]
        tracks: list[list[list[Utterance]]] = [[[] for _ in job.regions] for job in jobs]
        with self._lock, torch.inference_mode(), quietly():
            tasks = self._tasks(jobs, spoken)
            for batch in batches(tasks, self._batch):
                for task, said in zip(batch, self._said(batch, jobs), strict=True):
                    track = task.window.track
                    spans = jobs[task.job].regions[track]
                    tracks[task.job][track] += _utterances(task, said, spans)
                    if advance is not None:
                        advance(task.window.duration_ms)
        return tuple(
            Transcription(tuple(numbered(said) for said in found), language)
            for found, language in zip(tracks, spoken, strict=True)
        )

    def _tasks(self, jobs: Sequence[Job], spoken: list[Language]) -> Iterator[Task]:
        """Yield all windows, and write down what each recording's language turns out to be."""
        for at, job in enumerate(jobs):
            windows = windows_of(job.waveform, job.regions, alone_ms=self._alone_ms)
            if not windows:
                continue
            prompt = self._options.initial_prompt if job.prompt is None else job.prompt
            code, heard = self._language(windows, job)
            if job.language is Language.UNKNOWN:
                spoken[at] = Language(code)
            for i, window in enumerate(windows):
                known = heard.pop(i, None)
                if job.language is Language.MIXED:
                    known = self._heard(window, job)
                    code = likelier([self._chances(known)]).value
                yield Task(at, window, self._script(code, prompt), known)

    def _language(self, windows: Sequence[Window], job: Job) -> tuple[str, dict[int, Tensor]]:
        """Return the language to decode a recording in, and what was encoded to find out."""
        if not self._is_multilingual:
            check_known(self.name, job.language)
            return Language.EN.value, {}
        if job.language is not Language.UNKNOWN:
            return job.language.value, {}
        heard = {i: self._heard(windows[i], job) for i in telling(windows)}
        return likelier([self._chances(one) for one in heard.values()]).value, heard

    def _chances(self, heard: Tensor) -> tuple[float, float]:
        """Return a window's probabilities of Mandarin and of English, by its first token."""
        tokenizer = self._script("zh", None).tokenizer
        seats = self._decoder.shared(heard, count=1, room=1)
        states = self._decoder.read(torch.tensor([[tokenizer.sot]], device=self._device), seats)
        logits = self._decoder.vocabulary.logits(states[0, 0])
        chances = logits[list(tokenizer.all_language_tokens)].softmax(dim=0).tolist()
        found = dict(zip(tokenizer.all_language_codes, chances, strict=True))
        return found["zh"], found["en"]

    def _new_script(self, code: str, prompt: str | None) -> Script:
        return script(self._dims, self._decoder.vocabulary, options(code, prompt))

    def _positions(self, window: Window) -> int:
        """Return how many encoder positions a window gets: those of 30 s, unless any will do."""
        if not self._hears_any_length:
            return self._decoder.frames
        return min(self._decoder.frames, -(-(window.duration_ms + _BEHIND_MS) // FRAME_MS))

    def _heard(self, window: Window, job: Job) -> Tensor:
        """Encode one window; shape ``(frames, width)``."""
        sound = window.sound(job.waveform.samples[window.track], job.waveform.sample_rate)
        frames = 2 * self._positions(window)
        mel = spectrogram(sound, bands=self._dims.n_mels, frames=frames)
        return self._encoder(mel[None].to(self._device))[0]

    def _said(self, batch: Sequence[Task], jobs: Sequence[Job]) -> list[Said]:
        """Decode windows; what is doubtful once more with more beams."""
        heard = [
            self._heard(task.window, jobs[task.job]) if task.heard is None else task.heard
            for task in batch
        ]
        scripts = [task.script for task in batch]
        frames = [_frames(task.window) for task in batch]
        said = self._first(heard, scripts, frames)
        if self._second_beam > self._first_beam:
            for i, first in enumerate(said):
                # whisper.transcribe then decodes by chance; a beam search gives the same each time
                if is_doubtful(scripts[i].text(first.tokens), first.logprob):
                    second = self._searched(heard[i], scripts[i], frames[i], self._second_beam)
                    said[i] = max(first, second, key=_order_of(scripts[i]))
        return said

    def _first(
        self, heard: Sequence[Tensor], scripts: Sequence[Script], frames: Sequence[int]
    ) -> list[Said]:
        if self._first_beam > 1:
            windows = zip(heard, scripts, frames, strict=True)
            return [self._searched(*window, self._first_beam) for window in windows]
        seats = self._seats(heard, scripts)
        return greedy.say(self._decoder, seats, scripts, frames)

    def _seats(self, heard: Sequence[Tensor], scripts: Sequence[Script]) -> Seats:
        room = greedy.room(scripts)
        seats = self._decoder.seats(len(heard), frames=max(map(len, heard)), room=room)
        for seat, one in enumerate(heard):
            self._decoder.hear(seats, seat, one)
        return seats

    def _searched(self, heard: Tensor, found: Script, frames: int, beam: int) -> Said:
        given = options(found.language, found.prompt, beam=beam)
        tokens = search(self._dims, self._decoder, given, heard)
        return greedy.follow(self._decoder, heard, found, tokens, frames=frames)


def _frames(window: Window) -> int:
    """Return the positions with sound; one word needs one."""
    return max(1, window.duration_ms // FRAME_MS)


def _order_of(found: Script) -> Callable[[Said], tuple[bool, float]]:
    return lambda said: believable(found.text(said.tokens), said.logprob)


def _utterances(task: Task, said: Said, spans: Sequence[Span]) -> Iterator[Utterance]:
    parts = timed(said.tokens, said.chances, said.scores, task.script.tokenizer)
    doubt = Doubt(
        logprob=said.logprob,
        no_speech=said.no_speech,
        is_looping=is_repetition(task.script.text(said.tokens)),
    )
    return utterances_of(task.window, parts, doubt=doubt, spans=spans)
