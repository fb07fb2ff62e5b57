"""Who is agent and who is customer."""

from __future__ import annotations

import pytest

from asr.roles import roles, roles_by_sound
from interactions.interaction import Utterance
from interactions.sound import Party, Span

A, C, U, S = Party.AGENT, Party.CUSTOMER, Party.UNKNOWN, Party.SYSTEM

AGENT = ["您好,工号1024,很高兴为您服务", "请问有什么可以帮您?", "感谢您的来电,祝您生活愉快"]
CUSTOMER = ["我要投诉", "我的快递三天没动了", "你们到底什么时候能送到"]
AGENT_EN = ["Thank you for calling, my name is Amy.", "How can I help you today?"]
CUSTOMER_EN = ["I'm calling about my bill", "I'd like to cancel"]
NOTHING = ["嗯", "好的"]


def track(texts, party=U, dropped=None):
    return [
        Utterance(i, party, i * 1000, i * 1000 + 900, text, dropped_because=dropped)
        for i, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("given", "first", "second", "expected"),
    [
        ((A, C), AGENT, CUSTOMER, (A, C)),
        ((A, C), NOTHING, NOTHING, (A, C)),
        ((A, C), CUSTOMER, AGENT, (C, A)),  # the setting is wrong: swapped
        ((C, A), AGENT, CUSTOMER, (A, C)),
        ((C, A), CUSTOMER, AGENT, (C, A)),
        ((U, U), AGENT, CUSTOMER, (A, C)),
        ((U, U), CUSTOMER, AGENT, (C, A)),
        ((U, U), AGENT_EN, CUSTOMER_EN, (A, C)),
        ((U, U), CUSTOMER_EN, AGENT_EN, (C, A)),
        ((U, U), NOTHING, NOTHING, (U, U)),
        ((U, U), AGENT, AGENT, (U, U)),
        ((A, U), NOTHING, NOTHING, (A, C)),
        ((U, C), NOTHING, NOTHING, (A, C)),
        ((A, S), AGENT, CUSTOMER, (A, S)),
        ((U, U), ["您好,工號1024,很高興為您服務", "請問有什麼可以幫您"], NOTHING, (A, C)),
    ],
)
def test_roles(given, first, second, expected):
    assert roles(given, [track(first), track(second)]).tracks == expected


def test_confidence_grows_with_what_is_heard():
    silent = roles((A, C), [[], []]).confidence
    heard = roles((A, C), [track(AGENT), track(CUSTOMER)]).confidence
    doubted = roles((A, C), [track(CUSTOMER[:1]), track(NOTHING)]).confidence
    assert doubted < silent == 0.95 < heard <= 1


def test_one_odd_sentence_does_not_swap_what_was_stated():
    found = roles((A, C), [track(["我的快递呢"]), track(["请稍等"])])
    assert found.tracks == (A, C)
    assert found.confidence < 0.6


def test_dropped_words_do_not_count():
    found = roles(
        (U, U), [track(AGENT, dropped="repetition"), track(CUSTOMER, dropped="no_speech")]
    )
    assert found.tracks == (U, U)


@pytest.mark.parametrize(("given", "confidence"), [((U,), 0.0), ((A,), 0.95)])
def test_one_track(given, confidence):
    found = roles(given, [track(AGENT)])
    assert (found.tracks, found.confidence) == (given, confidence)


REGIONS = ((Span(0, 10_000), Span(20_000, 30_000)), (Span(10_000, 20_000),))
TOLD = [
    Utterance(0, A, 0, 9_000, "a"),
    Utterance(1, C, 11_000, 19_000, "c"),
    Utterance(2, A, 21_000, 29_000, "a"),
]


@pytest.mark.parametrize(
    ("given", "expected"),
    [((A, C), (A, C)), ((C, A), (A, C)), ((U, U), (A, C))],
)
def test_a_transcript_says_whose_track_it_is(given, expected):
    found = roles_by_sound(given, REGIONS, TOLD)
    assert found.tracks == expected
    assert found.confidence == 1.0


def test_a_transcript_that_fits_neither_way_decides_nothing():
    both = (Span(0, 30_000),)
    assert roles_by_sound((U, U), (both, both), TOLD).tracks == (U, U)
    stated = roles_by_sound((C, A), (both, both), TOLD)
    assert (stated.tracks, stated.confidence) == ((C, A), 0.5)


def test_a_transcript_over_one_track():
    assert roles_by_sound((U,), REGIONS[:1], TOLD).confidence == 0.9
    unknown = [Utterance(0, U, 0, 9_000, "a")]
    assert roles_by_sound((U,), REGIONS[:1], unknown).confidence == 0.0
