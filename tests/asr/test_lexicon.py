"""What a recogniser is told of a centre's terms, and which terms it made up."""

from __future__ import annotations

import pytest
from whisper.tokenizer import get_tokenizer

from asr.lexicon import PROMPT_TOKENS, REASONS, Lexicon, doubted, places_of, prompt_for
from interactions.interaction import Utterance, Word
from interactions.sound import Party, Span

CENTRE = Lexicon(
    ("延保", "Smart Lock", "以旧换新", "ＳＭＡＲＴ ＬＯＣＫ"),
    {"售后": ("除湿机", "延保"), "空": ()},
)
SPEECH = {Party.CUSTOMER: (Span(0, 60_000),)}


def said(text, *, step_ms=200, sure=0.9, unsure="", low=0.1, **changes):
    """One word a character, or a blank-separated English word; those in ``unsure`` get ``low``."""
    pieces = text.split() if text.isascii() else list(text)
    words = tuple(
        Word(i * step_ms, (i + 1) * step_ms, piece, low if piece in unsure else sure)
        for i, piece in enumerate(pieces)
    )
    return Utterance(7, Party.CUSTOMER, 0, len(words) * step_ms, text, words, sure, **changes)


@pytest.mark.parametrize(
    ("queue", "terms"),
    [
        (None, ("延保", "Smart Lock", "以旧换新")),
        ("配送", ("延保", "Smart Lock", "以旧换新")),
        ("空", ("延保", "Smart Lock", "以旧换新")),
        ("售后", ("除湿机", "延保", "Smart Lock", "以旧换新")),
    ],
)
def test_a_queues_own_terms_come_first_and_each_once(queue, terms):
    assert CENTRE.of(queue) == terms


def test_the_prompt_is_a_list_in_the_terms_own_writing():
    assert prompt_for(CENTRE, "售后") == "除湿机、延保、Smart Lock、以旧换新。"
    assert prompt_for(Lexicon(("router", "Smart Lock")), None) == "router, Smart Lock."
    assert prompt_for(Lexicon(), "售后") is None
    assert prompt_for(Lexicon(("", " ")), None) is None


def test_the_prompt_stays_within_whispers_limit_and_keeps_the_first_terms():
    many = Lexicon(tuple(f"型号{n}智能除湿机" for n in range(200)))
    prompt = prompt_for(many, None)
    tokens = get_tokenizer(multilingual=True).encode(" " + prompt)
    assert PROMPT_TOKENS - 12 < len(tokens) <= PROMPT_TOKENS
    assert prompt.startswith("型号0智能除湿机、型号1智能除湿机、")
    assert prompt.endswith("。")


def test_a_term_that_does_not_fit_ends_the_list():
    three = Lexicon(("ab", "abcdefgh", "c"))
    assert prompt_for(three, None, count=len, limit=8) == "ab."
    assert prompt_for(three, None, count=len, limit=2) is None
    assert prompt_for(three, None, count=len, limit=13) == "ab, abcdefgh."


def because(utterance, *terms, speech=SPEECH):
    return [(d.term, d.because) for d in doubted([utterance], terms, speech=speech)]


@pytest.mark.parametrize(
    ("utterance", "reasons"),
    [
        (said("我想问一下除湿机多少钱"), []),
        (said("我想问一下除湿机多少钱", unsure="除湿机"), [("除湿机", "unsure")]),
        (said("我想问一下除湿机多少钱", unsure="除湿机", low=0.4), [("除湿机", "less_sure")]),
        (said("我想问一下除濕機多少钱", unsure="除濕機"), [("除湿机", "unsure")]),
        (said("除湿机", sure=0.4), []),
        (said("我想问一下除湿机多少钱", step_ms=60), [("除湿机", "too_fast")]),
        (
            said("除湿机，延保，以旧换新。"),
            [(t, "recited") for t in ("除湿机", "延保", "以旧换新")],
        ),
        (said("除湿机延保"), []),
        (said("please send the smart lock", unsure="smart lock"), [("Smart Lock", "unsure")]),
        (said("please send the smart locks", unsure="smart locks"), []),
        (said("我想问一下除湿机多少钱", unsure="除湿机", dropped_because="no_speech"), []),
        (Utterance(0, Party.CUSTOMER, 0, 900, "除湿机"), []),
    ],
)
def test_terms_that_the_sound_does_not_bear_out(utterance, reasons):
    found = because(utterance, "除湿机", "延保", "Smart Lock", "以旧换新")
    assert found == reasons


def test_a_term_where_nobody_speaks():
    utterance = said("我想问一下除湿机多少钱")
    quiet = {Party.CUSTOMER: (Span(0, 1_000), Span(1_300, 9_000))}
    assert because(utterance, "除湿机", speech=quiet) == []
    quieter = {Party.CUSTOMER: (Span(0, 1_000), Span(1_301, 9_000))}
    assert because(utterance, "除湿机", speech=quieter) == [("除湿机", "outside_speech")]
    assert because(utterance, "除湿机", speech={}) == []


def test_a_doubt_says_where_and_how_sure():
    (doubt,) = doubted(
        [said("我想问一下除湿机多少钱", unsure="除湿机", low=0.25)], ["除湿机"], speech=SPEECH
    )
    assert (doubt.seq, doubt.start_ms, doubt.end_ms, doubt.confidence) == (7, 1_000, 1_600, 0.25)
    assert set(REASONS) == {"recited", "outside_speech", "too_fast", "unsure", "less_sure"}
    assert all(set(words) == {"zh", "en"} for words in REASONS.values())


def test_words_are_found_in_their_text():
    words = [Word(0, 1, text) for text in ("Don't", "好", "gone", "好")]
    assert places_of("Don't, 好! 好?", words) == [(0, 5), (7, 8), (8, 8), (10, 11)]
