"""Two voices on one track, on the constructed Mandarin calls: the mono path's diarisation error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from asr.contour import contours
from asr.edges import tightened
from asr.speech import regions
from asr.voices import SURE, separated
from asr.waveform import read
from benchmarks._clips import SPEECH
from benchmarks._diarisation import COLLAR_MS, Error, Voices, diarised, missing_ms, reference
from detectors.timeline import joined, overlaps
from interactions.sound import Span

_NAMES = {0: "", COLLAR_MS: f"_{COLLAR_MS}ms"}


def mono_paths() -> list[Path]:
    """Return the mixed calls; none where they are not on this machine."""
    return sorted((SPEECH / "calls_zh").glob("*_mono.flac"))


class Counted:
    """One engine's errors over all calls, without and with the collar."""

    def __init__(self) -> None:
        self._errors = dict.fromkeys(_NAMES, Error())
        self._spoken = Error()

    def add(self, found: Voices, true: Voices, apart: Voices, end_ms: int) -> None:
        """Count one call.

        Args:
            found: The two voices.
            true: The reference.
            apart: The speech on each speaker's own track.
            end_ms: Length of the call.
        """
        for collar_ms in _NAMES:
            self._errors[collar_ms] += diarised(found, true, end_ms, collar_ms=collar_ms)
        spoken = [_within(own, told) for own, told in zip(true, apart, strict=True)]
        self._spoken += diarised(found, spoken, end_ms, collar_ms=0)

    def figures(self) -> dict[str, float]:
        """Return the error and its parts; of the one with the collar the error alone."""
        plain = self._errors[0]
        parts = ("missed", "false_alarm", "wrong_voice")
        named = {f"diarisation_error{name}": self._errors[c].rate for c, name in _NAMES.items()}
        shares = {part: plain.share(getattr(plain, part)) for part in parts}
        return named | {"diarisation_error_spoken": self._spoken.rate} | shares


def _within(own: Sequence[Span], told: Sequence[Span]) -> tuple[Span, ...]:
    return joined(both for both, _, _ in overlaps(tuple(own), tuple(told)))


def mono_calls(paths: list[Path]) -> dict[str, dict[str, float]]:
    """Return the error of our two voices, of those that are believed, and of one voice for all."""
    ours, believed, alone = Counted(), Counted(), Counted()
    silent = speech = sure = 0
    for path in paths:
        waveform = read([path], item=path.name)
        spoken = tightened(waveform, regions(waveform))
        (contour,) = contours(waveform, spoken)
        found = separated(waveform.samples[0], waveform.sample_rate, spoken[0], contour)
        true = reference(path.with_name(path.name.replace("_mono.flac", ".rttm")))
        one: Voices = (spoken[0], ())
        end_ms = waveform.duration_ms
        apart = _apart(path)
        ours.add(found.spans if found else one, true, apart, end_ms)
        alone.add(one, true, apart, end_ms)
        if found is not None and found.confidence >= SURE:
            believed.add(found.spans, true, apart, end_ms)
            sure += 1
        pairs = zip(true, apart, strict=True)
        silent += sum(missing_ms(own, told, end_ms) for own, told in pairs)
        speech += sum(span.duration_ms for spans in true for span in spans)
    rest = {"reference_silence": round(silent / max(1, speech), 4)}
    figures = {"ours": ours.figures() | rest, "one_voice": alone.figures() | rest}
    if sure:
        figures["ours_believed"] = believed.figures() | {"believed": round(sure / len(paths), 4)}
    return figures


def _apart(mixed: Path) -> Voices:
    """Return the speech on each speaker's own track."""
    path = mixed.with_name(mixed.name.replace("_mono", ""))
    both = read([path], item=path.name)
    return tightened(both, regions(both))
