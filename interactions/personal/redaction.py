"""Texts without what is personal in them: each identifier as a pseudonym, the same one everywhere.

``[手机-1]`` is the first mobile number of an interaction however often, by whom and in whatever
form it is said; ``[手机-2]`` is another. Numbers follow the order in which identifiers first stand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from interactions.interaction import Interaction, Language, Utterance, Word
from interactions.personal.finding import found_among, found_in
from interactions.personal.kinds import LABELS, Hit, PersonalKind

_ENOUGH = 4
"""Characters from which a part of an identifier is hidden in texts about the interaction. Ours."""
_FULL_NAME = 2

CERTAIN = frozenset(
    {
        PersonalKind.IDENTITY_CARD,
        PersonalKind.MOBILE,
        PersonalKind.BANK_CARD,
        PersonalKind.LANDLINE,
        PersonalKind.EMAIL,
        PersonalKind.PASSPORT,
        PersonalKind.PLATE,
    }
)
"""Kinds with a form or a check digit of their own."""

Span = tuple[int, int]


class Redaction:
    """The identifiers of some utterances, and texts without them.

    Args:
        utterances: In order.
        language: Of the pseudonyms: English ones for ``en``, Chinese ones otherwise.

    Attributes:
        hits: What is hidden.
    """

    def __init__(self, utterances: Sequence[Utterance], language: Language) -> None:
        self._said = tuple(utterances)
        self._place = int(language is Language.EN)
        self._counts: Counter[PersonalKind] = Counter()
        self._people: set[str] = set()
        self._names: dict[tuple[PersonalKind, str], str] = {}
        self.hits: Sequence[Hit] = found_among(self._said)
        self._spans: Mapping[int, list[tuple[int, int, str]]] = self._by_line()

    def _by_line(self) -> Mapping[int, list[tuple[int, int, str]]]:
        spans: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        # full names first, so that a surname alone is the same person
        for hit in sorted(
            self.hits, key=lambda hit: hit.kind is PersonalKind.NAME and -len(hit.value)
        ):
            self._name_of(hit)
        for hit in self.hits:
            for place in hit.places:
                spans[place.line].append((place.start, place.end, self._name_of(hit)))
        return {line: sorted(own) for line, own in spans.items()}

    def _name_of(self, hit: Hit) -> str:
        key = (hit.kind, hit.value)
        if key not in self._names:
            known = self._full_name(hit)
            if known is None:
                self._counts[hit.kind] += 1
                known = f"[{LABELS[hit.kind][self._place]}-{self._counts[hit.kind]}]"
            self._names[key] = known
            if hit.kind is PersonalKind.NAME:
                self._people.add(known)
        return self._names[key]

    def _full_name(self, hit: Hit) -> str | None:
        """Return the pseudonym of the one full name that a surname begins; None for all others."""
        if hit.kind is not PersonalKind.NAME or len(hit.value) >= _FULL_NAME:
            return None
        full = {
            name
            for (kind, value), name in self._names.items()
            if kind is PersonalKind.NAME and value.startswith(hit.value)
        }
        return full.pop() if len(full) == 1 else None

    def names(self) -> frozenset[str]:
        """Return the pseudonyms that stand in the utterances."""
        return frozenset(self._names.values())

    def spans(self, index: int) -> list[Span]:
        """Return the hidden stretches of an utterance's text; ``index`` is its place among them."""
        return [(start, end) for start, end, _ in self._spans.get(index, [])]

    def utterances(self) -> tuple[Utterance, ...]:
        """Return the utterances without their identifiers; their times stay.

        The words of an identifier become one word, from the first one's start to the last's end.
        """
        return tuple(self._masked(index) for index in range(len(self._said)))

    def _masked(self, index: int) -> Utterance:
        one, spans = self._said[index], self._spans.get(index)
        if not spans:
            return one
        words = tuple(_masked_words(one, spans))
        return replace(one, text=_replaced(one.text, spans), words=words)

    def quote(self, seq: int | None, text: str) -> str:
        """Return a quotation from an utterance without the identifiers that it touches.

        Args:
            seq: ``Utterance.seq`` of where it stands; None where that is not known.
            text: What is quoted.
        """
        for index, one in enumerate(self._said):
            at = one.text.find(text) if one.seq == seq and text else -1
            if at >= 0:
                own = [
                    (max(start - at, 0), min(end - at, len(text)), name)
                    for start, end, name in self._spans.get(index, [])
                    if start < at + len(text) and at < end
                ]
                return _replaced(text, own)
        return self.text(text)

    def text(self, about: str, *, only: Collection[PersonalKind] = LABELS) -> str:
        """Return a text about the utterances (a note, a reason) without their identifiers.

        Args:
            about: The text.
            only: The kinds that are looked for in it.
        """
        for index, spans in self._spans.items():
            for start, end, name in spans:
                said = self._said[index].text[start:end]
                if len(said) >= (_FULL_NAME if name in self._people else _ENOUGH):
                    about = about.replace(said, name)
        found = [hit for hit in found_in(about) if hit.kind in only]
        own = [(p.start, p.end, self._name_of(hit)) for hit in found for p in hit.places]
        return _replaced(about, sorted(own))


def redacted(one: Interaction) -> Interaction:
    """Return an interaction without the identifiers in its utterances."""
    return replace(one, utterances=Redaction(one.utterances, one.language).utterances())


def redacted_text(text: str, language: Language = Language.ZH) -> str:
    """Return one text without its identifiers."""
    return Redaction((), language).text(text)


def certain_text(text: str, language: Language = Language.ZH) -> str:
    """Return a text without the identifiers that have a form or a check digit of their own."""
    hidden = Redaction((), language)
    return hidden.text(text, only=CERTAIN)


def word_places(one: Utterance) -> Iterator[tuple[int, int, Word]]:
    """Yield the words of an utterance that stand in its text, with where they do."""
    done = 0
    for word in one.words:
        said = word.text.strip()
        at = one.text.find(said, done) if said else -1
        if at >= 0:
            done = at + len(said)
            yield at, done, word


def _replaced(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    out, done = [], 0
    for start, end, name in spans:
        if start >= done:
            out += [text[done:start], name]
            done = end
    return "".join((*out, text[done:]))


def _masked_words(one: Utterance, spans: Sequence[tuple[int, int, str]]) -> Iterator[Word]:
    """Yield the words, those that touch an identifier as one."""
    open_name = ""
    held: list[Word] = []
    for start, end, word in word_places(one):
        name = next((n for first, last, n in spans if start < last and first < end), "")
        if held and name != open_name:
            yield _one_word(held, open_name)
            held = []
        open_name = name
        if name:
            held.append(word)
        else:
            yield word
    if held:
        yield _one_word(held, open_name)


def _one_word(words: Sequence[Word], name: str) -> Word:
    return Word(words[0].start_ms, words[-1].end_ms, name)
