"""What an interaction is about, and what made its risk, on its page; each line an utterance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from console.summary_page import About, about
from detectors.evidence import Need
from detectors.features import Features
from detectors.mood.figures import risk_of
from detectors.mood.risk import Risk
from detectors.rule_errors import RuleErrors
from interactions.interaction import Interaction, Utterance
from interactions.personal.redaction import Redaction
from pipelines.redaction import masked
from pipelines.settings import Settings, SettingsError

MOST_TURNS = 3
MOST_SIGNS = 4
LEAST = 0.05
"""Parts that add less are left out; ours: half of the last figure that is shown."""

Parts = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A customer's utterance that speaks for dissatisfaction.

    Attributes:
        value: Its discontent; ``signs`` are what made it, the largest first.
    """

    utterance: Utterance
    value: float
    signs: Parts


@dataclass(frozen=True, slots=True)
class Gist:
    """What the page says of the whole.

    Attributes:
        about: Summary and categories, without what is personal.
        risk: The risk as it is read now; None where it cannot be measured.
        because: Why it cannot; a code of ``detectors.because.NOT_MEASURED``.
        parts: What made the risk, the largest first.
        turns: The utterances that speak most for dissatisfaction, in their order.
    """

    about: About
    risk: Risk | None
    because: str
    parts: Parts
    turns: tuple[Turn, ...]


def gist(settings: Settings, one: Interaction, hidden: Redaction | None) -> Gist | None:
    """Return the gist of an interaction; None where the centre's own words cannot be used.

    The summary is made of what is shown. The risk is read from what was said, as a night reads it;
    only figures and places of it are shown.
    """
    from pipelines.reasons import taxonomy_of
    from pipelines.sentiment import mood_of

    try:
        mood, taxonomy = mood_of(settings), taxonomy_of(settings)
    except (SettingsError, RuleErrors):
        return None
    shown = one if hidden is None else masked(one, hidden)
    features = Features(one, mood=mood, taxonomy=taxonomy)
    needs = frozenset({Need.TEXT, Need.TRUST, Need.ROLES})
    because = features.lacks(needs) or ("" if features.discontents else "not_spoken")
    risk = None if because else risk_of(features)
    return Gist(
        about=about(shown, taxonomy),
        risk=risk,
        because=because,
        parts=risk.contributions if risk else (),
        turns=tuple(_turns(features, shown)) if risk else (),
    )


def _turns(features: Features, shown: Interaction) -> Iterator[Turn]:
    by_seq = {utterance.seq: utterance for utterance in shown.utterances}
    worst = sorted(features.discontents, key=lambda told: (-told.value, told.index))[:MOST_TURNS]
    for told in sorted(worst, key=lambda told: told.index):
        if told.value > 0:
            utterance = by_seq[features.utterances[told.index].seq]
            yield Turn(utterance, told.value, _large(told.contributions)[:MOST_SIGNS])


def _large(parts: Parts) -> Parts:
    return tuple((name, value) for name, value in parts if abs(value) >= LEAST)
