"""Activation against real, labelled speech that it has never seen.

Cases (metric ``auc``, the area under the ROC curve; 0.5 is chance):
    casia: Mandarin, acted, two speakers: angry against neutral.
    emodb: German, acted, ten speakers: anger against neutral.
    ravdess: English, acted: angry against neutral.
    utep: English, customers of a merchant, 6 s each: dissatisfied against neutral.
    utep_turns: the same dialogues' whole calls, stretches as annotators marked them.
    calls_zh: six constructed Mandarin calls mixed to one track: ``diarisation_error`` (missed,
        false and wrong speech over all speech, overlaps counted, 250 ms around each change not) and
        ``wrong_voice`` of ``ours``, beside one voice for all (``one_voice``). The reference counts
        silence inside an utterance as speech, so the error cannot be 0; ``reference_silence`` is
        that part: what lies in the reference and has no speech on the speaker's own track.

Everything is heard through a telephone: 8 kHz, 300 to 3 400 Hz, mu-law. Engines: ``ours``, the
shipped activation against the speaker's own median, no label of the set used; ``loudness`` and
``pitch`` alone, likewise; ``egemaps`` (openSMILE's eGeMAPS v02, standardised per speaker) with
logistic regression, learned in the set from all other speakers. openSMILE is not for commercial
use: a peer only.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from asr.contour import contours
from asr.edges import tightened
from asr.speech import regions
from asr.voices import separated
from asr.waveform import Waveform, read
from benchmarks._diarisation import Voices, diarised, missing_ms, reference
from benchmarks._report import Figures, options, show
from benchmarks._voice_with_known_pitch import mulaw
from detectors.voice.activation import activation, deviations, raw_figures
from interactions.sound import Span
from samples.telephone import narrowed

SPEECH = Path(__file__).resolve().parents[2] / "shared" / "eval" / "speech"
RATE = 8_000
_LEAST_S = 1.0

Floats = NDArray[np.float64]
Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A labelled stretch of speech: ``label`` True for the activated side, None for neither."""

    speaker: str
    label: bool | None
    sound: Sound


def heard(sound: Sound, rate: int) -> Sound:
    """Return a sound as a telephone passes it on."""
    mono = sound if sound.ndim == 1 else sound.mean(axis=1)
    return mulaw(narrowed(mono.astype(np.float32), rate))


def acted(name: str, positive: str, negative: str, step: int) -> list[Clip]:
    """Return every ``step``-th clip of a set by its manifest; all labels make the baseline."""
    path = SPEECH / name / "manifest.csv"
    if not path.is_file():
        return []
    labels = {positive: True, negative: False}
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    chosen = [
        row for row in rows if row["path"].endswith(".flac") and float(row["duration_s"]) < 30
    ]
    return [
        Clip(row["speaker"], labels.get(row["label"]), heard(*_read(path.parent / row["path"])))
        for row in chosen[::step]
    ]


def _read(path: Path) -> tuple[Sound, int]:
    sound, rate = soundfile.read(path, dtype="float32")
    return sound, rate


def figures_of(clip: Clip) -> tuple[float, float, float]:
    """Return level, pitch and balance of a clip's speech; NaN where there is too little."""
    waveform = Waveform(clip.sound[None], RATE, "pcm_mulaw", RATE)
    spoken = tightened(waveform, regions(waveform))
    whole = Span(0, waveform.duration_ms)
    if spoken[0]:
        whole = Span(spoken[0][0].start_ms, spoken[0][-1].end_ms)
    (contour,) = contours(waveform, spoken)
    return raw_figures(contour, whole) or (np.nan, np.nan, np.nan)


def by_speaker(clips: Sequence[Clip]) -> Mapping[str, list[int]]:
    """Return the places of each speaker's clips."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, clip in enumerate(clips):
        found[clip.speaker].append(place)
    return found


def ours(clips: Sequence[Clip]) -> dict[str, Floats]:
    """Return the scores of our activation, and of two of its parts alone."""
    raw = np.array([figures_of(clip) for clip in clips], dtype=np.float64)
    off = np.zeros_like(raw)
    for places in by_speaker(clips).values():
        off[places] = deviations(raw[places])
    off = np.nan_to_num(off)
    scores = np.array([activation(*row) for row in off.tolist()])
    return {"ours": scores, "loudness": off[:, 0], "pitch": off[:, 1]}


def egemaps(clips: Sequence[Clip]) -> Floats:
    """Return eGeMAPS functionals with logistic regression, learned from all other speakers."""
    import opensmile  # noqa: PLC0415 - a peer that may be absent
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    smile = opensmile.Smile(
        feature_set=opensmile.FeatureSet.eGeMAPSv02,
        feature_level=opensmile.FeatureLevel.Functionals,
    )
    x = np.vstack([smile.process_signal(clip.sound, RATE).to_numpy() for clip in clips])
    speakers = by_speaker(clips)
    for places in speakers.values():
        part = x[places]
        x[places] = (part - part.mean(axis=0)) / (part.std(axis=0) + 1e-9)
    x = np.nan_to_num(x)
    labelled = np.array([clip.label is not None for clip in clips])
    y = np.array([bool(clip.label) for clip in clips])
    scores = np.zeros(len(clips))
    for places in speakers.values():
        known = labelled.copy()
        known[places] = False
        if len(set(y[known].tolist())) == 2:
            model = LogisticRegression(C=0.1, max_iter=2000).fit(x[known], y[known])
            scores[places] = model.decision_function(x[places])
    return scores


def auc(clips: Sequence[Clip], scores: Floats) -> float:
    """Return the area under the ROC curve over the labelled clips (Mann and Whitney, 1947)."""
    up = np.array([s for c, s in zip(clips, scores, strict=True) if c.label is True])
    down = np.array([s for c, s in zip(clips, scores, strict=True) if c.label is False])
    above = (up[:, None] > down).mean() + 0.5 * (up[:, None] == down).mean()
    return round(float(above), 4)


def judged(clips: Sequence[Clip], *, has_peer: bool) -> dict[str, dict[str, float]]:
    """Return every engine's area, and how many clips there are of each side."""
    count = {
        "activated": float(sum(clip.label is True for clip in clips)),
        "other": float(sum(clip.label is False for clip in clips)),
    }
    scores = ours(clips)
    if has_peer:
        scores["egemaps"] = egemaps(clips)
    return {name: {"auc": auc(clips, values), **count} for name, values in scores.items()}


