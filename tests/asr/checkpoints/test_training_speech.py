"""What the recogniser is trained on: sentences, speech with times, labels, targets."""

import random
import re

import numpy as np
import pytest

from asr.checkpoints.training import labels
from asr.checkpoints.training.espeak import WORD, Voice, espeak
from asr.checkpoints.training.sentences import DOMAIN, Sentences, read_grammar
from asr.checkpoints.training.synth import SPEAK_RATE, say_english, say_mandarin
from asr.checkpoints.training.tokens import encoded, text_tokens, tokenizer, words_of, written
from asr.checkpoints.training.utterances import LISTENING, TALKING, Mix, Store, Talkers
from asr.checkpoints.training.vocabulary import tokens_in_use
from asr.checkpoints.training.windows import Shape, WindowMaker

MANDARIN = Voice(name="cmn-latn-pinyin+m3", rate=215, pitch=50, pitch_range=50)
ENGLISH = Voice(name="en-us+f1", rate=170, pitch=50, pitch_range=50)


def test_espeak_says_when_each_word_begins() -> None:
    sound, events = espeak().say("one two three", ENGLISH)
    words = [event for event in events if event.kind == WORD]
    assert [(w.position, w.length) for w in words] == [(0, 3), (4, 3), (8, 5)]
    assert [w.at_ms for w in words] == sorted({w.at_ms for w in words})
    assert words[-1].at_ms < len(sound) * 1000 / espeak().sample_rate


def test_a_voice_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="no voice 'xx\\+m3'"):
        espeak().say("one", Voice(name="xx+m3", rate=200, pitch=50, pitch_range=50))


def test_every_mandarin_character_has_its_span() -> None:
    text = "机器报E六，怎么办？"
    spoken = say_mandarin(text, MANDARIN)
    assert spoken is not None
    assert "".join(text[u.first : u.last] for u in spoken.units) == "机器报E六怎么办"
    assert [u.sound for u in spoken.units][:4] == ["ji1", "qi4", "bao4", "yi4"]
    starts = [u.start for u in spoken.units]
    assert starts == sorted(starts)
    assert all(u.start < u.end <= len(spoken.samples) / SPEAK_RATE for u in spoken.units)
    pause = spoken.units[5].start - spoken.units[4].end
    assert pause > 0.05, "the comma is heard as a pause and belongs to no syllable"


def test_english_has_words_and_phones() -> None:
    spoken = say_english("The door leaks.", ENGLISH)
    assert spoken is not None
    assert [u.sound for u in spoken.units] == ["The", "door", "leaks"]
    assert {"d", "l", "k", "s"} <= {p.name.lstrip("',") for p in spoken.phones}


@pytest.mark.parametrize(
    ("syllable", "initial", "final", "tone"),
    [("zhuang1", "zh", "uang", 1), ("ma5", "m", "a", 5), ("shi4", "sh", "i", 4)],
)
def test_a_syllable_has_initial_final_and_tone(
    syllable: str, initial: str, final: str, tone: int
) -> None:
    got = labels.syllable_labels(syllable)
    same_initial = labels.syllable_labels(f"{initial}ei{tone}")
    same_final = labels.syllable_labels(f"d{final}{tone}")
    assert (got[0], got[1], got[2]) == (same_initial[0], same_final[1], tone)


def test_labels_tell_syllables_apart() -> None:
    known = ["zhang1", "zang1", "an1", "ang1", "yan2", "lan2", "nan2", "xian1", "xi1", "wu3", "yu3"]
    assert len({labels.syllable_labels(one) for one in known}) == len(known)
    assert labels.phone_label("_:") == 0
    assert labels.phone_label("'aI") == labels.phone_label("aI") != 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_of_the_grammars_makes_sentences(language: str) -> None:
    allowed = {
        "zh": re.compile(r"[\u4e00-\u9fffA-E，。？！、]+"),
        "en": re.compile(r"[A-Za-z',.? ]+"),
    }[language]
    for name in DOMAIN[language]:
        grammar = read_grammar(name)
        assert len(grammar.sentences) > 90
        texts = Sentences(language)
        chance = random.Random(1)
        for line in grammar.sentences:
            sentence = texts.expanded(line, grammar, chance)
            assert allowed.fullmatch(sentence), f"{name}: {line}: {sentence}"


def test_sentences_come_from_their_seed() -> None:
    for language in ("zh", "en"):
        draws = [
            [Sentences(language).domain(chance) for _ in range(5)]
            for chance in (random.Random(7), random.Random(7), random.Random(8))
        ]
        assert draws[0] == draws[1] != draws[2]


@pytest.mark.slow
def test_whatever_is_said_can_be_written() -> None:
    used = set(tokens_in_use())
    chance = random.Random(3)
    missing: dict[str, int] = {}
    for language in ("zh", "en"):
        sentences = Sentences(language)
        lead = "" if language == "zh" else " "
        for _ in range(300):
            for make in (sentences.domain, sentences.general, sentences.short):
                text = lead + make(chance)
                missing |= {text: 1} if set(encoded(text, language)) - used else {}
    assert len(missing) <= 2, f"tokens outside the vocabulary: {list(missing)[:5]}"
    assert len(used) < 18_000


def test_a_mix_says_what_its_shares_say() -> None:
    talkers = Talkers(5)
    assert all(talkers.text("zh", Mix(1.0, 0.0))[-1] in "。？！" for _ in range(20))
    loose = [talkers.text("zh", Mix(0.0, 0.0)) for _ in range(20)]
    assert not any(set("，。？！") & set(text) for text in loose)
    assert LISTENING.domain < TALKING.domain


@pytest.fixture(scope="module")
def store() -> Store:
    """Forty utterances."""
    made = Store(11, size=40)
    made.refresh(40, LISTENING)
    return made


def test_tokens_spell_the_text_and_say_when(store: Store) -> None:
    utterance = store.draw(60.0)
    assert utterance is not None
    found = text_tokens(utterance)
    ids = tokenizer(utterance.language)
    assert ids.decode([token for token, _ in found]) == written(utterance)
    assert all(0 <= start < end <= utterance.seconds + 0.1 for _, (start, end) in found)


def test_a_sequence_is_as_whisper_writes_it(store: Store) -> None:
    utterance = store.draw(3.0)
    assert utterance is not None
    ids = tokenizer(utterance.language)
    plain = words_of([(0.5, utterance)], 5.0, timed=False)
    assert plain.tokens[:4] == (*ids.sot_sequence, ids.no_timestamps)
    assert plain.tokens[-1] == ids.eot
    timed = words_of([(0.5, utterance)], 5.0, timed=True)
    assert timed.tokens[3] == ids.timestamp_begin + 25
    assert len(timed.weights) == len(timed.tokens) - 1


def test_a_batch_fits_together(store: Store) -> None:
    shape = Shape(seconds=4.0, count=6, most=2, silent=0.0)
    batch = WindowMaker(store, 3).batch(shape)
    rows = batch.tokens.shape[1] - 1
    assert batch.mel.shape == (6, 80, 400)
    assert batch.frames.shape == (6, 4, 200)
    assert batch.weights.shape == (6, rows)
    assert batch.guide.shape == (6, rows, 200)
    sums = batch.guide.sum(-1).numpy()
    assert np.all(np.isclose(sums, 0, atol=1e-4) | np.isclose(sums, 1, atol=1e-4))
    guided = batch.guide.sum(-1) > 0
    assert (batch.weights[guided] > 0).all()
    heard = (batch.frames[:, 0] > 0).float().mean()
    assert 0.1 < heard < 0.98
