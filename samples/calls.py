"""The day's calls: who calls about what, what is planted, and how each is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from interactions.interaction import Channel, Language
from interactions.sound import Party
from samples.cast import Agent, Customer, agents, customer
from samples.contacts import CENTRE_TIME, Contact, Occasion, contact
from samples.script import Feature, Scenario, drawn, scenarios

F = Feature
# What the calls are about and what is planted, call by call; after the last row it starts again
# with scenarios drawn by their weights. None: drawn in the first round already.
_PLANTED: tuple[tuple[Language, str | None, frozenset[Feature]], ...] = tuple(
    (language, name, frozenset(features))
    for language, name, features in (
        (Language.ZH, "ac_e6", {F.AGAIN, F.ANGRY, F.REGULATOR_THREAT}),
        (Language.ZH, None, {F.HOLD_MUSIC}),
        (Language.EN, None, {F.HOLD}),
        (Language.ZH, "washer_leak", {F.CUT_IN, F.ANGRY}),
        (Language.ZH, None, {F.SILENCE, F.MISSING_GREETING}),
        (Language.ZH, "delivery_delay", set[Feature]()),
        (Language.ZH, "install_fee", {F.ANGRY, F.FORBIDDEN_WORDS, F.AGENT_RAISED}),
        (Language.ZH, None, {F.OUTBOUND}),
        (Language.ZH, "refund_late", {F.CHURN_THREAT, F.ANGRY}),
        (Language.ZH, None, set[Feature]()),
        (Language.ZH, "heater_ignition", {F.OVER_PROMISE}),
        (Language.EN, None, {F.ANGRY, F.CUT_IN, F.REGULATOR_THREAT}),
        (Language.ZH, "ac_e6", {F.HOLD, F.CHURN_THREAT}),
        (Language.ZH, None, {F.MISSING_CLOSING}),
        (Language.ZH, "tech_no_show", {F.AGAIN, F.ANGRY, F.FORBIDDEN_WORDS}),
        (Language.ZH, None, {F.SILENCE}),
        (Language.ZH, "usage", set[Feature]()),
        (Language.ZH, "filter_smell", {F.ASKS_CODE}),
        (Language.EN, None, set[Feature]()),
        (Language.ZH, "return_refund", {F.AGAIN, F.CUT_IN, F.ANGRY, F.HOLD_MUSIC}),
    )
)
# Recorders write G.711 mostly, and here and there something else.
_FORMS = (
    *("alaw", "mulaw", "alaw", "mp3", "mulaw", "alaw", "pcm", "gsm", "mulaw", "alaw"),
    *("opus", "mulaw", "alaw", "ima_adpcm", "mulaw", "alaw", "aac", "alaw", "pcm16k", "flac"),
)
_OPEN, _CLOSE = time(8, 30), time(18, 30)
# Customers that reached the centre in writing in the last days and call about the same thing;
# samples.chats lets them write.
RETURNING = tuple(range(101, 131))
_OTHERS = (1_000, 4_000)
# The calls at this place of every round are the same customer's.
_CALLS_TWICE_AT = 1
_SIDECAR_AT, _SWAPPED_AT, _CROSSTALK_AT = 9, 6, 7
_AMAZON_EVERY = 4


class Oddity(StrEnum):
    """What is wrong with a recording that can be heard all the same."""

    NONE = "none"
    IDENTICAL_TRACKS = "identical_tracks"
    MONO = "mono"
    DEAD_CUSTOMER = "dead_customer"


class TranscriptKind(StrEnum):
    """Who made the transcript that lies beside the recording."""

    NONE = "none"
    PLAIN = "plain"
    AMAZON = "amazon"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """A call before it is spoken.

    Attributes:
        form: Key of ``samples.telephone.FORMS``.
        tracks: Who is on which track.
        crosstalk: One track is faintly heard on the other.
        sidecar: Its metadata lies in a file beside it, not in the manifest.
    """

    contact: Contact
    stem: str
    form: str
    tracks: tuple[Party, Party] = (Party.AGENT, Party.CUSTOMER)
    transcript: TranscriptKind = TranscriptKind.NONE
    oddity: Oddity = Oddity.NONE
    crosstalk: bool = False
    sidecar: bool = False


def plan_calls(seed: int, count: int, day: date) -> tuple[CallPlan, ...]:
    """Return ``count`` ordinary calls of ``day`` and one more for each oddity."""
    staff = agents(seed)
    odd = [oddity for oddity in Oddity if oddity is not Oddity.NONE]
    plans = []
    for number in range(count + len(odd)):
        oddity = odd[number - count] if number >= count else Oddity.NONE
        plans.append(_plan(seed, number, day, staff=staff, oddity=oddity))
    return tuple(plans)


def _plan(
    seed: int, number: int, day: date, *, staff: tuple[Agent, ...], oddity: Oddity
) -> CallPlan:
    rng = Random(f"{seed}:call:{number}")
    language, name, features = _PLANTED[number % len(_PLANTED)]
    if oddity is not Oddity.NONE:
        language, name, features = Language.ZH, None, frozenset()
    first_round = number < len(_PLANTED)
    scenario = scenarios(language)[name] if name and first_round else drawn(language, rng)
    occasion = Occasion(
        interaction_id=f"call-{day:%Y%m%d}-{number + 1:04d}",
        channel=Channel.VOICE,
        started_at=_moment(day, rng),
        customer=_caller(seed, number, features),
        scenario=scenario,
        features=features,
    )
    planned = contact(occasion, agent_for(staff, scenario, features, rng), rng)
    started = planned.started_at.strftime("%Y%m%d-%H%M%S")
    ordinary = oddity is Oddity.NONE
    swapped = ordinary and number % len(_PLANTED) == _SWAPPED_AT
    tracks = (Party.CUSTOMER, Party.AGENT) if swapped else (Party.AGENT, Party.CUSTOMER)
    return CallPlan(
        contact=planned,
        stem=f"{started}_{planned.agent.agent_id}_{planned.customer.customer_id}",
        form=_FORMS[number % len(_FORMS)] if ordinary else "alaw",
        tracks=tracks,
        transcript=_transcript(number) if ordinary else TranscriptKind.NONE,
        oddity=oddity,
        crosstalk=number % len(_PLANTED) == _CROSSTALK_AT,
        sidecar=ordinary and number % len(_PLANTED) == _SIDECAR_AT,
    )


def agent_for(
    staff: tuple[Agent, ...], scenario: Scenario, features: frozenset[Feature], rng: Random
) -> Agent:
    """Return an agent of a team that serves the scenario's queue; a curt one for rude words."""
    able = [agent for agent in staff if scenario.queue in agent.team.queues]
    curt = [agent for agent in able if agent.curt]
    return rng.choice(curt if curt and Feature.FORBIDDEN_WORDS in features else able)


