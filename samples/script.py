"""What may happen in a contact, and the scenario files read into values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from random import Random
from types import MappingProxyType

import yaml

from interactions.interaction import Language
from interactions.sound import Party

_FILES = MappingProxyType(
    {Language.ZH: ("zh_repair.yaml", "zh_service.yaml"), Language.EN: ("en_scenarios.yaml",)}
)


class Manner(StrEnum):
    """How a line is said."""

    CALM = "calm"
    ANGRY = "angry"


class Feature(StrEnum):
    """Something planted into a contact."""

    AGAIN = "again"
    AGENT_RAISED = "agent_raised"
    ANGRY = "angry"
    ASKS_CODE = "asks_code"
    CHURN_THREAT = "churn_threat"
    CUT_IN = "cut_in"
    FORBIDDEN_WORDS = "forbidden_words"
    HOLD = "hold"
    HOLD_MUSIC = "hold_music"
    MISSING_CLOSING = "missing_closing"
    MISSING_GREETING = "missing_greeting"
    OUTBOUND = "outbound"
    OVER_PROMISE = "over_promise"
    REGULATOR_THREAT = "regulator_threat"
    SILENCE = "silence"
    SLOW_REPLY = "slow_reply"


class Pause(StrEnum):
    """Why nobody speaks before a line."""

    NONE = "none"
    HOLD = "hold"  # announced; music may fill it
    HOLD_MUSIC = "hold_music"
    SILENCE = "silence"  # nobody said that there would be one
    SLOW_REPLY = "slow_reply"  # text channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to say or write.

    Attributes:
        labels: What it plants, for example ``regulator_threat``; names as in the truth.
        pause: Why there is a long pause before it, if there is one.
        cuts_in: Begins while the other party still speaks.
    """

    party: Party
    text: str
    manner: Manner = Manner.CALM
    labels: tuple[str, ...] = ()
    pause: Pause = Pause.NONE
    cuts_in: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A line of the agent and what a customer may answer to it."""

    agent: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One reason to contact the centre.

    Attributes:
        weight: How often, relative to the other scenarios of its language.
        talk: One of each row's exchanges is held.
        terms: Words that name the reason; at least one is in most contacts about it.
    """

    name: str
    language: Language
    products: tuple[str, ...]
    queue: str
    weight: int
    terms: tuple[str, ...]
    problem: tuple[str, ...]
    talk: tuple[tuple[Exchange, ...], ...]
    resolution: tuple[str, ...]
    angry: tuple[str, ...]


Phrases = Mapping[str, Sequence[str]]


@cache
def scenarios(language: Language) -> Mapping[str, Scenario]:
    """Return the scenarios of ``language`` (``zh`` or ``en``) by name, in the files' order."""
    found = {}
    for name in _FILES[language]:
        for entry in yaml.safe_load(_text(name)):
            scenario = _scenario(entry, language)
            found[scenario.name] = scenario
    return MappingProxyType(found)


def drawn(language: Language, rng: Random) -> Scenario:
    """Return one scenario of ``language``, by the scenarios' weights."""
    choices = tuple(scenarios(language).values())
    return rng.choices(choices, weights=[scenario.weight for scenario in choices])[0]


@cache
def phrases(language: Language) -> Phrases:
    """Return what is said in every contact in ``language`` (``zh`` or ``en``), by purpose."""
    entries = yaml.safe_load(_text(f"{language}_phrases.yaml"))
    return MappingProxyType({key: tuple(wordings) for key, wordings in entries.items()})


def _text(name: str) -> str:
    return (files("samples.scenarios") / name).read_text(encoding="utf-8")


def _scenario(entry: Mapping[str, object], language: Language) -> Scenario:
    talk = entry["talk"]
    assert isinstance(talk, list)  # noqa: S101 - our own file
    return Scenario(
        name=str(entry["name"]),
        language=language,
        products=_texts(entry["products"]),
        queue=str(entry["queue"]),
        weight=int(str(entry["weight"])),
        terms=_texts(entry["terms"]),
        problem=_texts(entry["problem"]),
        talk=tuple(tuple(_exchange(wording) for wording in row) for row in talk),
        resolution=_texts(entry["resolution"]),
        angry=_texts(entry["angry"]),
    )


def _exchange(wording: object) -> Exchange:
    agent, *answers = _texts(wording)
    return Exchange(agent, tuple(answers))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"a list of wordings is needed, not {value!r}")
    return tuple(str(text) for text in value)
