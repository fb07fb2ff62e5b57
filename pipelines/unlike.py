"""What is unlike its past or its peers: new words, slow drifts, agents and teams, interactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hotwords.drift import Drift, Outlier, Verdict, drifts, outliers
from hotwords.new_words import NewWord, new_words
from hotwords.slow import SlowDrift, slow_drifts
from pipelines.settings import Settings
from warehouse.read import counted_range
from warehouse.read_unlike import Days, customer_texts, measured, weekly, words_said
from warehouse.store import Warehouse

EARLIER_DAYS = 90  # in which a new word was never said
LEAST_EARLIER_DAYS = 28  # with less of a past every word would be new
MOST_TEXTS = 5_000  # read for new words
RECENT_DAYS = 14  # of agents and teams: two of every weekday
BEFORE_DAYS = 56
MOST_TOLD = 10
# What an agent or team does, and what customers make of it; in calls and in writing.
WATCHED = (
    "both_share", "dead_air_unannounced", "dissatisfaction_risk", "duration", "effort",
    "first_reply", "longest_turn", "reply_latency_p50", "reply_time_median", "sentiment_mean",
    "silence_share", "speaking_speed", "talk_over_rate", "talk_share",
)  # fmt: skip
GROUPS = ("agent", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """What is unlike its past or its peers.

    Attributes:
        slow: Words and rule hits whose share of contacts grows or falls steadily.
        groups: Agents and teams whose measures changed beyond chance; in the order of their
            names, because this is no ranking.
        compared: So many pairs of group and measure were compared; ``too_few`` had too few
            interactions for it.
        outliers: Interactions farthest from others of their channel, queue and reason.
    """

    slow: tuple[SlowDrift, ...]
    groups: tuple[Drift, ...]
    compared: int
    too_few: int
    outliers: tuple[Outlier, ...]


def unlike(warehouse: Warehouse, day: date, settings: Settings) -> Unlike:
    """Return what drifted up to ``day``."""
    since = day - timedelta(days=RECENT_DAYS - 1)
    days = Days(
        first=since - timedelta(days=BEFORE_DAYS), last=day, timezone=settings.centre.timezone
    )
    own = {by: measured(warehouse, WATCHED, days, by=by, since=since) for by in GROUPS}
    found = [one for by in GROUPS for one in drifts(own[by], since)]
    far: dict[str, Outlier] = {}
    for one in outliers(one for one in own["agent"] if one.day >= since):
        far.setdefault(one.interaction_id, one)
    return Unlike(
        slow=tuple(slow_words(warehouse, day)),
        groups=tuple(one for one in found if one.verdict is Verdict.DRIFTED),
        compared=sum(one.verdict is not Verdict.TOO_FEW for one in found),
        too_few=sum(one.verdict is Verdict.TOO_FEW for one in found),
        outliers=tuple(far.values())[:MOST_TOLD],
    )


def team_drifts(warehouse: Warehouse, day: date, settings: Settings) -> list[Drift]:
    """Return the teams whose measures changed beyond chance up to ``day``, by their names."""
    since = day - timedelta(days=RECENT_DAYS - 1)
    days = Days(
        first=since - timedelta(days=BEFORE_DAYS), last=day, timezone=settings.centre.timezone
    )
    found = drifts(measured(warehouse, WATCHED, days, by="team", since=since), since)
    return [one for one in found if one.verdict is Verdict.DRIFTED]


def slow_words(warehouse: Warehouse, day: date) -> list[SlowDrift]:
    """Return the words and rule hits whose share grows or falls steadily, the surest first."""
    return slow_drifts(weekly(warehouse, day))[:MOST_TOLD]


def unlisted(
    warehouse: Warehouse, day: date, settings: Settings, *, days: int
) -> tuple[NewWord, ...]:
    """Return the words of the ``days`` days up to ``day`` that nobody said in the 90 before.

    Nothing where the past is too short to call a word new.
    """
    zone = settings.centre.timezone
    first = day - timedelta(days=days - 1)
    span = counted_range(warehouse)
    if span is None or (first - span[0]).days < LEAST_EARLIER_DAYS:
        return ()
    recent = customer_texts(warehouse, Days(first=first, last=day, timezone=zone), most=MOST_TEXTS)
    found = new_words(recent, ())
    before = Days(
        first=first - timedelta(days=EARLIER_DAYS), last=first - timedelta(days=1), timezone=zone
    )
    known = words_said(warehouse, [one.word for one in found], before)
    return tuple(one for one in found if one.word not in known)
