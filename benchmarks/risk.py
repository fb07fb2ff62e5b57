"""Dissatisfaction risk on real dialogues: is it calibrated, and what stands first on a worklist?

Sets: ``jddc_dialogues`` and ``stc3_dialogues`` (benchmarks/sentiment.py tells what they are), read
from ``../shared/eval/text`` where that is present.

Cases: ``<set>/out_of_box`` and ``<set>/fitted`` (fitted and calibrated on other folds than those
judged, no fold splitting a dialogue or a company); ``<set>/…/bin N``, the reliability diagram: ten
parts of equal size by risk, ``told`` the mean risk and ``true`` the share of dissatisfied ones.

Engines: ``ours``; ``sentiment``, the mean mood score of the customer alone; ``random``, what
drawing by lot finds on average.

Metrics: ``ece``, expected calibration error over the ten parts (Naeini et al. 2015, equal mass);
``first_5``, ``first_10``, ``first_20``: share of all dissatisfied dialogues among the first 5, 10,
20 % ; ``n``, ``dissatisfied``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks._labelled import ABSENT, Labelled, jddc_dialogues, stc3_dialogues
from benchmarks._report import Figures, options, show
from detectors.mood.calibration import calibration_error, parts_by_risk
from detectors.mood.fitting import gained
from detectors.mood.risk import risk

SETS: dict[str, Callable[[], list[Labelled]]] = {
    "jddc_dialogues": jddc_dialogues,
    "stc3_dialogues": stc3_dialogues,
}
FIRST = (5, 10, 20)
QUICK = 4


def first(scores: Sequence[float], labels: Sequence[bool]) -> dict[str, float]:
    """Return which share of all dissatisfied ones stands in the first 5, 10, 20 %."""
    order = np.argsort([-score for score in scores], kind="stable")
    truth = np.asarray(labels, dtype=bool)[order]
    cuts = {share: math.ceil(len(truth) * share / 100) for share in FIRST}
    return {
        f"first_{share}": round(float(truth[:cut].sum() / max(1, truth.sum())), 4)
        for share, cut in cuts.items()
    }


def _case(name: str, risks: Sequence[float], labels: Sequence[bool]) -> Figures:
    diagram = parts_by_risk(risks, labels)
    ece = calibration_error(risks, labels)
    counts = {"n": float(len(labels)), "dissatisfied": float(sum(labels))}
    figures: Figures = {name: {"ours": {"ece": round(ece, 4), **first(risks, labels), **counts}}}
    for number, (told, true, size) in enumerate(diagram, start=1):
        told_true = {"told": round(told, 4), "true": round(true, 4), "n": float(size)}
        figures[f"{name}/bin {number}"] = {"ours": told_true}
    return figures


def _set(name: str, cases: Sequence[Labelled]) -> Figures:
    labels = [one.case.is_dissatisfied for one in cases]
    plain = [risk(one.case.base, {}).value for one in cases]
    moods = [-one.mood for one in cases]
    figures = _case(f"{name}/out_of_box", plain, labels)
    figures |= _case(f"{name}/fitted", gained([one.case for one in cases]).risks, labels)
    for case in (f"{name}/out_of_box", f"{name}/fitted"):
        figures[case]["sentiment"] = first(moods, labels)
        figures[case]["random"] = {f"first_{share}": share / 100 for share in FIRST}
    return figures


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and what was left out."""
    figures: Figures = {}
    for name, read in SETS.items():
        cases = read()[:: QUICK if quick and name.startswith("stc3") else 1]
        if not cases:
            return {}, [ABSENT]
        figures |= _set(name, cases)
    return figures, []


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="every fourth dialogue of STC-3").parse_args()
    figures, absent = run(quick=chosen.quick)
    columns = {
        **dict.fromkeys(("ece", "told", "true"), ".3f"),
        **{f"first_{share}": ".3f" for share in FIRST},
        **dict.fromkeys(("n", "dissatisfied"), ".0f"),
    }
    show(figures, columns, title="Risk", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
