"""Figures about a whole interaction; listed with their formulas in docs/measures.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from statistics import median
from types import MappingProxyType

from detectors.evidence import Measure, Need
from detectors.features import PERSONS, Features
from detectors.levels import MIN_SPEECH_S, Level
from detectors.mood import figures as mood
from detectors.mood.scored import scored
from detectors.replies import replies
from detectors.timeline import gaps, joined, overlaps, total_ms
from detectors.timing.talk_over import TalkOver
from interactions.interaction import Language
from interactions.sound import Party

DEAD_AIR_MS = 3000
"""Silence from this long on is dead air. Source: Amazon Connect counts non-talk over 3 s."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "duration": "s",
        "talk_share": "share",
        "both_share": "share",
        "silence_share": "share",
        "longest_silence": "s",
        "dead_air": "s",
        "talk_over_count": "overlaps",
        "speaking_speed": "characters or words/min",
        "loudness_baseline": "dBFS",
        "pitch_baseline": "Hz",
        "utterance_count": "utterances",
        "sentiment_mean": "score",
        "sentiment_end": "score",
        "first_reply": "s",
        "reply_time_median": "s",
        "reply_time_longest": "s",
        **mood.UNITS,
    }
)
"""Every measure there is, with its unit."""

Figure = tuple[str, Party | None, float | None, str]

_HAN_OR_DIGIT = re.compile(r"[\u3400-\u9fff0-9]")
_LATIN_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*|[0-9]+")
_END_PARTS = 3


def measures(features: Features) -> tuple[Measure, ...]:
    """Return every measure that this channel has; those that cannot be taken say why."""
    parts: list[Callable[[Features], Iterator[Figure]]] = [_whole, _words, mood.figures]
    parts += [_answers] if features.is_written else [_talk, _silence, _talk_over, _voices]
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
    names = ("first_reply", "reply_time_median", "reply_time_longest")
    because = features.lacks(frozenset({Need.TEXT, Need.ROLES})) or ""
    waits = [r.wait_ms / 1000 for r in replies(features.utterances, by=Party.AGENT)]
    because = because or ("" if waits else "no_replies")
    figures = (None, None, None) if because else (waits[0], median(waits), max(waits))
    for name, value in zip(names, figures, strict=True):
        yield name, Party.AGENT, value, because


def _talk(features: Features) -> Iterator[Figure]:
    """The split of the whole duration: one party alone, several, nobody; it sums to 1."""
    whole = features.interaction.duration_ms
    because = features.lacks(frozenset({Need.SPEECH})) or ("" if whole else "no_sound")
    if because:
        yield "silence_share", None, None, because
        return
    total = 0
    for party, spans in features.speech.items():
        others = joined(s for p, o in features.speech.items() if p is not party for s in o)
        alone = total_ms(spans) - total_ms(both for both, _, _ in overlaps(spans, others))
        total += alone
        yield "talk_share", party, alone / whole, ""
    spoken = total_ms(features.anyone)
    apart = features.lacks(frozenset({Need.PARTIES_APART})) or ""
    yield "both_share", None, None if apart else (spoken - total) / whole, apart
    yield "silence_share", None, total_ms(gaps(features.anyone, 0, whole)) / whole, ""


def _silence(features: Features) -> Iterator[Figure]:
    because = features.lacks(frozenset({Need.SPEECH})) or ""
    lengths = [s.duration_ms for s in features.silences]
    dead = sum(length for length in lengths if length > DEAD_AIR_MS)
    yield "longest_silence", None, None if because else max(lengths, default=0) / 1000, because
    yield "dead_air", None, None if because else dead / 1000, because


def _talk_over(features: Features) -> Iterator[Figure]:
    because = features.lacks(TalkOver.NEEDS) or ""
    for party in PERSONS:
        count = 0 if because else sum(1 for _ in TalkOver(party=party).find(features))
        yield "talk_over_count", party, None if because else float(count), because


def _voices(features: Features) -> Iterator[Figure]:
    for party in _parties(features):
        yield _speed(features, party)
        yield _baseline(features, party, "loudness_baseline", features.loudness)
        yield _baseline(features, party, "pitch_baseline", features.pitch)


def _mixed_up(features: Features, party: Party) -> str:
    """Say why a party's sound cannot be told from the other's; nothing where it can."""
    is_mixed = party not in features.speech and Party.UNKNOWN in features.speech
    return "parties_not_apart" if is_mixed else ""


def _speed(features: Features, party: Party) -> Figure:
    """Characters (Mandarin) or words (English) a minute of one's own speech, without marks."""
    seconds = total_ms(features.speech.get(party, ())) / 1000
    lacking = features.lacks(frozenset({Need.TEXT, Need.SPEECH, Need.TRUST})) or ""
    because = lacking or _mixed_up(features, party)
    because = because or ("" if seconds >= MIN_SPEECH_S else "too_little_speech")
    if because:
        return "speaking_speed", party, None, because
    unit = _LATIN_WORD if features.language is Language.EN else _HAN_OR_DIGIT
    texts = [
        n.text
        for u, n in zip(features.utterances, features.normal, strict=True)
        if u.party is party
    ]
    spoken = sum(len(unit.findall(text)) for text in texts)
    if features.language is Language.MIXED:
        spoken += sum(len(re.findall(r"[a-z]+", text)) for text in texts)
    return "speaking_speed", party, 60 * spoken / seconds, ""


def _baseline(
    features: Features, party: Party, name: str, level_of: Callable[[Party], Level | None]
) -> Figure:
    because = features.lacks(frozenset({Need.SPEECH, Need.CONTOURS})) or ""
    because = because or _mixed_up(features, party)
    level = level_of(party)
    if not because and (level is None or not level.measured_s):
        because = "not_spoken"
    return name, party, None if because or level is None else level.baseline, because
