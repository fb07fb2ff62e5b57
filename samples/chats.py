"""Sixty days of chats, e-mails and tickets: how many a day, about what, by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from types import MappingProxyType

import numpy as np

from interactions.interaction import Channel, Language
from samples.calls import agent_for, returning, returning_calls
from samples.cast import Agent, Customer, agents, customer
from samples.contacts import CENTRE_TIME, Contact, Occasion, contact
from samples.script import Feature, Scenario, drawn, scenarios
from samples.waves import WAVES, Wave

# Usual contacts a day, Monday to Sunday, before the day's chance.
_USUAL = MappingProxyType(
    {
        Channel.CHAT: (112, 104, 100, 98, 102, 88, 80),
        Channel.EMAIL: (7, 6, 5, 5, 5, 3, 2),
        Channel.TICKET: (10, 9, 9, 8, 9, 6, 5),
    }
)
_NAMES = MappingProxyType({Channel.CHAT: "chat", Channel.EMAIL: "mail", Channel.TICKET: "ticket"})
_ENGLISH_SHARE = 0.1
_OPEN = time(8, 0)
_OPEN_HOURS = 13.5
_CUSTOMERS = (1_000, 9_000)
# Planted into this share of chats; curt agents' lapses are so many times as frequent.
_SHARES = MappingProxyType(
    {
        Feature.AGAIN: 0.06,
        Feature.ANGRY: 0.06,
        Feature.CHURN_THREAT: 0.02,
        Feature.REGULATOR_THREAT: 0.015,
        Feature.ASKS_CODE: 0.004,
        Feature.FORBIDDEN_WORDS: 0.006,
        Feature.MISSING_CLOSING: 0.05,
        Feature.MISSING_GREETING: 0.04,
        Feature.OVER_PROMISE: 0.02,
        Feature.SLOW_REPLY: 0.05,
    }
)
_LAPSES = frozenset(
    {Feature.FORBIDDEN_WORDS, Feature.MISSING_CLOSING, Feature.MISSING_GREETING, Feature.SLOW_REPLY}
)
_CURT_FACTOR = 6.0
# In a wave more customers are angry and threaten.
_WAVE_FACTOR = 4.0
_HEATED = frozenset({Feature.ANGRY, Feature.CHURN_THREAT, Feature.REGULATOR_THREAT})
# Customers that call on the last day wrote this many days before.
_WROTE_DAYS_BEFORE = 1
_WAVE_CHANNELS = (Channel.CHAT, Channel.CHAT, Channel.CHAT, Channel.TICKET)


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a contact happens; None: by chance."""

    channel: Channel
    scenario: Scenario
    who: Customer
    heated: bool = False
    again: bool = False


def contacts_of(seed: int, day: date, last_day: date) -> list[Contact]:
    """Return the day's written contacts in the order they begin.

    Args:
        seed: Of the sample.
        day: The day, in the centre's time zone.
        last_day: Of the sample: the waves count back from it.
    """
    rng = Random(f"{seed}:day:{day}")
    staff = agents(seed)
    causes = [
        *_usual(seed, day, rng),
        *(cause for wave in WAVES for cause in _of_wave(seed, wave, wave.on(day, last_day), rng)),
        *_returning(seed, day, last_day),
    ]
    timed = sorted(
        ((_moment(day, rng), place) for place in range(len(causes))), key=lambda pair: pair
    )
    numbers = dict.fromkeys(_NAMES, 0)
    found = []
    for started_at, place in timed:
        cause = causes[place]
        numbers[cause.channel] += 1
        name = f"{_NAMES[cause.channel]}-{day:%Y%m%d}-{numbers[cause.channel]:04d}"
        found.append(_contact(name, started_at, cause, staff=staff, rng=rng))
    return found


def _usual(seed: int, day: date, rng: Random) -> Iterator[_Cause]:
    chance = np.random.default_rng([seed, day.toordinal()])
    for channel, week in _USUAL.items():
        for _ in range(int(chance.poisson(week[day.weekday()]))):
            english = rng.random() < _ENGLISH_SHARE
            scenario = drawn(Language.EN if english else Language.ZH, rng)
            yield _Cause(channel, scenario, customer(seed, rng.randrange(*_CUSTOMERS)))


def _of_wave(seed: int, wave: Wave, extra: int, rng: Random) -> Iterator[_Cause]:
    for place in range(extra):
        channel = rng.choice(_WAVE_CHANNELS)
        if wave.customers:
            who = customer(seed, wave.customers[place % len(wave.customers)])
            yield _Cause(channel, wave.about(), who, heated=True, again=place > 0)
            continue
        who = customer(seed, rng.randrange(*_CUSTOMERS))
        while wave.region is not None and who.region != wave.region:
            who = customer(seed, rng.randrange(*_CUSTOMERS))
        yield _Cause(channel, wave.about(), who, heated=True)


def _returning(seed: int, day: date, last_day: date) -> Iterator[_Cause]:
    if day == last_day - timedelta(days=_WROTE_DAYS_BEFORE):
        for number, name in returning_calls():
            scenario = scenarios(Language.ZH)[name]
            yield _Cause(Channel.CHAT, scenario, returning(seed, number))


def _contact(
    name: str, started_at: datetime, cause: _Cause, *, staff: tuple[Agent, ...], rng: Random
) -> Contact:
    agent = agent_for(staff, cause.scenario, frozenset(), rng)
    occasion = Occasion(
        interaction_id=name,
        channel=cause.channel,
        started_at=started_at,
        customer=cause.who,
        scenario=cause.scenario,
        features=_features(cause, agent, rng),
    )
    return contact(occasion, agent, rng)


def _features(cause: _Cause, agent: Agent, rng: Random) -> frozenset[Feature]:
    found = set()
    for feature, share in _SHARES.items():
        factor = _CURT_FACTOR if agent.curt and feature in _LAPSES else 1.0
        factor *= _WAVE_FACTOR if cause.heated and feature in _HEATED else 1.0
        if rng.random() < share * factor:
            found.add(feature)
    if cause.again:
        found.add(Feature.AGAIN)
    return frozenset(found)


def _moment(day: date, rng: Random) -> datetime:
    # Busiest before noon and thinning towards the evening.
    share = rng.betavariate(1.8, 2.4)
    seconds = round(share * _OPEN_HOURS * 3600)
    return datetime.combine(day, _OPEN, CENTRE_TIME) + timedelta(seconds=seconds)