def returning(seed: int, number: int) -> Customer:
    """Return the customer who writes first and then makes call ``number``."""
    return customer(seed, RETURNING[number % len(RETURNING)])


def returning_calls() -> tuple[tuple[int, str], ...]:
    """Return the calls of customers that wrote before: call number and scenario."""
    return tuple(
        (number, name)
        for number, (_, name, features) in enumerate(_PLANTED)
        if Feature.AGAIN in features and name is not None
    )


def _caller(seed: int, number: int, features: frozenset[Feature]) -> Customer:
    if Feature.AGAIN in features and number < len(_PLANTED):
        return returning(seed, number)
    place = number % len(_PLANTED)
    rng = Random(f"{seed}:caller:{place if place == _CALLS_TWICE_AT else number}")
    return customer(seed, rng.randrange(*_OTHERS))


def _moment(day: date, rng: Random) -> datetime:
    opening = datetime.combine(day, _OPEN, CENTRE_TIME)
    closing = datetime.combine(day, _CLOSE, CENTRE_TIME)
    return opening + timedelta(seconds=rng.randrange(int((closing - opening).total_seconds())))


def _transcript(number: int) -> TranscriptKind:
    # Every other call, and in the next round the others: all that is planted comes with words
    # and without.
    if number % 2 != number // len(_PLANTED) % 2:
        return TranscriptKind.NONE
    is_amazon = number // 2 % _AMAZON_EVERY == _AMAZON_EVERY - 1
    return TranscriptKind.AMAZON if is_amazon else TranscriptKind.PLAIN
