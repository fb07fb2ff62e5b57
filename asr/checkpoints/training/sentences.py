"""Sentences to train on: a contact-centre grammar, everyday word-class patterns, loose words.

The grammar files say how sentences of the domain are made; ``general_zh.txt`` makes pseudo-natural
ones from jieba's whole dictionary by its part-of-speech tags, so that words the domain never says
are known too. English words come from the GPT-2 vocabulary that openai-whisper carries, whose
order is roughly by frequency.
"""

import base64
import itertools
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from pydoc_data import topics

import jieba
import whisper

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*)\)")
_HANZI = re.compile(r"[\u4e00-\u9fff]+")
_ENGLISH = re.compile(r"[a-z]{3,}")

FREQUENCY_POWER = 0.9
"""Words are drawn by frequency to this power: rare ones come up, common ones stay common."""

DOMAIN = {
    "zh": ("zh.txt", "customers_zh.txt", "agents_zh.txt"),
    "en": ("en.txt", "service_en.txt", "service_en.txt"),
}
"""Grammar files of what is said in and around a contact centre."""

_GPT2_TOKENS = 25_000  # the first ones, which are the common ones
_WHOLE_LETTERS = 5
_ENGLISH_POWER = 0.5  # weight rank ** -power


@dataclass(frozen=True, slots=True)
class Grammar:
    """Sentence templates and their slots."""

    sentences: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]


class Lexicon:
    """Words with drawing weights, all together and by word class."""

    def __init__(self, words: Sequence[tuple[str, float, str]]) -> None:
        self._classes: dict[str, tuple[list[str], list[float]]] = {}
        classes: dict[str, list[tuple[str, float]]] = {"any": []}
        for word, weight, tag in words:
            classes["any"].append((word, weight))
            classes.setdefault(tag, []).append((word, weight))
        for tag, members in classes.items():
            weights = itertools.accumulate(weight for _, weight in members)
            self._classes[tag] = ([word for word, _ in members], list(weights))

    def draw(self, tag: str, chance: random.Random) -> str | None:
        """One word of a class by weight, or None where there is no such class."""
        if tag not in self._classes:
            return None
        words, weights = self._classes[tag]
        return chance.choices(words, cum_weights=weights)[0]

    @property
    def words(self) -> Sequence[str]:
        """Every word."""
        return self._classes["any"][0]


class Sentences:
    """Draws sentences of one language ("zh" or "en") from a seeded generator."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._general = read_grammar("general_zh.txt") if language == "zh" else None

    @cached_property
    def _domain(self) -> tuple[Grammar, ...]:
        return tuple(read_grammar(name) for name in DOMAIN[self.language])

    @cached_property
    def lexicon(self) -> Lexicon:
        """The general words of this language."""
        return mandarin_words() if self.language == "zh" else english_words()

    def domain(self, chance: random.Random) -> str:
        """A sentence of the contact centre: the grammars as often as each other."""
        grammar = chance.choice(self._domain)
        return self.expanded(chance.choice(grammar.sentences), grammar, chance)

    def general(self, chance: random.Random) -> str:
        """Words that cannot be guessed from each other: by word class, in English by chance.

        English ones are half the words of the domain in any order, half common words.
        """
        if self._general is None:
            sentence = self.domain(chance)
            start = sentence[:1] if sentence.startswith("I ") else sentence[:1].lower()
            words = re.findall(r"[\w']+", start + sentence[1:])
            words += [self.lexicon.draw("any", chance) or "" for _ in words]
            chosen = chance.sample(words, min(len(words), chance.randint(3, 8)))
            return tidy(" ".join(chosen) + chance.choice(".?"))
        return self.expanded(chance.choice(self._general.sentences), self._general, chance)

    def short(self, chance: random.Random) -> str:
        """One to three loose words."""
        words = [self.lexicon.draw("any", chance) or "" for _ in range(chance.randint(1, 3))]
        return ("" if self.language == "zh" else " ").join(words)

    def expanded(self, line: str, grammar: Grammar, chance: random.Random) -> str:
        """A template with every choice made and every slot filled."""
        return tidy(self._fill(line, grammar, chance))

    def _fill(self, text: str, grammar: Grammar, chance: random.Random) -> str:
        while (found := _CHOICE.search(text)) is not None:
            pick = chance.choice(found[1].split("|"))
            text = text[: found.start()] + pick + text[found.end() :]
        while (found := _SLOT.search(text)) is not None:
            name = found[1]
            if name in grammar.slots:
                pick = self._fill(chance.choice(grammar.slots[name]), grammar, chance)
            else:
                pick = self._draw(name, chance)
            text = text[: found.start()] + pick + text[found.end() :]
        return text

    def _draw(self, name: str, chance: random.Random) -> str:
        word = self.lexicon.draw("any" if name == "word" else name, chance)
        if word is None:
            raise ValueError(f"the grammar names an unknown slot {{{name}}}")
        return word


def tidy(text: str) -> str:
    """One space between words, none before punctuation, a capital at the start."""
    text = re.sub(r" +([,.?])", r"\1", " ".join(text.split()))
    return text[:1].upper() + text[1:]


def read_grammar(name: str) -> Grammar:
    """Reads one of the grammar files beside this module (notation: head of ``zh.txt``)."""
    text = resources.files(__package__).joinpath("grammar", name).read_text(encoding="utf-8")
    sentences: list[str] = []
    slots: dict[str, tuple[str, ...]] = {}
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if line.startswith("$"):
            slot, _, options = line[1:].partition(":")
            slots[slot] = tuple(option.strip() for option in options.split(" | "))
        else:
            sentences.append(line)
    return Grammar(tuple(sentences), slots)


def mandarin_words() -> Lexicon:
    """All of jieba's dictionary of Chinese characters (about 349 000 words) with its tags."""
    path = Path(jieba.__file__).with_name("dict.txt")
    words = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        if _HANZI.fullmatch(word):
            words.append((word, max(int(count), 1) ** FREQUENCY_POWER, tag))
    return Lexicon(words)


def english_words() -> Lexicon:
    """Common whole words among the lower-case tokens of the GPT-2 vocabulary.

    Tokens that are only pieces of words are kept out: a word must occur in the text of Python's
    own help topics, or have five letters and a capitalised or inflected form among the tokens.
    """
    path = Path(whisper.__file__).with_name("assets") / "gpt2.tiktoken"
    lines = path.read_text(encoding="ascii").splitlines()
    tokens = [
        base64.b64decode(line.split()[0]).decode("utf-8", "replace") for line in lines if line
    ]
    known = frozenset(tokens)
    prose = frozenset(re.findall(r"[a-z]+", " ".join(topics.topics.values()).lower()))
    words = []
    for token in tokens[:_GPT2_TOKENS]:
        word = token[1:]
        forms = (f" {word.capitalize()}", *(token + ending for ending in ("s", "ed", "ing", "ly")))
        long = len(word) >= _WHOLE_LETTERS and any(form in known for form in forms)
        if token.startswith(" ") and _ENGLISH.fullmatch(word) and (word in prose or long):
            words.append(word)
    return Lexicon([(word, (i + 20) ** -_ENGLISH_POWER, "any") for i, word in enumerate(words)])
