"""Who works at the sample centre and who calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from interactions.interaction import Language
from interactions.sound import Party
from samples.script import Manner
from samples.voices import Voice

# Share of contacts per region: roughly the sizes of the provinces' appliance markets.
REGIONS: Mapping[str, int] = MappingProxyType(
    {"广东": 24, "浙江": 16, "江苏": 16, "山东": 12, "四川": 12, "湖北": 10, "河南": 6, "北京": 4}
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
# Chosen by measurement among the variants: none whispers, overdrives or has a speed of its own,
# and none has "breath", whose noise differs from run to run (f2, f3, f5, Alicia, sandro, victor).
_WOMEN = ("f1", "f4", "Annie", "belinda", "linda", "steph", "steph2", "aunty")
_MEN = ("m1", "m3", "m4", "m5", "m6", "m7", "adam", "edward", "Michael", "max", "pablo", "Lee")
_ENGLISH = ("en-us", "en-gb-x-rp", "en-us-nyc", "en-029")
_MANDARIN = "cmn-latn-pinyin"
# Mandarin at 215 is about 5 syllables a second with its pauses, as on the telephone.
_SPEED = MappingProxyType({Language.ZH: (200, 232), Language.EN: (158, 182)})
# Anger in the voice: faster and higher (Scherer 2003, Speech Communication 40, table 2: more
# intensity, higher and wider pitch, faster speech). The gain is in samples.calls.
_ANGRY_SPEED = 1.22
_ANGRY_PITCH = 22
_ANGRY_RANGE = 25
_HIGHEST = 99


@dataclass(frozen=True, slots=True)
class Team:
    """A team of agents; ``outsourced`` ones are staffed by a contractor."""

    name: str
    outsourced: bool
    queues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent. ``curt`` ones have planted lapses more often than the others."""

    agent_id: str
    team: Team
    curt: bool
    seed: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer: the same key on every channel."""

    customer_id: str
    surname: str
    region: str
    phone: str
    seed: str


_ALL = ("维修", "安装", "物流", "售后", "咨询")
TEAMS = (
    Team("自有售后组", outsourced=False, queues=_ALL),
    Team("自有英文组", outsourced=False, queues=("English",)),
    Team("外包一组", outsourced=True, queues=_ALL),
    Team("外包二组", outsourced=True, queues=_ALL),
)
_TEAM_SIZES = (9, 4, 8, 7)


def agents(seed: int) -> tuple[Agent, ...]:
    """Return the centre's agents, team by team; one of each outsourced team is curt."""
    found = []
    for number, (team, size) in enumerate(zip(TEAMS, _TEAM_SIZES, strict=True), start=1):
        for place in range(size):
            agent_id = f"A{number}{place + 1:02d}"
            curt = team.outsourced and place == 0
            found.append(Agent(agent_id, team, curt, f"{seed}:{agent_id}"))
    return tuple(found)


def customer(seed: int, number: int) -> Customer:
    """Return the customer with this number; the same one for the same seed and number."""
    key = f"C{number:06d}"
    rng = Random(f"{seed}:{key}")
    region = rng.choices(tuple(REGIONS), weights=tuple(REGIONS.values()))[0]
    # All numbers from one block, so that hardly anyone's own number is among them.
    phone = f"1990000{rng.randrange(10_000):04d}"
    return Customer(key, rng.choice(_SURNAMES), region, phone, f"{seed}:{key}")


def voice(who: Agent | Customer, language: Language, manner: Manner) -> Voice:
    """Return how ``who`` speaks ``language`` when ``calm`` or ``angry``."""
    rng = Random(f"{who.seed}:voice:{language}")
    woman = rng.random() < (0.7 if isinstance(who, Agent) else 0.5)
    variant = rng.choice(_WOMEN if woman else _MEN)
    base = _MANDARIN if language is Language.ZH else rng.choice(_ENGLISH)
    speed = rng.randint(*_SPEED[language])
    pitch = rng.randint(50, 66) if woman else rng.randint(42, 62)
    pitch_range = rng.randint(40, 60)
    if manner is Manner.ANGRY:
        speed = round(speed * _ANGRY_SPEED)
        pitch = min(pitch + _ANGRY_PITCH, _HIGHEST)
        pitch_range = min(pitch_range + _ANGRY_RANGE, _HIGHEST)
    return Voice(base, variant, speed, pitch, pitch_range)


def speaker(agent: Agent, caller: Customer, party: Party) -> Agent | Customer:
    """Return who speaks for ``party``."""
    return agent if party is Party.AGENT else caller
