"""The detectors there are: the one list. A new detector is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from detectors.context.measure import MeasureLimit
from detectors.context.metadata import Metadata
from detectors.context.sorted_as import SortedAs
from detectors.evidence import Detector, Need
from detectors.features import PERSONS
from detectors.mood.aimed_at import AimedAt
from detectors.mood.negative_stretch import NegativeStretch
from detectors.mood.sentiment_drop import SentimentDrop
from detectors.mood.sentiment_recovery import SentimentRecovery
from detectors.mood.sentiment_share import SentimentShare
from detectors.parameters import parameters_of
from detectors.phrases import PhraseSet
from detectors.timing.gap import Gap
from detectors.timing.hang_up import HangUp
from detectors.timing.pick_up import PickUp
from detectors.timing.silence import Silence
from detectors.timing.slow_reply import SlowReply
from detectors.timing.speaking_speed import SpeakingSpeed
from detectors.timing.talk_over import TalkOver
from detectors.timing.unclosed_wait import UnclosedWait
from detectors.voice.agitated_voice import AgitatedVoice
from detectors.voice.flat_voice import FlatVoice
from detectors.voice.heats_up import HeatsUp
from detectors.voice.loudness_change import LoudnessChange
from detectors.voice.raised_pitch import RaisedPitch
from detectors.voice.raised_voice import RaisedVoice
from detectors.voice.rushing import Rushing
from detectors.voice.unusual_voice import UnusualVoice
from detectors.wording.entity import EntityFound
from detectors.wording.missing_phrase import MissingPhrase
from detectors.wording.not_obtained import NotObtained
from detectors.wording.phrase import Phrase
from detectors.wording.proximity import Proximity
from detectors.wording.regex import Regex
from detectors.wording.repeat import Repeat
from detectors.wording.similar import Similar
from interactions.sound import Party

DETECTORS: Mapping[str, type[Detector]] = MappingProxyType(
    {
        "phrase": Phrase,
        "missing_phrase": MissingPhrase,
        "regex": Regex,
        "proximity": Proximity,
        "similar": Similar,
        "repeat": Repeat,
        "entity": EntityFound,
        "not_obtained": NotObtained,
        "silence": Silence,
        "unclosed_wait": UnclosedWait,
        "gap": Gap,
        "slow_reply": SlowReply,
        "talk_over": TalkOver,
        "speaking_speed": SpeakingSpeed,
        "pick_up": PickUp,
        "hang_up": HangUp,
        "raised_voice": RaisedVoice,
        "raised_pitch": RaisedPitch,
        "loudness_change": LoudnessChange,
        "agitated_voice": AgitatedVoice,
        "flat_voice": FlatVoice,
        "heats_up": HeatsUp,
        "rushing": Rushing,
        "unusual_voice": UnusualVoice,
        "negative_stretch": NegativeStretch,
        "sentiment_share": SentimentShare,
        "sentiment_drop": SentimentDrop,
        "sentiment_recovery": SentimentRecovery,
        "aimed_at": AimedAt,
        "metadata": Metadata,
        "measure": MeasureLimit,
        "sorted_as": SortedAs,
    }
)


def needs_of(detector: Detector) -> frozenset[Need]:
    """Return what this detector, with its parameters, cannot do without.

    One that asks for a party needs to know who is who, unless it also takes unknown parties.
    """
    asked = (n for n, p in parameters_of(type(detector)).items() if p.kind is Party)
    asks = any(getattr(detector, name) in PERSONS for name in asked)
    if asks and not getattr(detector, "or_unknown", False):
        return detector.NEEDS | {Need.ROLES}
    return detector.NEEDS


def phrase_sets_of(detector: Detector) -> tuple[PhraseSet, ...]:
    """Return the phrases that the plan's automaton has to find for this detector."""
    sets = getattr(detector, "phrase_sets", None)
    return sets() if sets is not None else ()
