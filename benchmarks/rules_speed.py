"""Rules over interactions: how many a second and core, with few phrases and with many.

Interactions: voice, 60 utterances each, made of every second of the real Mandarin service dialogues
(``benchmarks._dialogues``); every second one of them is taken. Cases ``100``, ``1000`` and
``10000``: so many phrases in 200 rules for the customer or the agent by turns, with every default,
so heard by their sound too. The phrases are drawn from the other dialogues: words and rows of two
or three words, 2 to 6 characters long in the shares of the first Mandarin packs, every different
one as likely as any other; a rule writer's phrases are particular, and few of them are said often.
The hits that this makes are a metric. Case ``pack``: the rules of all shipped packs, with the mood
that some of them ask for. Case ``inspection``: the same, and everything else that an inspection
does: every measure, mood, effort and risk.

Engines: ``ours``, rules answered with their evidence, on text that has no normal form yet;
``ours_places``, the normal form and the places of the phrases alone; ``spacy_jieba``, spaCy's
PhraseMatcher over jieba's tokens, which finds the places of the same phrases in text that is in
normal form, by their characters, and answers no rule.

Metrics: ``interactions_per_s_core``, by CPU time, the best of nine rounds (other work on the
machine only ever slows one down); ``hits``, what was found in an interaction: pieces of evidence
for ``ours``, else places.
"""

from __future__ import annotations

import math
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from spacy.matcher import PhraseMatcher

from benchmarks._dialogues import ABSENT, Turn, dialogues
from benchmarks._report import Figures, options, show
from detectors.catalogue import phrase_sets_of
from detectors.evidence import Severity
from detectors.features import Features
from detectors.inspection import Plan, answers, compile_plan, inspect
from detectors.lexicon import Lexicon
from detectors.rule_nodes import Leaf, leaves
from detectors.rules import Rule, load_rules, pack_paths
from detectors.wording.phrase import Phrase
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party
from interactions.tokens import document, tokens

SIZES = (100, 1_000, 10_000)
LENGTHS = {2: 5, 3: 18, 4: 31, 5: 30, 6: 16}
"""Characters of a phrase → how many in a hundred, as in the first Mandarin packs."""
RULES = 200
UTTERANCES = 60
ROUNDS = 9
SEED = 2025
EVERY_MS = 4_000
SPOKEN_MS = 3_000

_CHINESE = re.compile("[\u4e00-\u9fff]+")


Work = Callable[[Interaction], int]
Metrics = dict[str, float]


def interactions(turns: Sequence[Turn], step: int) -> list[Interaction]:
    """Return every ``step``-th voice interaction of 60 utterances, a turn every four seconds."""
    starts = range(0, len(turns) - UTTERANCES, step * UTTERANCES)
    return [_interaction(str(at), turns[at : at + UTTERANCES]) for at in starts]


def _interaction(name: str, turns: Sequence[Turn]) -> Interaction:
    utterances = tuple(
        Utterance(seq, turn.party, seq * EVERY_MS, seq * EVERY_MS + SPOKEN_MS, turn.text)
        for seq, turn in enumerate(turns)
    )
    return Interaction(
        interaction_id=name,
        channel=Channel.VOICE,
        started_at=datetime(2025, 1, 1, tzinfo=UTC),
        duration_ms=UTTERANCES * EVERY_MS,
        source="",
        content_hash="",
        language=Language.ZH,
        utterances=utterances,
    )


def drawn(turns: Sequence[Turn], number: int) -> list[str]:
    """Return ``number`` different phrases of the turns' text, as long as the packs' are."""
    by_length: dict[int, set[str]] = {length: set() for length in LENGTHS}
    for turn in turns:
        words = [token.text for token in tokens(turn.text)]
        for length in (1, 2, 3):
            for at in range(len(words) - length + 1):
                phrase = "".join(words[at : at + length])
                if len(phrase) in LENGTHS and _CHINESE.fullmatch(phrase):
                    by_length[len(phrase)].add(phrase)
    chance = random.Random(SEED)  # noqa: S311 - a seeded generator is the point
    lengths = Counter(chance.choices(list(LENGTHS), list(LENGTHS.values()), k=number))
    found = [chance.sample(sorted(by_length[length]), lengths[length]) for length in LENGTHS]
    phrases = [phrase for some in found for phrase in some]
    chance.shuffle(phrases)
    return phrases


