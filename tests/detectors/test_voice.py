"""Raised voice and pitch against the speaker's own baseline."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.examples import Example
from detectors.features import CannotTell, Features
from detectors.levels import loudness, pitch
from detectors.voice.raised_pitch import RaisedPitch
from detectors.voice.raised_voice import RaisedVoice
from interactions.interaction import Channel, Language
from interactions.sound import Contour, Party, Span

A, C = Party.AGENT, Party.CUSTOMER
SPEECH = {A: ((0.0, 20.0),), C: ((20.0, 60.0),)}


def features(example: Example) -> Features:
    return Features(example.interaction(Channel.VOICE, Language.ZH))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({C: ((40.0, 44.0, -20.0),)}, [(C, 40_000, 44_000, 10.0)]),
        ({C: ((40.0, 41.0, -20.0),)}, []),
        ({C: ((40.0, 44.0, -24.5),)}, []),
        ({A: ((5.0, 8.0, -21.0),)}, [(A, 5000, 8000, 9.0)]),
        (
            {C: ((40.0, 44.0, -20.0),), A: ((5.0, 8.0, -20.0),)},
            [(A, 5000, 8000, 10.0), (C, 40_000, 44_000, 10.0)],
        ),
        ({C: ((40.0, 41.2, -20.0), (41.6, 43.0, -20.0))}, [(C, 40_000, 43_000, 10.0)]),
        # Loud with a weaker half in between: one stretch, as long as its mean is 6 dB.
        (
            {C: ((40.0, 41.0, -20.0), (41.0, 42.0, -26.0), (42.0, 43.0, -20.0))},
            [(C, 40_000, 43_000, 10.0)],
        ),
        ({C: ((40.0, 40.6, -20.0), (40.6, 44.0, -26.0))}, []),
    ],
)
def test_raised_voice(
    levels: dict[Party, tuple[tuple[float, ...], ...]],
    expected: list[tuple[Party, int, int, float]],
) -> None:
    found = list(RaisedVoice().find(features(Example(speech=SPEECH, levels=levels))))
    assert [e.party for e in found] == [party for party, *_ in expected]
    for one, (_, start, end, value) in zip(found, expected, strict=True):
        assert abs(one.start_ms - start) <= 200
        assert abs(one.end_ms - end) <= 200
        assert one.value == pytest.approx(value, abs=1.0)


def test_a_loud_microphone_is_no_raised_voice() -> None:
    levels = {C: ((20.0, 60.0, -5.0),)}
    assert list(RaisedVoice().find(features(Example(speech=SPEECH, levels=levels)))) == []


def test_too_little_speech_is_not_measured() -> None:
    example = Example(speech={A: ((0, 5),), C: ((5, 12),)})
    with pytest.raises(CannotTell, match="too_little_speech"):
        list(RaisedVoice().find(features(example)))
    with pytest.raises(CannotTell, match="too_little_speech"):
        list(RaisedVoice(party=C).find(features(Example(speech={A: ((0, 30),), C: ((30, 40),)}))))


def test_raised_pitch_is_in_semitones() -> None:
    pitches = {C: ((20.0, 60.0, 150.0), (50.0, 53.0, 225.0))}
    found = list(RaisedPitch().find(features(Example(speech=SPEECH, pitches=pitches))))
    assert [(e.party, e.unit) for e in found] == [(C, "semitones")]
    assert found[0].value == pytest.approx(12 * np.log2(1.5), abs=0.6)
    assert abs(found[0].start_ms - 50_000) <= 250


def test_levels_use_only_own_speech() -> None:
    count = 1000
    level = np.full(count, -10.0, np.float32)  # loud noise outside of speech
    level[100:900] = -40.0
    hertz = np.full(count, np.nan, np.float32)
    hertz[100:900:2] = 200.0
    contour = Contour(20, level, hertz)
    speech = (Span(2000, 18_000),)
    measured = loudness(contour, speech)
    assert measured is not None
    assert measured.baseline == pytest.approx(-40.0, abs=0.01)
    assert measured.measured_s == 16.0
    voiced = pitch(contour, speech)
    assert voiced is not None
    assert voiced.baseline == pytest.approx(200.0, abs=0.01)
    assert voiced.measured_s == 8.0
    assert loudness(None, speech) is None
    assert loudness(contour, ()) is None
