"""Corrections: what people heard, over what was recognised, in every later inspection too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from interactions.interaction import Interaction, Utterance, Word
from interactions.sound import Party
from pipelines.corrections import corrected
from tests.desk_centre import chat
from warehouse.said import Correction

WORDS = tuple(Word(1_000 + 200 * n, 1_200 + 200 * n, c, 0.4) for n, c in enumerate("我要推款"))


def spoken() -> Interaction:
    line = Utterance(0, Party.AGENT, 1_000, 1_800, "我要推款", WORDS, 0.4, "low_confidence")
    return replace(chat(0), utterances=(line,))


def correction(**changes: object) -> Correction:
    values: dict[str, object] = {
        "interaction_id": "chat-0", "start_ms": 1_000, "end_ms": 1_800, "was_party": "agent",
        "was_text": "我要推款", "party": "customer", "text": "我要退款", "said_by": "rui",
        "said_at": datetime(2026, 3, 30, tzinfo=UTC),
    }  # fmt: skip
    return Correction(**(values | changes))  # type: ignore[arg-type]


def test_words_that_stay_keep_their_times() -> None:
    (line,) = corrected(spoken(), [correction()]).utterances
    assert (line.party, line.text, line.dropped_because) == (Party.CUSTOMER, "我要退款", None)
    assert [(w.start_ms, w.end_ms, w.text) for w in line.words] == [
        (1_000, 1_200, "我"), (1_200, 1_400, "要"), (1_400, 1_600, "退"), (1_600, 1_800, "款"),
    ]  # fmt: skip


def test_the_last_correction_counts_and_later_transcriptions_are_met_by_time() -> None:
    again = replace(
        spoken(), utterances=(replace(spoken().utterances[0], start_ms=900, text="窝要"),)
    )
    (line,) = corrected(again, [correction(), correction(text="我要退货")]).utterances
    assert line.text == "我要退货"
    assert "".join(w.text for w in line.words) == "我要退货"


def test_a_correction_of_what_is_no_longer_there_changes_nothing() -> None:
    assert corrected(spoken(), [correction(start_ms=50_000, end_ms=51_000)]) == spoken()


def test_a_message_is_met_by_its_moment() -> None:
    one = chat(1)
    told = correction(start_ms=20_000, end_ms=20_000, was_text=one.utterances[1].text)
    assert [u.text for u in corrected(one, [told]).utterances][1] == "我要退款"
