"""faster-whisper behind the same protocol: for those who prefer it, or have its folders already.

Speech is packed as for the other engine, no earlier text conditions the next window, nothing is
sampled, and what is doubtful is heard once more by beam search; the gates are the same. Only what
runs the weights differs: CTranslate2, in int8 on a CPU and fp16 on a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from whisper.tokenizer import Tokenizer, get_tokenizer

from asr.converted import file_digest, folder_of
from asr.languages import check_known, likelier, telling
from asr.packing import Window, windows_of
from asr.spectrogram import spectrogram
from asr.transcriber import Advance, Job, Transcription
from asr.trust import Doubt, believable, is_doubtful, is_repetition
from asr.utterances import numbered, utterances_of
from asr.waveform import Waveform
from asr.weights import CHECKPOINTS, CONVERTED, WeightsError, find, whereabouts
from asr.whisper_model import quietly
from asr.words import Timed
from interactions.interaction import Language, Utterance
from interactions.sound import Span

_CENTISECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the engine runs.

    Attributes:
        device: ``cpu``, ``cuda`` or ``auto``: a GPU where CTranslate2 finds one.
        threads: Threads of a window's computation; 0 leaves it to CTranslate2.
        batch: Windows decoded at once.
        beam: Beams of the second try, for windows whose first result is doubtful.
    """

    device: str = "auto"
    threads: int = 0
    batch: int = 8
    beam: int = 5


def load(
    name_or_path: str = "",
    *,
    options: Options | None = None,
    folder: Path = CHECKPOINTS,
) -> FasterWhisperEngine:
    """Load weights and return the transcriber; nothing is downloaded.

    Args:
        name_or_path: See ``weights.find``; a folder made for CTranslate2, or a checkpoint, which
            is converted once and kept in ``~/.cache/tingjian``.
        options: How it runs.
        folder: Where the package's own weights lie.

    Raises:
        WeightsError: The weights are missing or damaged.
    """
    options = options or Options()
    weights = find(name_or_path, folder=folder)
    path = weights.path or whereabouts(name_or_path)
    if path is None:
        raise WeightsError(
            f"the weights {name_or_path} are not on this machine, and faster-whisper is not let "
            "download them; give the path of a checkpoint (*.pt) or of a folder for CTranslate2"
        )
    place = path if path.is_dir() else folder_of(path)
    name = f"faster-whisper-{weights.name}@{file_digest(place / CONVERTED)[:8]}"
    return FasterWhisperEngine(_opened(place, options), name, options)


def _opened(place: Path, options: Options) -> WhisperModel:
    kind = "float16" if _on_gpu(options.device) else "int8"
    try:
        with quietly():
            return WhisperModel(
                str(place),
                device=options.device,
                compute_type=kind,
                cpu_threads=options.threads,
                local_files_only=True,
            )
    except (RuntimeError, ValueError, OSError) as error:
        raise WeightsError(
            f"{place} is no Whisper folder for CTranslate2 ({type(error).__name__}: {error}); it "
            "must hold model.bin, config.json, vocabulary.json and tokenizer.json"
        ) from error


