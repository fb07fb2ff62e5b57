"""Tone events against planted truth: silences, overlaps, speed, pitch, and voices on one track.

Cases:
    silence: silences of 1 s and more between the first speech and the last, in calls of the sample
        centre (8 kHz, G.711, line noise). An event counts where both its edges lie within 200 ms of
        a planted one; what is found and lies within 200 ms of a planted one that is just too short
        is no false alarm.
    overlap: the same for both parties speaking at once for 0.5 s and more, own pauses up to 0.3 s
        closed, in calls in which a party cuts in.
    speed: characters or words a minute of a party's own speech, against what was really said in the
        time of the words.
    pitch: voices with known pitch over a telephone at 20 dB: share of truly voiced frames within
        half a semitone, and gross errors (over 20 per cent) among frames that both call voiced.
    mono: the same calls mixed to one track: share of the speech (250 ms around each change left
        out) that is given to the wrong voice, for calls that reach the confidence that
        is believed, and for all; and the share of calls believed.

Engines: ``ours``; ``silero`` (the network's own edges, with its defaults); ``energy`` (20 ms frames
within 30 dB of the track's 99th percentile, pauses up to 0.3 s closed); ``transcript_times`` (the
utterances' times as a recogniser gives them); ``praat`` (parselmouth's autocorrelation, GPL: never
a dependency of ours); ``pitch_only`` (two groups of a second's median pitch).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from asr.contour import STEP_MS, contours, loudness, pitch
from asr.edges import tightened
from asr.speech import regions
from asr.voices import SURE, separated
from asr.waveform import Waveform
from benchmarks._diarisation import COLLAR_MS, diarised
from benchmarks._events import PERSONS, Planted, both, calls, matched, silences, words_ms
from benchmarks._report import Figures, options, show
from benchmarks._voice_with_known_pitch import Known, known_voice
from detectors.features import BRIDGE_MS, Features
from detectors.measures import measures
from detectors.speech_units import units
from detectors.timeline import joined, runs
from interactions.sound import Party, Span

SILENCE_MS, OVERLAP_MS = 1_000, 500
_NEARLY_MS = 200
_BASES_HZ = (95.0, 120.0, 150.0, 190.0, 230.0, 290.0)
_PITCH_NOISE_DB = -20.0

Speech = dict[Party, tuple[Span, ...]]
Floats = NDArray[np.float64]


def heard(call: Planted) -> Speech:
    """Return where each party was heard."""
    return dict(call.heard.speech)


def silero(call: Planted) -> Speech:
    """Return the network's own stretches."""
    return dict(zip(call.recorded.plan.tracks, call.heard.regions, strict=True))


def energy(call: Planted) -> Speech:
    """Return where a track is within 30 dB of its loudest."""
    waveform, found = call.heard.waveform, {}
    for party, track in zip(call.recorded.plan.tracks, waveform.samples, strict=True):
        levels = loudness(track, waveform.sample_rate)
        mask = levels >= np.percentile(levels, 99) - 30
        near = runs(mask, bridge=BRIDGE_MS // STEP_MS)
        found[party] = tuple(Span(a * STEP_MS, b * STEP_MS) for a, b in near)
    return found


def event_scores(
    planted: Sequence[Planted],
    engine: Callable[[Planted], Speech],
    events: Callable[[Speech, int], list[Span]],
    least_ms: int,
) -> dict[str, float]:
    """Return precision, recall and F1 of one engine's events."""
    hits = right = found = wanted = 0
    for call in planted:
        true = {party: call.truth(party) for party in PERSONS}
        known = engine(call)
        told, exact = events(known, least_ms), events(true, least_ms)
        hits += matched(events(known, least_ms - _NEARLY_MS), exact)
        right += matched(told, events(true, least_ms - _NEARLY_MS))
        found, wanted = found + len(told), wanted + len(exact)
    precision, recall = right / max(1, found), hits / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"events": wanted, "precision": precision, "recall": recall, "f1": f1}


def silent(speech: Speech, least_ms: int) -> list[Span]:
    """Return the silences."""
    return silences(speech.values(), least_ms)


def overlapping(speech: Speech, least_ms: int) -> list[Span]:
    """Return the overlaps, own short pauses closed."""
    one, other = (joined(speech[party], bridge_ms=BRIDGE_MS) for party in PERSONS)
    return both(one, other, least_ms)


def speeds(planted: Sequence[Planted], *, by_utterances: bool) -> dict[str, float]:
    """Return how far speeds are off, in per cent."""
    off: list[float] = []
    for call in planted:
        interaction = call.interaction()
        features = Features(interaction)
        taken = {m.party: m.value for m in measures(features) if m.name == "speaking_speed"}
        for party in PERSONS:
            own = [s for s in call.recorded.layout.spoken if s.line.party is party]
            count = sum(
                units(text, features.language)
                for u, text in zip(features.utterances, features.normal.texts, strict=True)
                if u.party is party
            )
            true = 60_000 * count / max(1, words_ms(own, bridge_ms=100))
            value = taken[party]
            if by_utterances:
                value = 60_000 * count / max(1, sum(s.end_ms - s.start_ms for s in own))
            if value is not None:
                off.append(abs(value / true - 1))
    return {
        "parties": len(off),
        "within_5_percent": float(np.mean(np.array(off) <= 0.05)),
        "error_median": float(np.median(off)),
        "error_p95": float(np.percentile(off, 95)),
    }


def our_pitch(known: Known) -> Floats:
    """Return our pitch of a voice."""
    waveform = Waveform(known.track[None], 8_000, "pcm_mulaw", 8_000)
    (spans,) = tightened(waveform, regions(waveform))
    return pitch(known.track, 8_000, spans).astype(np.float64)


