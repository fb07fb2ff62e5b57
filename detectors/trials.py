"""A rule's own examples, each with what the rule says of it and the words that decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

from detectors.evidence import Evidence
from detectors.examples import Example
from detectors.inspection import compile_plan, inspect
from detectors.rules import Rule, When
from interactions.interaction import Channel, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One example, tried.

    Attributes:
        kind: ``hit`` (must be found) or ``miss`` (must not).
        number: Place among the rule's examples of its kind, from 0.
        evidence: What the rule found in it; none where it found nothing.
        because: Why it could not be answered; empty where it could.
    """

    kind: str
    number: int
    example: Example
    evidence: tuple[Evidence, ...]
    because: str

    @property
    def passed(self) -> bool:
        """Whether the rule answers as its author wrote."""
        return bool(self.evidence) is (self.kind == "hit")

    @property
    def name(self) -> str:
        """As it is called in errors: ``hit[0]``."""
        return f"{self.kind}[{self.number}]"


def trials(rule: Rule) -> list[Trial]:
    """Try a rule's examples.

    They are taken as interactions that the rule is for: an example need not say queue and product.
    """
    channel = Channel(rule.when.channels[0]) if rule.when.channels else Channel.VOICE
    language = rule.language or Language.UNKNOWN
    plan = compile_plan([replace(rule, when=When(), language=None, enabled=True)])
    tried = []
    for kind in ("hit", "miss"):
        for number, example in enumerate(getattr(rule.examples, kind)):
            said = inspect(example.interaction(channel, language), plan)
            evidence = tuple(e for finding in said.findings for e in finding.evidence)
            because = said.not_measured[0].because if said.not_measured else ""
            tried.append(
                Trial(kind=kind, number=number, example=example, evidence=evidence, because=because)
            )
    return tried
