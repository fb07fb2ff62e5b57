"""Speech recognition: seconds of sound for each second that one core works.

Cases:
    two_track: two-track calls of the sample centre, with a checkpoint that hears them
        (``--checkpoint``, by default the one in the box).
    dense: one track on which somebody always speaks, with the same checkpoint.
    tiny, base, small, turbo: the architectures with random weights that write a fixed number of
        tokens in every window, on one track on which somebody always speaks.

Engines, all with the same weights and the same sound, each with its own search for speech:
    ours: ``asr.speech.regions`` and ``asr.whisper_engine``, int8, greedy, words with times.
    ours_twice: the same, and what is doubtful is heard once more with beams of 5, as a night does
        with weights that do not ask for beams. No second try in the batches of the next engine.
    faster_whisper: ``BatchedInferencePipeline`` in int8, greedy, words with times, one track after
        the other (it takes nothing else), in batches as large as ours.
    whisper: ``whisper.transcribe`` as its command line calls it: fp32, beams of 5, words with
        times, a second try at higher temperatures. With random weights without beams, time tokens,
        word times and second try, which would make it go in circles.
    limit: no engine, but what the operations need at the rates measured here for large products,
        int8 for linear layers and fp32 for attention. Nothing else is counted, and no silence.

Metric: ``audio_s_per_core_s``, length of the recordings over CPU time, all threads together, after
each engine has heard a few seconds to get ready. Loading weights and reading files are left out;
for the others, so is bringing 8 kHz to 16 kHz.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from whisper.model import Whisper
from whisper.transcribe import transcribe as whisper_transcribe

from asr.speech import regions
from asr.transcriber import Job
from asr.waveform import WIDE_HZ, Waveform
from asr.weights import WeightsError, find
from asr.whisper_engine import Options, WhisperEngine
from asr.whisper_model import quietly, read_model
from benchmarks._report import Figures, options, show
from benchmarks._speech import WINDOW_S, calls, cpu_s, dense, forced, operations, rates
from interactions.interaction import Language

TOKENS = 100
"""In a window with random weights: 3.3 a second, as in a window full of speech."""

BATCH = 16
READY_S = 6
HAS_FASTER_WHISPER = find_spec("faster_whisper") is not None
RANDOM = {"tiny": 16, "base": 16, "small": 8, "turbo": 4}
"""Windows of sound for each architecture."""

Floats = NDArray[np.float32]
Work = Callable[[Sequence[Waveform]], object]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """Weights and what they are to hear.

    Attributes:
        name: The case.
        model: Whisper's own.
        sounds: Recordings.
        is_random: The weights say nothing.
    """

    name: str
    model: Whisper
    sounds: tuple[Waveform, ...]
    is_random: bool

    @property
    def seconds(self) -> float:
        """Length of all recordings."""
        return sum(sound.duration_ms for sound in self.sounds) / 1000


def ours(case: Case, *, beam: int = 1) -> Work:
    """Return what transcribes recordings with our engine; ``beam`` is that of the second try."""
    options = Options(device="cpu", batch=BATCH, first_beam=1, beam=beam)
    engine = WhisperEngine(case.model, "whisper-benchmark@0", options)

    def work(sounds: Sequence[Waveform]) -> object:
        jobs = [Job(sound, regions(sound), Language.ZH) for sound in sounds]
        return engine.transcribe_many(jobs)

    return work


def faster_whisper(case: Case) -> Work:
    """Return what transcribes recordings with faster-whisper."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel  # noqa: PLC0415

    from asr.converted import convert  # noqa: PLC0415 - needs the same extra

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "weights"
        convert(deepcopy(case.model), place, quantization="int8")  # a copy: it works in place
        threads = torch.get_num_threads()
        model = WhisperModel(str(place), device="cpu", compute_type="int8", cpu_threads=threads)
    pipeline = BatchedInferencePipeline(model)

    def work(sounds: Sequence[Waveform]) -> object:
        return [
            list(
                pipeline.transcribe(
                    track, language="zh", beam_size=1, batch_size=BATCH, word_timestamps=True
                )[0]
            )
            for sound in sounds
            for track in _wide(sound)
        ]

    return work


