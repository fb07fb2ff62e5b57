"""Discontent: how dissatisfied a customer is, from what they say and what they do.

For one utterance of a customer::

    discontent = sum of weight * sign      (detectors.mood.signs.WEIGHTS)
               + the fitted model's logit  (detectors.mood.learned; 0 without one)

It has no unit and no limits: near 0 for a mere answer, 1 to 3 for most dissatisfied turns, below 0
for thanks. A whole interaction's is the mean over its customer's utterances, the last of which
weigh most; ``EACH_CLAUSE`` for each dissatisfied clause more than content ones, since who is
dissatisfied says so in many places and no mean shows how many; and the fitted model's logit of all
of them as one text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from detectors.mood.learned import BETWEEN, Learned, mean_signs
from detectors.mood.signs import WEIGHTS, matched, refusals
from interactions.interaction import Utterance
from interactions.sound import Party

EACH_CLAUSE = 0.1
"""Discontent of a whole interaction for each clause; ours, a round number."""
MOST_CLAUSES = 30
"""How many count at most; ours, so that a long call is no more than a bad chat."""


@dataclass(frozen=True, slots=True)
class Discontent:
    """One customer's utterance.

    Attributes:
        index: Which of the interaction's utterances in use.
        signs: What speaks for and against, 0 and up, ``clauses`` below 0 too; names of
            ``signs.WEIGHTS``. Those that are not named are 0.
        learned: What the fitted model adds; 0 without one.
        value: The discontent.
    """

    index: int
    signs: Mapping[str, float]
    learned: float = 0.0
    value: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", told_by(self.signs) + self.learned)

    @property
    def contributions(self) -> tuple[tuple[str, float], ...]:
        """What each sign and the fitted model added, the largest first."""
        parts = [(name, WEIGHTS[name] * value) for name, value in self.signs.items() if value]
        parts += [("learned", self.learned)] if self.learned else []
        return tuple(sorted(parts, key=lambda part: (-abs(part[1]), part[0])))


def told_by(signs: Mapping[str, float]) -> float:
    """Return what an utterance's signs tell together, as it is without any fitted model."""
    return sum([WEIGHTS[name] * value for name, value in signs.items()])


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of an interaction's utterances in use, each in their order.

    Attributes:
        texts: Their normal forms.
        sums: Their sums of mood words (``detectors.mood.scoring.total``).
        clauses: What the clause model reads in them (``detectors.mood.clauses``).
        again: Which of them say something again (``Features.customer_says_again``).
    """

    texts: Sequence[str]
    sums: Sequence[float]
    clauses: Sequence[float]
    again: Collection[int]


def discontents(
    utterances: Sequence[Utterance], given: Given, learned: Learned
) -> tuple[Discontent, ...]:
    """Return the discontent of each utterance of the customer, in order.

    Args:
        utterances: Those in use.
        given: What is known of them.
        learned: What was fitted to the centre's labels.
    """
    texts, sums = given.texts, given.sums
    told = [i for i, one in enumerate(utterances) if one.party is Party.CUSTOMER]
    refused = _after_refusals(utterances, texts)
    found: list[Discontent] = []
    for index, signs in zip(told, matched([texts[i] for i in told]), strict=True):
        signs["negative_words" if sums[index] < 0 else "positive_words"] = abs(sums[index])
        signs["place"] = index / len(texts)
        if given.clauses[index]:
            signs["clauses"] = given.clauses[index]
        if index in refused:
            signs["after_refusal"] = 1.0
        if index in given.again:
            signs["says_again"] = 1.0
        adds = 0.0 if learned.is_nothing else learned.adds(told_by(signs), texts[index], signs)
        found.append(Discontent(index, signs, adds))
    return tuple(found)


def _after_refusals(utterances: Sequence[Utterance], texts: Sequence[str]) -> set[int]:
    """Return which utterances of the customer's follow an agent's that refuses."""
    agents = [i for i, one in enumerate(utterances) if one.party is Party.AGENT]
    refusing = {agents[number] for number in refusals([texts[i] for i in agents])}
    found: set[int] = set()
    is_refused = False
    for index, one in enumerate(utterances):
        if one.party is not Party.CUSTOMER:
            is_refused = index in refusing
        elif is_refused:
            found.add(index)
    return found


def end_weighted(values: Sequence[float]) -> float:
    """Return sum of i · value_i / sum of i, i = 1 … n: what is said last weighs most."""
    count = len(values)
    return sum(i * one for i, one in enumerate(values, 1)) / (count * (count + 1) / 2)


def whole_discontent(
    found: Sequence[Discontent], texts: Sequence[str], learned: Learned
) -> float | None:
    """Return an interaction's discontent; None where no customer said anything.

    Args:
        found: Of each utterance of the customer.
        texts: The normal forms of all utterances in use.
        learned: What was fitted to the centre's labels; it reads the customer's texts as one.
    """
    if not found:
        return None
    base = out_of_the_box(found)
    if learned.is_nothing:
        return base
    said = BETWEEN.join(texts[one.index] for one in found)
    return base + learned.adds(base, said, mean_signs([one.signs for one in found]))


def out_of_the_box(found: Sequence[Discontent]) -> float:
    """Return the discontent of a whole interaction as it is without any fitted model."""
    clauses = sum([one.signs.get("clauses", 0.0) for one in found])
    often = EACH_CLAUSE * max(-MOST_CLAUSES, min(clauses, MOST_CLAUSES))
    return end_weighted([one.value - one.learned for one in found]) + often
