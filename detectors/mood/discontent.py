"""Discontent: how dissatisfied a customer is, from what they say and what they do.

For one utterance of a customer::

    discontent = sum of weight * sign      (detectors.mood.signs.WEIGHTS)
               + the fitted model's logit  (detectors.mood.learned; 0 without one)

It has no unit and no limits: near 0 for a mere answer, 1 to 3 for most dissatisfied turns, below 0
for thanks. A whole interaction's is the mean over its customer's utterances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from detectors.likeness import Grams, pairs
from detectors.mood.learned import Learned
from detectors.mood.signs import WEIGHTS, is_said_again, matched, refuses
from interactions.interaction import Utterance
from interactions.sound import Party


@dataclass(frozen=True, slots=True)
class Discontent:
    """One customer's utterance.

    Attributes:
        index: Which of the interaction's utterances in use.
        signs: What speaks for and against, 0 and up; names of ``signs.WEIGHTS``.
        learned: What the fitted model adds; 0 without one.
    """

    index: int
    signs: Mapping[str, float]
    learned: float = 0.0

    @property
    def value(self) -> float:
        """The discontent."""
        return sum(WEIGHTS[name] * one for name, one in self.signs.items()) + self.learned

    @property
    def contributions(self) -> tuple[tuple[str, float], ...]:
        """What each sign and the fitted model added, the largest first."""
        parts = [(name, WEIGHTS[name] * value) for name, value in self.signs.items() if value]
        parts += [("learned", self.learned)] if self.learned else []
        return tuple(sorted(parts, key=lambda part: (-abs(part[1]), part[0])))


def discontents(
    utterances: Sequence[Utterance], texts: Sequence[str], sums: Sequence[float], learned: Learned
) -> tuple[Discontent, ...]:
    """Return the discontent of each utterance of the customer, in order.

    Args:
        utterances: Those in use.
        texts: Their normal forms.
        sums: Their sums of mood words (``detectors.mood.scoring.total``).
        learned: What was fitted to the centre's labels.
    """
    found: list[Discontent] = []
    earlier: list[Grams] = []
    is_refused = False
    for index, (utterance, text) in enumerate(zip(utterances, texts, strict=True)):
        if utterance.party is not Party.CUSTOMER:
            is_refused = utterance.party is Party.AGENT and refuses(text)
            continue
        signs = matched(text)
        signs["negative_words" if sums[index] < 0 else "positive_words"] = abs(sums[index])
        signs["place"] = index / len(texts)
        signs["after_refusal"] = float(is_refused)
        grams = pairs(text)
        signs["says_again"] = float(is_said_again(grams, earlier))
        earlier.append(grams)
        found.append(Discontent(index, signs, learned.logit(text, signs)))
    return tuple(found)


def mean_discontent(found: Sequence[Discontent]) -> float | None:
    """Return an interaction's discontent; None where no customer said anything."""
    return fmean(one.value for one in found) if found else None
