"""One planned contact: who, when, about what, and what is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from interactions.interaction import AttributeValue, Channel, Interaction, Language, Utterance
from samples.cast import Agent, Customer
from samples.dialogue import compose
from samples.script import Feature, Line, Scenario

CENTRE_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
FIRMWARE_UPDATE = "3.2.1"
_TIMES = {
    Language.ZH: ("明天上午", "明天下午", "后天上午", "今天晚上", "周六上午"),
    Language.EN: ("tomorrow",),
}
_WHEN = {
    Language.ZH: ("昨天", "前天", "上个礼拜"),
    Language.EN: ("yesterday", "on Monday", "last week"),
}
_NUMBERS = "两三四五六"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What the centre knows of a contact (all of it goes into the metadata) and what is planted."""

    interaction_id: str
    channel: Channel
    started_at: datetime
    agent: Agent
    customer: Customer
    scenario: Scenario
    product: str
    features: frozenset[Feature]
    lines: tuple[Line, ...] = ()
    attributes: dict[str, AttributeValue] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """The language it is held in."""
        return self.scenario.language


def as_interaction(one: Contact) -> Interaction:
    """Return a contact as a night would read it, with a second between its messages."""
    return Interaction(
        interaction_id=one.interaction_id,
        channel=one.channel,
        started_at=one.started_at.astimezone(UTC),
        duration_ms=1000 * len(one.lines),
        source="sample",
        content_hash=one.interaction_id,
        language=one.language,
        agent=one.agent.agent_id,
        team=one.agent.team.name,
        queue=one.scenario.queue,
        customer=one.customer.customer_id,
        product=one.product,
        utterances=tuple(
            Utterance(seq, line.party, seq * 1000, seq * 1000, line.text)
            for seq, line in enumerate(one.lines)
        ),
        transcriber="written",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The part of a contact that is decided before its words."""

    interaction_id: str
    channel: Channel
    started_at: datetime
    customer: Customer
    scenario: Scenario
    features: frozenset[Feature] = frozenset()


def contact(occasion: Occasion, agent: Agent, rng: Random) -> Contact:
    """Return the whole contact, with its dialogue.

    Args:
        occasion: What is decided.
        agent: Who takes it.
        rng: Chooses product, wordings and the values in them.
    """
    scenario = occasion.scenario
    product = rng.choice(scenario.products)
    attributes: dict[str, AttributeValue] = {
        "region": occasion.customer.region,
        "direction": "outbound" if Feature.OUTBOUND in occasion.features else "inbound",
        "team_kind": "外包" if agent.team.outsourced else "自有",
        "order": f"26{rng.randrange(10_000_000):07d}",
    }
    if "固件" in scenario.terms:
        attributes["firmware"] = FIRMWARE_UPDATE
    order = str(attributes["order"])
    slots = _slots(occasion, agent, product=product, order=order, rng=rng)
    return Contact(
        interaction_id=occasion.interaction_id,
        channel=occasion.channel,
        started_at=occasion.started_at,
        agent=agent,
        customer=occasion.customer,
        scenario=scenario,
        product=product,
        features=occasion.features,
        lines=_lines(occasion, slots, rng),
        attributes=attributes,
    )


def _lines(occasion: Occasion, slots: dict[str, str], rng: Random) -> tuple[Line, ...]:
    return compose(
        occasion.scenario, occasion.features, channel=occasion.channel, slots=slots, rng=rng
    )


def _slots(
    occasion: Occasion, agent: Agent, *, product: str, order: str, rng: Random
) -> dict[str, str]:
    language = occasion.scenario.language
    number = {key: rng.choice(_NUMBERS) for key in ("days", "years", "n")}
    return {
        "product": product,
        "surname": occasion.customer.surname,
        "region": occasion.customer.region,
        "phone": occasion.customer.phone,
        "agent": agent.agent_id[1:],
        "order": order[-4:],
        **number,
        # Two of something is 两, the second is 第二.
        "nth": number["n"].replace("两", "二"),
        "time": rng.choice(_TIMES[language]),
        "when": rng.choice(_WHEN[language]),
    }
