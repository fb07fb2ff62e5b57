"""The detectors there are: the one list. A new detector is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from detectors.evidence import Detector, Need
from detectors.features import PERSONS
from detectors.mood.negative_stretch import NegativeStretch
from detectors.mood.sentiment_drop import SentimentDrop
from detectors.phrases import PhraseSet
from detectors.timing.silence import Silence
from detectors.timing.slow_reply import SlowReply
from detectors.timing.talk_over import TalkOver
from detectors.voice.raised_pitch import RaisedPitch
from detectors.voice.raised_voice import RaisedVoice
from detectors.wording.missing_phrase import MissingPhrase
from detectors.wording.phrase import Phrase

DETECTORS: Mapping[str, type[Detector]] = MappingProxyType(
    {
        "phrase": Phrase,
        "missing_phrase": MissingPhrase,
        "silence": Silence,
        "talk_over": TalkOver,
        "slow_reply": SlowReply,
        "raised_voice": RaisedVoice,
        "raised_pitch": RaisedPitch,
        "negative_stretch": NegativeStretch,
        "sentiment_drop": SentimentDrop,
    }
)


def needs_of(detector: Detector) -> frozenset[Need]:
    """Return what this detector, with its parameters, cannot do without.

    One that asks for a party needs to know who is who, unless it also takes unknown parties.
    """
    asks = any(getattr(detector, name, None) in PERSONS for name in ("party", "after"))
    if asks and not getattr(detector, "or_unknown", False):
        return detector.NEEDS | {Need.ROLES}
    return detector.NEEDS


def phrase_sets_of(detector: Detector) -> tuple[PhraseSet, ...]:
    """Return the phrases that the plan's automaton has to find for this detector."""
    sets = getattr(detector, "phrase_sets", None)
    return sets() if sets is not None else ()
