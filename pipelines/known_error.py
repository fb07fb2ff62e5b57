"""Known error: how often a rule is right, how much it finds, and which rules are hints only.

Precision: confirmed findings among those confirmed or rejected, whichever people judged. Recall:
interactions of the random control slice, heard whole, in which a rule found what people say is
there. Both with the exact interval of Clopper and Pearson (*The use of confidence or fiducial
limits illustrated in the case of the binomial*, Biometrika 26, 1934), which covers at least 95 % at
every n, small ones too. It takes findings as independent of one another; several of one interaction
are not quite, so an interval over ``findings: each`` is a little too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scipy.special import betaincinv

from pipelines.settings import Settings
from warehouse.read import Judgement, judgements, rule_titles
from warehouse.store import Warehouse

CONFIDENCE = 0.95
LEAST = 10
"""Fewer judged cases say too little. Ours: at ten the 95 % interval of one half is 0.19 to 0.81."""


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of`` cases.

    Attributes:
        low: Lower end of the 95 % interval; ``high`` the upper.
    """

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share itself; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def is_small(self) -> bool:
        """Whether there are too few cases to say anything."""
        return self.of < LEAST


def share(count: int, of: int) -> Share:
    """Return a share with its exact (Clopper–Pearson) 95 % interval; 0 to 1 of nothing."""
    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(count, of - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return Share(count, of, low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownError:
    """What is known of one version of a rule.

    Attributes:
        precision: Right among judged.
        recall: Found among what is there, in the control slice.
        unsure: Findings on which people could not decide; in neither figure.
        heard: Interactions of the control slice that people heard whole.
        unanswered: Of those, what is there where the rule was not measured; not in ``recall``.
        set_precision: What the centre asks of it.
    """

    rule_id: str
    rule_version: str
    precision: Share
    recall: Share
    unsure: int
    heard: int
    unanswered: int
    set_precision: float

    @property
    def is_hint(self) -> bool:
        """Whether even the interval's upper end is below what is asked: a hint, no alert."""
        return not self.precision.is_small and self.precision.high < self.set_precision


def known_error(rule_id: str, rule_version: str, judged: Judgement, asked: float) -> KnownError:
    """Return what is known of a rule's version.

    Args:
        rule_id: The rule.
        rule_version: Its version.
        judged: What people said.
        asked: The precision that the centre asks of it, 0 to 1.
    """
    return KnownError(
        rule_id=rule_id,
        rule_version=rule_version,
        precision=share(judged.confirmed, judged.confirmed + judged.rejected),
        recall=share(judged.found, judged.present),
        unsure=judged.unsure,
        heard=judged.heard,
        unanswered=judged.unanswered,
        set_precision=asked,
    )


def known_errors(
    warehouse: Warehouse, settings: Settings, versions: Mapping[str, str] | None = None
) -> dict[str, KnownError]:
    """Return what is known of rules, by id.

    Args:
        warehouse: Where people's verdicts are kept.
        settings: What precision is asked.
        versions: Rule → version; None: the rules of the plan in force.
    """
    if versions is None:
        versions = {rule: one.rule_version for rule, one in rule_titles(warehouse).items()}
    judged = judgements(warehouse)
    return {
        rule: known_error(
            rule,
            version,
            judged.get((rule, version), Judgement(rule_id=rule, rule_version=version)),
            settings.rules.precisions.get(rule, settings.rules.least_precision),
        )
        for rule, version in versions.items()
    }


def hints(warehouse: Warehouse, settings: Settings) -> dict[str, KnownError]:
    """Return the rules in force that are hints only."""
    return {rule: one for rule, one in known_errors(warehouse, settings).items() if one.is_hint}
