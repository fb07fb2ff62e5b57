"""Agreement of several people who judged the same things, and how severe each of them is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from statistics import fmean

Units = Sequence[Sequence[str]]
"""Per thing judged the answers that it got, one of each person who gave one."""
Distance = Callable[[str, str], float]
DRAWS, SEED = 1_000, 8
LEAST_UNITS = 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree on one question.

    Attributes:
        units: Things that two people or more answered.
        exact: Share of pairs of answers that are the same; None without pairs.
        near: Share of pairs within the tolerance.
        kappa: Fleiss' kappa; None where it is not defined (all answers the same, say).
        alpha: Krippendorff's alpha; ``low`` and ``high`` its 95 % interval.
    """

    units: int
    exact: float | None
    near: float | None
    kappa: float | None
    alpha: float | None
    low: float | None
    high: float | None


def nominal(one: str, other: str) -> float:
    """Return 0 for the same answer, else 1."""
    return float(one != other)


def interval(one: str, other: str) -> float:
    """Return the squared difference of two numbers."""
    return (float(one) - float(other)) ** 2


def agreement(units: Units, *, distance: Distance = nominal, tolerance: float = 0.0) -> Agreement:
    """Return how far people agree.

    Args:
        units: What they answered.
        distance: Of two answers, for alpha.
        tolerance: Answers that are numbers are near one another up to here, ends included.
    """
    paired = [list(unit) for unit in units if len(unit) > 1]
    pairs = [pair for unit in paired for pair in combinations(unit, 2)]
    if not pairs:
        return Agreement(0, None, None, None, None, None, None)
    bounds = _bounds(paired, distance)
    return Agreement(
        units=len(paired),
        exact=fmean(a == b for a, b in pairs),
        near=fmean(a == b or _is_near(a, b, tolerance) for a, b in pairs),
        kappa=fleiss(paired),
        alpha=krippendorff(paired, distance),
        low=bounds[0],
        high=bounds[1],
    )


def _is_near(one: str, other: str, tolerance: float) -> bool:
    try:
        return abs(float(one) - float(other)) <= tolerance + 1e-9
    except ValueError:
        return False


def fleiss(units: Units) -> float | None:
    """Return Fleiss' kappa (*Measuring nominal scale agreement among many raters*, 1971).

    Units may have different numbers of answers: agreement of a unit is the share of its pairs that
    agree, and units count alike, as in Fleiss' own formula where all have the same number.
    """
    shares = [fmean(a == b for a, b in combinations(unit, 2)) for unit in units if len(unit) > 1]
    counts = Counter(answer for unit in units if len(unit) > 1 for answer in unit)
    total = counts.total()
    if not shares:
        return None
    by_chance = sum((n / total) ** 2 for n in counts.values())
    return None if by_chance >= 1 else (fmean(shares) - by_chance) / (1 - by_chance)


def krippendorff(units: Units, distance: Distance = nominal) -> float | None:
    """Return Krippendorff's alpha (*Computing Krippendorff's alpha-reliability*, 2011).

    None where nothing varies: then there is nothing to agree on.
    """
    coincidences: dict[tuple[str, str], float] = defaultdict(float)
    for unit in units:
        if len(unit) < LEAST_UNITS:
            continue
        for at, one in enumerate(unit):
            for place, other in enumerate(unit):
                if at != place:
                    coincidences[one, other] += 1 / (len(unit) - 1)
    totals: dict[str, float] = defaultdict(float)
    for (one, _), n in coincidences.items():
        totals[one] += n
    n_all = sum(totals.values())
    observed = sum(n * distance(*pair) for pair, n in coincidences.items())
    expected = sum(totals[a] * totals[b] * distance(a, b) for a in totals for b in totals if a != b)
    if expected == 0:
        return None
    return 1 - (n_all - 1) * observed / expected


def _bounds(units: Units, distance: Distance) -> tuple[float | None, float | None]:
    """Return a 95 % interval: the percentiles of alpha over things drawn again, with a fixed seed.

    Efron, *Bootstrap methods: another look at the jackknife*, 1979. Of fewer than five things drawn
    again nothing can be said.
    """
    if len(units) < _LEAST_BOOT:
        return None, None
    random = Random(SEED)  # noqa: S311 - a drawing, no secret
    drawn = [krippendorff(random.choices(units, k=len(units)), distance) for _ in range(DRAWS)]
    known = sorted(one for one in drawn if one is not None)
    if not known:
        return None, None
    return known[int(0.025 * len(known))], known[min(len(known) - 1, int(0.975 * len(known)))]


_LEAST_BOOT = 5


def severity(given: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return how much more (or less) each person gives than the others on the same things.

    Args:
        given: Person → thing → share of the points given, 0 to 1.

    Returns:
        Person → mean difference to the mean of the others, over things that others judged too;
        people who share no thing with others are left out. Below 0: severe.
    """
    found: dict[str, float] = {}
    for person, own in given.items():
        differences = []
        for thing, value in own.items():
            others = [
                other[thing] for who, other in given.items() if who != person and thing in other
            ]
            if others:
                differences.append(value - fmean(others))
        if differences:
            found[person] = fmean(differences)
    return found
