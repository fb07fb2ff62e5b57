"""The day-after scorecard: mean scores of agents, teams or queues, with n and interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import fmean, stdev

from scipy.special import stdtrit

from detectors.scorecard import WHOLE
from pipelines.known_error import CONFIDENCE
from pipelines.scoring import both, by_version, sheets_of
from pipelines.settings import Settings
from warehouse.read import ScorePlace, answered_ids, answers_of, score_places, scores
from warehouse.store import Warehouse

LEAST_SCORES = 5
"""Below this no interval is given. Ours: with four scores Student's t reaches 3.2 standard errors
to either side, which tells nobody from anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One agent's, team's or queue's scores by one sheet.

    Attributes:
        name: None for interactions of which nobody knows whose they are.
        n: Scored interactions.
        mean: Of 100.
        low: Lower end of the mean's 95 % interval; None with too few scores. ``high`` likewise.
        lowest: The lowest score, and in which interaction.
        zeros: Interactions with a score of 0 (a fatal item).
    """

    sheet_id: str
    name: str | None
    n: int
    mean: float
    low: float | None
    high: float | None
    lowest: float
    lowest_id: str
    zeros: int


def standings(
    warehouse: Warehouse,
    settings: Settings,
    *,
    per: str,
    days: tuple[date, date],
    sheet_id: str | None = None,
) -> list[Standing]:
    """Return standings by sheet, the lowest mean first.

    Args:
        warehouse: Where the scores are.
        settings: Whose sheets and time zone.
        per: ``agent``, ``team``, ``queue``, ``product``, or ``source``: own and outsourced teams.
        days: First and last local day, both included.
        sheet_id: Only this sheet.
    """
    places = score_places(
        warehouse, first_day=days[0], last_day=days[1], timezone=settings.centre.timezone
    )
    people = _by_people(warehouse, settings, places)
    groups: dict[tuple[str, str | None], list[tuple[float, str]]] = {}
    for one in places:
        value = people.get((one.interaction_id, one.sheet_id), one.score)
        if value is not None and sheet_id in (None, one.sheet_id):
            key = (one.sheet_id, _name(one, per, settings))
            groups.setdefault(key, []).append((value, one.interaction_id))
    found = [_standing(sheet, name, values) for (sheet, name), values in groups.items()]
    return sorted(found, key=lambda one: (one.sheet_id, one.mean, one.name or ""))


def _name(one: ScorePlace, per: str, settings: Settings) -> str | None:
    if per == "source":
        return "outsourced" if one.team in settings.console.outsourced else "own"
    name: str | None = getattr(one, per)
    return name


def _by_people(
    warehouse: Warehouse, settings: Settings, places: Sequence[ScorePlace]
) -> Mapping[tuple[str, str], float | None]:
    """Scores of the interactions on which people answered something."""
    here = {one.interaction_id for one in places}
    ids = [one for one in answered_ids(warehouse) if one in here]
    if not ids:
        return {}
    sheets = by_version(sheets_of(settings))
    answers = answers_of(warehouse, ids)
    changed: dict[tuple[str, str], float | None] = {}
    for score in scores(warehouse, ids):
        own = [one for one in answers if one.interaction_id == score.interaction_id]
        answered = both(sheets, score, own)
        if answered is not None:
            changed[score.interaction_id, score.sheet_id] = answered.score
    return changed


def _standing(sheet: str, name: str | None, values: Sequence[tuple[float, str]]) -> Standing:
    figures = [value for value, _ in values]
    mean = fmean(figures)
    interval = mean_interval(figures)
    lowest, lowest_id = min(values)
    return Standing(
        sheet_id=sheet,
        name=name,
        n=len(figures),
        mean=round(mean, 2),
        low=None if interval is None else round(interval[0], 2),
        high=None if interval is None else round(interval[1], 2),
        lowest=lowest,
        lowest_id=lowest_id,
        zeros=sum(value == 0 for value in figures),
    )


def mean_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % interval of the mean of scores (0 to 100); None of too few.

    Student's t (Student, *The probable error of a mean*, Biometrika 6, 1908), clipped to what a
    score can be.
    """
    if len(values) < LEAST_SCORES:
        return None
    reach = float(stdtrit(len(values) - 1, 1 - (1 - CONFIDENCE) / 2))
    reach *= stdev(values) / sqrt(len(values))
    mean = fmean(values)
    return max(0.0, mean - reach), min(WHOLE, mean + reach)
