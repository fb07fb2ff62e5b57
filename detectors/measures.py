"""Figures about a whole interaction; listed with their formulas in docs/measures.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from statistics import median
from types import MappingProxyType

import numpy as np

from detectors import conversation
from detectors.conversation import Figure
from detectors.evidence import Measure, Need
from detectors.features import PERSONS, Features
from detectors.levels import MIN_SPEECH_S
from detectors.mood import figures as mood
from detectors.mood.scored import scored
from detectors.reason import figures as reason
from detectors.replies import replies
from detectors.speech_units import units
from detectors.timeline import frames_in, total_ms
from detectors.voice import heat
from detectors.voice.doubts import loudness_doubt, trait_doubt
from detectors.voice.spoken import Trait
from interactions.sound import Party

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "duration": "s",
        "talk_share": "share",
        "both_share": "share",
        "hold_share": "share",
        "silence_share": "share",
        "longest_silence": "s",
        "dead_air": "s",
        "dead_air_announced": "s",
        "dead_air_unannounced": "s",
        "tail": "s",
        "talk_over_count": "overlaps",
        "talk_over_time": "s",
        "talk_over_rate": "overlaps/10 min",
        "turn_count": "turns",
        "longest_turn": "s",
        "monologue_count": "turns",
        "reply_latency_p50": "s",
        "reply_latency_p90": "s",
        "speaking_speed": "characters or words/min",
        "loudness_baseline": "dBFS",
        "loudness_range": "dB",
        "pitch_baseline": "Hz",
        "pitch_range": "semitones",
        "balance_baseline": "dB",
        "activation_highest": "score",
        "activation_highest_at": "s",
        "activation_end": "score",
        "heat_time": "s",
        "heated_at": "s",
        "heat_trigger_at": "s",
        "cooled_at": "s",
        "utterance_count": "utterances",
        "sentiment_mean": "score",
        "sentiment_end": "score",
        "first_reply": "s",
        "reply_time_median": "s",
        "reply_time_longest": "s",
        **mood.UNITS,
        **reason.UNITS,
        "reply_time_mean": "s",
        "message_length_mean": "characters",
        "message_length_longest": "characters",
    }
)
"""Every measure there is, with its unit."""

_END_PARTS = 3


def measures(features: Features) -> tuple[Measure, ...]:
    """Return every measure that this channel has; those that cannot be taken say why."""
    parts: list[Callable[[Features], Iterator[Figure]]] = [
        _whole,
        _words,
        mood.figures,
        reason.figures,
    ]
    parts += (
        [_answers, _lengths]
        if features.is_written
        else [
            conversation.talk,
            conversation.silence,
            conversation.talk_over,
            conversation.turns,
            _voices,
        ]
    )
    return tuple(
        Measure(
            interaction_id=features.interaction.interaction_id,
            name=name,
            party=party,
            value=None if value is None else round(value, 4),
            unit=UNITS[name],
            because=because,
        )
        for part in parts
        for name, party, value, because in part(features)
    )


def _whole(features: Features) -> Iterator[Figure]:
    yield "duration", None, features.interaction.duration_ms / 1000, ""


def _parties(features: Features) -> tuple[Party, ...]:
    """Agent and customer where they are known, else the unknown party that holds both."""
    return PERSONS if features.roles_known else (Party.UNKNOWN,)


def _words(features: Features) -> Iterator[Figure]:
    lacking = features.lacks(frozenset({Need.TEXT})) or ""
    untrusted = features.lacks(frozenset({Need.TEXT, Need.TRUST})) or ""
    yield "utterance_count", None, None if lacking else float(len(features.utterances)), lacking
    for party in _parties(features):
        said = sum(1 for u in features.utterances if u.party is party)
        yield "utterance_count", party, None if lacking else float(said), lacking
        scores = [one.score for one in scored(features, party)]
        because = untrusted or ("" if scores else "not_spoken")
        end = scores[-max(1, len(scores) // _END_PARTS) :]
        yield "sentiment_mean", party, None if because else _mean(scores), because
        yield "sentiment_end", party, None if because else _mean(end), because


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _answers(features: Features) -> Iterator[Figure]:
    names = ("first_reply", "reply_time_median", "reply_time_longest", "reply_time_mean")
    because = features.lacks(frozenset({Need.TEXT, Need.ROLES})) or ""
    waits = [r.wait_ms / 1000 for r in replies(features.utterances, by=Party.AGENT)]
    because = because or ("" if waits else "no_replies")
    taken = () if because else (waits[0], median(waits), max(waits), _mean(waits))
    for place, name in enumerate(names):
        yield name, Party.AGENT, taken[place] if taken else None, because


def _lengths(features: Features) -> Iterator[Figure]:
    """How long the messages are, in characters other than spaces."""
    lacking = features.lacks(frozenset({Need.TEXT})) or ""
    for party in _parties(features):
        lengths = [
            float(len("".join(u.text.split()))) for u in features.utterances if u.party is party
        ]
        because = lacking or ("" if lengths else "not_spoken")
        yield "message_length_mean", party, None if because else _mean(lengths), because
        yield "message_length_longest", party, None if because else max(lengths), because


def _voices(features: Features) -> Iterator[Figure]:
    for party in _parties(features):
        yield _speed(features, party)
        loud, high = features.loudness(party), features.pitch(party)
        yield _level(features, party, "loudness_baseline", loud.baseline if loud else None)
        yield _level(features, party, "loudness_range", loud.spread if loud else None)
        yield _level(features, party, "pitch_baseline", high.baseline if high else None)
        yield _level(features, party, "pitch_range", high.spread if high else None)
        yield _level(features, party, "balance_baseline", _balance(features, party))
        yield from heat.course(features, party, _mixed_up(features, party))


def _balance(features: Features, party: Party) -> float | None:
    contour = features.interaction.contours.get(party)
    if contour is None or contour.balance_db is None:
        return None
    spans, step_ms = features.speech.get(party, ()), contour.step_ms
    inside = frames_in(spans, step_ms=step_ms, count=len(contour.balance_db))
    known = contour.balance_db[inside & np.isfinite(contour.balance_db)]
    return float(np.median(known)) if len(known) else None


def _mixed_up(features: Features, party: Party) -> str:
    """Say why a party's sound cannot be told from the other's; nothing where it can."""
    is_mixed = party not in features.speech and Party.UNKNOWN in features.speech
    return "parties_not_apart" if is_mixed else ""


def _speed(features: Features, party: Party) -> Figure:
    """Characters, words or syllables (``speech_units``) a minute of one's own speech."""
    seconds = total_ms(features.speech.get(party, ())) / 1000
    lacking = features.lacks(frozenset({Need.TEXT, Need.SPEECH, Need.TRUST})) or ""
    because = lacking or _mixed_up(features, party)
    because = because or ("" if seconds >= MIN_SPEECH_S else "too_little_speech")
    if because:
        return "speaking_speed", party, None, because
    spoken = sum(
        units(text, features.language)
        for u, text in zip(features.utterances, features.normal.texts, strict=True)
        if u.party is party
    )
    return "speaking_speed", party, 60 * spoken / seconds, ""


def _level(features: Features, party: Party, name: str, value: float | None) -> Figure:
    because = features.lacks(frozenset({Need.SPEECH, Need.CONTOURS})) or ""
    because = because or _mixed_up(features, party)
    if name.startswith("loudness"):
        because = because or loudness_doubt(features, party)
    if name.startswith("balance"):
        because = because or trait_doubt(features, party, Trait.BALANCE)
    because = because or ("not_spoken" if value is None else "")
    return name, party, None if because else value, because
