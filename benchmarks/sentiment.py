"""Sentiment and dissatisfaction on real reviews and dialogues.

Sets: ``hotel`` and ``food`` reviews, ``jddc_turns`` and ``jddc_dialogues`` (dissatisfied),
``stc3_dialogues`` (mean satisfaction at most -0.5; company names masked, folds by company). Read
from ``../shared/eval/text`` where that is present.

Cases: ``<set>/out_of_box``, nothing trained on any of these sets; ``<set>/unseen``, the same on the
part whose texts nobody read while words and signs were written (one half of the reviews and of
STC-3, by a hash; JDDC's test split; but how contrast and the end of a text weigh was chosen among
72 ways by figures on all of the reviews and of STC-3, and how the clause model is joined by figures
on all five sets, docs/mood_model.md); ``<set>/fitted``, trained on four folds and
judged on the fifth, no fold splitting a dialogue or a company.

Engines: ``ours``; ``snownlp``, its stock model, where it is installed (its training text holds
2 538 of the hotel reviews); ``lexicon``, positive less negative words of HowNet and NTUSD;
``tfidf``, runs of one to three characters with scikit-learn's logistic regression, in fitted cases.

Metrics: ``auc``, area under the ROC curve; ``low`` and ``high``, its 95 % interval; ``n``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from zlib import crc32

import numpy as np

from benchmarks._labelled import (
    ABSENT,
    EVAL,
    Labelled,
    jddc_dialogues,
    jddc_turns,
    reviews,
    stc3_dialogues,
)
from benchmarks._report import Figures, options, show
from detectors.mood.fitting import FOLDS, area, gained

SETS: dict[str, Callable[[], list[Labelled]]] = {
    "hotel": lambda: reviews("hotel"),
    "food": lambda: reviews("food_delivery"),
    "jddc_turns": jddc_turns,
    "jddc_dialogues": jddc_dialogues,
    "stc3_dialogues": stc3_dialogues,
}
QUICK = 4
SLOW = 6
"""SnowNLP takes a fifth of a second a review, so it is judged on every sixth case only."""
_LISTS = {
    1: ("hownet_pos_emotion_zh.txt", "hownet_pos_eval_zh.txt", "ntusd_positive.txt"),
    -1: ("hownet_neg_emotion_zh.txt", "hownet_neg_eval_zh.txt", "ntusd_negative.txt"),
}


def snownlp(texts: Sequence[str]) -> list[float]:
    """Return SnowNLP's stock score of each text, turned round: higher is more negative."""
    stock = import_module("snownlp").SnowNLP
    return [-float(stock(text or "。").sentiments) for text in texts]


def lexicon(texts: Sequence[str]) -> list[float]:
    """Return negative less positive words of the published lists in each text."""
    import ahocorasick_rs  # noqa: PLC0415 - only where the lists are

    signs: dict[str, int] = {}
    for sign, names in _LISTS.items():
        for name in names:
            lines = (EVAL / "lexicons" / name).read_text("utf-8").splitlines()
            signs |= {word: sign for line in lines if len(word := line.strip().split("\t")[0]) > 1}
    words = list(signs)
    automaton = ahocorasick_rs.AhoCorasick(
        words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )
    found = (automaton.find_matches_as_indexes(text) for text in texts)
    return [-float(sum(signs[words[which]] for which, _, _ in hits)) for hits in found]


def tfidf(cases: Sequence[Labelled]) -> list[float]:
    """Return held-out scores of TF-IDF over characters with logistic regression."""
    text = import_module("sklearn.feature_extraction.text")
    linear = import_module("sklearn.linear_model")
    labels = np.array([one.case.is_dissatisfied for one in cases])
    fold = np.array([crc32(one.case.group.encode()) % FOLDS for one in cases])
    scores = np.zeros(len(cases))
    for number in range(FOLDS):
        held = fold == number
        maker = text.TfidfVectorizer(
            analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True
        )
        seen = maker.fit_transform(
            [one.text for one, out in zip(cases, held, strict=True) if not out]
        )
        model = linear.LogisticRegression(C=4, max_iter=300).fit(seen, labels[~held])
        told = maker.transform([one.text for one, out in zip(cases, held, strict=True) if out])
        scores[held] = model.decision_function(told)
    return [float(score) for score in scores]


def run(*, quick: bool, only: str = "") -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and what was left out."""
    absent = [
        f"{name} is not installed; left out"
        for name in ("snownlp", "sklearn")
        if find_spec(name) is None
    ]
    figures: Figures = {}
    for name, read in SETS.items():
        if only and name != only:
            continue
        cases = read()[:: QUICK if quick else 1]
        if not cases:
            return {}, [ABSENT]
        figures |= _set(name, cases)
    return figures, absent


def _set(name: str, cases: Sequence[Labelled]) -> Figures:
    texts = [one.text for one in cases]
    scores = {"ours": [one.case.base for one in cases], "lexicon": lexicon(texts)}
    few = range(0, len(cases), SLOW)
    stock = snownlp([texts[i] for i in few]) if find_spec("snownlp") else []
    unseen = [index for index, one in enumerate(cases) if one.unseen]
    fitted = {"ours": list(gained([one.case for one in cases]).scores)}
    if find_spec("sklearn"):
        fitted["tfidf"] = tfidf(cases)
    every = range(len(cases))
    return {
        f"{name}/out_of_box": {
            **{who: _metrics(cases, told, every) for who, told in scores.items()},
            **(
                {"snownlp": _metrics([cases[i] for i in few], stock, range(len(few)))}
                if stock
                else {}
            ),
        },
        f"{name}/unseen": {who: _metrics(cases, told, unseen) for who, told in scores.items()},
        f"{name}/fitted": {who: _metrics(cases, told, every) for who, told in fitted.items()},
    }


def _metrics(
    cases: Sequence[Labelled], scores: Sequence[float], which: Sequence[int]
) -> dict[str, float]:
    found = area([scores[i] for i in which], [cases[i].case.is_dissatisfied for i in which])
    return {
        "auc": round(found.value, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "n": len(which),
    }


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    parser = options(__doc__, quick="every fourth case, under a minute")
    parser.add_argument("--only", default="", choices=("", *SETS), help="one set")
    chosen = parser.parse_args()
    figures, absent = run(quick=chosen.quick, only=chosen.only)
    columns = {"auc": ".3f", "low": ".3f", "high": ".3f", "n": ".0f"}
    show(figures, columns, title="Sentiment", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
