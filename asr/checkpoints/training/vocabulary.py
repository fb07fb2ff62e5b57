"""Which tokens of Whisper's multilingual vocabulary the checkpoint can say."""
# ruff: noqa: S311 - a seeded generator is the point

import random
import re

from asr.checkpoints.training.sentences import Sentences
from asr.checkpoints.training.tokens import ENGLISH_MERGES, encoded, tokenizer

_SAMPLED = 40_000
_SEED = 5
_LETTERS = re.compile(r" ?[A-Za-z]+")
_HANZI = re.compile(r"[\u4e00-\u9fff]+")


def tokens_in_use() -> list[int]:
    """Special tokens and timestamps, and whatever any word or sentence may be written with."""
    ids = tokenizer("zh")
    used = {ids.eot, ids.sot, ids.transcribe, ids.no_timestamps, ids.no_speech, ids.sot_prev}
    used |= {ids.to_language_token("zh"), ids.to_language_token("en")}
    used |= set(range(ids.timestamp_begin, ids.timestamp_begin + 1501))
    used |= set(ids.encode("，。？！、,.?!'"))
    chance = random.Random(_SEED)
    for language in ("zh", "en"):
        sentences = Sentences(language)
        lead = "" if language == "zh" else " "
        for text in _texts(sentences, chance):
            used.update(encoded(lead + text, language))
    used.update(i for i in range(ids.eot) if _HANZI.fullmatch(ids.decode([i])))
    used.update(i for i in range(ENGLISH_MERGES) if _LETTERS.fullmatch(ids.decode([i])))
    return sorted(used)


def _texts(sentences: Sentences, chance: random.Random) -> list[str]:
    texts = [sentences.domain(chance) for _ in range(_SAMPLED)]
    words = sentences.lexicon.words
    if sentences.language == "en":
        texts += [sentences.general(chance) for _ in range(_SAMPLED)]
        return texts + [form for word in words for form in (word, word.capitalize())]
    # tokens of several Chinese characters are all taken, so single characters do here
    return texts + list(dict.fromkeys("".join(words)))
