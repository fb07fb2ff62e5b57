"""Learns the clause model of mood and discontent from sentences written for this project.

No set of labelled Mandarin service talk that we could find may be used for what is shipped, so the
sentences of ``mood_training.yaml`` are put together to made texts: reviews of one to six clauses
that are mostly of one side, some with a clause of the other; and a customer's messages of one or
two clauses. Two logistic regressions over runs of one to three characters (``detectors.mood.
clauses``) are learned: negative against positive, in which what is of no mood stands on both sides;
and dissatisfied against content. Real texts with labels only ever judge the result
(``benchmarks.sentiment``).

``python -m benchmarks.mood_training --write`` writes ``detectors/mood/clauses_zh.txt``; without it
the figures alone are printed: held-out area under the ROC curve on folds of the clauses.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np
import yaml
from scipy import sparse

from detectors.lexicon import Lexicon
from detectors.mood.clauses import BIAS, RUNS, ClauseModel, model_of
from detectors.mood.fitting import FOLDS, area, regression
from detectors.mood.scoring import mood_words, total
from detectors.phrases import by_utterance
from interactions.normal_texts import normal_texts

SEED = 1
REVIEWS, MESSAGES = 12_000, 6_000
NEUTRAL_TIMES, AGENT_TIMES = 20, 10
"""How often a sentence of no mood stands on each side; of an agent's, among the content."""
CLAUSES = (1, 1, 2, 3, 4, 6)
"""Clauses of a review, one drawn."""
TURNS_FROM, TURNS, ASIDES = 3, 0.4, 0.2
"""From how many clauses, and how often, the other side is told first; how often something plain."""
FRAMES = ("", "非常", "太", "真是", "有点")
NEGATED = {1: ("不", "不是很", "不太"), -1: ("没有",)}
"""What stands before a word of the list: any word, and one of each sign."""
CLEAR = 2
"""Weight from which a word of the list is a text of its own."""
STRENGTH = 4.0
RARE = 2
"""Runs in fewer texts are left out."""
SMALLEST = 0.01
"""Weights below it in both kinds are left out."""
SOURCE = Path(__file__).with_suffix(".yaml")
TARGET = Path(__file__).resolve().parents[1] / "detectors" / "mood" / "clauses_zh.txt"

Labelled = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The written sentences in normal form; of no mood are ``plain`` and ``agent``."""

    good: list[str]
    bad: list[str]
    plain: list[str]
    agent: list[str]
    dissatisfied: list[str]
    content: list[str]

    def only(self, fold: int, *, held: bool) -> Sentences:
        """Return those of a fold, or all others."""
        parts = (self.good, self.bad, self.plain, self.agent, self.dissatisfied, self.content)
        return Sentences(*([one for one in p if (_fold(one) == fold) is held] for p in parts))


def _fold(text: str) -> int:
    """Return the fold of what ends alike: 房间很小 and 屋子很小 stay together."""
    return crc32(text[-2:].encode()) % FOLDS


def sentences() -> Sentences:
    """Return every written sentence, things with all that is said of them."""
    given = yaml.safe_load(SOURCE.read_text("utf-8"))
    kinds = {
        kind: [*given["whole"][kind], *_said(given["things"], kind)]
        for kind in ("good", "bad", "plain")
    }
    parts = [*kinds.values(), given["agent"], *given["service"].values()]
    return Sentences(*(list(dict.fromkeys(normal_texts(part).texts)) for part in parts))


def _said(things: Sequence[Mapping[str, Sequence[str]]], kind: str) -> Iterator[str]:
    for one in things:
        yield from (of + said for of in one["of"] for said in one.get(kind, ()))


def reviews(given: Sentences, rng: Random) -> Labelled:
    """Return made reviews and sentences of no mood on both sides, with True for negative."""
    bad = [*given.bad, *given.dissatisfied]
    found: Labelled = []
    for _ in range(REVIEWS):
        is_bad = rng.random() < 1 / 2
        own, other = (bad, given.good) if is_bad else (given.good, bad)
        clauses = [rng.choice(own) for _ in range(rng.choice(CLAUSES))]
        if len(clauses) >= TURNS_FROM and rng.random() < TURNS:
            clauses.insert(0, rng.choice(other))
        if rng.random() < ASIDES:
            clauses.insert(rng.randrange(len(clauses) + 1), rng.choice(given.plain))
        found.append((",".join(clauses), is_bad))
    found += worded()
    no_mood = [*given.plain, *given.agent, *_without_words(given.content)]
    return found + [(one, side) for one in no_mood for side in (True, False)] * NEUTRAL_TIMES


def worded() -> Labelled:
    """Return the list's own words as they are, strengthened and negated; True for negative.

    The label is the sign of their sum (``detectors.mood.scoring``), both where it is 0: so the
    model knows what the list knows, and that 非常 and 不是很 tell nothing alone.
    """
    words = mood_words()
    told = zip(words.phrases.phrases, words.weights, strict=True)
    strong = [(phrase, w) for phrase, w in told if abs(w) >= CLEAR and not phrase.isascii()]
    texts = [
        frame + phrase
        for phrase, weight in strong
        for frame in (*FRAMES, *NEGATED[1 if weight > 0 else -1])
    ]
    hits = by_utterance(Lexicon([words.phrases]).hits(texts).get(words.phrases, []))
    sums = [total(text, hits.get(i, ()), (), words) for i, text in enumerate(texts)]
    pairs = list(zip(texts, sums, strict=True))
    neither = [(text, side) for text, one in pairs if not one for side in (True, False)]
    return [(text, one < 0) for text, one in pairs if one] + neither


def _without_words(texts: Sequence[str]) -> list[str]:
    """Return the texts in which the list of mood words finds none: 谢谢 and 满意 are of a mood."""
    words = mood_words()
    hits = Lexicon([words.phrases]).hits(texts).get(words.phrases, [])
    told = {hit.utterance for hit in hits if words.weights[hit.which]}
    return [text for number, text in enumerate(texts) if number not in told]


def messages(given: Sentences, rng: Random) -> Labelled:
    """Return made messages of customers, opinions and an agent's words; True for dissatisfied."""
    found: Labelled = []
    for _ in range(MESSAGES):
        is_bad = rng.random() < 1 / 2
        own = given.dissatisfied if is_bad else given.content
        text = ",".join(rng.choice(own) for _ in range(rng.choice((1, 1, 1, 2))))
        found.append((text, is_bad))
    found += worded()
    found += [(one, True) for one in given.bad]
    found += [(one, False) for one in (*given.good, *given.plain)]
    return found + [(one, False) for one in given.agent] * AGENT_TIMES


