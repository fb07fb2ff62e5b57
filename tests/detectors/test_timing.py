"""Silence, talk-over, slow replies, and the arithmetic below them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.examples import Example, Line
from detectors.features import Features
from detectors.replies import replies
from detectors.timeline import frames_in, gaps, joined, overlaps, runs, total_ms
from detectors.timing.silence import WAITS, Silence
from detectors.timing.slow_reply import SlowReply
from detectors.timing.talk_over import BACKCHANNELS, TalkOver
from interactions.interaction import Channel, Language
from interactions.sound import Party, Span

A, C = Party.AGENT, Party.CUSTOMER
SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 60)).map(lambda p: Span(p[0], p[0] + p[1])),
    max_size=8,
)


def covered(spans: tuple[Span, ...]) -> set[int]:
    return {t for s in spans for t in range(s.start_ms, s.end_ms)}


@given(SPANS, SPANS)
def test_span_arithmetic_against_sets(a: list[Span], b: list[Span]) -> None:
    left, right = joined(a), joined(b)
    assert covered(left) == covered(tuple(a))
    assert total_ms(left) == len(covered(left))
    assert covered(gaps(left, 0, 300)) == set(range(300)) - covered(left)
    both = tuple(span for span, _, _ in overlaps(left, right))
    assert covered(both) == covered(left) & covered(right)


def test_bridges_and_runs() -> None:
    assert joined([Span(0, 10), Span(13, 20)], bridge_ms=3) == (Span(0, 20),)
    assert joined([Span(0, 10), Span(13, 20)], bridge_ms=2) == (Span(0, 10), Span(13, 20))
    mask = np.array([1, 1, 0, 1, 0, 0, 1], dtype=np.bool_)
    assert runs(mask, bridge=1) == [(0, 4), (6, 7)]
    assert runs(np.zeros(3, np.bool_), bridge=1) == []
    assert frames_in([Span(20, 60)], step_ms=20, count=4).tolist() == [False, True, True, False]


def features(example: Example, channel: Channel = Channel.VOICE) -> Features:
    return Features(example.interaction(channel, Language.ZH))


TWO = {A: ((0.0, 4.0), (16.0, 20.0)), C: ((4.0, 5.0), (40.0, 41.0))}


@pytest.mark.parametrize(
    ("silence", "expected"),
    [
        (Silence(), [(5000, 16_000), (20_000, 40_000)]),
        (Silence(min_s=11.5), [(20_000, 40_000)]),
        (Silence(after=C), [(5000, 16_000)]),
        (Silence(after=A), [(20_000, 40_000)]),
        (Silence(min_count=3), []),
    ],
)
def test_silence(silence: Silence, expected: list[tuple[int, int]]) -> None:
    found = list(silence.find(features(Example(speech=TWO, seconds=90))))
    assert [(e.start_ms, e.end_ms) for e in found] == expected
    assert {e.because for e in found} <= {"silence_wordless"}


@pytest.mark.parametrize(
    ("party", "text", "at_s", "excuse_s", "because"),
    [
        (A, "请您稍等", 3, 60, []),
        (A, "请您稍等", 3, 10, ["silence_announced"]),
        (A, "请您稍等", 3, 0, ["silence_announced"]),
        (C, "请您稍等", 3, 60, ["silence"]),
        (A, "好的呢", 3, 60, ["silence"]),
        (A, "let me check that", 3, 60, []),
        (A, "请您稍等", 30, 60, ["silence"]),
    ],
)
def test_announced_waits(
    party: Party, text: str, at_s: float, excuse_s: float, because: list[str]
) -> None:
    example = Example(
        says=(Line(party, text, at_s),), speech={A: ((0, 5), (25, 45)), C: ((45, 46),)}
    )
    found = list(Silence(excuse_s=excuse_s).find(features(example)))
    assert [e.because for e in found] == because


def test_the_customers_own_wait_excuses_where_it_is_asked_for() -> None:
    example = Example(
        says=(Line(C, "请您稍等", 3),), speech={A: ((0, 5), (25, 45)), C: ((45, 46),)}
    )
    assert list(Silence(customer_waits=True).find(features(example))) == []
    assert len(list(Silence().find(features(example)))) == 1


def test_the_documented_number_of_waits() -> None:
    assert len(WAITS) == len(set(WAITS)) == 35


@pytest.mark.parametrize(
    ("agent", "customer", "more", "expected"),
    [
        ([(4, 9)], [(0, 6)], {}, [(A, 4000, 6000)]),
        ([(0, 6)], [(4, 9)], {}, [(C, 4000, 6000)]),
        ([(0, 6)], [(4, 9)], {"party": A}, []),
        ([(0.5, 9)], [(0, 6)], {}, []),
        ([(0.5, 9)], [(0, 6)], {"delay_s": 0.0}, [(A, 500, 6000)]),
        ([(4, 5.5)], [(0, 6)], {}, []),
        ([(4, 5.5)], [(0, 6)], {"floor_change": False}, [(A, 4000, 5500)]),
        ([(4, 4.9)], [(0, 6)], {"floor_change": False}, []),
        ([(5.6, 9)], [(0, 6)], {}, []),
        ([(4, 9)], [(0, 4.5), (4.7, 6)], {}, [(A, 4000, 6000)]),
        ([(4, 9)], [(0, 6)], {"min_count": 2}, []),
        ([(4, 9)], [(0, 6)], {"min_total_s": 2.0}, [(A, 4000, 6000)]),
        ([(4, 9)], [(0, 6)], {"min_total_s": 2.1}, []),
    ],
)
def test_talk_over(
    agent: list[tuple[float, float]],
    customer: list[tuple[float, float]],
    more: dict[str, object],
    expected: list[tuple[Party, int, int]],
) -> None:
    example = Example(speech={A: tuple(agent), C: tuple(customer)})
    found = list(TalkOver(**more).find(features(example)))
    assert [(e.party, e.start_ms, e.end_ms) for e in found] == expected
    assert all(e.value == (e.end_ms - e.start_ms) / 1000 for e in found)


@pytest.mark.parametrize(
    ("words", "more", "is_cut"),
    [
        ("嗯嗯,对对对。", {}, False),
        ("嗯,好的好的,知道了", {}, False),
        ("对,但是我要退款", {}, True),
        ("Yeah, right. I see.", {}, False),
        ("嗯嗯,对对对。", {"backchannels": ("嗯",)}, True),
        ("嗯嗯", {"backchannels": ()}, True),
        ("知道了解", {}, False),
        ("嗯" * 60 + "不", {"backchannels": ("嗯", "嗯嗯", "嗯嗯嗯")}, True),
    ],
)
def test_whoever_only_listens_does_not_cut_in(
    words: str, more: dict[str, object], *, is_cut: bool
) -> None:
    example = Example(
        says=(Line(A, "我给您查", 0), Line(C, words, 4.2)), speech={A: ((0, 6),), C: ((4, 9),)}
    )
    assert bool(list(TalkOver(**more).find(features(example)))) is is_cut


def test_the_documented_number_of_backchannels() -> None:
    assert len(BACKCHANNELS) == len(set(BACKCHANNELS)) == 39


def chat(*lines: tuple[Party, float]) -> Example:
    return Example(says=tuple(Line(party, "话", at) for party, at in lines))


@pytest.mark.parametrize(
    ("lines", "waits"),
    [
        ([(C, 0), (A, 10)], [10]),
        ([(C, 0), (C, 50), (A, 61)], [61]),
        ([(A, 0), (C, 5), (A, 20), (A, 40), (C, 41)], [15]),
        ([(A, 0), (A, 10)], []),
        ([(C, 0)], []),
    ],
)
def test_replies(lines: list[tuple[Party, float]], waits: list[int]) -> None:
    utterances = features(chat(*lines), Channel.CHAT).utterances
    assert [r.wait_ms // 1000 for r in replies(utterances, by=A)] == waits


@pytest.mark.parametrize(
    ("more", "values"),
    [
        ({}, [75, 90]),
        ({"min_s": 80.0}, [90]),
        ({"first_only": True}, [75]),
        ({"min_count": 3}, []),
        ({"party": C, "min_s": 5.0}, [5]),
    ],
)
def test_slow_reply(more: dict[str, object], values: list[float]) -> None:
    example = chat((C, 0), (A, 75), (C, 80), (A, 170))
    found = list(SlowReply(**more).find(features(example, Channel.CHAT)))
    assert [e.value for e in found] == values
