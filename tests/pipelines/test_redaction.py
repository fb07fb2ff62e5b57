"""What leaves is covered: sound on both tracks, findings under their ids, logs and errors."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from detectors.evidence import Evidence, Finding, Severity
from interactions.interaction import Interaction, Utterance, Word
from interactions.sound import Party, Span
from pipelines.discretion import Discreet, DiscreetRecord
from pipelines.redaction import (
    MARGIN_MS,
    cover,
    has_words,
    hidden_times,
    masked,
    masked_findings,
    redaction_of,
    silenced,
)
from tests.desk_centre import chat

RATE = 8_000
TEXT = "我的手机号是13800138000"


def spoken(*, timed: bool) -> Interaction:
    words = tuple(Word(1000 + 100 * n, 1100 + 100 * n, c) for n, c in enumerate(TEXT))
    one = Utterance(0, Party.CUSTOMER, 1000, 2700, TEXT, words if timed else ())
    return replace(chat(0), utterances=(one,), source="13800138000.wav", customer="13800138000")


@pytest.mark.parametrize(
    ("timed", "expected"),
    [(True, (1600 - MARGIN_MS, 2700 + MARGIN_MS)), (False, (1000 - MARGIN_MS, 2700 + MARGIN_MS))],
)
def test_a_tone_lies_over_the_words_with_a_margin(timed: bool, expected: tuple[int, int]) -> None:
    one = spoken(timed=timed)
    assert hidden_times(one, redaction_of(one)) == [expected]


def test_what_is_said_and_not_known_is_covered_too() -> None:
    said = (
        Utterance(0, Party.AGENT, 1_000, 3_000, "您好"),
        Utterance(1, Party.CUSTOMER, 5_000, 7_000, "谢谢观看", dropped_because="repeated"),
        Utterance(2, Party.CUSTOMER, 10_000, 11_000, " "),
    )
    speech = {
        Party.AGENT: (Span(900, 2_900), Span(20_000, 20_999)),  # heard; a breath
        Party.CUSTOMER: (Span(5_100, 6_900), Span(30_000, 31_000)),  # dropped; nobody wrote it down
    }
    one = replace(chat(0), utterances=said, speech=speech)
    assert hidden_times(one, redaction_of(one)) == [
        (4_750, 7_250),
        (9_750, 11_250),
        (29_750, 31_250),
    ]


@pytest.mark.parametrize(
    ("texts", "has"), [((), False), (("",), False), (("好", ""), True)], ids=str
)
def test_without_words_nobody_knows_what_to_cover(texts: tuple[str, ...], has: bool) -> None:
    said = tuple(Utterance(n, Party.AGENT, n, n + 1, text) for n, text in enumerate(texts))
    assert has_words(replace(chat(0), utterances=said)) is has


@pytest.mark.parametrize("tone", [True, False])
def test_sound_is_covered_on_both_tracks_and_nowhere_else(tmp_path, tone: bool) -> None:
    noise = np.random.default_rng(1).integers(-9000, 9000, (70 * RATE, 2), dtype=np.int16)
    soundfile.write(tmp_path / "a.wav", noise, RATE, subtype="PCM_16")
    cover(tmp_path / "a.wav", tmp_path / "b.wav", [(1000, 2000), (59_500, 60_500)], tone=tone)
    heard, rate = soundfile.read(tmp_path / "b.wav", dtype="int16")
    assert (rate, heard.shape) == (RATE, noise.shape)
    for start, end in ((1000, 2000), (59_500, 60_500)):
        part = heard[start * 8 : end * 8].astype(float)
        assert np.abs(part).max() == (pytest.approx(3276, abs=2) if tone else 0)
        if tone:
            for track in part.T:
                pitch = np.abs(np.fft.rfft(track)).argmax() * 1000 / (end - start)
                assert pitch == pytest.approx(1000, abs=2)
    assert (heard[: 1000 * 8] == noise[: 1000 * 8]).all()
    assert (heard[2000 * 8 : 59_500 * 8] == noise[2000 * 8 : 59_500 * 8]).all()
    assert (heard[60_500 * 8 :] == noise[60_500 * 8 :]).all()


def test_a_stretch_outside_the_sound_changes_nothing() -> None:
    samples = np.ones(800, np.int16)
    silenced(samples, RATE, [(200, 300)])
    assert (samples == 1).all()


def test_a_masked_finding_keeps_its_id() -> None:
    one = spoken(timed=True)
    evidence = Evidence(
        start_ms=0, end_ms=1, because="phrase", utterance_seq=0, quote="是13800138000"
    )
    finding = Finding(
        interaction_id="x", rule_id="r", rule_version="1", severity=Severity.MINOR, engine="e",
        evidence=(evidence,),
    )  # fmt: skip
    (shown,) = masked_findings([finding], redaction_of(one))
    assert shown.evidence[0].quote == "是[手机-1]"
    assert shown.finding_id == finding.finding_id


def test_what_is_known_of_an_interaction_is_masked_too() -> None:
    one = spoken(timed=True)
    shown = masked(one, redaction_of(one))
    assert (shown.source, shown.customer) == ("[手机-1].wav", "[手机-1]")
    assert shown.utterances[0].text == "我的手机号是[手机-1]"


def test_errors_and_their_causes_name_no_identifier(tmp_path) -> None:
    path = tmp_path / "13800138000.wav"

    def opened() -> None:
        with Discreet():
            try:
                path.open()
            except OSError as error:
                raise ValueError(f"cannot read {path}") from error

    with pytest.raises(ValueError, match="cannot read") as caught:
        opened()
    assert "13800138000" not in str(caught.value)
    assert "13800138000" not in str(caught.value.__cause__)


def test_log_records_hold_no_identifier() -> None:
    error = ValueError("身份证 11010519491231002X")
    failed = (ValueError, error, None)
    record = DiscreetRecord("x", logging.ERROR, __file__, 1, "of %s", ("13800138000",), failed)
    written = logging.Formatter("%(message)s").format(record)
    assert "of [手机-1]" in written
    assert "ValueError: 身份证 [身份证-1]" in written
    assert "11010519491231002X" not in written
