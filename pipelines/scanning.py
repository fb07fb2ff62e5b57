"""One rule put to kept interactions, in several processes, nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from detectors.evidence import Finding
from detectors.features import ROLE_FLOOR, TRUST_FLOOR, Features
from detectors.inspection import Plan, compile_plan, inspect
from detectors.lean_reading import needs_contours, needs_word_times, pattern, required_phrases
from detectors.mood.mood import Mood
from detectors.reason.taxonomy import Taxonomy
from detectors.rules import Rule
from interactions.interaction import Channel, Interaction
from warehouse.read import Columns, Place, history, without
from warehouse.store import Warehouse, open_warehouse

# With fewer interactions a second process costs more (its start and its tables of syllables, about
# 4 s) than it saves at about 1 ms an interaction.
WORTH_A_PROCESS = 12_000
# The fields of ``when`` that the warehouse compares as the rule does.
PLAIN_WHEN = ("channels", "queues", "teams", "agents", "products")


class Words(NamedTuple):
    """What words are read with."""

    mood: Mood
    taxonomy: Taxonomy


@dataclass(frozen=True, slots=True)
class Hit:
    """An interaction in which the rule finds something.

    Attributes:
        findings: How many.
        parties: Whose words or voice the evidence is; empty where it is nobody's.
    """

    interaction_id: str
    findings: int
    parties: tuple[str, ...]


@dataclass(slots=True)
class Scan:
    """What a rule says of many interactions.

    Attributes:
        hits: By interaction.
        silent: Interactions for which it could not be answered, by reason.
        not_for: Interactions that the rule is not for.
        rebuilt: How many interactions had to be rebuilt and inspected.
    """

    hits: dict[str, Hit] = field(default_factory=dict)
    silent: Counter[str] = field(default_factory=Counter)
    not_for: set[str] = field(default_factory=set)
    rebuilt: int = 0

    def add(self, other: Scan) -> None:
        """Take in what another process found."""
        self.hits |= other.hits
        self.silent += other.silent
        self.not_for |= other.not_for
        self.rebuilt += other.rebuilt


def scan(path: Path, rule: Rule, kept: Sequence[Place], *, words: Words, workers: int) -> Scan:
    """Put ``rule`` to kept interactions.

    Args:
        path: The warehouse; it is only read.
        rule: The rule; those that it refers to come with it.
        kept: Interactions, in the order of their ids.
        words: What words are read with: mood and taxonomy.
        workers: Processes at most.
    """
    with open_warehouse(path, read_only=True) as warehouse:
        wanted = candidates(warehouse, rule, kept)
        if workers < 2 or len(wanted) < WORTH_A_PROCESS:  # noqa: PLR2004 - one is this one
            return _scanned(warehouse, rule, words, wanted)
    size = -(-len(wanted) // workers)
    parts = [wanted[start : start + size] for start in range(0, len(wanted), size)]
    whole = Scan()
    # Not forked: DuckDB's threads do not survive it.
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        for part in pool.map(_apart, [(path, rule, words, part) for part in parts]):
            whole.add(part)
    return whole


def candidates(warehouse: Warehouse, rule: Rule, kept: Sequence[Place]) -> list[str]:
    """Return the interactions that have to be looked at.

    Left out are those that SQL alone can tell to hold none of the characters without which the rule
    finds nothing. A rule that hears speech by its sound has all calls looked at.
    """
    left_out: set[str] = set()
    for spoken in (False, True):
        ids = [o.interaction_id for o in kept if (o.channel == Channel.VOICE.value) is spoken]
        sought = _sought(rule, spoken=spoken)
        if ids and sought is not None:
            left_out |= without(warehouse, ids, sought, trust=TRUST_FLOOR, roles=ROLE_FLOOR)
    return [o.interaction_id for o in kept if o.interaction_id not in left_out]


def _sought(rule: Rule, *, spoken: bool) -> str | None:
    """Return what a text must match; None where every interaction has to be looked at."""
    when = asdict(rule.when)
    if any(values for name, values in when.items() if name not in PLAIN_WHEN):
        return None  # who the rule is for is not known before an interaction is rebuilt
    phrases = required_phrases(rule.tree, spoken=spoken)
    return pattern(phrases) if phrases else None


def _apart(work: tuple[Path, Rule, Words, Sequence[str]]) -> Scan:
    path, rule, words, ids = work
    with open_warehouse(path, read_only=True) as warehouse:
        return _scanned(warehouse, rule, words, ids)


def _scanned(warehouse: Warehouse, rule: Rule, words: Words, ids: Sequence[str]) -> Scan:
    plan = compile_plan([rule], *words)
    columns = Columns(words=needs_word_times(rule.tree), contours=needs_contours(rule.tree))
    done = Scan(rebuilt=len(ids))
    for batch in history(warehouse, ids, columns):
        for interaction in batch:
            _note(done, interaction, plan, rule)
    return done


def _note(done: Scan, interaction: Interaction, plan: Plan, rule: Rule) -> None:
    one = interaction.interaction_id
    said = inspect(interaction, plan)
    found = [f for f in said.findings if f.rule_id == rule.rule_id]
    if found:
        done.hits[one] = Hit(one, len(found), _parties(found))
    because = [n.because for n in said.not_measured if n.rule_id == rule.rule_id]
    if because:
        done.silent[because[0]] += 1
    elif not found and not rule.applies(interaction, Features(interaction).language):
        done.not_for.add(one)


def _parties(found: Sequence[Finding]) -> tuple[str, ...]:
    parties = {e.party.value for one in found for e in one.evidence if e.party is not None}
    return tuple(sorted(parties))
