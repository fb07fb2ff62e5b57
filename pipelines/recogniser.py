"""The centre's recogniser: which one its settings mean, and how long it was at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from time import monotonic_ns

from asr.transcriber import Advance, Job, Transcriber, Transcription
from asr.waveform import Waveform
from asr.weights import WeightsError, find
from interactions.interaction import Language
from interactions.sound import Span
from pipelines import transcription
from pipelines.settings import Settings, SpeechSettings
from pipelines.terms import OFF, PACKAGED

Busy = tuple[int, int]
_NS_PER_MS = 1_000_000
_LOADING = Lock()


def recogniser_of(settings: Settings) -> Transcriber | None:
    """Return the recogniser, loaded once however many shards begin at the same moment.

    None where the centre has none.

    Raises:
        asr.weights.WeightsError: The weights, or the engine, are not there.
    """
    with _LOADING:
        return _loaded(located(settings))


@lru_cache(maxsize=1)
def _loaded(speech: SpeechSettings) -> Transcriber | None:
    if speech.weights == OFF or speech.engine == "whisper":
        return transcription.transcriber_of(speech)
    try:
        from asr import faster_whisper_engine  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise WeightsError(
            f"faster-whisper is not installed ({error}); pip install 'tingjian[faster-whisper]', "
            "or set speech.engine to whisper"
        ) from error
    name = "" if speech.weights == PACKAGED else speech.weights
    options = faster_whisper_engine.Options(device=speech.device)
    return faster_whisper_engine.load(name, options=options)


def located(settings: Settings) -> SpeechSettings:
    """Return the speech settings with a name of weights in the centre's folder as their path."""
    speech, nearby = settings.speech, settings.weights_folder
    if speech.weights in {OFF, PACKAGED} or nearby is None:
        return speech
    path = find(speech.weights, nearby=nearby).path
    return speech if path is None else speech.model_copy(update={"weights": str(path)})


class Stopwatch:
    """A transcriber that notes when it was at work, and on how much sound.

    Attributes:
        busy: From and to, in milliseconds of a clock that all processes of this machine share;
            waiting for the recogniser to end another call counts too.
        sound_ms: Length of the recordings heard.
    """

    def __init__(self, transcriber: Transcriber) -> None:
        self.busy: list[Busy] = []
        self.sound_ms = 0
        self._transcriber = transcriber

    @property
    def name(self) -> str:
        """What made the words."""
        return self._transcriber.name

    def transcribe(
        self,
        waveform: Waveform,
        regions: tuple[tuple[Span, ...], ...],
        *,
        language: Language,
        prompt: str | None = None,
    ) -> Transcription:
        """Return what is said in one recording (see ``asr.transcriber.Transcriber``)."""
        return self.transcribe_many([Job(waveform, regions, language, prompt)])[0]

    def transcribe_many(
        self, jobs: Sequence[Job], *, advance: Advance | None = None
    ) -> tuple[Transcription, ...]:
        """Return what is said in several recordings (see ``asr.transcriber.Transcriber``)."""
        with self._at_work():
            found = self._transcriber.transcribe_many(jobs, advance=advance)
        self.sound_ms += sum(job.waveform.duration_ms for job in jobs)
        return found

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        begun = monotonic_ns() // _NS_PER_MS
        try:
            yield
        finally:
            self.busy.append((begun, monotonic_ns() // _NS_PER_MS))


def busy_ms(spells: Iterable[Busy]) -> int:
    """Return for how long at least one spell lasted: what ran side by side counts once."""
    total, until = 0, 0
    for begun, ended in sorted(spells):
        total += max(0, ended - max(begun, until))
        until = max(until, ended)
    return total
