"""Every tone measure of a heard call, as a night takes it."""

from __future__ import annotations

from datetime import UTC, datetime

from asr.hearing import Heard
from detectors.features import CannotTell, Features
from detectors.measures import measures
from detectors.timing.talk_over import TalkOver
from detectors.voice.agitated_voice import AgitatedVoice
from detectors.voice.flat_voice import FlatVoice
from detectors.voice.heats_up import HeatsUp
from detectors.voice.loudness_change import LoudnessChange
from detectors.voice.raised_pitch import RaisedPitch
from detectors.voice.raised_voice import RaisedVoice
from interactions.interaction import Channel, Interaction

_DETECTORS = (
    *(TalkOver(), RaisedVoice(), RaisedPitch(), LoudnessChange()),
    *(AgitatedVoice(), FlatVoice(), HeatsUp()),
)


def tone_measures(heard: Heard) -> int:
    """Take all measures and let every voice detector look; return how much was found."""
    features = Features(
        Interaction(
            interaction_id=heard.item,
            channel=Channel.VOICE,
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            duration_ms=heard.recording.duration_ms,
            source=heard.item,
            content_hash="",
            recording=heard.recording,
            speech=heard.speech,
            contours=heard.contours,
        )
    )
    found = len(measures(features))
    for detector in _DETECTORS:
        try:
            found += sum(1 for _ in detector.find(features))
        except CannotTell:
            continue
    return found