def praat_pitch(known: Known) -> Floats:
    """Return Praat's pitch at the same times."""
    import parselmouth  # noqa: PLC0415 - a peer that may be absent

    found = parselmouth.Sound(known.track.astype(np.float64), 8_000).to_pitch_ac(
        time_step=0.01, pitch_floor=60.0, pitch_ceiling=600.0
    )
    hertz = found.selected_array["frequency"]
    times = np.arange(len(known.pitch_hz)) * 0.02 + 0.01
    places = np.clip(np.searchsorted(found.xs(), times), 0, len(hertz) - 1)
    return np.where(hertz[places] > 0, hertz[places], np.nan)


def pitch_scores(voices: Sequence[Known], engine: Callable[[Known], Floats]) -> dict[str, float]:
    """Return the share within half a semitone, gross errors, and what is missed."""
    semitones, missed = [], []
    for known in voices:
        found = engine(known)
        count = min(len(found), len(known.pitch_hz))
        true, told = known.pitch_hz[:count], found[:count]
        voiced = np.isfinite(true)
        missed.append(~np.isfinite(told[voiced]))
        pair = voiced & np.isfinite(told)
        semitones.append(12 * np.log2(told[pair] / true[pair]))
    off = np.abs(np.concatenate(semitones))
    return {
        "within_half_semitone": float(np.mean(off <= 0.5)),
        "gross": float(np.mean(off > 12 * np.log2(1.2))),
        "unvoiced": float(np.mean(np.concatenate(missed))),
    }


Parted = tuple[tuple[tuple[Span, ...], ...], float]


def our_voices(call: Planted) -> Parted:
    """Return the two voices of the call's mix, and how sure they are."""
    track, rate, spans = _mixed(call)
    (contour,) = contours(Waveform(track[None], rate, "", rate), (spans,))
    found = separated(track, rate, spans, contour)
    return ((spans, ()), 0.0) if found is None else (found.spans, found.confidence)


def pitch_only(call: Planted) -> Parted:
    """Return the seconds above and below the middle between two groups of pitch."""
    track, rate, spans = _mixed(call)
    hertz = pitch(track, rate, spans)
    parts = [
        Span(a, min(a + 1000, s.end_ms)) for s in spans for a in range(s.start_ms, s.end_ms, 1000)
    ]
    middles = np.array([np.nanmedian(np.append(hertz[p.start_ms // 20 : p.end_ms // 20], 150.0))
                        for p in parts])  # fmt: skip
    limit = float(np.median(middles))
    for _ in range(20):
        limit = float(middles[middles > limit].mean() + middles[middles <= limit].mean()) / 2
    high, low = (joined(p for p, m in zip(parts, middles, strict=True) if (m > limit) is up)
                 for up in (True, False))  # fmt: skip
    return (high, low), 1.0


def _mixed(call: Planted) -> tuple[NDArray[np.float32], int, tuple[Span, ...]]:
    waveform = call.heard.waveform
    track = waveform.whole().mean(axis=0, dtype=np.float32)
    mono = Waveform(track[None], waveform.sample_rate, "", waveform.sample_rate)
    return track, waveform.sample_rate, tightened(mono, regions(mono))[0]


def mono_scores(
    planted: Sequence[Planted], engine: Callable[[Planted], Parted]
) -> dict[str, float]:
    """Return the wrong share for believed calls and for all."""
    rows = []
    for call in planted:
        found, sure = engine(call)
        true = [call.truth(party) for party in PERSONS]
        end_ms = call.heard.recording.duration_ms
        error = diarised(found, true, end_ms, collar_ms=COLLAR_MS)
        rows.append((error.share(error.wrong_voice), sure >= SURE))
    wrong, believed = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    return {
        "wrong_voice": float(wrong.mean()),
        "wrong_voice_believed": float(wrong[believed].mean()) if believed.any() else 1.0,
        "believed": float(believed.mean()),
    }


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and why engines are left out."""
    planted = calls(6 if quick else 24)
    cutting = calls(3 if quick else 20, cutting_in=True)
    engines = {"ours": heard, "silero": silero, "energy": energy}
    bases = _BASES_HZ[::3] if quick else _BASES_HZ
    voices = [
        known_voice(seed, base_hz=base, noise_db=_PITCH_NOISE_DB, syllables=40)
        for seed, base in enumerate(bases)
    ]
    trackers: dict[str, Callable[[Known], Floats]] = {"ours": our_pitch}
    absent = []
    if find_spec("parselmouth"):
        trackers["praat"] = praat_pitch
    else:
        absent.append("praat: praat-parselmouth is not installed (GPL: a peer only); left out")
    figures: Figures = {
        "silence": {n: event_scores(planted, e, silent, SILENCE_MS) for n, e in engines.items()},
        "overlap": {
            n: event_scores(cutting, e, overlapping, OVERLAP_MS) for n, e in engines.items()
        },
        "speed": {
            "ours": speeds(planted, by_utterances=False),
            "transcript_times": speeds(planted, by_utterances=True),
        },
        "pitch": {name: pitch_scores(voices, tracker) for name, tracker in trackers.items()},
        "mono": {
            "ours": mono_scores(planted[:12], our_voices),
            "pitch_only": mono_scores(planted[:12], pitch_only),
        },
    }
    return _rounded(figures), absent


def _rounded(figures: Figures) -> Figures:
    return {
        case: {
            engine: {name: round(value, 4) for name, value in metrics.items()}
            for engine, metrics in engines.items()
        }
        for case, engines in figures.items()
    }


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="six calls, under a minute").parse_args()
    figures, absent = run(quick=chosen.quick)
    names = dict.fromkeys(n for e in figures.values() for m in e.values() for n in m)
    columns = {name: ".0f" if name in {"events", "parties"} else ".3f" for name in names}
    show(figures, columns, title="Tone events", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