def whisper(case: Case) -> Work:
    """Return what transcribes recordings with openai-whisper."""
    given: dict[str, Any] = {
        "beam_size": 5,
        "word_timestamps": True,
        "temperature": tuple(np.arange(0, 1.0 + 1e-6, 0.2).tolist()),
    }
    if case.is_random:
        given = {
            "temperature": 0.0,
            "without_timestamps": True,
            "condition_on_previous_text": False,
            "compression_ratio_threshold": None,
            "logprob_threshold": None,
        }

    def work(sounds: Sequence[Waveform]) -> object:
        return [
            whisper_transcribe(case.model, track, language="zh", fp16=False, **given)
            for sound in sounds
            for track in _wide(sound)
        ]

    return work


@cache
def _wide(sound: Waveform) -> tuple[Floats, ...]:
    return tuple(
        np.asarray(soxr.resample(track, sound.sample_rate, WIDE_HZ), dtype=np.float32)
        for track in sound.whole()
    )


def limit(case: Case) -> dict[str, float]:
    """Return what the operations need at this machine's rates, if nothing else cost anything."""
    speech_s = sum(s.duration_ms for w in case.sounds for spans in regions(w) for s in spans) / 1000
    linear, attention = operations(case.model.dims, TOKENS)
    int8, fp32 = rates()
    busy_s = speech_s / WINDOW_S * (linear / int8 + attention / fp32)
    return {"audio_s_per_core_s": round(case.seconds / busy_s, 2)}


def measure(case: Case, *, quick: bool) -> dict[str, dict[str, float]]:
    """Return the metric of every engine on one case."""
    engines: dict[str, Callable[[Case], Work]] = {"ours": ours}
    if not case.is_random:
        engines["ours_twice"] = partial(ours, beam=5)
    if HAS_FASTER_WHISPER:
        engines["faster_whisper"] = faster_whisper
    if not quick:
        engines["whisper"] = whisper
    found: dict[str, dict[str, float]] = {}
    for name, prepare in engines.items():
        with torch.inference_mode(), quietly(), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            work = prepare(case)
            work([_beginning(case.sounds[0])])
            for sound in case.sounds:
                _wide(sound)
            busy_s = cpu_s(lambda: work(case.sounds))  # noqa: B023 - called at once
            found[name] = {"audio_s_per_core_s": round(case.seconds / busy_s, 2)}
    found["limit"] = limit(case)
    return found


def _beginning(sound: Waveform) -> Waveform:
    return replace(sound, samples=sound.whole()[:, : READY_S * sound.sample_rate])


def cases(
    wanted: Sequence[str], checkpoint: str, *, quick: bool, absent: list[str]
) -> Iterator[Case]:
    """Yield the wanted cases; why one is left out goes into ``absent``."""
    heard = [name for name in wanted if name not in RANDOM]
    try:
        model = read_model(find(checkpoint))[0] if heard else None
    except WeightsError as error:
        model = None
        absent.append(f"{', '.join(heard)}: left out: {error}")
    sounds = {"two_track": calls(2 if quick else 8), "dense": (dense(4 if quick else 16),)}
    for name in heard if model is not None else ():
        yield Case(name=name, model=model, sounds=sounds[name], is_random=False)
    for name in wanted:
        if name in RANDOM:
            windows = 2 if quick else RANDOM[name]
            sound = dense(windows)
            yield Case(name=name, model=forced(name, TOKENS), sounds=(sound,), is_random=True)


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    parser = options(__doc__, quick="less sound, under a minute")
    parser.add_argument("--case", action="append", help="only this case; may be given again")
    parser.add_argument("--checkpoint", default="", help="weights for two_track and dense")
    parser.add_argument("--threads", type=int, default=1, help="threads of every engine")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    every = ["two_track", "dense", *(RANDOM if not chosen.quick else ["tiny"])]
    absent = [] if HAS_FASTER_WHISPER else ["faster_whisper: left out: it is not installed"]
    figures: Figures = {}
    with quietly():
        for case in cases(
            chosen.case or every, chosen.checkpoint, quick=chosen.quick, absent=absent
        ):
            figures[case.name] = measure(case, quick=chosen.quick)
    columns = {"audio_s_per_core_s": ".2f"}
    show(figures, columns, title="Speech recognition", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
