"""openai-whisper's model, driven our way: packed speech, batches, word times, no invention.

What differs from ``whisper.transcribe``: only speech is heard, several windows are decoded at
once, no earlier text conditions the next window (that is how one invention breeds the next), and
nothing is sampled, so the same recording gives the same words on every run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray
from whisper.audio import N_SAMPLES, log_mel_spectrogram, pad_or_trim
from whisper.decoding import DecodingOptions, DecodingResult, decode, detect_language
from whisper.model import Whisper
from whisper.timing import find_alignment
from whisper.tokenizer import Tokenizer, get_tokenizer

from asr.packing import Window, pack
from asr.transcriber import Transcription
from asr.trust import Doubt, gate, is_repetition
from asr.turns import clip
from asr.waveform import Waveform
from asr.weights import CHECKPOINTS, WeightsError, find
from asr.whisper_model import Encoded, quietly, read_model
from asr.words import Timed, words_of
from interactions.interaction import Language, Utterance
from interactions.sound import Party, Span

_COMPRESSION, _LOGPROB = 2.4, -1.0
"""``whisper.transcribe`` decodes again beyond these; so do we, by beam search instead of chance."""

_LISTEN_WINDOWS = 8
"""Four minutes of speech tell the language."""

_CENTISECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the engine runs.

    Attributes:
        device: ``cpu``, ``cuda`` or ``auto``: a GPU where there is one. It computes in fp16 on a
            GPU and in fp32 on the CPU.
        threads: Threads of PyTorch, which are one setting for the whole process; None leaves it.
        batch: Windows decoded at once.
        beam: Beams of the second try, for windows whose first result is doubtful.
        initial_prompt: Text that sets style and vocabulary, for example a sentence in simplified
            characters with punctuation; given to each window alike.
    """

    device: str = "auto"
    threads: int | None = None
    batch: int = 8
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
    """A ``Transcriber``. One recording at a time; callers in other threads wait."""

    def __init__(self, model: Whisper, name: str, options: Options) -> None:
        self.name = name
        self._model = model
        self._options = options
        self._lock = Lock()  # decoding hangs its caches on the model

    def transcribe(
        self, waveform: Waveform, regions: tuple[tuple[Span, ...], ...], *, language: Language
    ) -> Transcription:
        """Return what is said in ``regions`` (see ``transcriber.Transcriber``).

        Raises:
            WeightsError: The weights only know English and something else is spoken.
        """
        rate = waveform.sample_rate
        windows = [
            window
            for track, spans in enumerate(regions)
            for window in pack(track, waveform.samples[track], rate, spans)
        ]
        if not windows:
            return Transcription(tuple(() for _ in regions), language)
        with self._lock, torch.inference_mode(), quietly():
            codes = self._languages(windows, waveform, language)
            heard = list(self._heard(windows, codes, waveform))
        tracks: list[list[Utterance]] = [[] for _ in regions]
        for window, result, timed in heard:
            tracks[window.track] += _utterances(window, result, timed, regions[window.track])
        numbered = (
            tuple(replace(u, seq=seq) for seq, u in enumerate(sorted(said, key=_in_time)))
            for said in tracks
        )
        spoken = Language(codes[0]) if language is Language.UNKNOWN else language
        return Transcription(tuple(numbered), spoken)

    def _languages(
        self, windows: Sequence[Window], waveform: Waveform, language: Language
    ) -> list[str]:
        """Return the language to decode each window in: ``zh`` or ``en``."""
        if not self._model.is_multilingual:
            if language in {Language.ZH, Language.MIXED}:
                raise WeightsError(f"{self.name} only knows English; use multilingual weights")
            return ["en"] * len(windows)
        if language in {Language.ZH, Language.EN}:
            return [language.value] * len(windows)
        if language is Language.MIXED:
            return ["zh" if zh >= en else "en" for zh, en in self._chances(windows, waveform)]
        longest = sorted(windows, key=lambda w: (-w.duration_ms, w.track, w.pieces[0].source))
        chances = self._chances(longest[:_LISTEN_WINDOWS], waveform)
        zh, en = (sum(float(np.log(max(c[i], 1e-30))) for c in chances) for i in (0, 1))
        return ["zh" if zh >= en else "en"] * len(windows)

    def _chances(self, windows: Sequence[Window], waveform: Waveform) -> list[tuple[float, float]]:
        """Return each window's probabilities of Mandarin and of English."""
        chances = []
        for start in range(0, len(windows), self._options.batch):
            features = self._features(windows[start : start + self._options.batch], waveform)
            _, found = detect_language(self._model, features)
            chances += [(float(one["zh"]), float(one["en"])) for one in found]
        return chances

    def _heard(
        self, windows: Sequence[Window], codes: Sequence[str], waveform: Waveform
    ) -> Iterator[tuple[Window, DecodingResult, list[Timed]]]:
        """Decode the windows, those of one language together, and time their words."""
        order = sorted(range(len(windows)), key=lambda i: (codes[i], i))
        for code, same in groupby(order, key=lambda i: codes[i]):
            chosen = [windows[i] for i in same]
            tokenizer = self._tokenizer(code)
            for start in range(0, len(chosen), self._options.batch):
                batch = chosen[start : start + self._options.batch]
                results = self._decoded(self._features(batch, waveform), code)
                for window, result in zip(batch, results, strict=True):
                    yield window, result, self._timed(window, result, tokenizer)

    def _features(self, windows: Sequence[Window], waveform: Waveform) -> torch.Tensor:
        """Encode windows; shape ``(windows, n_audio_ctx, n_audio_state)``."""
        mels = [
            self._mel(w.sound(waveform.samples[w.track], waveform.sample_rate)) for w in windows
        ]
        mel = torch.stack(mels).to(self._model.device)
        features: torch.Tensor = self._model.encoder(mel.half() if self._is_half else mel)
        return features

    def _mel(self, sound: NDArray[np.float32]) -> torch.Tensor:
        padded = pad_or_trim(torch.from_numpy(sound), N_SAMPLES)
        mel: torch.Tensor = log_mel_spectrogram(padded, n_mels=self._model.dims.n_mels)
        return mel

    @property
    def _is_half(self) -> bool:
        return bool(self._model.device.type == "cuda")

    def _tokenizer(self, code: str) -> Tokenizer:
        return get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language=code,
            task="transcribe",
        )

    def _decoded(self, features: torch.Tensor, code: str) -> list[DecodingResult]:
        """Decode greedily; what is doubtful once more by beam search; keep the likelier."""
        options = DecodingOptions(
            language=code,
            temperature=0.0,
            without_timestamps=True,
            prompt=self._options.initial_prompt,
            fp16=self._is_half,
        )
        results: list[DecodingResult] = decode(self._model, features, options)
        if self._options.beam > 1:
            careful = replace(options, beam_size=self._options.beam)
            for i, first in enumerate(results):
                if _is_doubtful(first):
                    # openai-whisper's beam search takes one window at a time.
                    second = decode(self._model, features[i : i + 1], careful)[0]
                    results[i] = max(first, second, key=_likelihood)
        return results

    def _timed(self, window: Window, result: DecodingResult, tokenizer: Tokenizer) -> list[Timed]:
        text = [token for token in result.tokens if token < tokenizer.eot]
        alignment = find_alignment(
            Encoded(self._model),
            tokenizer,
            text,
            result.audio_features,
            max(2, window.duration_ms // _CENTISECONDS),
        )
        return [
            Timed(w.start * 1000.0, w.end * 1000.0, w.word, float(w.probability)) for w in alignment
        ]


def _in_time(utterance: Utterance) -> tuple[int, int]:
    return utterance.start_ms, utterance.end_ms


def _is_doubtful(result: DecodingResult) -> bool:
    return bool(result.compression_ratio > _COMPRESSION or result.avg_logprob < _LOGPROB)


def _likelihood(result: DecodingResult) -> tuple[bool, float]:
    return result.compression_ratio <= _COMPRESSION, result.avg_logprob


def _utterances(
    window: Window, result: DecodingResult, timed: Sequence[Timed], spans: Sequence[Span]
) -> Iterator[Utterance]:
    """One utterance for each piece of the window that words fall into."""
    doubt = Doubt(
        logprob=result.avg_logprob,
        no_speech=result.no_speech_prob,
        is_looping=is_repetition(result.text),
    )
    middles = (window.piece_at((part.start_ms + part.end_ms) / 2) for part in timed)
    # A middle can lie before the one of the word before; the order of the text decides.
    places = np.maximum.accumulate(list(middles)) if timed else ()
    for place, parts in groupby(zip(places, timed, strict=True), key=lambda both: int(both[0])):
        piece = window.pieces[place]
        inside = [
            replace(
                part,
                start_ms=piece.in_recording(part.start_ms),
                end_ms=piece.in_recording(part.end_ms),
            )
            for _, part in parts
        ]
        text = "".join(part.text for part in inside).strip()
        if not text:
            continue
        words = words_of(inside)
        confidence = sum(w.confidence or 0.0 for w in words) / len(words) if words else 0.0
        utterance = Utterance(
            seq=0,
            party=Party.UNKNOWN,
            start_ms=round(inside[0].start_ms),
            end_ms=round(inside[-1].end_ms),
            text=text,
            words=words,
            confidence=round(confidence, 4),
        )
        source = piece.source
        near = [s for s in spans if s.end_ms > source.start_ms and s.start_ms < source.end_ms]
        speech_ms = sum(span.duration_ms for span in near)
        yield gate(clip(utterance, near), speech_ms=speech_ms, doubt=doubt)