def learned(texts: Labelled) -> tuple[dict[str, float], float]:
    """Return the weight of each run of characters and the bias; positive where True."""
    counted = [_runs(text) for text, _ in texts]
    known = Counter(run for runs in counted for run in runs)
    names = sorted(run for run, count in known.items() if count >= RARE)
    column = {run: number for number, run in enumerate(names)}
    rows, columns, values = [], [], []
    for row, runs in enumerate(counted):
        length = math.sqrt(max(1, sum(runs.values())))
        for run in runs.keys() & column.keys():
            rows.append(row)
            columns.append(column[run])
            values.append(runs[run] / length)
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(names)))
    truth = np.array([label for _, label in texts], dtype=bool)
    found = regression(matrix, np.zeros(len(texts)), truth, STRENGTH)
    return dict(zip(names, found[:-1].tolist(), strict=True)), float(found[-1])


def _runs(text: str) -> Counter[str]:
    return Counter(
        clause[i : i + size]
        for clause in "".join(c if "\u3400" <= c <= "\u9fff" else " " for c in text).split()
        for size in RUNS
        for i in range(len(clause) - size + 1)
    )


def lines(given: Sentences, seed: int = SEED) -> list[str]:
    """Return the model's lines: bias, then each run with its two weights."""
    moods, mood_bias = learned(reviews(given, Random(seed)))  # noqa: S311 - seeded
    discontents, bias = learned(messages(given, Random(seed + 1)))  # noqa: S311 - as above
    found = [f"{BIAS}\t{-mood_bias:.3f}\t{bias:.3f}"]
    for run in sorted(moods.keys() | discontents.keys()):
        mood, discontent = -moods.get(run, 0.0), discontents.get(run, 0.0)
        if max(abs(mood), abs(discontent)) >= SMALLEST:
            found.append(f"{run}\t{mood:.3f}\t{discontent:.3f}")
    return found


def held_out(given: Sentences) -> dict[str, float]:
    """Return the area under the ROC curve of each kind on sentences that were not learned from."""
    truths: dict[str, list[bool]] = {"mood": [], "discontent": []}
    scores: dict[str, list[float]] = {"mood": [], "discontent": []}
    for fold in range(FOLDS):
        model = model_of(lines(given.only(fold, held=False)))
        held = given.only(fold, held=True)
        for kind, bad, good in (
            ("mood", held.bad, held.good),
            ("discontent", held.dissatisfied, held.content),
        ):
            told = _told(model, [*bad, *good], kind)
            scores[kind] += told
            truths[kind] += [True] * len(bad) + [False] * len(good)
    return {kind: area(scores[kind], truths[kind]).value for kind in scores}


def _told(model: ClauseModel, texts: Sequence[str], kind: str) -> list[float]:
    found = model.read(texts)
    return [-one for one in found.mood] if kind == "mood" else list(found.discontent)


def main() -> None:
    """Learn, print the figures, and with ``--write`` write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    chosen = parser.parse_args()
    given = sentences()
    found = lines(given)
    if chosen.write:
        head = "# run, weight for mood, weight for discontent; made by benchmarks/mood_training.py"
        TARGET.write_text("\n".join([head, *found]) + "\n", "utf-8")
    print(f"{len(found) - 1} runs of characters")
    for kind, value in held_out(given).items():
        print(f"{kind}: held-out area under the ROC curve {value:.3f}")


if __name__ == "__main__":
    main()
