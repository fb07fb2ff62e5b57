"""Figures of mood, risk and effort about a whole interaction; docs/measures.md lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from detectors.effort.signs import effort, signs_of_effort
from detectors.evidence import Detector, Need
from detectors.features import PERSONS, CannotTell, Features
from detectors.mood.aimed_at import MEASURES, aimed_by
from detectors.mood.course import Course, course, quarters
from detectors.mood.risk import Risk, risk
from detectors.mood.scored import Scored, scored
from detectors.timing.silence import Silence
from detectors.timing.slow_reply import SlowReply
from detectors.timing.talk_over import TalkOver
from detectors.voice.raised_voice import RaisedVoice
from interactions.sound import Party

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "sentiment_weighted": "score",
        "sentiment_worst": "score",
        "sentiment_shift": "score",
        "sentiment_recovery": "score",
        "sentiment_q1": "score",
        "sentiment_q2": "score",
        "sentiment_q3": "score",
        "sentiment_q4": "score",
        "sentiment_trigger": "s",
        "discontent": "points",
        "dissatisfaction_risk": "probability",
        "effort": "points",
        **dict.fromkeys(MEASURES, "utterances"),
    }
)
_QUARTERS = ("sentiment_q1", "sentiment_q2", "sentiment_q3", "sentiment_q4")

Figure = tuple[str, Party | None, float | None, str]


def figures(features: Features) -> Iterator[Figure]:
    """Yield each figure; those that cannot be taken say why."""
    untrusted = features.lacks(frozenset({Need.TEXT, Need.TRUST})) or ""
    for party in PERSONS if features.roles_known else (Party.UNKNOWN,):
        told = scored(features, party)
        because = untrusted or ("" if told else "not_spoken")
        for name, value in _course_of(features, told):
            why = because or ("" if value is not None else _WHY[name])
            yield name, party, None if why else value, why
    yield from _customer(features)


def _course_of(features: Features, told: list[Scored]) -> Iterator[tuple[str, float | None]]:
    found: Course | None = course([one.score for one in told])
    yield "sentiment_weighted", None if found is None else found.weighted
    yield "sentiment_worst", None if found is None else found.worst
    yield "sentiment_shift", None if found is None else found.shift
    yield "sentiment_recovery", None if found is None else found.recovery
    places = _places(features, told)
    parts = quarters([(p, one.score) for p, one in zip(places, told, strict=True)])
    yield from zip(_QUARTERS, parts, strict=True)
    turn = None if found is None or found.trigger is None else told[found.trigger]
    yield "sentiment_trigger", None if turn is None else turn.utterance.start_ms / 1000


_WHY: Mapping[str, str] = MappingProxyType(
    {
        "sentiment_weighted": "not_spoken",
        "sentiment_worst": "not_spoken",
        "sentiment_shift": "too_few_utterances",
        "sentiment_recovery": "too_few_utterances",
        "sentiment_trigger": "no_fall",
        **dict.fromkeys(_QUARTERS, "not_spoken"),
    }
)


def _places(features: Features, told: list[Scored]) -> list[float]:
    """Where each was said, 0 to 1: by time in calls, by order in writing with its pauses."""
    if features.is_written:
        order = {u.seq: i for i, u in enumerate(features.utterances)}
        return [order[one.utterance.seq] / len(order) for one in told]
    whole = max(1, features.interaction.duration_ms)
    return [one.utterance.start_ms / whole for one in told]


def _customer(features: Features) -> Iterator[Figure]:
    needs = frozenset({Need.TEXT, Need.TRUST, Need.ROLES})
    because = features.lacks(needs) or ("" if features.discontents else "not_spoken")
    if because:
        for name in ("discontent", "dissatisfaction_risk", "effort", *MEASURES):
            yield name, Party.CUSTOMER, None, because
        return
    yield "discontent", Party.CUSTOMER, features.discontent, ""
    found = risk_of(features)
    yield "dissatisfaction_risk", Party.CUSTOMER, None if found is None else found.value, ""
    yield "effort", Party.CUSTOMER, effort(_signs(features)), ""
    targets = [one.target for one in aimed_by(features, Party.CUSTOMER)]
    for name, target in MEASURES.items():
        yield name, Party.CUSTOMER, float(targets.count(target)), ""


def risk_of(features: Features) -> Risk | None:
    """Return the interaction's dissatisfaction risk; None where no customer said anything."""
    return features.once("risk", lambda: _risk(features))


def _risk(features: Features) -> Risk | None:
    whole = features.discontent
    if whole is None:
        return None
    others: dict[str, float | None] = {"effort": effort(_signs(features))}
    for name, detector in counted().items():
        if (name == "slow_replies") is features.is_written:
            others[name] = _times(features, detector)
    return risk(whole, others, fitted=features.calibrated(whole))


@cache
def counted() -> Mapping[str, Detector]:
    """Return the detectors whose findings the risk counts, with their defaults."""
    return MappingProxyType(
        {
            "slow_replies": SlowReply(),
            "raised_voice": RaisedVoice(party=Party.CUSTOMER),
            "talked_over": TalkOver(party=Party.AGENT),
            "silences": Silence(),
        }
    )


def _signs(features: Features) -> dict[str, int]:
    return features.once(
        "signs_of_effort",
        lambda: signs_of_effort(
            features.utterances,
            features.normal.texts,
            features.customer_says_again,
            features.interaction.attributes,
        ),
    )


def _times(features: Features, detector: Detector) -> float | None:
    """How often a detector finds with its defaults; None where it cannot be measured."""
    if features.lacks(detector.NEEDS):
        return None
    try:
        return float(sum(1 for _ in detector.find(features)))
    except CannotTell:
        return None
