"""How long hearing will take, said before it begins."""

from __future__ import annotations

from collections.abc import Sequence

from asr.costs import known_cost
from asr.recording import header_ms
from pipelines.intake import Call, distinct, scan
from pipelines.keeping import known_to
from pipelines.known import Known, Register
from pipelines.progress import Forecast
from pipelines.settings import Settings
from pipelines.terms import OFF, where_weights_lie
from pipelines.transcription import BYTES_PER_MINUTE, MS_PER_MINUTE
from warehouse.read import recent_runs
from warehouse.store import open_warehouse

_NIGHTS = 5
"""Nights looked back at: a machine's load and a centre's calls change."""

_LEAST_MS = 60_000
"""Less sound than this tells nothing: starting up weighs too much."""

_SPEECH_SHARE = 0.89
"""Speech of both parties over a call's length: silence 20.3 %, overlap 11.1 % of speech (924 real
telephone calls, CallHome Mandarin): (1 - 0.203) * 1.111."""


def calls_waiting(settings: Settings) -> list[Call]:
    """Return the calls that a night would hear now; nothing is written."""
    known = Known()
    if settings.warehouse.exists():
        with open_warehouse(settings.warehouse, read_only=True) as warehouse:
            known = known_to(warehouse)
    batch = scan(settings, known, transcriber=settings.speech.weights)
    calls, _ = distinct(batch, Register(known, batch.present))
    return list(calls)


def forecast(settings: Settings, calls: Sequence[Call]) -> Forecast:
    """Say how long the words of ``calls`` will take to find; no sound is decoded."""
    lengths = [_length_ms(call) for call in calls]
    unheard = sum(
        length
        for call, length in zip(calls, lengths, strict=True)
        if call.files and call.transcript is None and settings.speech.weights != OFF
    )
    factor, basis = _factor(settings) if unheard else (None, "")
    return Forecast(
        calls=len(calls), sound_ms=sum(lengths), unheard_ms=unheard, factor=factor, basis=basis
    )


def recogniser_key(settings: Settings) -> str:
    """Return what a real-time factor belongs to: another engine or other weights have their own."""
    speech = settings.speech
    return f"{speech.engine}/{speech.weights}/{speech.device}"


def _length_ms(call: Call) -> int:
    lengths = [header_ms(path) for path in call.files]
    known = [length for length in lengths if length is not None]
    if known:
        return max(known)
    return round(call.source.bytes / BYTES_PER_MINUTE * MS_PER_MINUTE) if call.files else 0


def _factor(settings: Settings) -> tuple[float | None, str]:
    if settings.warehouse.exists():
        with open_warehouse(settings.warehouse, read_only=True) as warehouse:
            runs = recent_runs(warehouse, "nightly", limit=_NIGHTS)
        key = recogniser_key(settings)
        same = [run.summary for run in runs if run.summary.get("recogniser") == key]
        sound = sum(int(one.get("recognised_ms", 0)) for one in same)
        if sound >= _LEAST_MS:
            return sum(int(one.get("recognition_ms", 0)) for one in same) / sound, "nights"
    path = where_weights_lie(settings)
    cost = None if path is None else known_cost(path, settings.speech.engine)
    if cost is None:
        return None, ""
    return cost.factor * _SPEECH_SHARE, "machine"
