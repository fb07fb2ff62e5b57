"""Activation, agitation, flatness, and where an interaction heats up."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.activation_training import brightened
from detectors.examples import Example, Line
from detectors.features import CannotTell, Features
from detectors.measures import measures
from detectors.voice import activation as model
from detectors.voice.activation import VoicedTurn, activation, voiced_turns
from detectors.voice.agitated_voice import AgitatedVoice
from detectors.voice.flat_voice import FlatVoice
from detectors.voice.heats_up import HeatsUp, hot_stretches
from detectors.voice.raised_voice import RaisedVoice
from interactions.interaction import Channel, Language
from interactions.sound import Contour, Party, Quality, Recording, Span, TrackQuality

A, C = Party.AGENT, Party.CUSTOMER
CARD = Path(__file__).resolve().parents[2] / "docs" / "activation.md"
SPEECH = {C: tuple((at, at + 3) for at in range(0, 24, 4)), A: ((24, 60),)}
SAYS = (Line(C, "喂", 0), Line(A, "这个办不了", 3), Line(C, "什么", 8))


def features(*raised: tuple[float, float], says: tuple[Line, ...] = SAYS) -> Features:
    pitches = {C: ((0, 24, 200), *((start, end, 300) for start, end in raised))}
    example = Example(says=says, speech=SPEECH, pitches=pitches)
    return Features(example.interaction(Channel.VOICE, Language.ZH))


def found(detector, *raised, **more) -> list[tuple[int, int]]:
    return [(e.start_ms, e.end_ms) for e in detector.find(features(*raised, **more))]


def test_the_card_tells_the_coefficients() -> None:
    told = dict(
        re.findall(
            r"^\| `(\w+)`[^|]*\| [^|]+\| (-?[\d.]+) \|$", CARD.read_text("utf-8"), re.MULTILINE
        )
    )
    used = {n: getattr(model, n.upper()) for n in ("loudness", "pitch", "balance", "intercept")}
    assert {name: float(value) for name, value in told.items()} == used


@pytest.mark.parametrize(
    ("off", "least", "most"),
    [
        ((0, 0, 0), 0.05, 0.15),
        ((0, 3, 0), 0.45, 0.55),
        ((6, 3, 0), 0.9, 0.95),
        ((0, 3, math.nan), 0.45, 0.55),
        ((-6, -3, -3), 0.0, 0.01),
    ],
)
def test_activation(off: tuple[float, float, float], least: float, most: float) -> None:
    assert least <= activation(*off) <= most


def test_turns_are_set_against_the_own_median() -> None:
    turns = features((8, 11)).voiced(C)
    assert [t.pitch_semitones for t in turns] == [0, 0, pytest.approx(7.02, abs=0.01), 0, 0, 0]
    assert all(t.loudness_db == 0 and t.balance_db is None for t in turns)
    assert turns[2].activation > 0.9
    assert turns[0].activation < 0.2


def test_balance_counts_where_it_was_taken() -> None:
    count, turns = 1200, [Span(at, at + 3000) for at in range(0, 24_000, 4000)]
    bright = np.zeros(count, np.float32)
    bright[:150] = 6.0
    flat = np.full(count, -30.0, np.float32)
    contour = Contour(20, flat, np.full(count, 200.0, np.float32), bright)
    first, second, *_ = voiced_turns(contour, turns)
    assert (first.balance_db, second.balance_db) == (6.0, 0.0)
    assert first.activation > second.activation


@pytest.mark.parametrize(
    "turns",
    [
        [Span(0, 3000), Span(4000, 7000), Span(8000, 11_000)],  # too few
        [Span(at, at + 2000) for at in range(0, 16_000, 4000)],  # too short together
        [Span(at, at + 500) for at in range(0, 20_000, 800)],  # each too short
    ],
)
def test_without_a_baseline_there_is_no_activation(turns: list[Span]) -> None:
    steady = np.full(1200, 200.0, np.float32)
    assert voiced_turns(Contour(20, -steady, steady), turns) == ()
    assert voiced_turns(None, turns) == ()


@pytest.mark.parametrize(
    ("given", "raised", "expected"),
    [
        ({}, [], []),
        ({}, [(8, 11)], [(8000, 11_000)]),
        ({}, [(8, 15)], [(8000, 11_000), (12_000, 15_000)]),
        ({"min_count": 2}, [(8, 11)], []),
        ({"min_s": 4.0}, [(8, 11)], []),
        ({"party": C}, [(8, 11)], [(8000, 11_000)]),
    ],
)
def test_agitated_voice(given, raised, expected) -> None:
    assert found(AgitatedVoice(**given), *raised) == expected


def test_the_agent_without_pitch_has_no_baseline() -> None:
    with pytest.raises(CannotTell, match="too_little_speech"):
        found(AgitatedVoice(party=A))


@pytest.mark.parametrize(
    ("pitches", "is_flat"),
    [(((24, 60, 200),), True), (((24, 50, 200), (50, 60, 260)), False)],
)
def test_flat_voice(pitches, is_flat) -> None:
    example = Example(speech=SPEECH, pitches={A: pitches})
    one = Features(example.interaction(Channel.VOICE, Language.ZH))
    assert bool(list(FlatVoice().find(one))) is is_flat
    with pytest.raises(CannotTell, match="too_little_speech"):
        list(FlatVoice(party=C).find(one))


@pytest.mark.parametrize(
    ("given", "raised", "expected"),
    [
        ({}, [(8, 11)], []),  # one turn is no stretch
        ({}, [(8, 15)], [(8000, 15_000)]),
        ({"min_turns": 1}, [(8, 11)], [(8000, 11_000)]),
        ({"without_recovery": True}, [(8, 15)], []),
        ({"without_recovery": True}, [(16, 23)], [(16_000, 23_000)]),
    ],
)
def test_heats_up(given, raised, expected) -> None:
    assert found(HeatsUp(**given), *raised) == expected


def test_what_was_said_before_is_the_trigger() -> None:
    (one,) = HeatsUp().find(features((8, 15)))
    assert (one.quote, one.utterance_seq, one.because) == ("这个办不了", 1, "heats_up")
    (untold,) = HeatsUp().find(features((8, 15), says=()))
    assert (untold.quote, untold.utterance_seq, untold.because) == ("", None, "heats_up_untold")


HEAT = ("heat_time", "heated_at", "heat_trigger_at", "cooled_at")


@pytest.mark.parametrize(
    ("raised", "says", "expected"),
    [
        ([], SAYS, [0.0, "no_heat", "no_heat", "no_heat"]),
        ([(8, 11)], SAYS, [3.0, "no_heat", "no_heat", "no_heat"]),
        ([(8, 15)], SAYS, [6.0, 8.0, 3.0, 15.0]),
        ([(8, 15)], (), [6.0, 8.0, "nothing_before", 15.0]),
        ([(16, 24)], SAYS, [6.0, 16.0, 3.0, "no_recovery"]),
    ],
)
def test_the_course_of_a_voice(raised, says, expected) -> None:
    told = {m.name: m for m in measures(features(*raised, says=says)) if m.party is C}
    assert [told[n].because or told[n].value for n in HEAT] == expected


def test_without_turns_there_is_no_course() -> None:
    short = Example(speech={C: ((0, 3),), A: ((3, 6),)}).interaction(Channel.VOICE, Language.ZH)
    told = {(m.name, m.party): m.because for m in measures(Features(short))}
    assert [told[name, C] for name in HEAT] == ["too_little_speech"] * 4


def test_a_usual_turn_ends_a_hot_stretch() -> None:
    turns = [VoicedTurn(Span(i, i + 1), 0, 0, None, a) for i, a in enumerate((0.9, 0.1, 0.6, 0.7))]
    assert [len(s) for s in hot_stretches(turns, 1)] == [1, 2]
    assert [len(s) for s in hot_stretches(turns, 2)] == [2]


def test_a_clipped_track_has_no_loudness() -> None:
    track = TrackQuality(0.0, 0.02, 20.0, is_dead=False)
    fine = replace(track, clipped=0.0)
    call = features((8, 11)).interaction
    recording = Recording("r", (), 60_000, 8000, "pcm_mulaw", (A, C), Quality((fine, track)))
    one = Features(replace(call, recording=recording))
    with pytest.raises(CannotTell, match="clipped"):
        list(RaisedVoice(party=C).find(one))
    assert list(RaisedVoice(party=A).find(one)) == []


def test_made_effort_is_brighter_above_one_kilohertz() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32)
    before, after = (np.abs(np.fft.rfft(sound)) ** 2 for sound in (noise, brightened(noise, 6.0)))
    assert 10 * np.log10(after[2000:].sum() / before[2000:].sum()) == pytest.approx(6, abs=0.1)
    assert after[:500].sum() == pytest.approx(before[:500].sum(), rel=1e-3)