def utep_turns() -> list[Clip]:
    """Return the customer's marked stretches of the whole dialogues."""
    folder = SPEECH / "utep"
    found: list[Clip] = []
    for path in sorted((folder / "corpus" / "calls").glob("*.flac")):
        marks = folder / "annotations" / f"{path.stem}.txt"
        if marks.is_file():
            sound, rate = _read(path)
            found += list(_marked(marks, heard(sound, rate), path.stem))
    return found


def _marked(marks: Path, sound: Sound, speaker: str) -> Iterator[Clip]:
    """Yield what is marked: ELAN's lines of tier, speaker, start, end and length twice, mark."""
    labels = {"d": True, "dd": True, "n": False, "nn": False}
    for line in marks.read_text("utf-8").splitlines():
        _, _, _, start, _, end, *_, mark = line.split("\t")
        if mark.strip() in labels and float(end) - float(start) >= _LEAST_S:
            part = sound[int(float(start) * RATE) : int(float(end) * RATE)]
            yield Clip(speaker, labels[mark.strip()], part)


def mono_calls(count: int) -> dict[str, dict[str, float]]:
    """Return the diarisation error on constructed calls, ours and one voice for all."""
    rows = []
    for path in sorted((SPEECH / "calls_zh").glob("*_mono.flac"))[:count]:
        waveform = read([path], item=path.name)
        spoken = tightened(waveform, regions(waveform))
        (contour,) = contours(waveform, spoken)
        found = separated(waveform.samples[0], waveform.sample_rate, spoken[0], contour)
        true = reference(path.with_name(path.name.replace("_mono.flac", ".rttm")))
        both = read([path.with_name(path.name.replace("_mono", ""))], item=path.name)
        apart = tightened(both, regions(both))
        end = waveform.duration_ms
        silent = sum(missing_ms(own, told, end) for own, told in zip(true, apart, strict=True))
        whole = sum(span.duration_ms for spans in true for span in spans)
        alone: Voices = (spoken[0], ())
        rows.append(
            (*diarised(found.spans if found else alone, true, end), *diarised(alone, true, end),
             silent / whole, found.confidence if found else 0.0)
        )  # fmt: skip
    mean = np.mean(rows, axis=0)
    return {
        "ours": _named(mean[0], mean[1], mean[4], float(mean[5])),
        "one_voice": _named(mean[2], mean[3], mean[4], 0.0),
    }


def _named(error: float, wrong: float, silent: float, sure: float) -> dict[str, float]:
    names = ("diarisation_error", "wrong_voice", "reference_silence", "confidence")
    return {n: round(float(v), 4) for n, v in zip(names, (error, wrong, silent, sure), strict=True)}


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and why something is left out."""
    has_peer = all(find_spec(name) for name in ("opensmile", "sklearn"))
    step = 6 if quick else 1
    sets: dict[str, Callable[[], list[Clip]]] = {
        "casia": lambda: acted("casia", "angry", "neutral", step),
        "emodb": lambda: acted("emodb", "anger", "neutral", step),
        "ravdess": lambda: acted("ravdess", "angry", "neutral", step),
        "utep": lambda: acted("utep", "dissatisfied", "neutral", 1),
        "utep_turns": utep_turns,
    }
    figures: Figures = {}
    absent = [] if has_peer else ["egemaps: opensmile or scikit-learn is not installed; left out"]
    for name, clips_of in sets.items():
        clips = clips_of()
        if clips:
            figures[name] = judged(clips, has_peer=has_peer)
        else:
            absent.append(f"{name}: not on this machine; left out")
    if (SPEECH / "calls_zh").is_dir():
        figures["calls_zh"] = mono_calls(1 if quick else 6)
    else:
        absent.append("calls_zh: not on this machine; left out")
    return figures, absent


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="every sixth clip and one call").parse_args()
    figures, absent = run(quick=chosen.quick)
    names = dict.fromkeys(n for e in figures.values() for m in e.values() for n in m)
    columns = {name: ".0f" if name in {"activated", "other"} else ".3f" for name in names}
    show(figures, columns, title="Emotion in real speech", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
