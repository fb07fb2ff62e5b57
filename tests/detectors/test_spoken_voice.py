"""Utterances against their speaker's own usual, rushing, and what a line rules out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detectors.examples import Example, Line
from detectors.features import CannotTell, Features
from detectors.measures import measures
from detectors.voice.doubts import loudness_doubt, utterances_of
from detectors.voice.line import gain_rise_db
from detectors.voice.loudness_change import LoudnessChange
from detectors.voice.raised_voice import RaisedVoice
from detectors.voice.rushing import Rushing
from detectors.voice.spoken import Trait, spoken
from detectors.voice.unusual_voice import Side, UnusualVoice
from interactions.interaction import Channel, Language
from interactions.sound import Contour, Party, Recording, Span

A, C = Party.AGENT, Party.CUSTOMER
STARTS = range(0, 56, 7)


def features(
    *,
    lengths: dict[int, float] | None = None,
    text: str = "我" * 24,
    language: Language = Language.ZH,
    **sound: dict,
) -> Features:
    """Eight sentences of the agent, of 24 characters in 6 s, or in ``lengths`` by their place."""
    spans = [(at, at + (lengths or {}).get(place, 6.0)) for place, at in enumerate(STARTS)]
    example = Example(
        says=tuple(Line(A, text, at) for at in STARTS),
        speech={A: tuple(spans), C: ((56, 60),)},
        seconds=60,
        **sound,
    )
    return Features(example.interaction(Channel.VOICE, language))


@pytest.mark.parametrize(
    ("given", "lengths", "expected"),
    [
        ({}, {}, []),
        ({}, {2: 3.0}, [(14_000, 20_000, 480.0)]),
        ({}, {2: 3.0, 3: 3.0}, [(14_000, 27_000, 480.0)]),
        ({}, {2: 3.0, 4: 3.0}, [(14_000, 20_000, 480.0), (28_000, 34_000, 480.0)]),
        ({"min_s": 7.0}, {2: 3.0}, []),
        ({"min_s": 7.0}, {2: 3.0, 3: 3.0}, [(14_000, 27_000, 480.0)]),
        ({}, {2: 5.0}, []),  # 288 a minute: a fifth faster than the own 240, and not fast
        ({"min_speed": 280.0}, {2: 5.0}, [(14_000, 20_000, 288.0)]),
        ({"min_percent": 110.0}, {2: 3.0}, []),
    ],
)
def test_rushing(given: dict, lengths: dict[int, float], expected: list) -> None:
    found = Rushing(**given).find(features(lengths=lengths))
    assert [(e.start_ms, e.end_ms, e.value) for e in found] == expected


def test_the_floor_is_the_languages_own() -> None:
    words = "a b c d e f g h i j k l"
    fast = features(lengths={2: 2.0}, text=words, language=Language.EN)
    (one,) = Rushing().find(fast)
    assert (one.limit, one.value) == (180.0, 360.0)


@pytest.mark.parametrize("detector", [Rushing(), UnusualVoice(trait=Trait.SPEED, party=A)])
def test_few_utterances_make_no_usual(detector) -> None:
    example = Example(
        says=tuple(Line(A, "我" * 24, at) for at in (0, 7, 14, 21, 28)),
        speech={A: ((0, 40),), C: ((40, 50),)},
    )
    with pytest.raises(CannotTell, match="too_little_speech"):
        list(detector.find(Features(example.interaction(Channel.VOICE, Language.ZH))))


@pytest.mark.parametrize(
    ("given", "sound", "expected"),
    [
        ({"trait": Trait.LOUDNESS}, {"levels": {A: ((14, 20, -20.0),)}}, [(14_000, 10.0)]),
        ({"trait": Trait.LOUDNESS, "min_deviations": 11.0}, {"levels": {A: ((14, 20, -20),)}}, []),
        ({"trait": Trait.LOUDNESS}, {"levels": {A: ((14, 20, -40.0),)}}, []),
        (
            {"trait": Trait.LOUDNESS, "side": Side.BELOW},
            {"levels": {A: ((14, 20, -40.0),)}},
            [(14_000, -10.0)],
        ),
        (
            {"trait": Trait.PITCH},
            {"pitches": {A: ((0, 60, 200), (14, 20, 300))}},
            [(14_000, 7.0)],
        ),
        (
            {"trait": Trait.PITCH_RANGE},
            {"pitches": {A: ((0, 60, 200), (14, 17, 300))}},
            [(14_000, 7.0)],
        ),
        ({"trait": Trait.SPEED, "party": A}, {"lengths": {2: 3.0}}, [(14_000, 100.0)]),
        (
            {"trait": Trait.SPEED, "party": A, "min_difference": 101.0},
            {"lengths": {2: 3.0}},
            [],
        ),
        ({"trait": Trait.PITCH, "min_s": 7.0}, {"pitches": {A: ((0, 60, 200), (14, 20, 300))}}, []),
        (
            {"trait": Trait.PITCH, "min_count": 2},
            {"pitches": {A: ((0, 60, 200), (14, 20, 300))}},
            [],
        ),
    ],
)
def test_unusual_voice(given: dict, sound: dict, expected: list) -> None:
    found = UnusualVoice(**given).find(features(**sound))
    assert [(e.start_ms, e.value) for e in found] == expected


def test_deviations_are_robust() -> None:
    seconds = (5.0, 5.5, 6.0, 6.5, 7.0, 1.0)  # one of them is far off, and moves nothing
    said = [Span(at * 8000, at * 8000 + round(s * 1000)) for at, s in enumerate(seconds)]
    speeds = [traits[Trait.SPEED] for traits in spoken(None, said, said, [24] * 6)]

    middle = (24 / 5.5 + 24 / 6.0) / 2 * 60
    off = sorted(abs(100 * (60 * 24 / s / middle - 1)) for s in seconds)
    spread = 1.4826 * (off[2] + off[3]) / 2
    assert speeds[0].above == pytest.approx(100 * (288 / middle - 1), abs=0.01)
    assert speeds[0].deviations == pytest.approx(speeds[0].above / spread, abs=0.01)
    assert speeds[5].deviations > 10


def test_what_is_too_short_has_no_figures() -> None:
    steady = Contour(20, np.full(3000, -30, np.float32), np.full(3000, 200, np.float32))
    said = [Span(at, at + 3000) for at in range(0, 56_000, 7000)]
    short = replace_at(said, 2, Span(14_000, 14_500))
    told = spoken(steady, short, short, [24, 24, 24, 3, 24, 24, 24, 24])
    assert told[2] == {}
    assert set(told[3]) == {Trait.LOUDNESS, Trait.PITCH, Trait.PITCH_RANGE}
    assert all(figure.above == 0 for figure in told[0].values())


def replace_at(spans: list[Span], place: int, span: Span) -> list[Span]:
    return [*spans[:place], span, *spans[place + 1 :]]


def track(*, rise_db: float, floor_db: float = -60.0) -> tuple[Contour, list[Span]]:
    """Speech of 3 s, pauses of 4 s over which the noise rises evenly."""
    levels = np.full(3000, floor_db, np.float32)
    speech = [Span(at, at + 3000) for at in range(0, 56_000, 7000)]
    for span in speech:
        levels[span.start_ms // 20 : span.end_ms // 20] = -20
        pause = slice(span.end_ms // 20, span.end_ms // 20 + 200)
        levels[pause] = floor_db + np.linspace(0, rise_db, 200)[: len(levels[pause])]
    return Contour(20, levels, np.full(3000, np.nan, np.float32)), speech


@pytest.mark.parametrize(("rise_db", "least", "most"), [(0, 0, 0), (12, 6, 9), (-12, -9, -6)])
def test_gain_rises_in_pauses(rise_db: float, least: float, most: float) -> None:
    found = gain_rise_db(*track(rise_db=rise_db))
    assert found is not None
    assert least <= found <= most


def test_few_pauses_or_digital_silence_tell_nothing_of_gain() -> None:
    contour, speech = track(rise_db=12)
    assert gain_rise_db(contour, speech[:4]) is None
    assert gain_rise_db(contour, [Span(0, 56_000)]) is None
    assert gain_rise_db(*track(rise_db=0, floor_db=-100)) is None


def with_gain(rise_db: float) -> Features:
    contour, speech = track(rise_db=rise_db)
    call = features(levels={A: ((14, 20, -20.0),)}).interaction
    return Features(
        replace(
            call,
            speech={A: tuple(speech), C: call.speech[C]},
            contours={A: contour, C: call.contours[C]},
        )
    )


@pytest.mark.parametrize(
    "detector",
    [RaisedVoice(party=A), LoudnessChange(party=A), UnusualVoice(trait=Trait.LOUDNESS, party=A)],
)
def test_automatic_gain_rules_loudness_out(detector) -> None:
    assert list(detector.find(with_gain(0.0))) == []
    with pytest.raises(CannotTell, match="automatic_gain"):
        list(detector.find(with_gain(12.0)))


def test_automatic_gain_rules_the_loudness_measures_of_its_track_out() -> None:
    told = {(m.name, m.party): m for m in measures(with_gain(12.0))}
    for name in ("loudness_baseline", "loudness_range"):
        assert (told[name, A].value, told[name, A].because) == (None, "automatic_gain")
        assert told[name, C].value is not None
    assert loudness_doubt(with_gain(12.0), C) == ""


def test_a_narrow_recording_has_no_balance() -> None:
    call = features(pitches={A: ((0, 60, 200),)}).interaction
    contour = replace(call.contours[A], balance_db=np.full(3000, 3.0, np.float32))
    recording = Recording("r", (), 60_000, 6_000, "pcm_s16le", (A, C))
    narrow, wide = (
        Features(
            replace(
                call,
                contours={**call.contours, A: contour},
                recording=replace(recording, sample_rate=rate),
            )
        )
        for rate in (6_000, 8_000)
    )
    balance = {m.party: m for m in measures(narrow) if m.name == "balance_baseline"}
    assert (balance[A].value, balance[A].because) == (None, "narrow_band")
    assert {m.party: m.value for m in measures(wide) if m.name == "balance_baseline"}[A] == 3.0
    assert all(turn.balance_db is None for turn in narrow.voiced(A))
    assert all(turn.balance_db == 0 for turn in wide.voiced(A))
    with pytest.raises(CannotTell, match="narrow_band"):
        list(UnusualVoice(trait=Trait.BALANCE, party=A).find(narrow))
    assert utterances_of(wide, A)[0][1][Trait.BALANCE].value == 3.0