def rules_of(phrases: Sequence[str]) -> list[Rule]:
    """Return 200 rules with the phrases dealt out among them; each rule has at least one."""
    return [
        Rule(
            rule_id=f"rule-{number}",
            version=1,
            title={"zh": str(number), "en": str(number)},
            severity=Severity.MINOR,
            tree=Leaf("phrase", Phrase(any=_dealt(phrases, number), party=_party(number))),
        )
        for number in range(RULES)
    ]


def _dealt(phrases: Sequence[str], number: int) -> tuple[str, ...]:
    return tuple(phrases[number::RULES]) or (phrases[number % len(phrases)],)


def _party(number: int) -> Party:
    return Party.CUSTOMER if number % 2 else Party.AGENT


def lexicon_of(plan: Plan) -> Lexicon:
    """Return the automaton of the rules' own phrases, without the mood words of every plan."""
    detectors = [leaf.detector for rule in plan.rules for leaf in leaves(rule.tree)]
    return Lexicon([one for detector in detectors for one in phrase_sets_of(detector)])


def answered(plan: Plan, lexicon: Lexicon) -> Work:
    """Return what answers every rule of the plan and counts the evidence."""

    def count(interaction: Interaction) -> int:
        features = Features(interaction, lexicon)
        return sum(len(group) for _, said in answers(features, plan) for group in said.groups)

    return count


def found(lexicon: Lexicon) -> Work:
    """Return what finds the phrases, by their sound too, and answers no rule."""

    def count(interaction: Interaction) -> int:
        return sum(map(len, Features(interaction, lexicon).heard.values()))

    return count


def inspected(plan: Plan) -> Work:
    """Return what inspects an interaction and counts the evidence."""
    return lambda one: sum(len(finding.evidence) for finding in inspect(one, plan).findings)


def matched(phrases: Sequence[str]) -> Work:
    """Return what finds the phrases with spaCy's PhraseMatcher over jieba's tokens."""
    docs = [document(phrase) for phrase in phrases]
    matcher = PhraseMatcher(docs[0].vocab)
    for number, doc in enumerate(docs):
        matcher.add(str(number), [doc])
    return lambda one: sum(len(matcher(document(u.text))) for u in one.utterances)


def measured(works: Mapping[str, Work], every: Sequence[Interaction]) -> dict[str, Metrics]:
    """Return both metrics of each engine; what is made once is made before.

    The engines take turns, so that what else the machine does meets all of them.
    """
    hits = {name: sum(map(work, every)) for name, work in works.items()}
    spent = dict.fromkeys(works, math.inf)
    for _, (name, work) in product(range(ROUNDS), works.items()):
        fresh = [replace(one) for one in every]
        before = time.process_time()
        for one in fresh:
            work(one)
        spent[name] = min(spent[name], time.process_time() - before)
    return {
        name: {
            "interactions_per_s_core": round(len(every) / spent[name], 1),
            "hits": round(hits[name] / len(every), 2),
        }
        for name in works
    }


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and why a case was left out."""
    every = dialogues()
    if not every:
        return {}, [ABSENT]
    turns = [turn for dialogue in every[1::2] for turn in dialogue]
    others = [turn for dialogue in every[::2] for turn in dialogue]
    inspecting = interactions(turns, 8 if quick else 2)
    figures: Figures = {}
    for size in SIZES:
        phrases = drawn(others, size)
        plan = compile_plan(rules_of(phrases))
        lexicon = lexicon_of(plan)
        works = {
            "ours": answered(plan, lexicon),
            "ours_places": found(lexicon),
            "spacy_jieba": matched(phrases),
        }
        figures[str(size)] = measured(works, inspecting)
    packs = compile_plan(list(load_rules(list(pack_paths().values()))))
    figures["pack"] = measured({"ours": answered(packs, packs.lexicon)}, inspecting)
    figures["inspection"] = measured({"ours": inspected(packs)}, inspecting)
    return figures, []


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="fewer dialogues, under a minute").parse_args()
    figures, absent = run(quick=chosen.quick)
    columns = {"interactions_per_s_core": ",.1f", "hits": ",.1f"}
    show(figures, columns, title="Rules", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