class FasterWhisperEngine:
    """A ``Transcriber``. One recording at a time; callers in other threads wait."""

    def __init__(self, model: WhisperModel, name: str, options: Options) -> None:
        self.name = name
        self._model = model
        self._options = options
        self._lock = Lock()

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
        with self._lock, quietly():
            return tuple(self._transcribed(job, advance) for job in jobs)

    def _transcribed(self, job: Job, advance: Advance | None) -> Transcription:
        windows = windows_of(job.waveform, job.regions)
        if not windows:
            return Transcription(tuple(() for _ in job.regions), job.language)
        codes = self._languages(windows, job)
        tracks: list[list[Utterance]] = [[] for _ in job.regions]
        order = sorted(range(len(windows)), key=lambda i: (codes[i], i))
        for code, same in groupby(order, key=lambda i: codes[i]):
            chosen = [windows[i] for i in same]
            for start in range(0, len(chosen), self._options.batch):
                batch = chosen[start : start + self._options.batch]
                for window, said in zip(batch, self._said(batch, job, code), strict=True):
                    tracks[window.track] += said
                    if advance is not None:
                        advance(window.duration_ms)
        spoken = Language(codes[0]) if job.language is Language.UNKNOWN else job.language
        return Transcription(tuple(numbered(said) for said in tracks), spoken)

    def _languages(self, windows: Sequence[Window], job: Job) -> list[str]:
        """Return the language to decode each window in: ``zh`` or ``en``."""
        if not self._model.model.is_multilingual:
            check_known(self.name, job.language)
            return [Language.EN.value] * len(windows)
        if job.language in {Language.ZH, Language.EN}:
            return [job.language.value] * len(windows)
        if job.language is Language.MIXED:
            return [likelier([self._chances(window, job)]).value for window in windows]
        heard = [self._chances(windows[i], job) for i in telling(windows)]
        return [likelier(heard).value] * len(windows)

    def _chances(self, window: Window, job: Job) -> tuple[float, float]:
        (found,) = self._model.model.detect_language(self._encoded([window], job))
        chances = dict(found)
        return chances["<|zh|>"], chances["<|en|>"]

    def _encoded(self, windows: Sequence[Window], job: Job) -> ctranslate2.StorageView:
        samples, rate = job.waveform.samples, job.waveform.sample_rate
        mels = [
            spectrogram(window.sound(samples[window.track], rate), bands=self._model.model.n_mels)
            for window in windows
        ]
        return self._model.encode(np.stack([mel.numpy() for mel in mels]))

    def _said(self, batch: Sequence[Window], job: Job, code: str) -> Iterator[list[Utterance]]:
        """Decode windows side by side, time their words, and yield each one's utterances."""
        tokenizer = self._tokenizer(code)
        start = _start(tokenizer, job.prompt)
        heard = self._encoded(batch, job)
        results = self._generated(heard, start, len(batch), tokenizer, beam=1)
        for i, result in enumerate(results):
            if self._options.beam > 1 and is_doubtful(result.text, result.doubt.logprob):
                # One at a time: a second try is rare.
                one = self._encoded(batch[i : i + 1], job)
                beam = self._options.beam
                (second,) = self._generated(one, start, 1, tokenizer, beam=beam)
                results[i] = max(result, second, key=_order)
        frames = [max(2, window.duration_ms // _CENTISECONDS) for window in batch]
        tokens = [result.tokens for result in results]
        timed = self._model.find_alignment(tokenizer, tokens, heard, frames)
        for window, result, words in zip(batch, results, timed, strict=True):
            parts = [
                Timed(w["start"] * 1000.0, w["end"] * 1000.0, w["word"], float(w["probability"]))
                for w in words
            ]
            spans = job.regions[window.track]
            yield list(utterances_of(window, parts, doubt=result.doubt, spans=spans))

    def _generated(
        self,
        heard: ctranslate2.StorageView,
        start: Sequence[int],
        count: int,
        tokenizer: Tokenizer,
        *,
        beam: int,
    ) -> list[_Result]:
        found = self._model.model.generate(
            heard,
            [list(start)] * count,
            beam_size=beam,
            sampling_temperature=0.0 if beam == 1 else 1.0,
            max_length=self._model.max_length,
            return_scores=True,
            return_no_speech_prob=True,
        )
        return [_result(one, tokenizer) for one in found]

    def _tokenizer(self, code: str) -> Tokenizer:
        return get_tokenizer(
            self._model.model.is_multilingual,
            num_languages=self._model.model.num_languages,
            language=code,
            task="transcribe",
        )


@dataclass(frozen=True, slots=True)
class _Result:
    """What was decoded in one window."""

    tokens: list[int]
    text: str
    doubt: Doubt


def _result(found: Any, tokenizer: Tokenizer) -> _Result:  # noqa: ANN401 - CTranslate2's own type
    tokens = [token for token in found.sequences_ids[0] if token < tokenizer.eot]
    text = str(tokenizer.decode(tokens)).strip()
    # CTranslate2's score is the mean over the tokens; openai-whisper counts the last one too.
    logprob = float(found.scores[0]) * len(tokens) / (len(tokens) + 1)
    doubt = Doubt(
        logprob=logprob,
        no_speech=float(found.no_speech_prob),
        is_looping=is_repetition(text),
    )
    return _Result(tokens, text, doubt)


def _start(tokenizer: Tokenizer, prompt: str | None) -> list[int]:
    """Return the first tokens: the prompt, then what openai-whisper begins with."""
    start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    if not prompt:
        return start
    return [tokenizer.sot_prev, *tokenizer.encode(" " + prompt.strip()), *start]


def _order(result: _Result) -> tuple[bool, float]:
    return believable(result.text, result.doubt.logprob)


def _on_gpu(device: str) -> bool:
    return device == "cuda" or (device == "auto" and ctranslate2.get_cuda_device_count() > 0)
