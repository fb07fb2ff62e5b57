"""Activation against real, labelled speech that it has never seen.

Cases (metric ``auc``, the area under the ROC curve; 0.5 is chance; ``auc_error`` its standard
error, Hanley and McNeil, 1982, Radiology 143):
    casia: Mandarin, acted, two speakers: angry against neutral.
    emodb: German, acted, ten speakers: anger against neutral.
    ravdess: English, acted: angry against neutral.
    utep: English, customers of a merchant, 6 s each: dissatisfied against neutral. The 60 clips
        are no sample of the corpus: its makers kept those that a regression on prosody got most
        right and those that it got most wrong (their ``failure-analysis``), so that what prosody
        tells is cancelled out by choice. ``utep_told`` and ``utep_missed`` are the two halves. Of
        whole dialogues three are at hand, with one stretch marked dissatisfied: too few to judge
        pauses, overlaps and the course of a talk.
    calls_zh: six constructed Mandarin calls mixed to one track: ``diarisation_error`` (NIST's:
        missed, false and wrong-voice speech over all speech, overlaps counted), without a collar
        and with 250 ms, and its parts. The reference counts silence inside an utterance as speech,
        so the error cannot be 0; ``reference_silence`` is that part: what lies in the reference and
        has no speech on the speaker's own track, and ``diarisation_error_spoken`` the error
        without it (no collar). ``ours_believed``: the calls that reach the confidence from which
        parties are told apart; of the others nothing by party is measured.

Everything is heard through a telephone: 8 kHz, 300 to 3 400 Hz, mu-law. Engines that have seen no
label of the set: ``ours``, the shipped activation against the speaker's own median; ``loudness``
and ``pitch`` alone, likewise; ``egemaps_elsewhere``, openSMILE's eGeMAPS v02 with logistic
regression, learned in the other acted sets. Engines learned in the set from all other speakers:
``egemaps``; ``ours_learned``, our three figures with the same regression. Each is standardised per
speaker. openSMILE is not for commercial use: a peer only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asr.contour import contours
from asr.edges import tightened
from asr.speech import regions
from asr.waveform import Waveform
from benchmarks._clips import RATE, Clip, by_speaker, labelled
from benchmarks._mono_calls import mono_calls, mono_paths
from benchmarks._report import Figures, options, show
from detectors.voice.activation import activation, deviations, raw_figures
from interactions.sound import Span

SETS = {
    "casia": ("casia", "angry", "neutral"),
    "emodb": ("emodb", "anger", "neutral"),
    "ravdess": ("ravdess", "angry", "neutral"),
    "utep": ("utep", "dissatisfied", "neutral"),
}
ACTED = ("casia", "emodb", "ravdess")
_HALVES = {"utep_told": "ascend", "utep_missed": "descend"}

Floats = NDArray[np.float64]
Clips = Sequence[Clip]


def clips_of(name: str, step: int) -> Clips:
    """Return every ``step``-th clip of a set; of the small one all."""
    return labelled(*SETS[name], 1 if name == "utep" else step)


def figures_of(clip: Clip) -> tuple[float, float, float]:
    """Return level, pitch and balance of a clip's speech; NaN where there is too little."""
    waveform = Waveform(clip.sound[None], RATE, "pcm_mulaw", RATE)
    spoken = tightened(waveform, regions(waveform))
    whole = Span(0, waveform.duration_ms)
    if spoken[0]:
        whole = Span(spoken[0][0].start_ms, spoken[0][-1].end_ms)
    (contour,) = contours(waveform, spoken)
    return raw_figures(contour, whole) or (np.nan, np.nan, np.nan)


def ours(clips: Clips, raw: Floats) -> dict[str, Floats]:
    """Return the scores of our activation, and of two of its parts alone."""
    off = np.zeros_like(raw)
    for places in by_speaker(clips).values():
        off[places] = deviations(raw[places])
    off = np.nan_to_num(off)
    scores = np.array([activation(*row) for row in off.tolist()])
    return {"ours": scores, "loudness": off[:, 0], "pitch": off[:, 1]}


def functionals(clips: Clips) -> Floats:
    """Return eGeMAPS functionals, a row a clip."""
    import opensmile  # noqa: PLC0415 - a peer that may be absent

    smile = opensmile.Smile(
        feature_set=opensmile.FeatureSet.eGeMAPSv02,
        feature_level=opensmile.FeatureLevel.Functionals,
    )
    return np.vstack([smile.process_signal(clip.sound, RATE).to_numpy() for clip in clips])


def standardised(clips: Clips, rows: Floats) -> Floats:
    """Return each speaker's rows with mean 0 and deviation 1; 0 where there was nothing."""
    found = rows.copy()
    for places in by_speaker(clips).values():
        part = found[places]
        known = np.isfinite(part).all(axis=1)
        if known.any():
            found[places] = (part - part[known].mean(axis=0)) / (part[known].std(axis=0) + 1e-9)
    return np.nan_to_num(found)


