"""Calls are heard several at a time, and one that fails costs the others nothing."""

from __future__ import annotations

import pytest

from asr.transcriber import Transcription
from interactions.interaction import Language, Utterance
from interactions.sound import Party
from pipelines import night, transcription


class Telling:
    """A recogniser that says how long each recording is, and cannot bear some lengths."""

    name = "whisper-telling@00000000"

    def __init__(self, unbearable=()):
        self.unbearable, self.asked = unbearable, []

    def transcribe_many(self, jobs, **_):
        lengths = [job.waveform.duration_ms // 1000 for job in jobs]
        self.asked.append(lengths)
        if set(lengths) & set(self.unbearable):
            raise RuntimeError("this length is too much")
        return tuple(self._told(job, length) for job, length in zip(jobs, lengths, strict=True))

    def _told(self, job, length):
        said = Utterance(0, Party.UNKNOWN, 0, 900, f"{length} 秒。", confidence=0.9)
        return Transcription(((said,), *((),) * (len(job.regions) - 1)), Language.ZH)


def hear(centre, recogniser):
    calls = night.scan(centre).calls
    return calls, transcription.hear_all(calls, centre, recogniser)


def texts(heard):
    return [utterance.text for one in heard.interactions for utterance in one.utterances]


def test_one_question_for_all_calls_and_answers_in_their_order(centre):
    recogniser = Telling()
    calls, heard = hear(centre, recogniser)
    assert recogniser.asked == [[4, 5, 6]]
    assert texts(heard) == ["4 秒。", "5 秒。", "6 秒。"]
    ids = [one.interaction_id for one in heard.interactions]
    assert ids == [call.interaction_id for call in calls if call.item != "calls/text.wav"]
    assert len(heard.interactions) + len(heard.set_aside) == len(calls)


def test_sound_held_at_once_is_bounded(centre, monkeypatch):
    monkeypatch.setattr(transcription, "TOGETHER_MS", 9_000)
    recogniser = Telling()
    _, heard = hear(centre, recogniser)
    assert recogniser.asked == [[4, 5], [6]]
    assert texts(heard) == ["4 秒。", "5 秒。", "6 秒。"]


@pytest.mark.parametrize(
    ("unbearable", "asked", "kept"),
    [
        ((5,), [[4, 5, 6], [4], [5], [6]], ["4 秒。", "6 秒。"]),
        ((4, 5, 6), [[4, 5, 6], [4], [5], [6]], []),
    ],
)
def test_a_call_that_cannot_be_recognised_is_set_aside_alone(centre, unbearable, asked, kept):
    recogniser = Telling(unbearable)
    _, heard = hear(centre, recogniser)
    assert recogniser.asked == asked
    assert texts(heard) == kept
    failed = [one for one in heard.set_aside if one.code == "unexpected"]
    assert len(failed) == len(unbearable)
    assert {one.values["error"] for one in failed} == {"RuntimeError"}


def test_without_a_recogniser_there_are_no_words(centre):
    _, heard = hear(centre, None)
    assert texts(heard) == []
    assert [one.transcriber for one in heard.interactions] == ["none"] * 3
