"""Terms: what a customer speaks of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hotwords.terms import LONGEST_TERM, TermFinder
from interactions.interaction import Channel, Interaction, Utterance
from interactions.sound import Party


def said(*texts: str, party: Party = Party.CUSTOMER, dropped: str | None = None) -> Interaction:
    return Interaction(
        interaction_id="a",
        channel=Channel.CHAT,
        started_at=datetime(2025, 3, 1, tzinfo=UTC),
        duration_ms=0,
        source="a",
        content_hash="a",
        utterances=tuple(
            Utterance(
                seq=seq, party=party, start_ms=0, end_ms=0, text=text, dropped_because=dropped
            )
            for seq, text in enumerate(texts)
        ),
    )


@pytest.fixture(scope="module")
def finder() -> TermFinder:
    return TermFinder()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        ("好的,谢谢", set()),
        ("您好,请问一下", set()),
        ("充电器发烫", {"充电器", "发烫", "充电器发烫"}),
        ("充電器發燙", {"充电器", "发烫", "充电器发烫"}),  # traditional characters, one term
        ("充电器。发烫", {"充电器", "发烫"}),  # no phrase over a full stop
        ("不能退款", {"退款", "不能退款"}),  # a negation begins a phrase and is no term itself
        ("a refund", {"refund"}),
        ("The app crashes", {"app", "crashes", "app crashes"}),
        ("REFUND not received", {"refund", "not received", "refund not received", "received"}),
        ("order 20250301123456", {"order"}),  # numbers are nobody's topic
        ("x" * (LONGEST_TERM + 1), set()),
    ],
)
def test_terms_are_words_and_phrases(finder: TermFinder, text: str, expected: set[str]) -> None:
    assert finder.terms(said(text)) == expected


def test_a_stop_word_inside_a_phrase_stays(finder: TermFinder) -> None:
    assert "屏幕的颜色" in finder.terms(said("屏幕的颜色"))


@pytest.mark.parametrize("party", [Party.AGENT, Party.SYSTEM])
def test_only_the_customer_counts(finder: TermFinder, party: Party) -> None:
    assert finder.terms(said("充电器发烫", party=party)) == frozenset()


def test_a_mono_recording_counts(finder: TermFinder) -> None:
    assert "充电器" in finder.terms(said("充电器发烫", party=Party.UNKNOWN))


def test_dropped_utterances_do_not_count(finder: TermFinder) -> None:
    assert finder.terms(said("充电器发烫", dropped="repetition")) == frozenset()


def test_names_are_kept_whole_and_own_stop_words_left_out() -> None:
    own = TermFinder(names=["星云 X9", "顺心享套餐"], stop_words=["套餐费"])
    terms = own.terms(said("顺心享套餐", "星云X9", "套餐费"))
    assert "顺心享套餐" in terms
    assert "星云x9" in terms
    assert "套餐费" not in terms
    assert not any(term.startswith("顺心") and term != "顺心享套餐" for term in terms)
