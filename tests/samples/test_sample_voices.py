from __future__ import annotations

import pytest

from interactions.interaction import Language
from samples.cast import agents, customer, voice
from samples.script import Manner
from samples.voices import Voice, speak


@pytest.mark.parametrize(
    ("spoken_by", "text", "words"),
    [
        (
            Voice("cmn-latn-pinyin", "f1", 215, 55, 50),
            "空调报E6，打12315投诉。",
            list("空调报E6打12315投诉"),
        ),
        (
            Voice("en-us", "m3", 170, 50, 50),
            "I am late, it's order 407.",
            ["I", "am", "late", "it's", "order", "4", "0", "7"],
        ),
    ],
)
def test_every_word_has_its_time(spoken_by, text, words):
    speech = speak(spoken_by, text)
    assert [word.text for word in speech.words] == words
    ends = [0, *(word.end_ms for word in speech.words)]
    for before, word in zip(ends, speech.words, strict=False):
        assert before <= word.start_ms < word.end_ms
    assert ends[-1] == pytest.approx(len(speech.samples) * 1000 / speech.sample_rate, abs=40)


def test_speech_begins_and_ends_without_silence():
    speech = speak(Voice("cmn-latn-pinyin", "m1", 215, 50, 50), "您好，请问有什么可以帮您？")
    edge = speech.sample_rate // 50
    loudest = abs(speech.samples).max()
    assert abs(speech.samples[:edge]).max() > loudest / 200
    assert abs(speech.samples[-edge:]).max() > loudest / 200


def test_unknown_voice_is_named():
    with pytest.raises(ValueError, match="nobody"):
        speak(Voice("cmn-latn-pinyin-nobody", "", 200, 50, 50), "好")


@pytest.mark.parametrize("language", [Language.ZH, Language.EN])
def test_angry_people_are_themselves_but_faster_and_higher(language):
    for who in (*agents(1), *(customer(1, number) for number in range(20))):
        calm, angry = (voice(who, language, manner) for manner in (Manner.CALM, Manner.ANGRY))
        assert (calm.base, calm.variant) == (angry.base, angry.variant)
        assert angry.speed > calm.speed * 1.15
        assert angry.pitch > calm.pitch + 15
        assert angry.pitch_range > calm.pitch_range


def test_people_sound_different():
    voices = {voice(customer(1, n), Language.ZH, Manner.CALM) for n in range(40)}
    assert len(voices) > 30
    assert len({v.variant for v in voices}) > 10
