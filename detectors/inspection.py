"""Inspection: rules compiled once into a plan, then applied to one interaction after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from detectors.catalogue import phrase_sets_of
from detectors.evidence import Finding, Inspection, NotMeasured
from detectors.features import Features
from detectors.lexicon import Lexicon
from detectors.measures import measures
from detectors.mood.figures import counted
from detectors.mood.mood import Mood, shipped
from detectors.phrases import PhraseSet
from detectors.reason.sorting import matters
from detectors.reason.taxonomy import Taxonomy
from detectors.reason.taxonomy_reading import shipped as shipped_taxonomy
from detectors.rule_nodes import Leaf, leaves
from detectors.rule_orders import Group, in_order
from detectors.rule_tree import Answer, answer, answer_of
from detectors.rules import Findings, Rule, When
from detectors.waking import Waking
from interactions.interaction import Channel, Interaction, Language

ENGINE = "inspection-6"
"""Version of the inspection code: counts up whenever the same rules may find something else."""


class Plan:
    """Rules made ready: every phrase of every rule is in one automaton.

    Attributes:
        rules: The enabled rules with their titles, severity, coaching topics and versions.
        versions: Their ``rule_version``, in the same order.
        key: Hash over the rules' ids and versions, so that the same plan is known again.
        lexicon: The automaton.
        mood: The mood words, and what was fitted to the centre.
        taxonomy: What interactions can be about.
        unbound: Whether a rule is for every interaction, in the same order.
        waking: Which rules have to be asked about an interaction.
    """

    __slots__ = ("key", "lexicon", "mood", "rules", "taxonomy", "unbound", "versions", "waking")

    def __init__(
        self, rules: Sequence[Rule], mood: Mood | None = None, taxonomy: Taxonomy | None = None
    ) -> None:
        self.rules = tuple(rule for rule in rules if rule.enabled)
        self.versions = tuple(rule.rule_version for rule in self.rules)
        pairs = zip(self.rules, self.versions, strict=True)
        names = sorted(f"{rule.rule_id}@{version}" for rule, version in pairs)
        self.mood = mood or shipped()
        names += [f"mood@{self.mood.version}"] if self.mood.version else []
        self.taxonomy = taxonomy or shipped_taxonomy()
        is_own = self.taxonomy is not shipped_taxonomy()
        names += [f"taxonomy@{self.taxonomy.version}"] if is_own else []
        self.key = sha256("\n".join(names).encode()).hexdigest()[:16]
        detectors = (leaf.detector for rule in self.rules for leaf in leaves(rule.tree))
        sets = [one for detector in detectors for one in phrase_sets_of(detector)]
        self.unbound = tuple(rule.language is None and rule.when == When() for rule in self.rules)
        self.waking = Waking([rule.tree for rule in self.rules])
        # not the taxonomy's: they are half of all hits, and few rules ask what a contact is about
        self.lexicon = Lexicon([*sets, *self.mood.phrase_sets, *_counted_sets()])

    def __reduce__(
        self,
    ) -> tuple[Callable[..., Plan], tuple[tuple[Rule, ...], Mood, Taxonomy | None]]:
        """Travel to another process as rules; the automaton is built again there."""
        is_own = self.taxonomy is not shipped_taxonomy()
        return compile_plan, (self.rules, self.mood, self.taxonomy if is_own else None)


def _counted_sets() -> list[PhraseSet]:
    """What the measures count is listened for in the same pass."""
    return [one for detector in counted().values() for one in phrase_sets_of(detector)]


def compile_plan(
    rules: Sequence[Rule], mood: Mood | None = None, taxonomy: Taxonomy | None = None
) -> Plan:
    """Return the plan of the enabled ``rules``; with the shipped words by default."""
    return Plan(rules, mood, taxonomy)


def inspect(interaction: Interaction, plan: Plan) -> Inspection:
    """Return everything that ``plan`` says about ``interaction``; pure and deterministic."""
    features = Features(interaction, plan.lexicon, plan.mood, plan.taxonomy)
    findings: list[Finding] = []
    not_measured: list[NotMeasured] = []
    for number, said in answers(features, plan):
        rule, version = plan.rules[number], plan.versions[number]
        findings += (_finding(interaction, rule, version, group) for group in _groups(rule, said))
        if said.because:
            not_measured.append(
                NotMeasured(
                    interaction_id=interaction.interaction_id,
                    rule_id=rule.rule_id,
                    rule_version=version,
                    because=said.because,
                )
            )
    return Inspection(
        interaction_id=interaction.interaction_id,
        plan=plan.key,
        engine=ENGINE,
        findings=tuple(findings),
        not_measured=tuple(not_measured),
        measures=features.once("measures", lambda: measures(features)),
        matters=matters(features),
    )


def answers(features: Features, plan: Plan) -> Iterator[tuple[int, Answer]]:
    """Yield each rule's number and what it says, for those that may say anything."""
    for number in plan.waking.awake(features):
        rule = plan.rules[number]
        if plan.unbound[number] or rule.applies(features.interaction, features.language):
            # one detector alone is seldom asked for by another rule: not worth keeping its answer
            is_alone = isinstance(rule.tree, Leaf)
            yield number, (answer if is_alone else answer_of)(rule.tree, features)


def failed_examples(rule: Rule) -> list[str]:
    """Return which of a rule's examples it does not answer as written: ``hit[0]``, ``miss[2]``."""
    plan = compile_plan([rule])
    channel = Channel(rule.when.channels[0]) if rule.when.channels else Channel.VOICE
    language = rule.language or Language.UNKNOWN
    failed: list[str] = []
    for kind in ("hit", "miss"):
        for i, example in enumerate(getattr(rule.examples, kind)):
            made = example.interaction(channel, language)
            features = Features(made, plan.lexicon, plan.mood, plan.taxonomy)
            if bool(answer_of(rule.tree, features).groups) is not (kind == "hit"):
                failed.append(f"{kind}[{i}]")
    return failed


def _groups(rule: Rule, said: Answer) -> tuple[Group, ...]:
    if rule.findings is Findings.EACH or len(said.groups) <= 1:
        return said.groups
    return (in_order(tuple(evidence for group in said.groups for evidence in group)),)


def _finding(interaction: Interaction, rule: Rule, version: str, evidence: Group) -> Finding:
    return Finding(
        interaction_id=interaction.interaction_id,
        rule_id=rule.rule_id,
        rule_version=version,
        severity=rule.severity,
        engine=ENGINE,
        evidence=evidence,
    )