def learned(clips: Clips, x: Floats) -> Floats:
    """Return logistic regression's scores, each speaker's learned from all the others."""
    known = np.array([clip.label is not None for clip in clips])
    y = np.array([bool(clip.label) for clip in clips])
    scores = np.zeros(len(clips))
    for places in by_speaker(clips).values():
        others = known.copy()
        others[places] = False
        if len(set(y[others].tolist())) == 2:
            scores[places] = regressed(x[others], y[others], x[places])
    return scores


def regressed(x: Floats, y: NDArray[np.bool_], unseen: Floats) -> Floats:
    """Return the scores of ``unseen``, learned from ``x`` with labels ``y``."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a peer

    model = LogisticRegression(C=0.1, max_iter=2000).fit(x, y)
    return np.asarray(model.decision_function(unseen), dtype=np.float64)


def elsewhere(name: str, step: int) -> Floats | None:
    """Return eGeMAPS' scores of a set, learned in the other acted sets; None without any."""
    others = [other for other in ACTED if other != name and clips_of(other, step)]
    rows, labels = [], []
    for other in others:
        clips = clips_of(other, step)
        known = np.array([clip.label is not None for clip in clips])
        rows.append(egemaps(other, step)[known])
        labels += [bool(clip.label) for clip in clips if clip.label is not None]
    if not rows:
        return None
    return regressed(np.vstack(rows), np.array(labels), egemaps(name, step))


@cache
def egemaps(name: str, step: int) -> Floats:
    """Return a set's eGeMAPS, standardised per speaker."""
    clips = clips_of(name, step)
    return standardised(clips, functionals(clips))


def scored(name: str, step: int, *, has_peer: bool) -> dict[str, Floats]:
    """Return every engine's scores of a set's clips."""
    clips = clips_of(name, step)
    raw = np.array([figures_of(clip) for clip in clips], dtype=np.float64)
    scores = ours(clips, raw)
    if has_peer:
        scores["egemaps"] = learned(clips, egemaps(name, step))
        scores["ours_learned"] = learned(clips, standardised(clips, raw))
        foreign = elsewhere(name, step)
        if foreign is not None:
            scores["egemaps_elsewhere"] = foreign
    return scores


def judged(clips: Clips, scores: dict[str, Floats]) -> dict[str, dict[str, float]]:
    """Return every engine's area, its error, and how many clips there are of each side."""
    up = np.array([clip.label is True for clip in clips])
    down = np.array([clip.label is False for clip in clips])
    count = {"activated": float(up.sum()), "other": float(down.sum())}
    return {name: _area(values[up], values[down]) | count for name, values in scores.items()}


def _area(up: Floats, down: Floats) -> dict[str, float]:
    """Return the area under the ROC curve (Mann and Whitney, 1947) and its standard error."""
    area = float((up[:, None] > down).mean() + 0.5 * (up[:, None] == down).mean())
    once, twice = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (len(up) - 1) * (once - area**2)
    spread += (len(down) - 1) * (twice - area**2)
    error = float(np.sqrt(max(0.0, spread) / (len(up) * len(down))))
    return {"auc": round(area, 4), "auc_error": round(error, 4)}


def halves(clips: Clips, scores: dict[str, Floats]) -> Figures:
    """Return the clips that a regression on prosody got right, and those that it got wrong."""
    found: Figures = {}
    for case, folder in _HALVES.items():
        places = [at for at, clip in enumerate(clips) if folder in Path(clip.path).parts[0]]
        some = {name: values[places] for name, values in scores.items()}
        found[case] = judged([clips[at] for at in places], some)
    return found


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and why something is left out."""
    has_peer = all(find_spec(name) for name in ("opensmile", "sklearn"))
    figures: Figures = {}
    absent = [] if has_peer else ["egemaps: opensmile or scikit-learn is not installed; left out"]
    step = 6 if quick else 1
    for name in SETS:
        clips = clips_of(name, step)
        if not any(clip.label is not None for clip in clips):
            absent.append(f"{name}: not on this machine; left out")
            continue
        scores = scored(name, step, has_peer=has_peer)
        figures[name] = judged(clips, scores)
        if name == "utep":
            figures |= halves(clips, scores)
    if paths := mono_paths()[: 1 if quick else None]:
        figures["calls_zh"] = mono_calls(paths)
    else:
        absent.append("calls_zh: not on this machine; left out")
    return figures, absent


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="every sixth clip and one call").parse_args()
    figures, absent = run(quick=chosen.quick)
    if chosen.json:
        show(figures, {}, title="", as_json=True)
        return
    mono = {case: figures.pop(case) for case in ("calls_zh",) if case in figures}
    columns = {"auc": ".3f", "auc_error": ".3f", "activated": ".0f", "other": ".0f"}
    show(figures, columns, title="Emotion in real speech", as_json=False, absent=absent)
    if mono:
        names = dict.fromkeys(name for m in mono["calls_zh"].values() for name in m)
        show(mono, dict.fromkeys(names, ".3f"), title="Two voices on one track", as_json=False)


if __name__ == "__main__":
    main()
