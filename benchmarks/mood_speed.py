"""How fast sentiment and reason are read: utterances a second and core, and is it linear?

Case ``chats``: the sample centre's written contacts. Everything that the measures of mood, risk,
effort and reason need, for every utterance, found in one pass of the plan's automaton: scores,
discontent, signs of effort, matters. Case ``chats × 4``: four times as many; ``long``: the same
utterances in interactions four times as long, for what would grow with an interaction's length.
Times are CPU seconds of this process, the best of ``ROUNDS``, after one round that warms up.

Engines: ``ours``; ``snownlp``, its stock model on a few utterances, where it is installed;
``jieba``, cutting the same utterances into words with jieba and nothing else.

Metrics: ``utterances``; ``per_s``, utterances a CPU second; ``us``, CPU microseconds an utterance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from time import process_time

from benchmarks._planted import planted
from benchmarks._report import Figures, options, show
from detectors.effort.signs import signs_of_effort
from detectors.features import Features
from detectors.lexicon import Lexicon
from detectors.mood.mood import shipped
from detectors.reason.sorting import matters
from detectors.reason.taxonomy_reading import shipped as shipped_taxonomy
from interactions.interaction import Interaction
from interactions.tokens import tokens
from samples.contacts import as_interaction

DAYS, QUICK_DAYS = 20, 4
ROUNDS = 3
LONG = 4
FEW = 100
"""Utterances that SnowNLP reads: it takes some milliseconds for each."""


def interactions(days: int) -> list[Interaction]:
    """Return the sample centre's written contacts of ``days`` days."""
    return [as_interaction(one) for one in planted(days)]


def longer(some: Sequence[Interaction]) -> list[Interaction]:
    """Return the same utterances in interactions ``LONG`` times as long."""
    found = []
    for start in range(0, len(some), LONG):
        group = some[start : start + LONG]
        said = [u for one in group for u in one.utterances]
        utterances = tuple(replace(u, seq=seq) for seq, u in enumerate(said))
        found.append(replace(group[0], utterances=utterances, duration_ms=1000 * len(said)))
    return found


def read(some: Sequence[Interaction]) -> None:
    """Read mood, discontent, effort and reason of every utterance."""
    lexicon = _lexicon()
    for one in some:
        features = Features(one, lexicon)
        _ = features.sentiment, features.discontent
        again = features.customer_says_again
        signs_of_effort(features.utterances, features.normal.texts, again, one.attributes)
        matters(features)


_MADE: list[Lexicon] = []


def _lexicon() -> Lexicon:
    if not _MADE:
        _MADE.append(Lexicon((*shipped().phrase_sets, shipped_taxonomy().phrases)))
    return _MADE[0]


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS + 1):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times[1:])


def _metrics(seconds: float, count: int) -> dict[str, float]:
    return {
        "utterances": count,
        "per_s": round(count / seconds, 1),
        "us": round(1e6 * seconds / count, 2),
    }


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and what was left out."""
    some = interactions(QUICK_DAYS if quick else DAYS)
    cases = {"chats": some, f"chats × {LONG}": some * LONG, "long": longer(some)}
    figures: Figures = {}
    for name, every in cases.items():
        count = sum(len(one.utterances) for one in every)
        seconds = _seconds(lambda every=every: read(every))  # type: ignore[misc]
        figures[name] = {"ours": _metrics(seconds, count)}
    texts = [u.text for one in some for u in one.utterances]
    figures["chats"]["jieba"] = _metrics(
        _seconds(lambda: [tokens(text) for text in texts]), len(texts)
    )
    if not find_spec("snownlp"):
        return figures, ["snownlp is not installed; left out"]
    stock = import_module("snownlp").SnowNLP
    few = [text for text in texts if text][:FEW]
    seconds = _seconds(lambda: [stock(text).sentiments for text in few])
    figures["chats"]["snownlp"] = _metrics(seconds, len(few))
    return figures, []


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="four days, some seconds").parse_args()
    figures, absent = run(quick=chosen.quick)
    columns = {"utterances": ",.0f", "per_s": ",.0f", "us": ".1f"}
    show(figures, columns, title="Mood speed", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
